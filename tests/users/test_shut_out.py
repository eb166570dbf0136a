"""What was decided stays decided: older invitations, other customers and old rights open nothing again."""

import pytest
from django.contrib.auth.models import Group
from django.core import mail

from permissions.models import AccessEvent, Invitation, Membership, User
from permissions.roles import Role
from permissions.services import membership_grant, membership_revoke, set_inactive
from permissions.users import answering, changing, invitations
from permissions.users.problems import NotDone
from tests.factories import UserFactory
from tests.requests.requesting import approved, asked, clerk
from tests.users.inviting import browser_of, invite


@pytest.fixture
def nora(people):
    """Works for another customer."""
    user = UserFactory(email="nora@example.com", first_name="Nora", last_name="Ny", language="en")
    membership_grant(user=user, clinic=people.foreign, role=Role.ASSISTANT)
    return user


def clinics_of(user: User) -> set[str]:
    return set(Membership.objects.filter(user=user, is_active=True).values_list("clinic__name", flat=True))


@pytest.mark.parametrize("how", ["removed", "inactive"])
def test_who_lost_access_does_not_come_back_by_an_older_invitation(people, nora, how):
    invitation = invite(people.olga, [people.north, people.south], email=nora.email)
    membership_grant(user=nora, clinic=people.north, role=Role.ASSISTANT)
    if how == "removed":
        changing.remove(actor=people.olga, person=nora, clinic=people.north, confirmed=True)
    else:
        changing.set_inactive(actor=people.olga, person=nora, clinics=[people.north], confirmed=True)
    browser = browser_of(User.objects.get(pk=nora.pk))
    path = f"/profile/invitations/{invitation.pk}/"
    dead = "This invitation no longer works. Ask the clinic to send a new one."
    assert dead in browser.get(path).content.decode()
    assert path not in browser.get("/profile/").content.decode()
    assert dead in browser.post(path, follow=True).content.decode()
    with pytest.raises(NotDone):
        answering.accept(user=nora, pk=invitation.pk)
    assert clinics_of(nora) == {"Otolab Oslo"}
    invitations.send(actor=people.olga, pk=invitation.pk)  # a manager wants them after all
    assert path in browser.get("/profile/").content.decode()
    browser.post(path)
    assert "Nordhear South" in clinics_of(nora)


def test_what_was_taken_at_another_customer_or_before_it_was_sent_changes_nothing(people, nora):
    membership_grant(user=nora, clinic=people.north, role=Role.ASSISTANT)
    membership_revoke(user=nora, clinic=people.north)
    invitation = invite(people.olga, [people.south], email=nora.email)
    membership_revoke(user=nora, clinic=people.foreign)
    browser_of(User.objects.get(pk=nora.pk)).post(f"/profile/invitations/{invitation.pk}/")
    assert clinics_of(nora) == {"Nordhear South"}


def test_an_invitation_changed_after_the_removal_stays_dead_until_it_is_sent(people, nora):
    invitation = invite(people.olga, [people.south], email=nora.email)
    membership_grant(user=nora, clinic=people.north, role=Role.ASSISTANT)
    membership_revoke(user=nora, clinic=people.north)
    changed = {"details": {}, "clinics": [people.north], "role": Role.ASSISTANT, "functions": []}
    invitations.change(actor=people.olga, pk=invitation.pk, **changed)
    with pytest.raises(NotDone):
        answering.accept(user=nora, pk=invitation.pk)


@pytest.mark.parametrize("known", [True, False])
def test_declining_tells_nothing_of_who_declined(people, olga, known):
    """Same words in the history, whether the address is somebody's or nobody's."""
    if known:
        nora = UserFactory(email="nora@example.com", first_name="Secret", last_name="Elsewhere")
        membership_grant(user=nora, clinic=people.foreign, role=Role.ASSISTANT)
    invitation = invite(people.olga, [people.north])
    if known:
        answering.decline(pk=invitation.pk, user=nora)
    else:
        answering.decline(pk=invitation.pk, nonce=invitation.nonce)
    event = AccessEvent.objects.get(action="decline")
    assert (event.actor, event.person) == (None, None)
    page = olga.get("/users/history/").content.decode()
    assert "Declined the invitation" in page
    assert "Secret" not in page


