"""Who lost their access gets nothing from that commit on, whatever they still hold: pages, links, sessions, mail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client, override_settings

from outbox.models import OutgoingMail
from outbox.periodic import remind_of_approvals
from outbox.tasks import deliver_due_mail
from permissions.access import can, clinics_with
from permissions.impersonation import looks
from permissions.log_in import mails
from permissions.models import Account, AccountRequest, Clinic, Invitation, Membership, User
from permissions.models.requests import RequestState
from permissions.requests.mail import send_joined
from permissions.roles import ClinicPermission, Role
from permissions.services import block, membership_grant, membership_revoke, set_active, set_inactive, unblock
from permissions.users import adding
from permissions.users.mail import token_of
from tests.approvals.submissions import submitted
from tests.factories import UserFactory
from tests.permissions.site_objects import World, make_world
from tests.permissions.site_samples import Samples
from tests.permissions.site_visitor import Visitor, brief_refusal
from tests.permissions.site_walk import Row, addresses, read_table
from tests.permissions.test_access_table import FOR_EVERYBODY_SIGNED_IN, PUBLIC

QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
SESSIONS = 10


def clinics_of(world: World, user) -> list[Clinic]:
    return list(Clinic.objects.filter(memberships__user=user))


def revoked(world: World, user) -> None:
    for clinic in clinics_of(world, user):
        membership_revoke(user=user, clinic=clinic, confirmed=True)


def inactive(world: World, user) -> None:
    set_inactive(user=user, clinics=clinics_of(world, user), confirmed=True)


def blocked(world: World, user) -> None:
    block(user=user, by=world.people.stella, reason="left")


def switched_off(world: World, user) -> None:
    for clinic in clinics_of(world, user):
        membership_grant(user=user, clinic=clinic, role=Role.PURCHASER, functions=[], confirmed=True)


def clinic_closed(world: World, user) -> None:
    Clinic.objects.filter(pk__in=[clinic.pk for clinic in clinics_of(world, user)]).update(is_active=False)


LOSSES: dict[str, Callable[[World, object], None]] = {
    "revoked": revoked,
    "inactive": inactive,
    "blocked": blocked,
    "switched off": switched_off,
    "clinic closed": clinic_closed,
}
SHUT_OUT = ("inactive", "blocked")


def fresh(world: World, name: str) -> User:
    """As it stands in the database: what the test before did to it is taken back there only."""
    return User.objects.get(pk=getattr(world.people, name).pk)


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(template_database, django_db_blocker) -> Iterator[World]:
    """Everything is made, and every page opened, before anybody loses anything."""
    from tests.databases import copied_database

    with (
        django_db_blocker.unblock(),
        copied_database(template_database, "nothing"),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("config.urls.handler403", brief_refusal, raising=False)
        made = make_world()
        second = UserFactory(email="second@example.com")  # else Olga must stay
        for clinic in (made.people.north, made.people.south):
            membership_grant(user=second, clinic=clinic, role=Role.MAIN_USER)
        Account.objects.filter(pk=made.people.north.account_id).update(owner=second)
        yield made


def rows_of_customers() -> list[Row]:
    rows = [row for row in read_table() if not row.route.startswith(("cms/", "backoffice/"))]
    return [row for row in rows if row.address_name not in PUBLIC]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("name", ["petra", "olga"])
def test_open_pages_stale_forms_and_stored_links_get_nothing(world, name, loss):
    """Every address that a customer has, by GET and with every form as it stood on a page that is still open."""
    user, role = fresh(world, name), {"petra": "purchaser", "olga": "main_user"}[name]
    samples = Samples(world)
    there = {(address.name, address.route): address for address in addresses()}
    requests = [
        (row, samples.path_of(row, there[row.address_name, row.route]), samples.form_of(row, role))
        for row in rows_of_customers()
    ]
    own = world.canaries["north"] + world.canaries["south"]
    wrong, asked = [], 0
    visitor = Visitor(user)
    with taken_back():
        LOSSES[loss](world, user)
        for row, path, form in requests:
            if loss not in SHUT_OUT and row.address_name in FOR_EVERYBODY_SIGNED_IN:
                continue
            answer = visitor.ask(row.method, path, form if row.method == "POST" else None)
            shown = [word for word in own if word in answer.text and word not in path]
            asked += 1
            if not answer.is_refusal or answer.written or shown or answer.errors:
                wrong.append(f"{row}: {answer.outcome}, wrote {sorted(answer.written)}, shows {shown} {answer.errors}")
    assert asked > 80
    assert not wrong, "\n".join(["", *wrong])


def test_a_documents_link_is_for_customers_and_our_own_people_only(world):
    petra, path = fresh(world, "petra"), f"/documents/{world.document.pk}/{world.document.filename}"
    for user in (petra, world.people.edit, world.people.stella):
        assert Visitor(user).ask("GET", path).outcome == "200"
    with taken_back():
        revoked(world, petra)
        assert Visitor(petra).ask("GET", path).outcome == "403"


@pytest.mark.parametrize("loss", LOSSES)
def test_ten_running_sessions_end_or_show_nothing(world, loss):
    petra = fresh(world, "petra")
    with taken_back():
        sessions = [Client() for _each in range(SESSIONS)]
        for session in sessions:
            session.force_login(petra)
            assert session.get("/basket/").status_code == 200
        LOSSES[loss](world, petra)
        for session in sessions:
            answer = session.get("/basket/")
            assert answer.status_code == (302 if loss in SHUT_OUT else 403)
            assert "Canary" not in answer.content.decode()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("path", ["/basket/live/", "/orders/approvals/"])
def test_what_a_page_asks_for_by_itself_gets_nothing(world, loss, path):
    petra = fresh(world, "petra")
    with taken_back():
        page = Client(headers={"hx-request": "true", "hx-current-url": "http://testserver/basket/"})
        page.force_login(petra)
        LOSSES[loss](world, petra)
        answer = page.get(path, {"clinic": str(world.people.north.pk)})
        if loss in SHUT_OUT:
            assert answer.headers["HX-Redirect"] == "/login/?next=/basket/"
            assert answer.content == b""
        else:
            assert answer.status_code == 403
            assert "Canary" not in answer.content.decode()


@pytest.mark.parametrize("loss", SHUT_OUT)
def test_a_link_to_choose_a_password_is_dead(world, loss):
    petra = fresh(world, "petra")
    with taken_back():
        mail.outbox.clear()
        assert mails.mail_link(petra)
        (link,) = (word for word in mail.outbox[0].body.split() if "/password/" in word)
        path = "/" + link.split("/", 3)[3]
        LOSSES[loss](world, petra)
        stranger, before = Client(), petra.password
        page = stranger.get(path, follow=True)
        assert 'name="new_password1"' not in page.content.decode()
        where = page.redirect_chain[-1][0] if page.redirect_chain else path
        stranger.post(where, {"new_password1": "A new one 4711!", "new_password2": "A new one 4711!"})
        petra.refresh_from_db()
        assert petra.password == before


@pytest.mark.parametrize("loss", SHUT_OUT)
def test_a_link_asked_for_is_not_mailed_any_more(world, loss):
    """The task was queued before: what counts is when it runs."""
    petra = fresh(world, "petra")
    with taken_back():
        LOSSES[loss](world, petra)
        mail.outbox.clear()
        assert mails.mail_link_to.call(petra.pk) is False
        assert mail.outbox == []


@pytest.mark.parametrize("loss", LOSSES)
def test_an_invitation_gives_nothing_when_its_inviter_lost_the_right(world, loss):
    olga, north = fresh(world, "olga"), world.people.north
    with taken_back():
        details = adding.Details(email="new@example.com", first_name="New", last_name="Body", language="en")
        where = {"clinics": [north], "role": Role.PURCHASER, "functions": ["ordering", "approving"]}
        adding.add(actor=olga, details=details, **where)
        path = f"/invitations/{token_of(Invitation.objects.get(email='new@example.com'))}/"
        assert "new_password1" in Client().get(path).content.decode()
        LOSSES[loss](world, olga)
        form = {"first_name": "New", "last_name": "Body", "answer": "accept"}
        Client().post(path, {**form, "new_password1": "A new one 4711!", "new_password2": "A new one 4711!"})
        assert not Membership.objects.filter(user__email="new@example.com").exists()


@pytest.mark.parametrize("loss", SHUT_OUT)
def test_an_invitation_from_elsewhere_gives_nothing_back(world, loss):
    """Who was set inactive may begin somewhere else, with a new password; who is blocked nowhere."""
    petra, otto = fresh(world, "petra"), fresh(world, "otto")
    with taken_back():
        Invitation.objects.filter(email=petra.email).update(state="withdrawn")
        details = adding.Details(email=petra.email, first_name="P", last_name="T", language="en")
        where = {"clinics": [world.people.foreign], "role": Role.PURCHASER, "functions": ["ordering"]}
        adding.add(actor=otto, details=details, **where)
        path = f"/invitations/{token_of(Invitation.objects.get(email=petra.email, state='pending'))}/"
        session = Client()
        session.force_login(petra)
        LOSSES[loss](world, petra)
        for browser in (session, Client()):
            browser.get(path)
            browser.post(path, {"answer": "accept", "new_password1": "A new 4711!", "new_password2": "A new 4711!"})
        works_there = Membership.objects.filter(user=petra, clinic=world.people.foreign).exists()
        assert works_there is (loss == "inactive")
        assert set(clinics_with(petra, ClinicPermission.PREPARE_ORDER)) <= {world.people.foreign}


@pytest.mark.parametrize("loss", ["", *(loss for loss in LOSSES if loss != "switched off")])
def test_mail_that_waits_is_withheld(world, loss):
    """Petra stands in for Olga today; without a loss she is told that a basket waits."""
    petra, asta, north = fresh(world, "petra"), fresh(world, "asta"), world.people.north
    with taken_back(), override_settings(TASKS=QUEUE):
        OutgoingMail.objects.all().delete()
        submitted(asta, north)
        if loss:
            LOSSES[loss](world, petra)
        mail.outbox.clear()
        deliver_due_mail.call()
        waiting = [message for message in mail.outbox if "<approval-" in message.extra_headers["Message-ID"]]
        told = [address for message in waiting for address in message.to]
        assert (petra.email in told) == (not loss)


@pytest.mark.parametrize("loss", ["", *LOSSES])
def test_mail_of_an_account_is_withheld_from_who_lost_it(world, loss):
    """Olga owned the account when customer service began to look, and when it let somebody in."""
    olga, petra, north = fresh(world, "olga"), fresh(world, "petra"), world.people.north
    with taken_back(), override_settings(TASKS=QUEUE):
        OutgoingMail.objects.all().delete()
        owner = User.objects.get(email="second@example.com")
        Account.objects.filter(pk=north.account_id).update(owner=olga)
        looks.begin(staff=world.people.stella, person=petra, clinic=north, reason="She can't find an order")
        row = AccountRequest.objects.filter(state=RequestState.APPROVED).first()
        send_joined(olga, world.invitation, row, [north])
        Account.objects.filter(pk=north.account_id).update(owner=owner)
        if loss:
            LOSSES[loss](world, olga)
        mail.outbox.clear()
        deliver_due_mail.call()
        told = [message.extra_headers["Message-ID"] for message in mail.outbox if olga.email in message.to]
        of_account = [number for number in told if number.startswith(("<look-", "<account-joined-"))]
        assert len(of_account) == (0 if loss else 2)


@pytest.mark.parametrize("loss", ["", *LOSSES])
def test_a_reminder_that_was_planned_goes_to_who_has_the_right_now(world, loss):
    petra, asta, north = fresh(world, "petra"), fresh(world, "asta"), world.people.north
    with taken_back(), override_settings(TASKS=QUEUE):
        submitted(asta, north)
        Clinic.objects.update(approval_reminder_hours=0)
        OutgoingMail.objects.all().delete()
        if loss:
            LOSSES[loss](world, petra)
        remind_of_approvals.call()
        told = {address for row in OutgoingMail.objects.all() for address in row.to}
        assert (petra.email in told) == (not loss)


@pytest.mark.parametrize("loss", SHUT_OUT)
def test_who_is_let_in_again_logs_in_again(world, loss):
    petra = fresh(world, "petra")
    with taken_back():
        old = Client()
        old.force_login(petra)
        LOSSES[loss](world, petra)
        if loss == "blocked":
            unblock(user=petra, by=world.people.stella)
        else:
            set_active(user=petra, clinics=[world.people.north])
        assert old.get("/basket/").status_code == 302
        again = Client()
        again.force_login(petra)
        assert again.get("/basket/").status_code == 200


def test_a_request_that_began_before_the_block_has_no_rights(people):
    """It waited for a lock, say, and still carries the person as they were."""
    petra = User.objects.get(pk=people.petra.pk)
    block(user=people.petra, by=people.stella, reason="left")
    assert petra.is_active
    assert not can(petra, ClinicPermission.PLACE_ORDER, people.north)
    assert not clinics_with(petra, ClinicPermission.PLACE_ORDER)
