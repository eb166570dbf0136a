"""What baskets and orders must be, told in forty lines, beside the real ones in the database."""

from collections import Counter
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from hypothesis.stateful import RuleBasedStateMachine, invariant

from permissions import access
from permissions.roles import ClinicPermission
from shop.basket.filling import Choice, Refused
from shop.basket.models import Basket
from shop.basket.statuses import ALIVE
from shop.configuration.loading import configuration_of
from shop.configuration.options import Invalid
from shop.order.models import Order
from shop.partner.strategy import Selector
from tests.factories import make_product
from tests.ordering.aids import make_aid, make_patient
from tests.people import make_people

REFUSALS = (Refused, Invalid, PermissionDenied, Http404, ValidationError)
P = ClinicPermission
# How often which action was tried on a basket in which state, and how it ended.
seen: Counter[tuple[str, str, str]] = Counter()


class Model(RuleBasedStateMachine):
    """`lines` is the model: per basket, how many of which product, configuration and patient."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.people = make_people()
        self.north = self.people.north
        self.north.approval_limit = Decimal("9000")
        self.north.save()
        self.address = self.north.delivery_addresses.get(is_default=True)
        self.aid = make_aid()
        self.battery = make_product(price="24.90", stock=10_000)
        self.patients = [make_patient(self.people.olga, self.north, f"ref {number}") for number in (1, 2)]
        self.lines: dict[int, Counter] = {}
        self.submitters: dict[int, set] = {}
        self.orders: dict[int, Counter] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    # --- what everything below is made of -----------------------------------------------------------------------
    def person(self, name: str):
        return getattr(self.people, name)

    def may(self, user, permission: str) -> bool:
        return access.can(user, permission, self.north)

    def basket(self, pick: int, mostly: tuple[str, ...] = ALIVE) -> Basket | None:
        """Mostly one in these states, and mostly the newest; but any other too."""
        baskets = list(Basket.objects.filter(clinic=self.north).order_by("-pk"))
        baskets.sort(key=lambda basket: basket.status not in mostly)
        if not baskets:
            return None
        basket = baskets[pick % len(baskets)]
        basket.strategy = Selector().strategy(clinic=self.north)
        return basket

    def line(self, basket: Basket, pick: int):
        lines = list(basket.lines.order_by("pk"))
        return lines[pick % len(lines)] if lines else None

    def attempt(self, action: str, basket: Basket | None, work):
        """The result, or None where it was refused. A refusal changes nothing: the invariants see to that."""
        state = basket.status if basket else "none"
        try:
            with transaction.atomic():
                result = work()
        except REFUSALS:
            seen[state, action, "refused"] += 1
            return None
        seen[state, action, "done"] += 1
        return result

    def choice(self, product, pick: int, whom: int) -> Choice:
        if product == self.battery:
            return Choice()
        side, colour = ("left", "right")[pick % 2], ("silver", "beige", "black")[pick % 3]
        patient = (*self.patients, None)[whom % 3]
        return Choice({"side": side, "colour": colour}, patient)

    def another_approver(self, basket: Basket):
        """Somebody who has not submitted it and approves here, unless roles have changed."""
        own = self.people.olga in self.submitters.get(basket.pk, ())
        return self.people.petra if own else self.people.olga

    @staticmethod
    def key(line) -> tuple:
        return line.product_id, tuple(sorted(line.configuration.items())), line.patient_id

    def chosen(self, user) -> Basket | None:
        return Basket.objects.open_for(user, self.north)

    def assert_may_change(self, user, basket_id: int, status: str) -> None:
        if status == "Waiting":
            assert self.may(user, P.APPROVE_ORDER)
            assert user not in self.submitters.get(basket_id, set())
        else:
            assert status in ("Open", "Returned")
            assert self.may(user, P.PREPARE_ORDER)

    def was_ordered(self, basket: Basket, order: Order) -> None:
        assert order.basket_id == basket.pk
        if basket.pk in self.orders:
            return
        for line in order.lines.all():
            stockrecord = line.product.stockrecords.get()
            assert line.unit_price_excl_tax == stockrecord.price
            given = {attribute.type: attribute.value for attribute in line.attributes.all()}
            assert configuration_of(line.product).clean(given) == given
            assert line.product.is_public
        self.orders[basket.pk] = self.lines.pop(basket.pk)

    # --- what must hold -----------------------------------------------------------------------------------------
    @invariant()
    def baskets_hold_what_was_put_in(self):
        found: dict[int, Counter] = {}
        for basket in Basket.objects.filter(clinic=self.north).exclude(status__in=["Submitted", "Merged"]):
            for line in basket.lines.prefetch_related("attributes__option"):
                found.setdefault(basket.pk, Counter())[self.key(line)] += line.quantity
        assert found == {pk: lines for pk, lines in self.lines.items() if lines}

    @invariant()
    def orders_are_what_was_in_the_basket_once(self):
        found: dict[int, Counter] = {}
        for order in Order.objects.prefetch_related("lines__attributes"):
            assert order.basket_id not in found
            for line in order.lines.all():
                given = {attribute.type: attribute.value for attribute in line.attributes.all()}
                key = line.product_id, tuple(sorted(given.items())), line.patient_id
                found.setdefault(order.basket_id, Counter())[key] += line.quantity
        assert found == self.orders
