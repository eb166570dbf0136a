"""What is printed or saved as a file while customer service looks says so, and names no customer as its author."""

import io
import re

import openpyxl
import pypdf
import pytest

from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from tests.factories import make_product, ready_to_confirm
from tests.impersonation.conftest import begin

PRINTED = "Printed by customer service, seen as Olga Testsson"
MADE = "Made by customer service, seen as Olga Testsson"


@pytest.fixture
def as_olga(stella, people):
    begin(stella, people.olga, people.north)
    return stella


@pytest.mark.parametrize("path", ["/users/access/", "/users/history/"])
def test_the_head_of_a_printed_list(as_olga, path):
    text = as_olga.get(path).content.decode()
    head = re.sub(r"\s+", " ", text[text.index('class="print-head"') :][:400])
    assert PRINTED in head
    assert "Printed by Olga" not in text


@pytest.mark.parametrize("path", ["/", "/orders/", "/profile/"])
def test_every_page_has_one_line_for_paper(as_olga, path):
    assert f'<p class="look-banner-print">{PRINTED}' in as_olga.get(path).content.decode()


@pytest.mark.parametrize("looks", [True, False])
def test_the_confirmation_of_an_order(client, stella, people, looks):
    basket = ready_to_confirm(people.olga, people.north, make_product())
    order = place_order(user=people.olga, basket_id=basket.pk, reviewed=fingerprint(basket))
    browser = stella if looks else client
    if looks:
        begin(stella, people.olga, people.north)
    else:
        client.force_login(people.olga)
    answer = browser.get(f"/orders/{order.public_id}/pdf/")
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert all((MADE in page.extract_text()) == looks for page in pages)


@pytest.mark.parametrize("looks", [True, False])
@pytest.mark.parametrize("path", ["/users/access.xlsx", "/users/history.xlsx"])
def test_an_excel_file(client, stella, people, looks, path):
    browser = stella if looks else client
    if looks:
        begin(stella, people.olga, people.north)
    else:
        client.force_login(people.olga)
    answer = browser.get(path)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert (book.worksheets[-1]["A1"].value == MADE) == looks
    assert all((sheet.oddHeader.center.text == MADE) == looks for sheet in book.worksheets)
