"""Submit, withdraw, approve, send back, reject: who may do what, when, and what becomes of the basket."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from permissions.models import Clinic
from permissions.roles import Role
from permissions.services import membership_grant, membership_revoke
from shop.approvals import changing, flow
from shop.basket import filling
from shop.basket.filling import Refused
from shop.basket.models import Basket
from shop.checkout.placing import NeedsApproval, place_order
from shop.order.models import Order
from tests.approvals.submissions import actions_of, afresh, approve, seen, submit, submitted
from tests.factories import UserFactory, fill_basket, make_product, ready_to_confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(people):
    return make_product(price="100.00", stock=10_000)


@pytest.fixture
def basket(people, product):
    return submitted(people.asta, people.north, product, quantity=2)


def promote(user, clinic, role=Role.MAIN_USER):
    membership_grant(user=user, clinic=clinic, role=role)


def test_what_an_assistant_submits_becomes_her_order_when_approved(people, basket):
    order = approve(people.olga, basket)
    assert (order.user, order.approved_by, order.clinic) == (people.asta, people.olga, people.north)
    assert order.lines.get().quantity == 2
    assert afresh(basket).status == "Submitted"
    assert actions_of(basket) == ["submitted", "approved"]


def test_a_purchaser_approves_too(people, basket):
    assert approve(people.petra, basket).approved_by == people.petra


def test_what_waits_is_changed_by_nobody_who_only_prepares(people, basket, product):
    line = basket.lines.get()
    where = {"user": people.asta, "clinic": people.north, "basket_id": basket.pk}
    with pytest.raises(PermissionDenied):
        filling.change_quantity(**where, line_id=line.pk, quantity=9)
    with pytest.raises(PermissionDenied):
        filling.add(**where, product=product, quantity=1)
    with pytest.raises(PermissionDenied):
        changing.remove(user=people.asta, basket_id=basket.pk, line_id=line.pk)
    assert basket.lines.get().quantity == 2


def test_the_next_thing_that_an_assistant_adds_begins_another_basket(people, basket, product):
    other = fill_basket(people.asta, people.north, product)
    assert other.pk != basket.pk
    assert basket.lines.get().quantity == 2


@pytest.mark.parametrize("who", ["olga", "petra", "asta"])
def test_a_waiting_basket_is_never_placed_directly(people, basket, who):
    with pytest.raises((NeedsApproval, PermissionDenied)):
        place_order(user=getattr(people, who), basket_id=basket.pk, reviewed=seen(basket))
    assert not Order.objects.exists()


def test_submitting_twice_is_one_submission(people, basket):
    flow.submit(user=people.asta, basket_id=basket.pk, reviewed=seen(basket), comment="again")
    assert actions_of(basket) == ["submitted"]


def test_what_a_colleague_submitted_already_is_not_submitted_again(people, basket):
    with pytest.raises(Refused, match="already"):
        flow.submit(user=people.petra, basket_id=basket.pk, reviewed=seen(basket))


def test_what_was_not_reviewed_is_not_submitted(people, product):
    basket = ready_to_confirm(people.asta, people.north, product)
    with pytest.raises(Refused):
        flow.submit(user=people.asta, basket_id=basket.pk, reviewed="another")
    basket.delivery_address = None
    basket.save()
    with pytest.raises(Refused, match="deliver"):
        flow.submit(user=people.asta, basket_id=basket.pk, reviewed=seen(basket))
    assert actions_of(basket) == []


def test_an_empty_basket_is_not_submitted(people):
    basket = Basket.objects.create(owner=people.asta, clinic=people.north)
    with pytest.raises(Refused, match="empty"):
        flow.submit(user=people.asta, basket_id=basket.pk, reviewed=seen(basket))


def test_strangers_and_members_without_the_right_are_refused(people, basket):
    for user, refusal in ((people.otto, Http404), (people.stella, Http404), (people.asta, PermissionDenied)):
        with pytest.raises(refusal):
            approve(user, basket)
        with pytest.raises(refusal):
            flow.send_back(user=user, basket_id=basket.pk, comment="no")
        with pytest.raises(refusal):
            flow.reject(user=user, basket_id=basket.pk, comment="no")
    with pytest.raises(Http404):
        flow.withdraw(user=people.otto, basket_id=basket.pk)
    assert actions_of(basket) == ["submitted"]


def test_who_lost_the_right_between_looking_and_pressing_is_refused(people, basket):
    reviewed = seen(basket)
    membership_revoke(user=people.petra, clinic=people.north)
    with pytest.raises(Http404):
        flow.approve(user=people.petra, basket_id=basket.pk, reviewed=reviewed)


def test_approving_needs_the_right_to_send_as_well(people, basket):
    people.petra.clinicuserpermission_set.filter(permission__codename="place_order").delete()
    with pytest.raises(PermissionDenied):
        approve(people.petra, basket)


def test_who_submitted_takes_it_back_and_goes_on_filling_it(people, basket):
    flow.withdraw(user=people.asta, basket_id=basket.pk)
    assert afresh(basket).status == "Open"
    assert Basket.objects.open_for(people.asta, people.north) == basket
    with pytest.raises(Refused, match="taken back"):
        approve(people.olga, basket)


def test_nobody_else_takes_it_back(people, basket):
    with pytest.raises(Refused):
        flow.withdraw(user=people.petra, basket_id=basket.pk)
    assert afresh(basket).status == "Waiting"


def test_the_second_approver_gets_the_placed_order(people, basket):
    reviewed = seen(basket)
    first = approve(people.olga, basket)
    again = flow.approve(user=people.petra, basket_id=basket.pk, reviewed=reviewed)
    assert again == first
    assert again.approved_by == people.olga
    assert Order.objects.count() == 1


def test_what_the_approver_did_not_see_is_not_approved(people, basket, product):
    """T18: the assistant takes it back, edits and submits again between the view and the press."""
    reviewed = seen(basket)
    flow.withdraw(user=people.asta, basket_id=basket.pk)
    filling.change_quantity(user=people.asta, clinic=people.north, line_id=basket.lines.get().pk, quantity=50)
    submit(people.asta, basket)
    with pytest.raises(Refused):
        flow.approve(user=people.olga, basket_id=basket.pk, reviewed=reviewed)
    assert not Order.objects.exists()


def test_a_price_that_changed_after_the_look_is_not_approved(people, basket, product):
    reviewed = seen(basket)
    product.stockrecords.update(price="150.00")
    with pytest.raises(Refused):
        flow.approve(user=people.olga, basket_id=basket.pk, reviewed=reviewed)
    assert approve(people.olga, basket).total_excl_tax == 300


def test_a_line_that_can_no_longer_be_had_is_not_approved(people, basket, product):
    product.stockrecords.update(num_in_stock=1)
    with pytest.raises(Refused, match="in stock"):
        approve(people.olga, basket)


@pytest.mark.parametrize(("decide", "status"), [(flow.send_back, "Returned"), (flow.reject, "Rejected")])
def test_returning_and_rejecting_want_words(people, basket, decide, status):
    with pytest.raises(Refused):
        decide(user=people.olga, basket_id=basket.pk, comment="  ")
    step = decide(user=people.olga, basket_id=basket.pk, comment="Two, not twenty")
    assert afresh(basket).status == status
    assert (step.by, step.comment) == (people.olga, "Two, not twenty")
    with pytest.raises(Refused):
        approve(people.olga, basket)
    with pytest.raises(Refused):
        decide(user=people.petra, basket_id=basket.pk, comment="me too")


def test_a_returned_basket_is_corrected_and_submitted_again(people, basket):
    flow.send_back(user=people.olga, basket_id=basket.pk, comment="Three, please")
    filling.change_quantity(
        user=people.asta, clinic=people.north, line_id=basket.lines.get().pk, quantity=3, basket_id=basket.pk
    )
    submit(people.asta, basket)
    assert approve(people.olga, basket).lines.get().quantity == 3
    assert actions_of(basket) == ["submitted", "returned", "submitted", "approved"]


def test_a_purchaser_sends_a_returned_basket_herself(people, basket):
    flow.send_back(user=people.olga, basket_id=basket.pk, comment="Talk to Petra")
    order = place_order(user=people.petra, basket_id=basket.pk, reviewed=seen(basket))
    assert (order.user, order.approved_by) == (people.petra, None)


def test_a_rejected_basket_is_final_and_its_lines_are_copied(people, basket):
    flow.reject(user=people.olga, basket_id=basket.pk, comment="Not this year")
    with pytest.raises(Refused):
        flow.submit(user=people.asta, basket_id=basket.pk, reviewed=seen(basket))
    batch = changing.copy_to_new(user=people.asta, basket_id=basket.pk)
    new = batch.basket
    assert not batch.refused
    assert (new.lines.get().quantity, new.status) == (2, "Open")
    assert Basket.objects.open_for(people.asta, people.north) == new
    assert basket.lines.get().quantity == 2


def test_a_copy_says_what_can_no_longer_be_had(people, basket, product):
    flow.reject(user=people.olga, basket_id=basket.pk, comment="No")
    product.stockrecords.update(num_in_stock=0)
    batch = changing.copy_to_new(user=people.asta, basket_id=basket.pk)
    assert batch.basket.lines.count() == 0
    assert "out of stock" in batch.refused[0][1]


def test_only_what_was_rejected_is_copied_and_only_at_the_clinic(people, basket):
    with pytest.raises(Refused):
        changing.copy_to_new(user=people.asta, basket_id=basket.pk)
    flow.reject(user=people.olga, basket_id=basket.pk, comment="No")
    with pytest.raises(Http404):
        changing.copy_to_new(user=people.otto, basket_id=basket.pk)


def test_an_inactive_clinic_decides_nothing(people, basket):
    Clinic.objects.filter(pk=people.north.pk).update(is_active=False)
    with pytest.raises(Http404):
        approve(people.olga, basket)


class TestNobodyApprovesTheirOwn:
    def test_after_a_promotion(self, people, basket):
        promote(people.asta, people.north)
        with pytest.raises(Refused, match="yourself"):
            approve(people.asta, basket)

    def test_who_submitted_once_and_a_colleague_the_second_time(self, people, basket):
        flow.send_back(user=people.olga, basket_id=basket.pk, comment="again")
        berta = UserFactory(first_name="Berta")
        promote(berta, people.north, Role.ASSISTANT)
        submit(berta, basket)
        promote(people.asta, people.north)
        with pytest.raises(Refused, match="yourself"):
            approve(people.asta, basket)
        assert approve(people.petra, basket).user == berta

    def test_main_users_who_submit_neither(self, people, product):
        basket = submitted(people.olga, people.north, product)
        with pytest.raises(Refused, match="yourself"):
            approve(people.olga, basket)

    def test_nor_change_return_or_reject_it(self, people, basket):
        promote(people.asta, people.north)
        line = basket.lines.get()
        with pytest.raises(Refused):
            changing.change_quantity(user=people.asta, basket_id=basket.pk, line_id=line.pk, quantity=5)
        with pytest.raises(Refused):
            flow.send_back(user=people.asta, basket_id=basket.pk, comment="to myself")
        with pytest.raises(Refused):
            flow.reject(user=people.asta, basket_id=basket.pk, comment="to myself")

    def test_after_the_approver_changed_it(self, people, basket):
        promote(people.asta, people.north)
        changing.change_quantity(user=people.olga, basket_id=basket.pk, line_id=basket.lines.get().pk, quantity=5)
        with pytest.raises(Refused, match="yourself"):
            approve(people.asta, basket)

    def test_taking_it_back_leaves_the_limit_in_force(self, people, product):
        Clinic.objects.filter(pk=people.north.pk).update(approval_limit=100)
        basket = submitted(people.petra, people.north, product, quantity=2)
        flow.withdraw(user=people.petra, basket_id=basket.pk)
        with pytest.raises(NeedsApproval):
            place_order(user=people.petra, basket_id=basket.pk, reviewed=seen(basket))
        assert not Order.objects.exists()


class TestTheClinicsLimit:
    @pytest.fixture(autouse=True)
    def limit(self, people):
        Clinic.objects.filter(pk=people.north.pk).update(approval_limit="250.00")

    @pytest.mark.parametrize(("quantity", "needs"), [(2, False), (3, True)])
    def test_purchasers_need_approval_above_it(self, people, product, quantity, needs):
        basket = ready_to_confirm(people.petra, people.north, product, quantity=quantity)
        if needs:
            with pytest.raises(NeedsApproval):
                place_order(user=people.petra, basket_id=basket.pk, reviewed=seen(basket))
            submit(people.petra, basket)
            with pytest.raises(Refused, match="yourself"):
                approve(people.petra, basket)
            assert approve(people.olga, basket).user == people.petra
        else:
            assert place_order(user=people.petra, basket_id=basket.pk, reviewed=seen(basket))

    def test_exactly_the_limit_is_not_above_it(self, people):
        basket = ready_to_confirm(people.petra, people.north, make_product(price="125.00"), quantity=2)
        assert place_order(user=people.petra, basket_id=basket.pk, reviewed=seen(basket))

    def test_main_users_are_not_bound(self, people, product):
        basket = ready_to_confirm(people.olga, people.north, product, quantity=9)
        assert place_order(user=people.olga, basket_id=basket.pk, reviewed=seen(basket))

    def test_a_purchaser_approves_what_a_colleague_submitted_above_it(self, people, product):
        basket = submitted(people.asta, people.north, product, quantity=9)
        assert approve(people.petra, basket)

    def test_but_not_lines_of_her_own_that_the_colleague_submits_for_her(self, people, product):
        basket = submit(people.asta, ready_to_confirm(people.petra, people.north, product, quantity=9))
        with pytest.raises(Refused, match="You added lines"):
            approve(people.petra, basket)
        assert approve(people.olga, basket).user == people.asta

    def test_but_does_not_raise_it_above_the_limit_and_approve_that(self, people, product):
        basket = submitted(people.asta, people.north, product, quantity=1)
        changing.change_quantity(user=people.petra, basket_id=basket.pk, line_id=basket.lines.get().pk, quantity=90)
        with pytest.raises(Refused, match="limit"):
            approve(people.petra, basket)
        assert approve(people.olga, basket).lines.get().quantity == 90
