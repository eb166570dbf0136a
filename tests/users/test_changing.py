"""B3, B6: role and functions per clinic, taking access away, setting inactive, contact details."""

import re

import pytest
from django.core import mail
from django.http import Http404

from permissions.access import can
from permissions.models import AccessEvent, Membership, User
from permissions.roles import ClinicPermission, Function, Role
from permissions.services import block, membership_grant, unblock
from permissions.users import changing
from tests.factories import ClinicFactory, UserFactory
from tests.users.inviting import access_form, browser_of, form_for


def page_of(person, clinic=None, then: str = "") -> str:
    return f"/users/{person.public_id}/" + (f"{clinic.pk}/" if clinic else "") + then


def membership(user, clinic) -> Membership:
    return Membership.objects.get(user=user, clinic=clinic)


@pytest.fixture
def maja(people):
    """A second main user of North."""
    user = UserFactory(email="maja@example.com", first_name="Maja", last_name="Testsson")
    membership_grant(user=user, clinic=people.north, role=Role.MAIN_USER)
    return user


def test_functions_are_switched_at_one_clinic_and_told_by_mail(people, olga):
    form = access_form(Role.PURCHASER, ["ordering", "finances"])
    response = olga.post(page_of(people.petra, people.north), {**form, "confirmed": "1"}, follow=True)
    assert "Saved. Petra Testsson is told by mail." in response.content.decode()
    assert membership(people.petra, people.north).functions == ["ordering", "finances"]
    (message,) = mail.outbox
    assert message.to == ["petra@example.com"]
    assert message.subject == "What you may do at Nordhear North has changed"
    olga.post(page_of(people.petra, people.north), form)
    assert len(mail.outbox) == 1  # nothing changed, nothing told


@pytest.fixture
def boss(people):
    """Manages North's users without being main user; the main user is away, and orders above 100 need approval.

    Petra is the only one who can approve what the boss orders.
    """
    user = UserFactory(email="boss@example.com", first_name="Boss", last_name="Testsson")
    functions = [function for function in Function if function != Function.FINANCES]
    membership_grant(user=user, clinic=people.north, role=Role.PURCHASER, functions=functions)
    User.objects.filter(pk=people.olga.pk).update(is_active=False)
    people.north.approval_limit = 100
    people.north.save()
    return browser_of(user)


@pytest.mark.parametrize(
    ("then", "form"),
    [("", access_form(Role.ASSISTANT)), ("remove/", {}), ("inactive/", {})],
    ids=["demoted", "removed", "inactive"],
)
def test_nobody_is_left_without_an_approver_unasked(people, boss, then, form):
    path = page_of(people.petra, None if then == "inactive/" else people.north, then)
    form = {**form, "clinics": [str(people.north.pk)]}
    page = boss.post(path, form)
    assert page.status_code == (200 if then == "" else 422)
    assert "Petra Testsson is the last who approves orders at Nordhear North." in page.content.decode()
    assert "Do it anyway" in page.content.decode()
    row = membership(people.petra, people.north)
    assert (row.role, row.is_active) == (Role.PURCHASER, True)
    assert mail.outbox == []
    assert boss.post(path, {**form, "confirmed": "1"}).status_code == 302
    rest = Membership.objects.filter(user=people.petra, role=Role.PURCHASER, is_active=True)
    assert not rest.exists()
    assert len(mail.outbox) == 1


def test_a_main_user_is_made_after_asking_only(people, olga):
    path, form = page_of(people.petra, people.north), access_form(Role.MAIN_USER, [])
    page = olga.post(path, form).content.decode()
    assert "Make Petra Testsson main user?" in page
    assert membership(people.petra, people.north).role == Role.PURCHASER
    olga.post(path, {**form, "confirmed": "1"})
    assert membership(people.petra, people.north).role == Role.MAIN_USER


def test_the_same_is_given_at_another_clinic(people, olga):
    form = {**access_form(Role.PURCHASER), "also": [str(people.south.pk)]}
    olga.post(page_of(people.petra, people.north), form)
    assert membership(people.petra, people.south).role == Role.PURCHASER
    (message,) = mail.outbox
    assert message.subject == "You now have access to Nordhear South"


def test_access_is_given_at_another_clinic_from_the_persons_page(people, olga):
    assert page_of(people.petra, people.south) in olga.get(page_of(people.petra)).content.decode()
    page = olga.get(page_of(people.petra, people.south)).content.decode()
    assert "Has no access here yet." in page
    olga.post(page_of(people.petra, people.south), access_form(Role.ASSISTANT))
    assert membership(people.petra, people.south).role == Role.ASSISTANT


def test_a_clinic_of_another_company_is_no_way_around_the_invitation(people, olga):
    membership_grant(user=people.olga, clinic=people.foreign, role=Role.MAIN_USER)
    path = page_of(people.petra, people.foreign)
    assert str(people.foreign.pk) not in olga.get(page_of(people.petra)).content.decode().split("access-title")[1]
    assert olga.get(path).status_code == 404
    assert olga.post(path, access_form(Role.ASSISTANT)).status_code == 404
    form = {**access_form(Role.PURCHASER), "also": [str(people.foreign.pk)]}
    assert olga.post(page_of(people.petra, people.north), form).status_code == 422
    with pytest.raises(Http404):
        changing.give(
            actor=people.olga, person=people.petra, clinics=[people.foreign], role=Role.ASSISTANT, functions=[]
        )


