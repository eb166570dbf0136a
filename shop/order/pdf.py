"""An order confirmation as PDF: tagged, in the reader's language, set by typst from `confirmation.typ`."""

import json
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from permissions.models import User
from permissions.printing import made_while_looking
from shop.order.models import Line, Order
from shop.order.showing import expected_delivery, lines_of
from shop.partner.templatetags.money import money

TEMPLATE = Path(__file__).with_name("confirmation.typ")
ACCENT, WARM = "#0b5563", "#e8894a"


def confirmation_pdf(order: Order, user: User) -> bytes:
    """As this person sees the order: patients only for who may see them. Raises typst.TypstError for our own faults."""
    data = json.dumps(_data(order, lines_of(order, user), user), ensure_ascii=False)
    document = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"order": data, "logo": _logo()},
        pdf_standards="ua-1",
        # The same order gives the same file.
        timestamp=int(order.date_placed.timestamp()),
    )
    return bytes(document)


def file_name(order: Order) -> str:
    return f"order-{order.number}.pdf"


@cache
def _fonts() -> typst.Fonts:
    """Those that come with typst, and none of the machine's: the paper looks the same everywhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


@cache
def _logo() -> str:
    drawing = render_to_string("components/logo.html").replace("currentColor", ACCENT)
    drawing = drawing.replace('class="wordmark-dot"', f'fill="{WARM}"')
    return drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _data(order: Order, lines: list[Line], user: User) -> dict[str, Any]:
    """What `confirmation.typ` shows, all of it text."""
    return {
        "language": (translation.get_language() or "en").partition("-")[0],
        "title": _("Order confirmation %(number)s") % {"number": order.number},
        "supplier": "Bestil",
        "made_by": made_while_looking(user),
        "support": [text for text in (settings.SUPPORT.get("phone"), settings.SUPPORT.get("email")) if text],
        "words": {
            "page": _("Page"),
            "articles": _("Articles"),
            "article": _("Article"),
            "number": _("Art. no."),
            "quantity": _("Quantity"),
            "unit_price": _("Unit price"),
            "sum": _("Sum excl. VAT"),
        },
        "facts": [
            {"label": str(label), "lines": [str(line) for line in texts]} for label, texts in _facts(order, lines)
        ],
        "lines": [_line(order, line) for line in lines],
        "totals": [{"label": label, "value": money(amount, order.currency)} for label, amount in _totals(order)],
    }


def _totals(order: Order) -> list[tuple[str, Decimal]]:
    return [
        (_("Sum excl. VAT"), order.total_excl_tax),
        (_("VAT %(rate)s %%") % {"rate": order.vat_percent}, order.total_tax),
        (_("Total incl. VAT"), order.total_incl_tax),
    ]


def _facts(order: Order, lines: Iterable[Line]) -> list[tuple[str, list[str]]]:
    """Label and lines; what is empty is left out."""
    clinic, placed = order.clinic, timezone.localtime(order.date_placed)
    dispatch = date_format(order.dispatch_date, "DATE_FORMAT") if order.dispatch_date else _("As agreed")
    expected = expected_delivery(order, lines)
    address = order.shipping_address.active_address_fields() if order.shipping_address else []
    found = [
        (_("Web reference"), [order.number]),
        (_("Order date"), [f"{date_format(placed, 'DATE_FORMAT')}, {date_format(placed, 'H:i')}"]),
        (_("Dispatch date"), [dispatch]),
        (_("Expected delivery"), [date_format(expected, "DATE_FORMAT") if expected else ""]),
        (_("Order number"), [order.supplier_number]),
        (_("Purchase number"), [order.purchase_number]),
        (_("Reference"), [order.reference]),
        (_("Placed by"), [order.placed_by_name]),
        (_("Approved by"), [str(order.approved_by) if order.approved_by else ""]),
        (_("Status"), [str(order.status_label)]),
        (_("Clinic"), [clinic.name, f"{_('Customer number')} {clinic.customer_number}"]),
        (_("Delivery address"), address),
        (_("Invoice address"), clinic.invoice_address_lines),
    ]
    return [(label, [line for line in lines if line]) for label, lines in found if any(lines)]


def _line(order: Order, line: Line) -> dict[str, Any]:
    options = " · ".join(f"{question}: {answer}" for question, answer in line.options)
    notes = [options] if options else []
    if line.patient_text:
        notes.append(f"{_('Patient')}: {line.patient_text}")
    if line.dispatch_date and line.dispatch_date != order.dispatch_date:
        notes.append(f"{_('Dispatch date')}: {date_format(line.dispatch_date, 'DATE_FORMAT')}")
    return {
        "title": line.title,
        "upc": line.upc or "",
        "quantity": str(line.quantity),
        "unit_price": money(line.unit_price_excl_tax, order.currency),
        "sum": money(line.line_price_excl_tax, order.currency),
        "notes": notes,
    }
