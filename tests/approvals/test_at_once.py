"""T18: people press at the same moment, on real connections that really commit."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from outbox.models import OutgoingMail
from shop.approvals import flow
from shop.approvals.models import ApprovalStep
from shop.approvals.reminders import remind
from shop.basket.filling import Refused
from shop.basket.models import Basket
from shop.order.models import Order
from tests.approvals.submissions import afresh, seen, submit, submitted
from tests.factories import make_product, ready_to_confirm
from tests.people import make_people
from tests.threads import at_once

ROUNDS = 25
FEWER = 10


@pytest.fixture
def people(committed_db):
    return make_people()


@pytest.fixture
def product(people):
    return make_product(stock=1_000_000)


def together(*work) -> list:
    """All at the same moment; what each returned or raised."""
    return at_once(len(work), lambda index: work[index]())


def approving(user, basket, reviewed):
    return lambda: flow.approve(user=user, basket_id=basket.pk, reviewed=reviewed)


def by(user, action, basket, **more):
    return lambda: action(user=user, basket_id=basket.pk, **more)


def press(people, product) -> list:
    """Two approvers, each in two browsers."""
    basket = submitted(people.asta, people.north, product)
    reviewed = seen(basket)
    return together(*[approving(user, basket, reviewed) for user in (people.olga, people.petra) * 2])


def test_two_approvers_in_four_browsers_make_one_order(people, product):
    for number in range(1, ROUNDS + 1):
        answers = press(people, product)
        assert len({order.pk for order in answers}) == 1, answers
        assert Order.objects.count() == ApprovalStep.objects.filter(action="approved").count() == number
    told = OutgoingMail.objects.filter(to=[people.asta.email], message_id__startswith="<approval-")
    assert told.count() == ROUNDS


@pytest.mark.logs_errors
def test_without_the_lock_two_approvals_happen(people, product, monkeypatch):
    """The negative control: if this finds one approval a basket, the test above proves nothing."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE order_order DROP CONSTRAINT order_one_per_basket")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self)
    for _round in range(ROUNDS):
        press(people, product)
        if Order.objects.values("basket").distinct().count() < Order.objects.count():
            return
    pytest.fail("no basket was approved twice although nothing was locked")


def test_approving_and_taking_back_at_once_is_one_of_them(people, product):
    outcomes = set()
    for _round in range(FEWER):
        basket = submitted(people.asta, people.north, product)
        reviewed = seen(basket)
        order, withdrawn = together(approving(people.olga, basket, reviewed), by(people.asta, flow.withdraw, basket))
        assert isinstance(order, Order) != (withdrawn is None)
        assert isinstance(order, (Order, Refused))
        assert withdrawn is None or isinstance(withdrawn, Refused)
        outcomes.add(afresh(basket).status)
    assert outcomes <= {"Submitted", "Open"}


def test_approving_and_rejecting_at_once_is_one_of_them(people, product):
    for _round in range(FEWER):
        basket = submitted(people.asta, people.north, product)
        reviewed = seen(basket)
        together(
            approving(people.olga, basket, reviewed),
            by(people.petra, flow.reject, basket, comment="no"),
            by(people.petra, flow.send_back, basket, comment="no"),
        )
        since = basket.approval_steps.filter(pk__gt=basket.approval_steps.filter(action="submitted").last().pk)
        decided = since.get()
        assert Order.objects.filter(basket=basket).exists() == (decided.action == "approved")


def test_an_edit_between_view_and_press_is_never_approved_unseen(people, product):
    """The assistant takes it back, doubles it and submits again while the approver presses."""
    for _round in range(FEWER):
        basket = submitted(people.asta, people.north, product, quantity=1)
        reviewed = seen(basket)

        def edit(basket=basket):
            flow.withdraw(user=people.asta, basket_id=basket.pk)
            basket.lines.update(quantity=2)
            submit(people.asta, basket)

        order, _edited = together(approving(people.olga, basket, reviewed), edit)
        if isinstance(order, Order):
            assert order.lines.get().quantity == 1
        else:
            assert isinstance(order, Refused)


def test_submitting_in_two_browsers_is_one_submission(people, product):
    for _round in range(5):
        basket = ready_to_confirm(people.asta, people.north, product)
        reviewed = seen(basket)
        together(*[by(people.asta, flow.submit, basket, reviewed=reviewed)] * 2)
        assert basket.approval_steps.count() == 1


def test_taking_back_and_filling_at_once_lock_nobody_up(people, product):
    """Choices are locked before baskets, whoever does what."""
    for _round in range(FEWER):
        basket = submitted(people.asta, people.north, product)
        answers = together(
            by(people.asta, flow.withdraw, basket),
            lambda: ready_to_confirm(people.asta, people.north, product),
        )
        assert not [answer for answer in answers if isinstance(answer, Exception)], answers
        Basket.objects.filter(chosen_by__user=people.asta).update(status="Discarded")


def test_reminders_by_several_workers_go_out_once(people, product):
    baskets = [submitted(people.asta, people.north, product) for _each in range(5)]
    OutgoingMail.objects.all().delete()
    ApprovalStep.objects.update(at=timezone.now() - timedelta(hours=25))
    together(*[lambda: remind(timezone.now())] * 4)
    assert OutgoingMail.objects.count() == len(baskets)
    assert ApprovalStep.objects.filter(action="reminded").count() == len(baskets)
