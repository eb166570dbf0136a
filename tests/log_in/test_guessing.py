"""Many tries: five per person get through, whoever sends them; many failures from one network address make it wait."""

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from permissions.log_in import lock
from permissions.log_in.addresses import client_address, counted_address
from permissions.models import AccessEvent, User, UserManager
from permissions.models.events import AccessAction
from tests.factories import UserFactory
from tests.log_in.doors import is_in, later, log_in, try_wrong
from tests.threads import at_once

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


def locked_events() -> list[AccessEvent]:
    return list(AccessEvent.objects.filter(action=AccessAction.LOCKED))


@pytest.fixture
def checked(monkeypatch) -> list[str]:
    """Whose password was compared with what was typed."""
    compared: list[str] = []
    real = User.check_password

    def check_password(self, raw_password):
        compared.append(self.email)
        return real(self, raw_password)

    monkeypatch.setattr(User, "check_password", check_password)
    return compared


def test_tries_at_the_same_moment_are_five_and_told_once(committed_db, checked):
    from tests.people import make_people

    make_people()
    answers = at_once(12, lambda number: log_in(Client(), "petra@example.com", f"wrong {number}").status_code)
    assert sorted(answers) == [200] * 4 + [403] * 8
    assert len(checked) == 5
    assert len(locked_events()) == 1


# Wide, bold, circled, raised and capital letters: all log in as petra@example.com.
WIDE = ["ｐｅｔｒａ", "ＰETRA", "ｐetra", "peｔra"]
SPELLINGS = ["petra", "PETRA", "𝐩etra", "ⓟetra", "petⓇa", "pₑtra", "petᵣa", "petrª", *WIDE]


def test_one_address_in_many_spellings_is_five_tries_as_well(committed_db, checked):
    """What is held while a password is checked is the person, however the address was typed."""
    from tests.people import make_people

    make_people()

    def attempt(number: int) -> int:
        return log_in(Client(), f"{SPELLINGS[number]}@example.com", f"wrong {number}").status_code

    answers = at_once(len(SPELLINGS), attempt)
    assert sorted(answers) == [200] * 4 + [403] * 8
    assert checked == ["petra@example.com"] * 5
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["petra@example.com"]
    assert len(locked_events()) == 1


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_each_spelling_logs_in(people, spelling):
    assert log_in(Client(), f"{spelling}@example.com").status_code == 302


@pytest.mark.parametrize(
    "typed", ["weiß@x.se", "ΑΣ@x.se", "İ@x.se", "ﬁ@x.se", "ΰ@x.se", "K@x", "\u2003a@x\u00a0", None]
)
def test_an_address_is_folded_once_and_for_all(typed):
    once = UserManager.normalize_email(typed)
    assert UserManager.normalize_email(once) == once


def test_two_addresses_stay_two():
    assert UserManager.normalize_email("weiß@x.se") != UserManager.normalize_email("weiss@x.se")


