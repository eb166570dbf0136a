"""Nobody's letter box is filled, and nobody is logged out again and again, by what can be done and taken back."""

import pytest
from django.core import mail

from permissions.models import Invitation, Membership
from permissions.roles import Role
from permissions.services import membership_grant
from permissions.users import changing, invitations
from permissions.users.problems import NotDone
from tests.factories import UserFactory
from tests.users.inviting import invite


def invite_and_withdraw(people, email: str = "nora@example.com") -> None:
    invitations.withdraw(actor=people.olga, pk=invite(people.olga, [people.north], email=email).pk)


def test_inviting_and_withdrawing_fills_no_letter_box(people):
    for _each in range(invitations.SENDS_PER_HOUR):
        invite_and_withdraw(people)
    with pytest.raises(NotDone, match="Wait an hour"):
        invite_and_withdraw(people)
    assert len(mail.outbox) == invitations.SENDS_PER_HOUR
    assert not Invitation.objects.pending().exists()
    invite_and_withdraw(people, "other@example.com")
    invite(people.otto, [people.foreign])  # what one customer does holds no other back


def test_sending_again_counts_with_it(people):
    invite_and_withdraw(people)
    invitation = invite(people.olga, [people.north])
    for _each in range(invitations.SENDS_PER_HOUR - 2):
        invitations.send(actor=people.olga, pk=invitation.pk)
    with pytest.raises(NotDone, match="Wait an hour"):
        invitations.send(actor=people.olga, pk=invitation.pk)


def test_what_is_only_prepared_counts_for_nothing(people):
    for _each in range(invitations.SENDS_PER_HOUR + 1):
        prepared = invite(people.olga, [people.north], at_once=False)
        invitations.withdraw(actor=people.olga, pk=prepared.pk)
    assert mail.outbox == []


def on_and_off(people) -> None:
    words = {"actor": people.olga, "person": people.asta, "clinics": [people.north]}
    changing.set_inactive(**words)
    changing.set_active(**words)


def test_setting_active_again_and_again_waits_and_setting_inactive_never_does(people, olga, monkeypatch):
    monkeypatch.setattr(changing, "MOST_GIVEN_BACK", 2)
    for _each in range(2):
        on_and_off(people)
    with pytest.raises(NotDone, match="Wait an hour"):
        on_and_off(people)
    assert not Membership.objects.get(user=people.asta).is_active
    page = olga.post(f"/users/{people.asta.public_id}/active/", follow=True).content.decode()
    assert "You gave this person their access back several times just now." in page
    assert not Membership.objects.get(user=people.asta).is_active
    second = UserFactory(email="second@example.com")
    membership_grant(user=second, clinic=people.north, role=Role.MAIN_USER)
    changing.set_active(actor=second, person=people.asta, clinics=[people.north])
    assert Membership.objects.get(user=people.asta).is_active


def test_undo_counts_with_it(people, monkeypatch):
    monkeypatch.setattr(changing, "MOST_GIVEN_BACK", 1)
    on_and_off(people)
    changing.remove(actor=people.olga, person=people.asta, clinic=people.north)
    with pytest.raises(NotDone, match="Wait an hour"):
        changing.give_back(actor=people.olga, person=people.asta.public_id, clinic=people.north.pk)
