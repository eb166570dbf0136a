"""People press at the same moment, on real connections that really commit."""

import pytest
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.http import Http404

from outbox.models import OutgoingMail
from permissions.agreement import find_disagreements
from permissions.models import Invitation, Membership, User
from permissions.roles import ROLE_FUNCTIONS, Role
from permissions.services import LastMainUser, membership_grant, set_active, set_inactive
from permissions.staffing import main_users_left
from permissions.users import adding, answering, changing, invitations
from permissions.users.problems import NotDone
from tests.factories import UserFactory
from tests.people import make_people
from tests.threads import at_once
from tests.users.inviting import invite

ROUNDS = 15


@pytest.fixture
def people(committed_db):
    return make_people()


@pytest.fixture
def maja(people):
    user = UserFactory(email="maja@example.com")
    for clinic in (people.north, people.south):
        membership_grant(user=user, clinic=clinic, role=Role.MAIN_USER)
    return user


def kinds(answers: list) -> list[str]:
    return sorted(type(answer).__name__ for answer in answers)


def test_two_who_invite_the_same_address_make_one_invitation_and_one_mail(people, maja, monkeypatch):
    for module in (adding, invitations):  # its lock would hide that ours is missing
        monkeypatch.setattr(module, "allow", lambda *_what, **_how: True)
    for number in range(ROUNDS):
        email = f"same{number}@example.com"
        actors = (people.olga, maja) * 2

        # Each at another clinic: no lock on a clinic would keep them apart.
        def press(index: int, email: str = email, actors=actors):
            return invite(actors[index], [(people.north, people.south)[index % 2]], email=email)

        answers = at_once(4, press)
        assert kinds(answers) == ["Invitation", "NotDone", "NotDone", "NotDone"], answers
        assert Invitation.objects.filter(email=email).count() == 1
        assert OutgoingMail.objects.filter(to=[email]).count() == 1


def newcomer(invitation: Invitation) -> User:
    user = User(email=invitation.email, first_name="Nora", last_name="Ny")
    user.password = make_password("nine green herons", hasher="md5")
    return user


def test_a_link_pressed_twice_makes_one_person(people):
    for number in range(ROUNDS):
        invitation = invite(people.olga, [people.north, people.south], email=f"new{number}@example.com")
        where = {"pk": invitation.pk, "nonce": invitation.nonce}
        answers = at_once(3, lambda _i, i=invitation, w=where: answering.accept_as_new(**w, newcomer=newcomer(i)))
        assert kinds(answers) == ["NotDone", "NotDone", "list"], answers
        person = User.objects.get(email=invitation.email)
        assert Membership.objects.filter(user=person).count() == 2
    assert not list(find_disagreements())


def test_two_invitations_of_one_address_accepted_at_once_make_one_person(people):
    for number in range(ROUNDS):
        email = f"both{number}@example.com"
        two = [invite(people.olga, [people.north], email=email), invite(people.otto, [people.foreign], email=email)]
        answers = at_once(
            2, lambda i, two=two: answering.accept_as_new(pk=two[i].pk, nonce=two[i].nonce, newcomer=newcomer(two[i]))
        )
        assert kinds(answers) == ["HasLogIn", "list"], answers
        assert User.objects.filter(email=email).count() == 1
        assert Invitation.objects.filter(email=email, state="pending").count() == 1


def test_accepting_twice_while_logged_in_joins_once(people):
    for number in range(ROUNDS):
        person = UserFactory(email=f"known{number}@example.com")
        invitation = invite(people.olga, [people.north], email=person.email)
        answers = at_once(3, lambda _i, p=person, i=invitation: answering.accept(user=p, pk=i.pk))
        assert kinds(answers) == ["NotDone", "NotDone", "list"], answers
        assert Membership.objects.filter(user=person).count() == 1


def test_accepted_or_withdrawn_but_never_both(people):
    for number in range(ROUNDS):
        person = UserFactory(email=f"either{number}@example.com")
        invitation = invite(people.olga, [people.north], email=person.email)
        work = (
            lambda p=person, i=invitation: answering.accept(user=p, pk=i.pk),
            lambda i=invitation: invitations.withdraw(actor=people.olga, pk=i.pk),
        )
        answers = at_once(2, lambda index, work=work: work[index]())
        assert kinds(answers).count("NotDone") == 1, answers
        invitation.refresh_from_db()
        joined = Membership.objects.filter(user=person).exists()
        assert joined == (invitation.state == "accepted") == isinstance(answers[1], NotDone)


