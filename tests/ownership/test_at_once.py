"""People press at the same moment, on real connections that really commit: one owner, and an active one."""

import threading
import time

import pytest
from django.db import transaction

from permissions import agreement, services
from permissions.models import AccessEvent, Account, OwnershipTransfer, User
from permissions.models.events import AccessAction
from permissions.ownership import transfers
from permissions.ownership.transfers import OwnershipUnchanged
from permissions.roles import Role
from tests.ownership.conftest import offered, own, owner_of, roles_of
from tests.people import make_people
from tests.threads import at_once

ROUNDS = 12


@pytest.fixture
def people(committed_db):
    people = own(make_people())
    services.membership_grant(user=people.asta, clinic=people.north, role=Role.MAIN_USER)
    return people


def together(*work) -> list:
    """All at the same moment; what each returned or raised. Nobody may wait for ever."""
    answers = at_once(len(work), lambda index: work[index]())
    unexpected = [a for a in answers if isinstance(a, Exception) and not isinstance(a, EXPECTED)]
    assert not unexpected, unexpected
    return answers


EXPECTED = (OwnershipUnchanged, services.AccessUnchanged, transfers.PermissionDenied, transfers.Http404)


def refused(answers: list) -> int:
    return sum(isinstance(answer, Exception) for answer in answers)


def accepting(people, row):
    return lambda: transfers.accept(offer_id=row.pk, by=people.petra)


def start_again(people) -> None:
    """As it was before the round: Olga owns, Petra is a purchaser at North."""
    account = people.north.account
    Account.objects.filter(pk=account.pk).update(owner=people.olga)
    for clinic in (people.north, people.south):
        services.membership_grant(user=people.olga, clinic=clinic, role=Role.MAIN_USER)
    services.membership_revoke(user=people.petra, clinic=people.south, confirmed=True)
    services.membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, confirmed=True)
    services.set_active(user=people.petra, clinics=[people.north])
    OwnershipTransfer.objects.filter(state="offered").update(state="cancelled")
    User.objects.filter(pk=people.petra.pk).update(is_active=True, blocked=None)


def is_sound(people) -> bool:
    """The owner can log in and is active main user everywhere; guardian's rows say what the memberships say."""
    owner = owner_of(people.north.account)
    everywhere = {"Nordhear North": "main_user", "Nordhear South": "main_user"}
    return owner.is_active and roles_of(owner) == everywhere and not list(agreement.find_disagreements())


def test_accepted_in_four_windows_it_moves_once(people):
    for number in range(1, ROUNDS + 1):
        row = offered(people)
        answers = together(*[accepting(people, row)] * 4)
        assert refused(answers) == 3, answers
        assert AccessEvent.objects.filter(action=AccessAction.TRANSFER_ACCEPTED).count() == number
        assert is_sound(people)
        start_again(people)


def test_offered_in_two_windows_it_is_offered_once(people):
    for _round in range(ROUNDS):
        answers = together(lambda: offered(people), lambda: offered(people, to=people.asta))
        assert refused(answers) == 1, answers
        assert OwnershipTransfer.objects.filter(state="offered").count() == 1
        start_again(people)


def test_accepted_and_taken_back_one_of_them_holds(people):
    account = people.north.account
    for _round in range(ROUNDS):
        row = offered(people)
        answers = together(
            accepting(people, row),
            lambda: transfers.take_back(account=account, by=people.olga),
        )
        assert refused(answers) == 1, answers
        row.refresh_from_db()
        assert (row.state == "accepted") == (owner_of(account) == people.petra)
        start_again(people)


def test_accepted_while_a_colleague_sets_the_new_owner_inactive(people):
    """Either they are not the owner, or they stay active."""
    for _round in range(ROUNDS):
        row = offered(people)
        answers = together(
            accepting(people, row),
            lambda: services.set_inactive(user=people.petra, clinics=[people.north], by=people.asta, confirmed=True),
        )
        assert refused(answers) == 1, answers
        assert is_sound(people), answers
        start_again(people)


def while_held(first, second) -> list:
    """The second begins when all is done in the first but the commit, and must wait for it."""
    done = threading.Event()

    def hold():
        with transaction.atomic():
            first()
            done.set()
            time.sleep(0.5)

    def follow():
        assert done.wait(timeout=30)
        return second()

    return together(hold, follow)


def test_who_waited_for_the_hand_over_meets_the_new_owner(people):
    """What was read before the wait is old: the new owner would have been set inactive."""
    row = offered(people)
    _held, answer = while_held(
        accepting(people, row),
        lambda: services.set_inactive(user=people.petra, clinics=[people.north], by=people.asta, confirmed=True),
    )
    assert isinstance(answer, services.OwnerStays)
    assert is_sound(people)


def test_who_waited_for_a_block_does_not_accept(people):
    row = offered(people)
    _held, answer = while_held(
        lambda: services.block(user=people.petra, by=people.stella, reason="Fraud"),
        accepting(people, row),
    )
    assert isinstance(answer, OwnershipUnchanged)
    assert owner_of(people.north.account) == people.olga


def test_accepted_while_a_colleague_changes_the_new_owners_role(people):
    for _round in range(ROUNDS):
        row = offered(people)
        together(
            accepting(people, row),
            lambda: services.membership_grant(
                user=people.petra, clinic=people.north, role=Role.ASSISTANT, granted_by=people.asta, confirmed=True
            ),
        )
        assert is_sound(people)
        start_again(people)


def test_accepted_while_customer_service_sets_another_owner(people):
    account = people.north.account
    for _round in range(ROUNDS):
        row = offered(people)
        together(
            accepting(people, row),
            lambda: transfers.set_owner(account=account, person=people.asta, by=people.stella, reason="She asked"),
        )
        assert is_sound(people)
        assert owner_of(account) == people.asta
        start_again(people)


def test_accepted_while_the_new_owner_is_blocked(people):
    """Blocked before: refused. Blocked after: they own it, and customer service finds another."""
    for _round in range(ROUNDS):
        row = offered(people)
        answers = together(
            accepting(people, row),
            lambda: services.block(user=people.petra, by=people.stella, reason="Fraud"),
        )
        assert refused(answers[1:]) == 0
        assert (owner_of(people.north.account) == people.petra) == (refused(answers) == 0)
        start_again(people)
