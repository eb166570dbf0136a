"""Access is taken while something that can't be taken back is under way: one waits for the other.

On real connections that really commit. Without the lock each deed would have asked for the right before the access is
taken, and be committed after that.
"""

import threading
import time
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction
from django.db.transaction import TransactionManagementError
from django.http import Http404

from permissions import access
from permissions.models import User
from permissions.roles import ClinicPermission, Role
from permissions.services import block, membership_grant, membership_revoke, set_inactive
from shop.approvals import flow
from shop.approvals.models import ApprovalStep
from shop.checkout.placing import place_order
from shop.clinics import rules
from shop.clinics.forms import RulesForm
from shop.order.models import Order
from shop.patients import labels
from tests.approvals.submissions import seen, submitted
from tests.factories import UserFactory, make_product, ready_to_confirm
from tests.people import People, make_people

WAITED = 30

LOSSES: dict[str, Callable[[People, User], object]] = {
    "revoked": lambda people, user: membership_revoke(user=user, clinic=people.north, confirmed=True),
    "inactive": lambda people, user: set_inactive(user=user, clinics=[people.north], confirmed=True),
    "blocked": lambda people, user: block(user=user, by=people.stella, reason="left"),
    "another role": lambda people, user: membership_grant(
        user=user, clinic=people.north, role=Role.ASSISTANT, functions=["order_history"], confirmed=True
    ),
}


def _placing(people: People) -> Callable[[], object]:
    basket = ready_to_confirm(people.petra, people.north, make_product(stock=100))
    reviewed, petra = seen(basket), User.objects.get(pk=people.petra.pk)
    return lambda: place_order(user=petra, basket_id=basket.pk, reviewed=reviewed)


def _approving(people: People) -> Callable[[], object]:
    basket = submitted(people.asta, people.north, make_product(stock=100))
    reviewed, petra = seen(basket), User.objects.get(pk=people.petra.pk)
    return lambda: flow.approve(user=petra, basket_id=basket.pk, reviewed=reviewed)


def _submitting(people: People) -> Callable[[], object]:
    basket = ready_to_confirm(people.petra, people.north, make_product(stock=100))
    reviewed, petra = seen(basket), User.objects.get(pk=people.petra.pk)
    return lambda: flow.submit(user=petra, basket_id=basket.pk, reviewed=reviewed)


DEEDS = {"placing": _placing, "approving": _approving, "submitting": _submitting}


def written() -> int:
    """Orders, and what came of baskets."""
    return Order.objects.count() + ApprovalStep.objects.count()


@pytest.fixture
def people(committed_db):
    people = make_people()
    # Else Olga must stay, and Asta's clinic would be without an approver.
    second = UserFactory(email="second@example.com")
    membership_grant(user=second, clinic=people.north, role=Role.MAIN_USER)
    return people


class Meanwhile:
    """Work in a thread of its own, begun at once."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._answers: list[object] = []
        self._thread = threading.Thread(target=self._run, args=[work])
        self._thread.start()

    def _run(self, work: Callable[[], object]) -> None:
        try:
            self._answers.append(work())
        except Exception as error:
            self._answers.append(error)
        finally:
            connections.close_all()

    def waits(self) -> bool:
        """Whether it comes to wait for us; False once it is done."""
        query = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        end = time.monotonic() + WAITED
        while self._thread.is_alive() and time.monotonic() < end:
            with connection.cursor() as cursor:
                cursor.execute(query)
                if cursor.fetchone():
                    return True
            time.sleep(0.02)
        return False

    def answer(self) -> object:
        """What it returned or raised."""
        self._thread.join(WAITED)
        return self._answers[0]


def lose_while(people: People, user: User, loss: str, deed: Callable[[], object]) -> object:
    """What the deed answers that begins before the loss is committed."""
    with transaction.atomic():
        LOSSES[loss](people, user)
        User.objects.select_for_update().get(pk=user.pk)  # what the deed writes points at it: its commit waits for us
        meanwhile = Meanwhile(deed)
        assert meanwhile.waits()
    return meanwhile.answer()


@pytest.mark.parametrize(
    ("deed", "loss"), [*[("placing", loss) for loss in LOSSES], ("approving", "revoked"), ("submitting", "inactive")]
)
def test_nothing_is_sent_or_decided_after_the_access_was_taken(people, deed, loss):
    work, before = DEEDS[deed](people), written()
    answer = lose_while(people, people.petra, loss, work)
    assert isinstance(answer, PermissionDenied | Http404), answer
    assert written() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_without_the_lock_it_would_slip_through(people, deed, monkeypatch):
    monkeypatch.setattr(access, "hold_access", lambda user, clinic: None)
    work, before = DEEDS[deed](people), written()
    answer = lose_while(people, people.petra, "revoked", work)
    assert not isinstance(answer, Exception), answer
    assert written() > before


def test_a_rule_is_not_saved_after_the_access_was_taken(people):
    olga = User.objects.get(pk=people.olga.pk)
    values = {"patient_policy": "reference", "approval_limit": 7, "approval_reminder_hours": 24}

    def save() -> None:
        with transaction.atomic():
            form = RulesForm({**values, "approval_escalation_hours": 72}, instance=people.north)
            assert form.is_valid(), form.errors
            rules.save_rules(form, user=olga)

    assert isinstance(lose_while(people, people.olga, "blocked", save), PermissionDenied | Http404)
    people.north.refresh_from_db()
    assert people.north.approval_limit is None


def test_patients_are_not_erased_after_the_access_was_taken(people):
    label = labels.label_for(user=people.petra, clinic=people.north, text="Ref 17")
    olga = User.objects.get(pk=people.olga.pk)
    for erase in (lambda: labels.erase(label, olga), lambda: labels.erase_clinic(people.north, olga)):
        assert isinstance(lose_while(people, people.olga, "revoked", erase), PermissionDenied | Http404)
        membership_grant(user=people.olga, clinic=people.north, role=Role.MAIN_USER)
    label.refresh_from_db()
    assert label.erased is None


def test_who_takes_access_away_waits_for_an_order_that_is_being_placed(people):
    work = _placing(people)
    with transaction.atomic():
        order = work()
        meanwhile = Meanwhile(lambda: membership_revoke(user=people.petra, clinic=people.north, confirmed=True))
        assert meanwhile.waits()
    assert meanwhile.answer() is None
    assert Order.objects.get() == order


def test_two_orders_of_one_clinic_do_not_wait_for_each_other(people):
    first = _placing(people)
    another = ready_to_confirm(people.olga, people.north, make_product("Another", stock=100))
    reviewed = seen(another)
    with transaction.atomic():
        first()
        meanwhile = Meanwhile(lambda: place_order(user=people.olga, basket_id=another.pk, reviewed=reviewed))
        assert isinstance(meanwhile.answer(), Order)


def test_a_right_is_not_held_outside_a_transaction(people):
    with pytest.raises(TransactionManagementError):
        access.require_until_commit(people.petra, ClinicPermission.PLACE_ORDER, people.north)
