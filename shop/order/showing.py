"""An order's lines as pages and papers show them: pictures, configuration in words, patients for who may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from permissions.models import User
from shop.configuration.loading import configurations_of
from shop.configuration.models import EarScan
from shop.configuration.options import Configuration
from shop.configuration.values import Values
from shop.dispatch.calendars import Lead
from shop.dispatch.loading import calendar_for, lead_days_of
from shop.order.models import Line, Order
from shop.order.statuses import CANCELLED, DELIVERED, SHIPPED
from shop.patients import labels

NOTHING = Configuration()


def lines_of(order: Order, user: User) -> list[Line]:
    """The lines in their order, each with `image`, `options`, `patient_text` and `shows_scan`; fixed queries."""
    lines = list(
        order.lines.select_related("product__product_class", "product__parent__product_class", "patient", "ear_scan")
        .prefetch_related("product__images", "product__attribute_values__attribute", "attributes__option")
        .order_by("pk")
    )
    asked = configurations_of(line.product for line in lines if line.product)
    for line in lines:
        line.image = next(iter(line.product.images.all()), None) if line.product else None
        line.options = described(line, asked.get(line.product_id, NOTHING))
    labels.attach_texts(lines, user)
    _attach_scans(lines, user)
    return lines


def configuration_of_line(line: Line) -> Values:
    """Option code to value, also of options that are gone."""
    return {attribute.type: attribute.value for attribute in line.attributes.all()}


def described(line: Line, asked: Configuration) -> tuple[tuple[str, str], ...]:
    """Question and answer; what the product no longer asks is called by its option's name, else by its code."""
    names = {attribute.type: attribute.option.name for attribute in line.attributes.all() if attribute.option}
    found = asked.describe(configuration_of_line(line))
    known = {option.label for option in asked.options}
    return tuple((label if label in known else names.get(label, label), _plain(answer)) for label, answer in found)


def _plain(answer: str) -> str:
    """A list of codes of an option that is gone."""
    return answer.strip("[]").replace("'", "") if answer.startswith("[") else answer


def _attach_scans(lines: Iterable[Line], user: User) -> None:
    ids = {line.ear_scan_id for line in lines if line.ear_scan_id}
    visible = set(EarScan.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    for line in lines:
        line.shows_scan = line.ear_scan_id in visible


def expected_delivery(order: Order, lines: Iterable[Line]) -> date | None:
    """Of what leaves first; None for what is there or cancelled, and where nobody knows the day it left."""
    if order.status in (DELIVERED, CANCELLED):
        return None
    if order.dispatch_date:
        return calendar_for(order.clinic).delivery(order.dispatch_date)
    if order.status == SHIPPED:
        return None
    # As agreed: what the calendar offered when it was ordered, for the slowest line that doesn't leave later by itself.
    leads = [Lead(line.title, lead_days_of(line.product)) for line in lines if line.product and not line.dispatch_date]
    slowest = max(leads, key=lambda lead: lead.working_days, default=None)
    calendar = calendar_for(order.clinic, order.date_placed).with_lead(slowest)
    leaves = calendar.next_agreed()
    return calendar.delivery(leaves) if leaves else None


@dataclass(frozen=True)
class Patients:
    """Whom an order is for, as a list shows it."""

    texts: tuple[str, ...]
    more: int


MOST_SHOWN = 2


def attach_patients(orders: Iterable[Order], user: User) -> None:
    """Set `patients` on orders of a list: the first few texts and how many more there are. Fixed queries."""
    orders = list(orders)
    lines = Line.objects.filter(order__in=[order.pk for order in orders], patient__isnull=False)
    of_order: dict[int, dict] = {order.pk: {} for order in orders}
    for line in lines.select_related("patient").order_by("pk"):
        of_order[line.order_id][line.patient_id] = line.patient
    # Only what is shown is decrypted, and noted as shown.
    shown = {pk: list(patients.values())[:MOST_SHOWN] for pk, patients in of_order.items()}
    texts = labels.texts((label for few in shown.values() for label in few), user)
    for order in orders:
        found = tuple(texts[label.pk] for label in shown[order.pk] if label.pk in texts)
        order.patients = Patients(found, len(of_order[order.pk]) - len(found) if found else 0)
