"""The page of the account and those around it: who sees and does what there."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from permissions import services
from permissions.log_in.lock import is_locked
from permissions.models import AccessEvent, Account, OwnershipTransfer, User
from permissions.models.events import AccessAction
from permissions.ownership import account_settings, transfers
from permissions.roles import Role
from tests.factories import PASSWORD, ClinicFactory, UserFactory
from tests.ownership.conftest import offered, owner_of, roles_of

PAGE, OFFER, CANCEL = "/users/account/", "/users/account/offer/", "/users/account/offer/cancel/"


def browser_of(user) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def olga(people) -> Client:
    return browser_of(people.olga)


@pytest.fixture
def asta_too(people) -> Client:
    """A second main user, of North alone."""
    services.membership_grant(user=people.asta, clinic=people.north, role=Role.MAIN_USER)
    return browser_of(people.asta)


def form(people, **more) -> dict:
    chosen = {"person": people.petra.pk, "role_afterwards": "main_user", "password": PASSWORD}
    return {"account": people.north.account_id, **chosen, **more}


# --- The page ---------------------------------------------------------------------------------------------------


def test_the_owner_sees_facts_settings_and_main_users(olga):
    text = olga.get(PAGE).content.decode()
    for word in ("556036-0793", "Sweden", "Nordhear North", "Nordhear South", "Olga Testsson", "second factor"):
        assert word in text
    assert text.count('<span class="badge">Owner</span>') == 2  # once per clinic, beside her name
    assert OFFER in text


def test_another_main_user_sees_it_without_what_the_owner_decides(asta_too):
    text = asta_too.get(PAGE).content.decode()
    assert "Olga Testsson" in text
    assert "Nordhear South" not in text  # a stranger there
    assert OFFER not in text
    assert 'name="requires_second_factor"' not in text


def test_others_do_not_see_it(people):
    assert browser_of(people.petra).get(PAGE).status_code == 403
    assert "Nordhear" not in browser_of(people.otto).get(PAGE).content.decode()


def test_an_account_without_an_owner_says_who_sets_it(people, olga):
    Account.objects.update(owner=None)
    text = olga.get(PAGE).content.decode()
    assert "has no owner yet" in text
    assert OFFER not in text
    assert olga.get(OFFER).status_code == 403


def test_the_page_asks_as_often_for_many_as_for_few(people, olga):
    def asked() -> int:
        olga.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            assert olga.get(PAGE).status_code == 200
        return len(queries)

    few = asked()
    for _clinic in range(12):
        clinic = ClinicFactory(account=people.north.account)
        for person in (people.olga, *UserFactory.create_batch(2)):
            services.membership_grant(user=person, clinic=clinic, role=Role.MAIN_USER)
    many = asked()
    print(f"\nqueries  the account  2 clinics: {few}  14 clinics: {many}")
    assert many == few


# --- Settings ---------------------------------------------------------------------------------------------------


def test_the_owner_turns_the_mail_about_looking_off(people, olga, account):
    assert olga.post(PAGE, {"account": account.pk}).status_code == 302
    account.refresh_from_db()
    assert not account.tells_of_impersonation
    row = AccessEvent.objects.get(action=AccessAction.SETTINGS)
    assert (row.actor, row.account) == (people.olga, account)
    assert (row.before, row.after) == ({"tells_of_impersonation": True}, {"tells_of_impersonation": False})


def test_who_has_no_second_factor_is_named_before_it_is_required(people, olga, account):
    Authenticator.objects.create(user=people.olga, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.create(user=people.asta, type=Authenticator.Type.RECOVERY_CODES, data={})
    services.set_inactive(user=people.petra, clinics=[people.north])
    wanted = {"account": account.pk, "requires_second_factor": "on", "tells_of_impersonation": "on"}
    response = olga.post(PAGE, wanted)
    assert [str(person) for person in response.context["people"]] == ["Asta Testsson"]
    account.refresh_from_db()
    assert not account.requires_second_factor
    posted = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', response.content.decode()))
    assert posted.items() >= {**wanted, "account": str(account.pk), "confirmed": "1"}.items()
    assert olga.post(PAGE, posted).status_code == 302
    account.refresh_from_db()
    assert account.requires_second_factor
    assert account.tells_of_impersonation


def test_nobody_is_asked_when_everybody_has_one(people, olga, account):
    for person in (people.olga, people.petra, people.asta):
        Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={})
    assert olga.post(PAGE, {"account": account.pk, "requires_second_factor": "on"}).status_code == 302
    account.refresh_from_db()
    assert account.requires_second_factor


def test_nobody_but_the_owner_changes_the_settings(people, asta_too, account):
    assert asta_too.post(PAGE, {"account": account.pk}).status_code == 403
    with pytest.raises(transfers.PermissionDenied):
        account_settings.save(account=account, by=people.asta, wanted=dict.fromkeys(account_settings.FIELDS, False))
    account.refresh_from_db()
    assert account.tells_of_impersonation


def test_a_page_of_another_account_changes_nothing(people, olga, account):
    """Opened before the clinic was switched in another tab."""
    services.membership_grant(user=people.olga, clinic=people.foreign, role=Role.MAIN_USER)
    Account.objects.filter(pk=people.foreign.account_id).update(owner=people.olga)
    olga.post("/clinics/switch/", {"clinic": people.foreign.pk})
    stale = form(people)
    for path in (PAGE, OFFER, CANCEL):
        assert "Nothing was changed" in olga.post(path, stale, follow=True).content.decode()
    assert set(Account.objects.values_list("tells_of_impersonation", flat=True)) == {True}
    assert not OwnershipTransfer.objects.exists()


# --- Offering and answering -------------------------------------------------------------------------------------


def test_the_whole_way(people, olga, account):
    response = olga.post(OFFER, form(people, role_afterwards="purchaser"), follow=True)
    assert "You asked Petra Testsson to become the owner" in response.content.decode()
    row = OwnershipTransfer.objects.get()
    link = re.search(r"https?://[^/]+(/ownership/\S+)", mail.outbox[-1].body)
    assert link and link[1] == f"/ownership/{row.pk}/"
    petra = browser_of(people.petra)
    assert "asks you to become the owner of Nordhear AB" in petra.get("/profile/").content.decode()
    text = petra.get(link[1]).content.decode()
    assert "Become the owner of Nordhear AB?" in text
    assert "Nordhear South" not in text
    text = petra.post(link[1], {"answer": "accept"}, follow=True).content.decode()
    assert "You are the owner of Nordhear AB from now on." in text
    assert owner_of(account) == people.petra
    assert roles_of(people.olga)["Nordhear South"] == "purchaser"
    assert "asks you" not in petra.get("/profile/").content.decode()


def test_the_password_is_asked_again(people, olga):
    for password in ("", "wrong"):
        response = olga.post(OFFER, form(people, password=password))
        assert response.status_code == 422
        assert f'value="{people.petra.pk}" selected' in response.content.decode()
    assert not OwnershipTransfer.objects.exists()


def test_wrong_passwords_lock_the_person_as_at_the_log_in(people, olga):
    for _try in range(4):
        assert olga.post(OFFER, form(people, password="wrong")).status_code == 422
        assert not is_locked(people.olga)
    olga.post(OFFER, form(people, password="wrong"))
    assert is_locked(people.olga)
    assert olga.post(OFFER, form(people)).status_code == 403
    assert not OwnershipTransfer.objects.exists()


def test_a_password_counts_only_when_the_rest_is_right(people, olga):
    for _try in range(6):
        assert olga.post(OFFER, form(people, person="", password="wrong")).status_code == 422
    assert not is_locked(people.olga)


def test_who_logs_in_without_a_password_is_told_what_to_do(people, olga):
    people.olga.set_unusable_password()
    people.olga.save()
    olga.force_login(people.olga)
    assert "You log in without a password" in olga.post(OFFER, form(people)).content.decode()


def test_it_is_offered_to_nobody_outside(people, olga):
    for person in (people.otto, people.stella, people.olga):
        assert olga.post(OFFER, form(people, person=person.pk)).status_code == 422
    assert olga.post(OFFER, form(people, role_afterwards="owner")).status_code == 422


def test_what_the_owner_becomes_must_be_said(people, olga):
    """That nothing was said must never mean leaving: it can't be undone."""
    fields = form(people)
    del fields["role_afterwards"]
    for wanted in (fields, {**fields, "role_afterwards": ""}):
        assert olga.post(OFFER, wanted).status_code == 422
    assert not OwnershipTransfer.objects.exists()