def test_access_is_taken_after_asking_and_told_by_mail(people, olga):
    path = page_of(people.petra, people.north, "remove/")
    assert "The next page lets you undo it for an hour" in olga.get(path).content.decode()
    assert Membership.objects.filter(user=people.petra).exists()
    assert olga.post(path).url == "/users/"
    assert not Membership.objects.filter(user=people.petra).exists()
    (message,) = mail.outbox
    assert message.subject == "You no longer have access to Nordhear North"
    assert browser_of(people.petra).get("/orders/").status_code != 200
    assert AccessEvent.objects.filter(action="revoke", person=people.petra, actor=people.olga).exists()


def test_the_last_main_user_stays_and_the_page_says_why(people, maja):
    browser = browser_of(maja)
    Membership.objects.filter(user=people.olga, clinic=people.north).update(role=Role.PURCHASER)
    Membership.objects.filter(user=maja).update(role=Role.PURCHASER)
    Membership.objects.filter(user=people.olga, clinic=people.north).update(role=Role.MAIN_USER)
    # Maja still holds a main user's rows: as if two were demoting each other.
    for then, form in (("remove/", {"confirmed": "1"}), ("", access_form(Role.ASSISTANT))):
        page = browser.post(page_of(people.olga, people.north, then), form)
        assert page.status_code == 422
        assert "Olga Testsson is the last main user of Nordhear North." in page.content.decode()
    page = browser.post(page_of(people.olga, then="inactive/"), {"clinics": [str(people.north.pk)], "confirmed": "1"})
    assert page.status_code == 422
    assert "is the last main user" in page.content.decode()
    assert membership(people.olga, people.north).is_active


def test_the_owner_stays_and_the_page_says_why(people, maja):
    people.north.account.owner = people.olga
    people.north.account.save()
    page = browser_of(maja).post(page_of(people.olga, people.north, "remove/"), {"confirmed": "1"})
    assert page.status_code == 422
    assert "Hand the ownership over first." in page.content.decode()
    assert "Do it anyway" not in page.content.decode()


def test_inactive_ends_sessions_at_once_and_undo_gives_back_what_was(people, olga):
    hers = browser_of(people.petra)
    assert hers.get("/orders/").status_code == 200
    before = membership(people.petra, people.north).functions
    path = page_of(people.petra, then="inactive/")
    assert "is logged out on every device at once" in olga.get(path).content.decode()
    page = olga.post(path, {"clinics": [str(people.north.pk)]}, follow=True).content.decode()
    assert "Petra Testsson is inactive and logged out everywhere." in page
    assert "Undo" in page
    assert hers.get("/orders/").status_code == 302
    assert mail.outbox[-1].subject == "You are set inactive at Nordhear North"
    assert "Undo" not in olga.get(page_of(people.petra)).content.decode()
    olga.post(page_of(people.petra, then="active/"), {"clinics": [str(people.north.pk)]})
    row = membership(people.petra, people.north)
    assert (row.is_active, row.functions) == (True, before)
    assert mail.outbox[-1].subject == "You now have access to Nordhear North"
    assert browser_of(User.objects.get(pk=people.petra.pk)).get("/orders/").status_code == 200


def test_nobody_changes_themselves(people, olga):
    for path, form in (
        (page_of(people.olga, people.north), access_form(Role.ASSISTANT)),
        (page_of(people.olga, people.north, "remove/"), {}),
        (page_of(people.olga, then="inactive/"), {"clinics": [str(people.north.pk)]}),
        (page_of(people.olga, then="details/"), {"first_name": "Other", "last_name": "Name"}),
    ):
        assert olga.post(path, form).status_code == 403, path
    assert "Ask another main user, or customer service." in olga.get(page_of(people.olga)).content.decode()


def test_who_manages_users_changes_nobody_with_more_rights(people, petra):
    functions = [Function.USERS, Function.ORDERING, Function.ORDER_HISTORY, Function.PATIENTS]
    membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=functions)
    for path, form in (
        (page_of(people.olga, people.north), access_form(Role.ASSISTANT)),
        (page_of(people.olga, people.north, "remove/"), {}),
        (page_of(people.olga, then="inactive/"), {"clinics": [str(people.north.pk)]}),
        (page_of(people.olga, then="details/"), {"first_name": "Other", "last_name": "Name"}),
    ):
        assert petra.post(path, form).status_code == 403, path
    assert petra.post(page_of(people.asta, people.north), access_form(Role.MAIN_USER)).status_code == 422


@pytest.mark.parametrize("then", ["", "details/", "inactive/", "active/"])
def test_people_of_others_do_not_exist(people, olga, otto, petra, then):
    path = page_of(people.petra, then=then)
    assert otto.get(path).status_code == 404
    assert otto.post(path, {}).status_code == 404
    assert petra.get(path).status_code == 403
    assert olga.get(page_of(people.otto, then=then)).status_code == 404


