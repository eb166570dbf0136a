"""What assistants submitted: one basket that waits and one that was returned, and a limit for purchasers."""

import random
from datetime import timedelta

from django.utils import timezone

from demo.load_orders import Customer, customers
from demo.sources import document
from outbox.models import OutgoingMail
from permissions.models import Clinic, User
from shop.approvals import flow
from shop.approvals.models import ApprovalStep
from shop.basket import filling
from shop.basket.models import Basket
from shop.basket.summary import fingerprint
from shop.configuration.options import Invalid

DECIDED_AFTER = timedelta(hours=2)
QUANTITIES = (2, 4, 5, 10)
ENOUGH = 40  # tries until there are enough articles that need no configuring and are in stock


def load_approvals() -> str:
    source, buyers = document("orders.yaml"), {customer.key: customer for customer in customers()}
    for key, limit in source["approval_limits"].items():
        Clinic.objects.filter(pk=buyers[key].clinic.pk).update(approval_limit=limit)
    for entry in source["approvals"]:
        _submit(entry, buyers[entry["clinic"]])
    # Nobody is written to about what happened before the demo began.
    OutgoingMail.objects.filter(message_id__startswith="<approval-").delete()
    return f"{len(source['approvals'])} submitted baskets, {len(source['approval_limits'])} clinic with a limit"


def _submit(entry: dict, buyer: Customer) -> None:
    person = User.objects.get(email=entry["person"])
    basket = Basket.objects.create(owner=person, clinic=buyer.clinic, title=entry["title"])
    basket.delivery_address = buyer.clinic.delivery_addresses.get(is_default=True)
    basket.purchase_number = entry.get("purchase_number", "")
    basket.save()
    _fill(basket, entry, buyer, person)
    seen = fingerprint(flow.locked(basket.pk))
    flow.submit(user=person, basket_id=basket.pk, reviewed=seen, comment=entry["comment"])
    moments = [timezone.now() - timedelta(hours=entry["hours"])]
    if "returned_by" in entry:
        approver = User.objects.get(email=entry["returned_by"])
        flow.send_back(user=approver, basket_id=basket.pk, comment=entry["answer"])
        moments.append(moments[0] + DECIDED_AFTER)
    for step, moment in zip(basket.approval_steps.all(), moments, strict=True):
        ApprovalStep.objects.filter(pk=step.pk).update(at=moment)


def _fill(basket: Basket, entry: dict, buyer: Customer, person: User) -> None:
    """Through the same door as a person's clicks; what wants choices or is out of stock is passed over."""
    chance = random.Random(f"approval {entry['person']} {entry['title']}")
    locked = flow.locked(basket.pk)
    for record in [*chance.sample(buyer.usual, len(buyer.usual)), *chance.sample(buyer.wares, ENOUGH)]:
        if locked.lines.count() == entry["lines"]:
            return
        try:
            filling.add_to(
                locked,
                user=person,
                product=record.product,
                quantity=chance.choice(QUANTITIES),
                choice=filling.NOTHING_CHOSEN,
            )
        except (filling.Refused, Invalid):
            continue