def test_two_last_main_users_who_demote_each_other_leave_one(people, maja):
    pairs = ((people.olga, maja), (maja, people.olga))

    def demote(index: int):
        actor, person = pairs[index]
        both = [people.north, people.south]
        return changing.give(
            actor=actor, person=person, clinics=both, role=Role.PURCHASER, functions=[], confirmed=True
        )

    for _round in range(ROUNDS):
        answers = at_once(2, demote)
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        assert len(refused) == 1, answers
        # Who was a moment slower has lost the right meanwhile.
        assert isinstance(refused[0], (LastMainUser, PermissionDenied, Http404)), answers
        assert len(main_users_left(people.north)) == len(main_users_left(people.south)) == 1
        for user in (people.olga, maja):
            for clinic in (people.north, people.south):
                membership_grant(user=user, clinic=clinic, role=Role.MAIN_USER)


def test_two_last_main_users_who_set_each_other_inactive_leave_one(people, maja):
    pairs = ((people.olga, maja), (maja, people.olga))
    both = [people.north, people.south]
    answers = at_once(
        2, lambda i: changing.set_inactive(actor=pairs[i][0], person=pairs[i][1], clinics=both, confirmed=True)
    )
    assert sum(isinstance(answer, list) for answer in answers) == 1, answers
    assert len(main_users_left(people.north)) == 1
    assert not list(find_disagreements())


def changed_by(actor: User, person: User, clinic, role: str):
    functions = sorted(ROLE_FUNCTIONS[Role(role)])
    where = {"clinics": [clinic], "role": role, "functions": functions}
    return changing.give(actor=actor, person=person, confirmed=True, **where)


def test_who_adds_somebody_and_who_changes_somebody_do_not_wait_in_a_circle(people, maja):
    """One holds the account and wants the clinic, the other holds the clinic and writes rows of the account."""
    for number in range(ROUNDS):
        role = (Role.ASSISTANT, Role.PURCHASER)[number % 2]

        def press(index: int, number: int = number, role: str = role):
            if index:
                return invite(maja, [people.north], email=f"beside{number}@example.com")
            return changed_by(people.olga, people.asta, people.north, role)

        answers = at_once(2, press)
        assert kinds(answers) == ["Changed", "Invitation"], answers


def test_two_who_move_two_invitations_across_each_other_do_not_wait_in_a_circle(people, maja):
    """Each clinic is where one invitation comes from and the other goes to."""
    ends = (people.north, people.south)
    two = [invite(people.olga, [clinic], email=f"across{index}@example.com") for index, clinic in enumerate(ends)]
    for number in range(ROUNDS):

        def press(index: int, number: int = number):
            there = [ends[(index + number + 1) % 2]]
            wanted = {"details": {}, "clinics": there, "role": Role.ASSISTANT, "functions": []}
            return invitations.change(actor=(people.olga, maja)[index], pk=two[index].pk, **wanted)

        answers = at_once(2, press)
        assert kinds(answers) == ["Invitation", "Invitation"], answers


def test_two_who_change_each_other_at_two_clinics_do_not_wait_in_a_circle(people, maja):
    tove = UserFactory(email="tove@example.com")
    for _number in range(ROUNDS):
        for person in (maja, tove):
            for clinic in (people.north, people.south):
                membership_grant(user=person, clinic=clinic, role=Role.MAIN_USER)
        pairs = ((maja, tove, people.north), (tove, maja, people.south))
        answers = at_once(2, lambda index, pairs=pairs: changed_by(*pairs[index], Role.PURCHASER))
        assert kinds(answers) == ["Changed", "Changed"], answers


def test_who_sets_a_person_inactive_and_who_goes_from_clinic_to_clinic_do_not_wait_in_a_circle(people, maja):
    """One holds the clinics and wants the person's row, the other holds their own row and points it at a clinic."""
    both = [people.north, people.south]

    def press(index: int):
        for number in range(6 * ROUNDS):
            if index:
                User.objects.filter(pk=maja.pk).update(last_clinic=both[number % 2])
            elif number % 2:
                set_active(user=maja, clinics=both)
            else:
                set_inactive(user=maja, clinics=both)

    assert at_once(2, press) == [None, None]