def test_two_thousand_tries_get_five_through_per_person(people, checked, settings):
    """A hundred people, forty addresses, many browsers; each person's name in any case."""
    settings.AXES_LOCKOUT_CALLABLE = lambda *about: HttpResponse(status=403)  # the page itself takes most of the time
    crowd = [UserFactory() for _number in range(100)]
    browsers = [Client(REMOTE_ADDR=f"203.0.113.{number}", headers={"User-Agent": f"B{number}"}) for number in range(40)]
    answers = []
    for number in range(2000):
        user = crowd[number % 100]
        browser = browsers[(number * 7 + number // 100) % 40]
        email = user.email.upper() if number % 3 else user.email
        answers.append(log_in(browser, email, f"guess {number}").status_code)
    through = {user.email: checked.count(user.email) for user in crowd}
    assert max(through.values()) <= 5
    assert sum(through.values()) == len(checked) <= 500
    assert set(answers) == {200, 403}
    assert len(locked_events()) == len(mail.outbox) <= 100


def test_one_password_for_everybody_from_one_address_is_slowed_down(people, checked):
    crowd = [UserFactory() for _number in range(100)]
    for user in crowd:
        log_in(Client(), user.email, "Summer2026!")
    assert len(checked) == lock.FREE_FAILURES


# --- The address ------------------------------------------------------------------------------------------------


def fail_from_here(number: int, **more) -> None:
    """That many failures, no more than four each."""
    for index in range(number):
        log_in(Client(), f"nobody{index // 4}@example.com", "wrong", **more)


def test_a_clinic_behind_one_address_is_not_shut_out_by_one_person(people):
    try_wrong(Client(), "petra@example.com", 9)
    try_wrong(Client(), "asta@example.com", 9)
    assert log_in(Client(), "olga@example.com").status_code == 302


def test_the_waiting_page_says_how_long(people):
    fail_from_here(30)
    answer = log_in(Client(), "petra@example.com")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= lock.FIRST_WAIT
    page = answer.content.decode()
    assert "Too many wrong passwords came from your network" in page
    assert "petra" not in page
    assert "no-store" in answer["Cache-Control"]


def test_after_waiting_the_right_password_opens(people):
    fail_from_here(30)
    assert log_in(Client(), "petra@example.com").status_code == 429
    later(seconds=lock.FIRST_WAIT)
    assert log_in(Client(), "petra@example.com").status_code == 302


def test_another_address_waits_for_nothing(people):
    fail_from_here(30)
    assert log_in(Client(), "petra@example.com", **ELSEWHERE).status_code == 302


def test_who_is_logged_in_works_on(people):
    client = Client()
    client.force_login(people.petra)
    fail_from_here(30)
    assert is_in(client)


def test_each_failure_more_makes_the_wait_longer(people):
    fail_from_here(30)
    waits = []
    for number in range(12):
        waits.append(lock.seconds_to_wait("127.0.0.1"))
        later(seconds=waits[-1])
        assert lock.seconds_to_wait("127.0.0.1") == 0
        assert log_in(Client(), f"nobody{20 + number}@example.com", "wrong").status_code == 200
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (5, 40)


def test_no_wait_is_longer_than_a_quarter_of_an_hour(people):
    AccessAttempt.objects.create(
        username="x", ip_address="127.0.0.1", user_agent="", failures_since_start=900, attempt_time=timezone.now()
    )
    assert 890 < lock.seconds_to_wait("127.0.0.1") <= 900
    later(minutes=15)
    assert lock.seconds_to_wait("127.0.0.1") == 0


def test_tries_during_the_wait_do_not_prolong_it(people):
    fail_from_here(30)
    before = lock.failures_from("127.0.0.1")
    for _number in range(5):
        assert log_in(Client(), "petra@example.com", "wrong").status_code == 429
    assert lock.failures_from("127.0.0.1") == before
    assert not lock.is_locked(people.petra)


def test_logging_in_oneself_does_not_wipe_the_failures_at_others(people):
    fail_from_here(29)
    assert log_in(Client(), "petra@example.com").status_code == 302
    log_in(Client(), "nobody99@example.com", "wrong")
    assert log_in(Client(), "petra@example.com").status_code == 429


# --- Which address ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "found"),
    [
        ([], "198.51.100.7", "203.0.113.1", "198.51.100.7"),
        (["10.0.0.0/8"], "198.51.100.7", "203.0.113.1", "198.51.100.7"),
        (["10.0.0.0/8"], "10.0.0.1", "203.0.113.1", "203.0.113.1"),
        (["10.0.0.0/8"], "10.0.0.1", "192.0.2.66, 203.0.113.1", "203.0.113.1"),
        (["10.0.0.0/8"], "10.0.0.1", "192.0.2.66, 203.0.113.1, 10.0.0.2", "203.0.113.1"),
        (["10.0.0.0/8"], "10.0.0.1", "nonsense", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "192.0.2.66:1, 203.0.113.1:50123", "203.0.113.1"),
        (["10.0.0.0/8"], "10.0.0.1", "[2001:db8::1]:50123", "2001:db8::1"),
        (["10.0.0.0/8"], "10.0.0.1", "[2001:db8::1]", "2001:db8::1"),
        (["unix"], "", "192.0.2.66, 203.0.113.1", "203.0.113.1"),
        ([], "", "203.0.113.1", None),
        (["127.0.0.1"], "::ffff:127.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_our_own_proxies_say_where_a_request_comes_from(settings, trusted, peer, forwarded, found):
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == found


def test_an_ipv6_customer_is_counted_as_one(settings):
    settings.TRUSTED_PROXIES = []
    ask = RequestFactory()
    counted = {counted_address(ask.get("/", REMOTE_ADDR=f"2001:db8:1:2::{last}")) for last in range(1, 5)}
    assert counted == {"2001:db8:1:2::"}


def test_a_forged_header_gives_no_further_tries(people):
    for number in range(30):
        headers = {"X-Forwarded-For": f"192.0.2.{number}"}
        log_in(Client(headers=headers), f"nobody{number}@example.com", "wrong")
    assert log_in(Client(headers={"X-Forwarded-For": "192.0.2.99"}), "petra@example.com").status_code == 429
