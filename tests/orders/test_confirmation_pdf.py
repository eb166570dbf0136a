"""D10: the confirmation as a file. What people wrote is text in it, whatever it looks like."""

import io
import re
import time
from decimal import Decimal

import pypdf
import pytest
from django.utils import timezone, translation

from permissions.models import ClinicUserPermission
from permissions.roles import ClinicPermission
from shop.order.models import Line, Order, ShippingAddress
from shop.order.pdf import confirmation_pdf
from shop.patients import labels
from tests.factories import make_product

NASTY = r'#panic("x") *b* $x$ \ @ref <tag> `c` _i_ [y] // z "q" ~ = Å'


def make_order(people, count: int = 1, title: str = "Batterier størrelse 13 åäöæ", **fields) -> Order:
    address = ShippingAddress.objects.create(
        last_name="Mottagning Ö", line1="Ærøvägen 1", line4="Umeå", postcode="90325", country_id="SE"
    )
    order = Order.objects.create(
        **{
            "number": "100000007",
            "clinic": people.north,
            "user": people.petra,
            "status": "received",
            "currency": "SEK",
            "total_excl_tax": Decimal(100 * count),
            "total_incl_tax": Decimal(125 * count),
            "date_placed": timezone.now(),
            "shipping_address": address,
            **fields,
        }
    )
    product = make_product("Batteries")
    Line.objects.bulk_create(
        Line(
            order=order,
            product=product,
            partner=product.stockrecords.get().partner,
            partner_name="W",
            partner_sku="A-1",
            stockrecord=product.stockrecords.get(),
            title=title if count == 1 else f"{title} {number:03}",
            upc=f"A-{number}",
            quantity=2,
            **{f"line_price{which}_excl_tax": Decimal(100) for which in ("", "_before_discounts")},
            **{f"line_price{which}_incl_tax": Decimal(125) for which in ("", "_before_discounts")},
            unit_price_excl_tax=Decimal(50),
            unit_price_incl_tax=Decimal("62.50"),
            num_allocated=0,
        )
        for number in range(count)
    )
    return order


def read(document: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(document))


def text_of(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(document).pages)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def fetch(client, order):
    return client.get(f"/orders/{order.public_id}/pdf/")


def test_it_says_what_the_page_says(client, people):
    order = make_order(people, purchase_number="PO-1", reference="Verkstaden", approved_by=people.olga)
    client.force_login(people.petra)
    answer = fetch(client, order)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="order-100000007.pdf"'
    assert "no-store" in answer["Cache-Control"]
    text = text_of(answer.content)
    for words in (
        "100000007",
        "PO-1",
        "Verkstaden",
        "Batterier størrelse 13 åäöæ",
        "Ærøvägen 1",
        "Umeå",
        "Mottagning Ö",
    ):
        assert words in text, words
    for words in ("Petra Testsson", "Olga Testsson", "SEK 50.00", "SEK 100.00", "SEK 25.00", "SEK 125.00", "10010"):
        assert words in text.replace("\xa0", " "), words


@pytest.mark.parametrize(("language", "words"), [("sv", "Leveransadress"), ("nb", "Leveringsadresse"), ("da", "Antal")])
def test_it_speaks_the_readers_language(people, language, words):
    order = make_order(people)
    with translation.override(language):
        document = confirmation_pdf(order, people.petra)
    assert words in text_of(document)
    assert read(document).trailer["/Root"]["/Lang"].startswith(language)


def test_it_is_tagged_and_has_a_title_without_a_patient(people):
    order = make_order(people)
    line = order.lines.get()
    line.patient = labels.label_for(user=people.petra, clinic=people.north, text="PAT-77")
    line.save()
    document = read(confirmation_pdf(order, people.petra))
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "100000007" in document.metadata.title
    assert "PAT-77" not in str(document.metadata)
    assert "PAT-77" not in str(document.xmp_metadata.stream.get_data() if document.xmp_metadata else "")


def test_patients_are_for_who_may_see_them(client, people):
    order = make_order(people)
    line = order.lines.get()
    line.patient = labels.label_for(user=people.petra, clinic=people.north, text="PAT-77")
    line.save()
    client.force_login(people.petra)
    assert "PAT-77" in text_of(fetch(client, order).content)
    rows = ClinicUserPermission.objects.filter(user=people.petra)
    rows.filter(permission__codename=ClinicPermission.VIEW_PATIENTS).delete()
    assert "PAT-77" not in text_of(fetch(client, order).content)


def test_nothing_that_was_written_is_read_as_typesetting(people):
    order = make_order(people, title=NASTY, reference=NASTY[:60], purchase_number="#let x = 1")
    people.north.name = f"Clinic {NASTY}"
    people.north.save()
    order.refresh_from_db()
    text = squeezed(text_of(confirmation_pdf(order, people.petra)))
    for words in (NASTY, NASTY[:60], "#let x = 1", f"Clinic {NASTY}"):
        assert squeezed(words) in text, words


def test_many_lines_fill_numbered_pages_each_with_the_heads_of_the_table(people):
    order = make_order(people, count=200)
    with translation.override("sv"):
        confirmation_pdf(order, people.petra)
        started = time.monotonic()
        document = confirmation_pdf(order, people.petra)
    took = time.monotonic() - started
    pages = [page.extract_text() for page in read(document).pages]
    print(f"\nPDF of 200 lines: {len(pages)} pages, {len(document) / 1024:.0f} KB, {took:.2f} s")
    assert len(pages) > 3
    assert took < 10
    for number, page in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in squeezed(page)
    heads = [page for page in pages if "A-" in page and "Artikel" in page]
    assert len(heads) >= len(pages) - 1
    text = "\n".join(pages)
    assert all(f"åäöæ {number:03}" in text for number in range(200))


def test_an_ordinary_one_is_quick_and_small(people):
    order = make_order(people)
    confirmation_pdf(order, people.petra)
    started = time.monotonic()
    document = confirmation_pdf(order, people.petra)
    took = time.monotonic() - started
    print(f"\nPDF of 1 line: {len(document) / 1024:.0f} KB, {took:.2f} s")
    assert took < 3
    assert len(document) < 200_000


def test_a_stranger_learns_nothing_and_a_member_without_the_right_is_refused(client, people):
    order = make_order(people)
    assert fetch(client, order).status_code == 302
    client.force_login(people.otto)
    assert fetch(client, order).status_code == 404
    rows = ClinicUserPermission.objects.filter(user=people.asta)
    rows.filter(permission__codename=ClinicPermission.VIEW_ORDERS).delete()
    client.force_login(people.asta)
    assert fetch(client, order).status_code == 403