def test_who_is_inactive_in_the_account_stays_so_at_its_other_clinics(people, nora, olga):
    """Also who may still log in, because they work for another customer."""
    membership_grant(user=nora, clinic=people.north, role=Role.ASSISTANT)
    set_inactive(user=nora, clinics=[people.north])
    assert User.objects.get(pk=nora.pk).is_active
    given = {"clinics": [people.south], "role": Role.ASSISTANT, "functions": []}
    changing.give(actor=people.olga, person=nora, **given)
    assert not Membership.objects.get(user=nora, clinic=people.south).is_active
    assert mail.outbox == []


def test_who_is_inactive_at_one_clinic_and_works_at_another_is_given_a_third(people, nora):
    for clinic in (people.north, people.south):
        membership_grant(user=nora, clinic=clinic, role=Role.ASSISTANT)
    set_inactive(user=nora, clinics=[people.north])
    third = type(people.north)._default_manager.create(account=people.north.account, name="Third", customer_number="3")
    membership_grant(user=people.olga, clinic=third, role=Role.MAIN_USER)
    both = {"clinics": [people.north, third], "role": Role.PURCHASER, "functions": []}
    changing.give(actor=people.olga, person=nora, **both)
    here = {row.clinic_id: (row.role, row.is_active) for row in nora.memberships.all()}
    assert here[people.north.pk] == (Role.PURCHASER, False)
    assert here[third.pk] == (Role.PURCHASER, True)


class TestTheSuppliersInvitations:
    def invited_by_staff_as_member(self, people) -> Invitation:
        """Stella of customer service is main user of North besides, from before nobody could be both."""
        User.objects.filter(pk=people.stella.pk).update(is_staff=False)
        membership_grant(user=User.objects.get(pk=people.stella.pk), clinic=people.north, role=Role.MAIN_USER)
        User.objects.filter(pk=people.stella.pk).update(is_staff=True)
        clerk(people.stella)
        where = {"email": "nora@example.com", "role": Role.MAIN_USER, "confirmed": True}
        return invite(people.stella, [people.north], **where)

    def test_staff_who_invite_as_members_appoint_no_main_user_from_elsewhere(self, people, nora):
        answering.accept(user=nora, pk=self.invited_by_staff_as_member(people).pk)
        assert nora.memberships.get(clinic=people.north).role == Role.ASSISTANT

    def test_and_nothing_once_they_lost_the_clinic(self, people, nora):
        invitation = self.invited_by_staff_as_member(people)
        membership_revoke(user=people.stella, clinic=people.north, confirmed=True)
        people.stella.groups.remove(*Group.objects.all())
        with pytest.raises(NotDone):
            answering.accept(user=nora, pk=invitation.pk)

    def test_what_a_customer_made_of_it_since_is_the_customers(self, people, nora):
        account = people.north.account
        approved(
            asked(email=nora.email, organisation_number=account.organisation_number),
            clerk(people.stella),
            account=account,
            new=[],
            existing=[people.north],
            role=Role.ASSISTANT,
        )
        invitation = Invitation.objects.get()
        assert answering.is_from_supplier(invitation)
        changed = {"details": {}, "clinics": [people.north], "role": Role.MAIN_USER, "functions": []}
        invitations.change(actor=people.olga, pk=invitation.pk, confirmed=True, **changed)
        invitation.refresh_from_db()
        assert not answering.is_from_supplier(invitation)
        # Even if who changed it happens to be on the supplier's staff.
        User.objects.filter(pk=people.olga.pk).update(is_staff=True)
        answering.accept(user=nora, pk=invitation.pk)
        assert nora.memberships.get(clinic=people.north).role == Role.ASSISTANT