def test_who_says_so_leaves_the_account(people, olga, account):
    assert 'value="leave"' in olga.get(OFFER).content.decode()
    assert olga.post(OFFER, form(people, role_afterwards="leave")).status_code == 302
    transfers.accept(offer_id=OwnershipTransfer.objects.get().pk, by=people.petra)
    assert owner_of(account) == people.petra
    assert roles_of(people.olga) == {}


def test_only_the_owner_offers_and_takes_back(people, asta_too):
    offered(people)
    for path in (OFFER, CANCEL):
        assert asta_too.post(path, form(people)).status_code == 403
        assert browser_of(people.petra).post(path, form(people)).status_code == 403
    assert OwnershipTransfer.objects.get().state == "offered"


def test_the_offer_is_taken_back(people, olga, account):
    row = offered(people)
    assert "is taken back" in olga.post(CANCEL, {"account": account.pk}, follow=True).content.decode()
    petra = browser_of(people.petra)
    path = f"/ownership/{row.pk}/"
    assert "no longer valid" in petra.get(path).content.decode()
    assert "answered or taken back already" in petra.post(path, {"answer": "accept"}, follow=True).content.decode()
    assert owner_of(account) == people.olga
    assert "Nothing is offered any more" in olga.post(CANCEL, {"account": account.pk}, follow=True).content.decode()


