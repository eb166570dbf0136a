"""Customer service sees the portal as a customer: who may, as whom, what is shown, when it ends."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from permissions import services
from permissions.impersonation import looks
from permissions.models import Impersonation, User
from permissions.roles import Role
from tests.factories import UserFactory
from tests.impersonation.conftest import REASON, begin


def as_whom(browser: Client) -> str:
    """Whose profile the browser shows."""
    return browser.get("/profile/").context["request"].user.email


def is_over(browser: Client) -> bool:
    """The next page leads away, and the row is closed."""
    response = browser.get("/profile/")
    closed = not Impersonation.objects.filter(ended=None).exists()
    return response.status_code == 302 and "look" not in browser.session and closed


def test_customer_service_sees_what_the_customer_sees(looking, people):
    assert as_whom(looking) == people.petra.email
    response = looking.get("/profile/")
    assert response.context["request"].user.impersonated_by == people.stella
    assert response.context["request"].clinic == people.north
    assert looking.get("/backoffice/").status_code == 403


def test_the_banner_says_as_whom_why_and_for_how_long(looking, people):
    text = looking.get("/profile/").content.decode()
    assert "You see the portal as Petra Testsson." in text
    assert "Reason: Can&#x27;t find the invoice" in text
    assert "60 minutes left" in text
    assert 'action="/impersonation/end/"' in text


def test_the_banner_speaks_the_language_of_who_looks(looking, people):
    User.objects.filter(pk=people.petra.pk).update(language="sv")
    text = looking.get("/profile/").content.decode()
    assert '<html lang="sv">' in text
    assert "You see the portal as Petra Testsson." in text
    refused = looking.post("/profile/", {"first_name": "X"}).content.decode()
    assert "You are only looking" in refused


def test_the_clinic_is_the_one_chosen_at_the_beginning(stella, people):
    begin(stella, people.olga, people.south)
    assert stella.get("/profile/").context["request"].clinic == people.south


def test_it_needs_a_reason(stella, people):
    for reason in ("", "   ", "abc"):
        response = begin(stella, people.petra, people.north, reason)
        assert response.status_code == 422
    assert not Impersonation.objects.exists()


def test_the_reason_names_no_patient_by_their_number(stella, people):
    response = begin(stella, people.petra, people.north, "Order of 19811218-9876 is missing")
    assert response.status_code == 422
    assert not Impersonation.objects.exists()


def test_a_clinic_of_somebody_else_cannot_be_chosen(stella, people):
    assert begin(stella, people.petra, people.foreign).status_code == 422
    assert begin(stella, people.petra, people.south).status_code == 422


def test_it_needs_the_right(people):
    without = UserFactory(email="new@bestil.example", is_staff=True)
    browser = Client()
    browser.force_login(without)
    assert begin(browser, people.petra, people.north).status_code == 403
    assert browser.get(f"/backoffice/people/{people.petra.public_id}/look/").status_code == 403
    with pytest.raises(Exception, match="Only customer service"):
        looks.begin(staff=without, person=people.petra, clinic=people.north, reason=REASON)
    assert not Impersonation.objects.exists()


@pytest.mark.parametrize("who", ["customer", "editor"])
def test_nobody_else_can_begin(people, who):
    browser = Client()
    browser.force_login(people.otto if who == "customer" else people.edit)
    assert begin(browser, people.petra, people.north).status_code == 403
    assert not Impersonation.objects.exists()


def make_staff(people):
    User.objects.filter(pk=people.petra.pk).update(is_staff=True)


def make_superuser(people):
    User.objects.filter(pk=people.petra.pk).update(is_superuser=True)


def make_editor(people):
    people.petra.groups.set(people.edit.groups.all())


def join_customer_service(people):
    people.petra.groups.set(people.stella.groups.all())


def open_the_editors_pages(people):
    people.petra.user_permissions.add(Permission.objects.get(codename="access_admin"))


def block(people):
    services.block(user=people.petra, by=people.stella, reason="Fraud")


def set_inactive(people):
    services.set_inactive(user=people.petra, clinics=[people.north])


def take_access(people):
    services.membership_revoke(user=people.petra, clinic=people.north)


NOBODY_LOOKS_AS = [
    *(make_staff, make_superuser, make_editor, join_customer_service, open_the_editors_pages),
    *(block, set_inactive, take_access),
]


@pytest.mark.parametrize("happens", NOBODY_LOOKS_AS)
def test_nobody_looks_as_people_of_ours_or_without_access(stella, people, happens):
    happens(people)
    assert begin(stella, people.petra, people.north).status_code == 403
    with pytest.raises(looks.PermissionDenied):
        looks.begin(staff=people.stella, person=people.petra, clinic=people.north, reason=REASON)
    assert not Impersonation.objects.exists()


@pytest.mark.parametrize("happens", NOBODY_LOOKS_AS)
def test_it_ends_when_the_customer_is_none_any_more(looking, people, happens):
    happens(people)
    assert is_over(looking)


def lose_the_group(people):
    people.stella.groups.clear()


def lose_the_back_office(people):
    User.objects.filter(pk=people.stella.pk).update(is_staff=False)


@pytest.mark.parametrize("happens", [lose_the_group, lose_the_back_office])
def test_it_ends_when_who_looks_loses_the_right(looking, people, happens):
    happens(people)
    assert is_over(looking)
    assert as_whom(looking) == people.stella.email


def test_it_ends_when_who_looks_is_shut_out(looking, people):
    User.objects.filter(pk=people.stella.pk).update(is_active=False)
    response = looking.get("/orders/")
    assert response.status_code == 302
    assert response.url.startswith("/login/")
    assert Impersonation.objects.get().ended


def test_blocking_who_looks_ends_it_by_the_clock_at_the_latest(looking, people):
    services.block(user=people.stella, by=people.olga, reason="Left")
    assert looks.end_overdue() == 1
    assert Impersonation.objects.get().ended
    assert looking.get("/orders/").url.startswith("/login/")


def test_it_ends_after_an_hour(looking):
    Impersonation.objects.update(started=timezone.now() - timedelta(minutes=59))
    assert as_whom(looking) == "petra@example.com"
    Impersonation.objects.update(started=timezone.now() - timedelta(minutes=60))
    assert is_over(looking)


def test_what_is_sent_after_the_hour_is_done_as_nobody(looking, people):
    """The page was opened as the customer: it must not change the profile of who looked."""
    Impersonation.objects.update(started=timezone.now() - timedelta(minutes=61))
    form = {"first_name": "Wrong", "last_name": "Name", "phone_number": "", "language": ""}
    response = looking.post("/profile/", form, follow=True)
    assert "The 60 minutes are over." in response.content.decode()
    assert not User.objects.filter(first_name="Wrong").exists()


def test_the_clock_ends_looks_whose_browser_never_came_back(looking):
    assert looks.end_overdue() == 0
    Impersonation.objects.update(started=timezone.now() - timedelta(minutes=61))
    assert looks.end_overdue() == 1
    assert looks.end_overdue() == 0
    assert Impersonation.objects.get().ended


def test_the_end_button_leads_back_to_the_back_office(looking, people):
    response = looking.post("/impersonation/end/")
    assert response.url == f"/backoffice/people/{people.petra.public_id}/"
    assert "You no longer see the portal as Petra" in looking.get(response.url).content.decode()
    assert as_whom(looking) == people.stella.email
    assert Impersonation.objects.get().ended
    assert looking.post("/impersonation/end/").status_code == 302


def test_logging_out_ends_it_and_logs_out_who_looked(looking, people):
    for address in ("/logout/", "/backoffice/logout/"):
        browser = Client()
        browser.force_login(people.stella)
        begin(browser, people.petra, people.north)
        assert browser.post(address).status_code == 302
        assert browser.get("/profile/").status_code == 302
        assert not Impersonation.objects.filter(ended=None).exists()


def test_a_session_in_which_nothing_was_done_for_long_ends_it(looking, settings):
    session = looking.session
    session["seen"] -= settings.SESSION_IDLE_OF_STAFF.total_seconds() + 60
    session.save()
    assert looking.get("/orders/").url.startswith("/login/")
    assert not Impersonation.objects.filter(ended=None).exists()
    assert "You see the portal as" not in looking.get("/login/").content.decode()


def test_logging_out_works_after_the_hour_as_well(looking):
    Impersonation.objects.update(started=timezone.now() - timedelta(minutes=61))
    looking.post("/logout/")
    assert looking.get("/profile/").url.startswith("/login/")


def test_a_second_window_ends_the_first(looking, people):
    other = Client()
    other.force_login(people.stella)
    begin(other, people.otto, people.foreign)
    response = looking.get("/profile/")
    assert response.status_code == 302
    assert as_whom(other) == people.otto.email
    assert as_whom(looking) == people.stella.email


@pytest.mark.parametrize("who", ["customer", "colleague"])
def test_a_key_in_another_session_opens_nothing(looking, people, who):
    """What the session carries counts for nobody but who began."""
    colleague = UserFactory(email="colleague@bestil.example", is_staff=True)
    colleague.groups.set(people.stella.groups.all())
    person = people.otto if who == "customer" else colleague
    thief = Client()
    thief.force_login(person)
    session = thief.session
    session["look"] = dict(looking.session["look"])
    session.save()
    assert thief.get("/profile/").status_code == 302
    assert as_whom(thief) == person.email


def test_who_looks_cannot_begin_another_as_the_customer(looking, people):
    assert begin(looking, people.otto, people.foreign).status_code == 403
    assert Impersonation.objects.count() == 1


def test_the_customer_themselves_notices_nothing(looking, people):
    before = User.objects.values().get(pk=people.petra.pk)
    for path in ("/", "/orders/", "/basket/", "/profile/"):
        looking.get(path)
    assert User.objects.values().get(pk=people.petra.pk) == before
    theirs = Client()
    theirs.force_login(people.petra)
    assert "You see the portal as" not in theirs.get("/profile/").content.decode()


def test_the_session_of_who_looks_stays_as_it_was(stella, people):
    """Who is customer service and a customer elsewhere (from before nobody could be both) keeps the clinic there."""
    groups = list(people.stella.groups.all())
    people.stella.groups.clear()
    User.objects.filter(pk=people.stella.pk).update(is_staff=False)
    services.membership_grant(user=people.stella, clinic=people.foreign, role=Role.PURCHASER)
    User.objects.filter(pk=people.stella.pk).update(is_staff=True)
    people.stella.groups.set(groups)
    session = stella.session
    session["clinic"] = str(people.foreign.pk)
    session.save()
    begin(stella, people.petra, people.north)
    for path in ("/orders/", "/basket/", "/products/"):
        assert stella.get(path).context["request"].clinic == people.north
    assert stella.session["clinic"] == str(people.foreign.pk)
    stella.post("/impersonation/end/")
    assert stella.get("/orders/").context["request"].clinic == people.foreign


OWN = "This is shown to Petra Testsson alone"
AREA = "The back office is closed while you see the portal as a customer"


@pytest.mark.parametrize(
    ("path", "says"),
    [("/password/change/", OWN), ("/profile/security/", OWN), ("/backoffice/", AREA), ("/cms/", AREA)],
)
def test_what_is_the_persons_own_and_the_back_office_are_closed(looking, path, says):
    response = looking.get(path)
    assert response.status_code == 403
    assert says in response.content.decode()
