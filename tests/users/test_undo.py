"""B6: access that was taken away by mistake is given back as it was, at once and by who took it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from permissions import access
from permissions.models import AccessEvent, Clinic, Membership
from permissions.roles import ClinicPermission, Function, Role
from permissions.services import membership_grant
from permissions.users import changing
from permissions.users.problems import NotDone
from tests.factories import UserFactory
from tests.users.inviting import browser_of
from tests.users.test_changing import membership, page_of

TOLD = "Was that a mistake? You can give the access back as it was."


@pytest.fixture
def undo(people) -> str:
    """The address that gives Petra her access to North back."""
    return page_of(people.petra, people.north, "undo/")


def take(browser, people) -> str:
    """Olga takes it; returns the next page."""
    path = page_of(people.petra, people.north, "remove/")
    return browser.post(path, {"confirmed": "1"}, follow=True).content.decode()


def is_member(people) -> bool:
    return Membership.objects.filter(user=people.petra, clinic=people.north).exists()


def test_role_and_functions_are_as_before_and_it_is_told_and_recorded(people, olga, undo):
    kept = [Function.ORDERING, Function.FINANCES]
    membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=kept, confirmed=True)
    page = take(olga, people)
    assert TOLD in page
    assert undo in page
    assert not access.can(people.petra, ClinicPermission.PREPARE_ORDER, people.north)
    page = olga.post(undo, follow=True).content.decode()
    assert "Petra Testsson has access to Nordhear North again, with role and functions as before." in page
    row = membership(people.petra, people.north)
    assert (row.role, row.functions, row.is_active) == (Role.PURCHASER, kept, True)
    assert access.can(people.petra, ClinicPermission.PREPARE_ORDER, people.north)
    assert mail.outbox[-1].subject == "You now have access to Nordhear North"
    event = AccessEvent.objects.filter(person=people.petra)[0]
    assert (event.action, event.actor, event.after["functions"]) == ("grant", people.olga, kept)


def test_it_is_offered_once_on_the_next_page(people, olga):
    assert TOLD in take(olga, people)
    assert TOLD not in olga.get("/users/").content.decode()


def test_it_is_offered_on_the_persons_page_when_they_work_elsewhere_too(people, olga, undo):
    membership_grant(user=people.petra, clinic=people.south, role=Role.ASSISTANT)
    page = take(olga, people)
    assert (TOLD in page, undo in page, "Nordhear South" in page) == (True, True, True)
    olga.post(undo)
    assert membership(people.petra, people.south).role == Role.ASSISTANT


def test_who_was_inactive_is_inactive_again_and_told_nothing(people, olga, undo):
    changing.set_inactive(actor=people.olga, person=people.petra, clinics=[people.north], confirmed=True)
    take(olga, people)
    mail.outbox.clear()
    olga.post(undo)
    assert not membership(people.petra, people.north).is_active
    people.petra.refresh_from_db()
    assert not people.petra.is_active
    assert mail.outbox == []


def test_only_who_took_it_gives_it_back(people, olga, otto, undo):
    maja = people.asta
    membership_grant(user=maja, clinic=people.north, role=Role.MAIN_USER)
    take(olga, people)
    assert "can&#x27;t be undone any more" in browser_of(maja).post(undo, follow=True).content.decode()
    assert otto.post(undo).status_code == 404
    assert not is_member(people)


def test_who_lost_the_right_meanwhile_gives_nothing_back(people, olga, undo):
    membership_grant(user=people.asta, clinic=people.north, role=Role.MAIN_USER)
    take(olga, people)
    membership_grant(user=people.olga, clinic=people.north, role=Role.ASSISTANT, confirmed=True)
    assert olga.post(undo).status_code == 403
    assert not is_member(people)


def test_nobody_gives_back_more_than_they_hold(people, olga, undo):
    functions = [Function.ORDERING, Function.FINANCES]
    membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=functions, confirmed=True)
    take(olga, people)
    membership_grant(user=people.asta, clinic=people.north, role=Role.MAIN_USER)
    mine = [function for function in Function if function != Function.FINANCES]
    membership_grant(user=people.olga, clinic=people.north, role=Role.PURCHASER, functions=mine, confirmed=True)
    assert olga.post(undo).status_code == 403
    assert not is_member(people)


def test_not_when_anything_happened_since(people, olga, undo):
    take(olga, people)
    for functions in ([Function.ORDERING], [Function.ORDERING, Function.PATIENTS]):
        given = {"role": Role.ASSISTANT, "functions": functions, "granted_by": people.olga}
        membership_grant(user=people.petra, clinic=people.north, **given)
    assert "can&#x27;t be undone any more" in olga.post(undo, follow=True).content.decode()
    assert membership(people.petra, people.north).functions == functions


def test_not_after_an_hour(people, olga, undo, monkeypatch):
    take(olga, people)
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr(changing.timezone, "now", lambda: later)
    assert "can&#x27;t be undone any more" in olga.post(undo, follow=True).content.decode()
    assert not is_member(people)


def test_nobody_who_never_was_there_and_no_closed_clinic(people, olga, undo):
    assert olga.post(page_of(people.otto, people.north, "undo/")).status_code == 404
    take(olga, people)
    Clinic.objects.filter(pk=people.north.pk).update(is_active=False)
    assert olga.post(undo).status_code == 404


def test_looking_at_the_address_does_nothing(people, olga, undo):
    take(olga, people)
    assert olga.get(undo).status_code == 302
    assert not is_member(people)


def test_nobody_comes_back_who_was_dismissed_meanwhile(people):
    """Maja takes Asta from South; Olga ends the rest. Maja's undo gives nothing back."""
    maja = UserFactory(email="maja@example.com")
    membership_grant(user=maja, clinic=people.south, role=Role.MAIN_USER)
    membership_grant(user=people.asta, clinic=people.south, role=Role.ASSISTANT)
    for dismissed in (False, True):
        changing.remove(actor=maja, person=people.asta, clinic=people.south)
        words = {"actor": maja, "person": people.asta.public_id, "clinic": people.south.pk}
        if dismissed:
            changing.set_inactive(actor=people.olga, person=people.asta, clinics=[people.north])
            with pytest.raises(NotDone, match="can't be undone any more"):
                changing.give_back(**words)
        else:
            assert changing.give_back(**words).is_active
    people.asta.refresh_from_db()
    assert not people.asta.is_active
    assert not Membership.objects.filter(user=people.asta, is_active=True).exists()


def test_who_was_inactive_elsewhere_before_comes_back(people):
    membership_grant(user=people.asta, clinic=people.south, role=Role.ASSISTANT)
    changing.set_inactive(actor=people.olga, person=people.asta, clinics=[people.north])
    changing.remove(actor=people.olga, person=people.asta, clinic=people.south)
    words = {"actor": people.olga, "person": people.asta.public_id, "clinic": people.south.pk}
    assert changing.give_back(**words).is_active