def test_only_clinics_that_one_manages_are_shown_and_changed(people, petra):
    membership_grant(
        user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=[Function.USERS, Function.ORDER_HISTORY]
    )
    member = UserFactory(email="both@example.com")
    for clinic in (people.north, people.south):
        membership_grant(user=member, clinic=clinic, role=Role.ASSISTANT, functions=[Function.ORDER_HISTORY])
    page = petra.get(page_of(member)).content.decode()
    assert "Nordhear South" not in page
    assert petra.post(page_of(member, people.south, "remove/")).status_code == 404
    petra.post(page_of(member, then="inactive/"), {"clinics": [str(people.north.pk)]})
    assert not membership(member, people.north).is_active
    assert membership(member, people.south).is_active


def test_contact_details_are_changed_where_all_clinics_are_managed(people, olga):
    path = page_of(people.petra, then="details/")
    form = {"first_name": "Petronella", "last_name": "Testsson", "phone_number": "070-174 06 05"}
    olga.post(path, {**form, "email": "evil@example.com"})
    people.petra.refresh_from_db()
    assert (people.petra.first_name, str(people.petra.phone_number)) == ("Petronella", "+46701740605")
    assert people.petra.email == "petra@example.com"
    event = AccessEvent.objects.get(action="details")
    assert event.after == {"fields": ["first_name", "phone_number"]}
    assert olga.post(path, {**form, "first_name": ""}).status_code == 422


def test_access_of_an_inactive_person_stays_inactive(people, olga):
    olga.post(page_of(people.petra, then="inactive/"), {"clinics": [str(people.north.pk)]})
    mail.outbox.clear()
    third = ClinicFactory(account=people.north.account)
    membership_grant(user=people.olga, clinic=third, role=Role.MAIN_USER)
    form = {**access_form(Role.ASSISTANT), "also": [str(third.pk)]}
    page = olga.post(page_of(people.petra, people.north), form, follow=True).content.decode()
    assert ("Saved." in page, "is told by mail" in page) == (True, False)
    assert membership(people.petra, people.north).role == Role.ASSISTANT
    assert not membership(people.petra, people.north).is_active
    assert not membership(people.petra, third).is_active
    assert mail.outbox == []


def test_who_was_only_prepared_is_told_nothing_when_removed(people, olga):
    membership_grant(user=people.asta, clinic=people.south, role=Role.ASSISTANT, is_active=False)
    path = page_of(people.asta, people.south, "remove/")
    assert "nobody is told" in olga.get(path).content.decode()
    olga.post(path)
    assert not Membership.objects.filter(user=people.asta, clinic=people.south).exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("", access_form(Role.MAIN_USER, [])),
        ("new", form_for([], email="nora@example.com", role=Role.MAIN_USER)),
        ("approver", access_form(Role.ASSISTANT)),
    ],
)
def test_who_goes_back_from_a_question_finds_the_form_as_it_was(people, olga, boss, address, form):
    browser = boss if address == "approver" else olga
    path = "/users/new/" if address == "new" else page_of(people.petra, people.north)
    form = {**form, "clinics": [str(people.north.pk)]}
    User.objects.filter(pk=people.olga.pk).update(is_active=address != "approver")
    assert 'name="back"' in browser.post(path, form).content.decode()
    response = browser.post(path, {**form, "confirmed": "1", "back": "1"})
    page = response.content.decode()
    assert (response.status_code, f'value="{form["role"]}"' in page, "error-summary" in page) == (200, True, False)
    chosen = re.search(rf'<input[^>]*value="{form["role"]}"[^>]*>', page)[0]
    assert "checked" in chosen
    assert ('value="nora@example.com"' in page) == (address == "new")
    assert membership(people.petra, people.north).role == Role.PURCHASER


def test_who_is_blocked_is_given_a_role_that_counts_once_the_block_is_lifted(people):
    """A block is the supplier's: at the clinics it changes nothing."""
    block(user=people.petra, by=people.stella, reason="Lost telephone")
    given = {"role": Role.PURCHASER, "functions": [Function.ORDERING], "confirmed": True}
    changing.give(actor=people.olga, person=people.petra, clinics=[people.south], **given)
    assert membership(people.petra, people.south).is_active
    assert not can(people.petra, ClinicPermission.PLACE_ORDER, people.south)
    assert not mail.outbox
    unblock(user=people.petra, by=people.stella)
    assert can(people.petra, ClinicPermission.PLACE_ORDER, people.south)


@pytest.mark.parametrize("step", ["", "remove/", "inactive/"])
def test_every_step_about_a_person_leads_back_to_all_users(people, olga, step):
    path = page_of(people.petra, then=step) if step == "inactive/" else page_of(people.petra, people.north, step)
    trail = re.search(r'<nav class="breadcrumbs".*?</nav>', olga.get(path).content.decode(), re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', trail) == ["/", "/users/", page_of(people.petra)]