def test_declining_in_the_browser(people):
    path = f"/ownership/{offered(people).pk}/"
    petra = browser_of(people.petra)
    assert "You declined the ownership" in petra.post(path, {"answer": "decline"}, follow=True).content.decode()


def test_an_answer_that_says_nothing_does_nothing(people):
    path = f"/ownership/{offered(people).pk}/"
    browser_of(people.petra).post(path, {"answer": "maybe"})
    assert OwnershipTransfer.objects.get().state == "offered"


def test_nobody_else_opens_the_offer(people):
    path = f"/ownership/{offered(people).pk}/"
    for person in (people.olga, people.asta, people.otto, people.stella):
        browser = browser_of(person)
        assert browser.get(path).status_code == 404
        assert browser.post(path, {"answer": "accept"}).status_code == 404
    assert Client().get(path).url.startswith("/login/")


def test_who_lost_access_meanwhile_reads_why(people, account):
    row = offered(people)
    services.membership_revoke(user=people.petra, clinic=people.north)
    petra = browser_of(User.objects.get(pk=people.petra.pk))
    path = f"/ownership/{row.pk}/"
    assert "no longer has access" in petra.get(path).content.decode()
    petra.post(path, {"answer": "accept"})
    assert owner_of(account) == people.olga


# --- The back office --------------------------------------------------------------------------------------------


def test_customer_service_sets_the_owner(people, account):
    Account.objects.update(owner=None)
    stella = browser_of(people.stella)
    path = f"/backoffice/accounts/{account.pk}/owner/"
    assert "The account has no owner." in stella.get(path).content.decode()
    assert stella.post(path, {"person": people.petra.pk}).status_code == 422
    assert stella.post(path, {"person": people.otto.pk, "reason": "Wrong account"}).status_code == 422
    assert stella.post(path, {"person": people.petra.pk, "reason": "The director called"}).status_code == 302
    assert owner_of(account) == people.petra
    assert path in stella.get("/backoffice/clinics/").content.decode()


def test_it_needs_the_right(people, account):
    people.stella.groups.clear()
    path = f"/backoffice/accounts/{account.pk}/owner/"
    for person in (people.stella, people.olga, people.edit):
        browser = browser_of(person)
        assert browser.get(path).status_code == 403
        assert browser.post(path, {"person": people.petra.pk, "reason": "I want to"}).status_code == 403
    assert owner_of(account) == people.olga
