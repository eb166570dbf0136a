"""A patient's name stands in one encrypted column and on the pages of who may see it: nowhere else, and after erasing
nowhere at all. A name that occurs nowhere else is taken through all flows and then looked for everywhere."""

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail, signing
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from outbox.models import OutgoingMail
from shop.basket.models import Basket
from shop.basket.summary import fingerprint
from shop.order.models import Order
from shop.partner.strategy import Selector
from shop.patients import labels
from shop.patients.models import PatientLabel

CANARY = "Zebulonia Kvittenstråle"
NEEDLES = [part.encode(how) for part in ("Zebuloni", "Kvittenstr", "zebuloni", "kvittenstr", "ZEBULONI") for how in
           ("utf-8", "utf-16-le")]  # fmt: skip
REFERENCE = "ref Zebuloni-4711"


class Watched(Client):
    """A browser that remembers addresses and pages."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.addresses: list[str] = []
        self.pages: list[str] = []

    def request(self, **request):
        answer = super().request(**request)
        self.addresses.append(f"{request.get('PATH_INFO', '')}?{request.get('QUERY_STRING', '')}")
        self.addresses.append(answer.headers.get("Location", ""))
        self.addresses += [str(value) for value in answer.headers.values()]
        self.addresses += [cookie.OutputString() for cookie in answer.cookies.values()]
        if not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html"):
            self.pages.append(answer.content.decode())
        return answer


def in_browser(user) -> Watched:
    browser = Watched()
    browser.force_login(user)
    return browser


@pytest.fixture
def logged(caplog) -> Iterator[pytest.LogCaptureFixture]:
    caplog.set_level(logging.DEBUG)
    # What PostgreSQL would be sent: Django logs each statement with its values here.
    caplog.set_level(logging.DEBUG, logger="django.db.backends")
    return caplog


def everywhere_in_the_database() -> Iterator[tuple[str, bytes]]:
    """Every column of every table, as text and as it stands."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column.name for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    raw = bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                    yield f"{table}.{name}", raw


def found_in_the_database() -> set[str]:
    return {where for where, value in everywhere_in_the_database() if holds_the_name(value)}


def holds_the_name(value: bytes | str) -> bool:
    value = value.encode() if isinstance(value, str) else value
    return any(needle in value for needle in NEEDLES)


def found_in_sessions() -> list[dict]:
    """They are packed and signed, so that the columns don't show what they hold."""
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert sessions
    return [session for session in sessions if holds_the_name(str(session))]


def written_in(message: mail.EmailMultiAlternatives) -> str:
    return " ".join([message.subject, message.body, *(str(part[0]) for part in message.alternatives)])


def found_in_files() -> list[Path]:
    folders = [Path(settings.MEDIA_ROOT), Path(settings.PRIVATE_ROOT)]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if holds_the_name(path.name) or holds_the_name(path.read_bytes())]


def whole_order(people, aid) -> tuple[Watched, Order]:
    """Written in the configurator, changed, taken out and put back, reviewed, sent, looked at."""
    petra = in_browser(people.petra)
    configure = f"/products/configure/{aid.pk}/"
    assert petra.get(configure).status_code == 200
    refused = petra.post(configure, {"quantity": "x", "patient": CANARY})
    assert refused.status_code == 422
    assert CANARY in refused.content.decode()  # kept for the person who typed it
    assert petra.post(configure, {"quantity": 1, "patient": CANARY}).status_code == 302
    basket = Basket.objects.get()
    line = basket.lines.get()
    assert line.patient
    petra.post(f"{configure}?line={line.pk}", {"quantity": 2, "patient": CANARY})
    petra.get("/basket/")
    petra.post(f"/basket/lines/{line.pk}/", {"quantity": 3})
    taken = petra.post(f"/basket/lines/{line.pk}/", {"remove": "1"}, headers={"HX-Request": "true"})
    token = re.search(r'name="token" value="([^"]+)"', taken.content.decode()).group(1)
    assert not holds_the_name(str(signing.loads(token, salt="basket line taken out")))
    petra.post("/basket/put-back/", {"token": token})
    assert basket.lines.get().patient
    address = people.north.delivery_addresses.get()
    petra.get("/checkout/details/")
    delivery = {"purchase_number": "PO-1", "delivery_address": address.pk, "dispatch_choice": "agreed"}
    petra.post("/checkout/details/", delivery)
    review = petra.get("/checkout/review/")
    assert CANARY in review.content.decode()
    petra.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": review.context["fingerprint"]})
    order = Order.objects.get()
    for path in ("", "confirmation/", "pdf/", "again/"):
        assert petra.get(f"{order.get_absolute_url()}{path}").status_code == 200
    petra.get("/orders/")
    petra.post("/clinics/patients/", {"query": CANARY})
    petra.post("/clinics/patients/", {"query": CANARY[:4]})
    return petra, order


def approved_basket(people, aid) -> Watched:
    """Written by an assistant, submitted, returned, submitted again, approved by a main user."""
    asta, olga = in_browser(people.asta), in_browser(people.olga)
    asta.post(f"/products/configure/{aid.pk}/", {"quantity": 1, "patient": REFERENCE})
    basket = Basket.objects.get(owner=people.asta)
    basket.delivery_address = people.north.delivery_addresses.get()
    basket.save()
    place = f"/orders/approvals/{basket.public_id}/"

    def seen() -> str:
        fresh = Basket.objects.get(pk=basket.pk)
        fresh.strategy = Selector().strategy(clinic=fresh.clinic)
        return fingerprint(fresh)

    asta.post(f"{place}submit/", {"submit-comment": "Urgent", "fingerprint": seen()})
    olga.get("/orders/approvals/")
    olga.get(place)
    olga.post(f"{place}return/", {"return-comment": "Two, please"})
    asta.get(place)
    asta.post(f"{place}submit/", {"submit-comment": "Done", "fingerprint": seen()})
    olga.get(place)
    olga.post(f"{place}approve/", {"fingerprint": seen()})
    assert Order.objects.filter(basket=basket).exists()
    asta.addresses += olga.addresses
    asta.pages += olga.pages
    return asta


def test_a_patients_name_is_nowhere_but_where_it_belongs(people, north, aid, logged):
    with CaptureQueriesContext(connection) as queries:
        petra, order = whole_order(people, aid)
        asta = approved_basket(people, aid)
        elsewhere = in_browser(people.otto)
        for path in ("/", "/orders/", "/basket/", "/clinics/patients/", order.get_absolute_url()):
            elsewhere.get(path)
        elsewhere.post("/clinics/patients/", {"query": CANARY})
    label = PatientLabel.objects.filter(order_lines__order=order).get()
    assert labels.texts([label], people.petra) == {label.pk: CANARY}

    assert not found_in_the_database()
    assert not found_in_sessions()
    assert not [query["sql"] for query in queries if holds_the_name(query["sql"])], "in what PostgreSQL could log"
    assert not [
        record.getMessage() for record in logged.records if holds_the_name(f"{record.getMessage()} {vars(record)}")
    ]
    assert len(mail.outbox) >= 5
    assert OutgoingMail.objects.count() == len(mail.outbox)
    assert not [message.subject for message in mail.outbox if holds_the_name(message.message().as_bytes())]
    assert not [message.subject for message in mail.outbox if holds_the_name(written_in(message))]
    assert not [message for message in mail.outbox if message.attachments]
    for browser in (petra, asta, elsewhere):
        assert not [address for address in browser.addresses if holds_the_name(address)]
        for page in browser.pages:
            assert not holds_the_name(re.search(r"<title>.*?</title>", page, re.S).group() if "<title" in page else "")
            assert not [comment for comment in re.findall(r"<!--.*?-->", page, re.S) if holds_the_name(comment)]
    assert not [page for page in elsewhere.pages if holds_the_name(page.replace(f'value="{CANARY}"', ""))]
    assert not found_in_files()
    assert not holds_the_name(repr(getattr(cache, "_cache", "")))


def test_the_search_for_it_finds_it_where_it_is_put(people, north, aid, logged):
    """The negative control: a name in a reference, which nothing encrypts, is found."""
    Basket.objects.create(owner=people.petra, clinic=people.north, reference=CANARY)
    assert found_in_the_database() == {"basket_basket.reference"}
    logging.getLogger("anything").info("for %s", CANARY)
    assert [record for record in logged.records if holds_the_name(record.getMessage())]


def test_no_paper_or_page_names_the_patient_after_erasing(people, north, aid):
    petra, order = whole_order(people, aid)
    label = PatientLabel.objects.filter(order_lines__order=order).get()
    sealed, tokens = bytes(label.ciphertext), [bytes(token.token) for token in label.tokens.all()]
    assert any(sealed in value for _where, value in everywhere_in_the_database())
    labels.erase(label, people.olga)

    leftovers = [where for where, value in everywhere_in_the_database() if sealed in value or value in tokens]
    assert not leftovers
    assert not found_in_the_database()
    for path in ("", "confirmation/", "again/"):
        page = petra.get(f"{order.get_absolute_url()}{path}").content.decode()
        assert not holds_the_name(page)
    assert order.lines.get().patient_id == label.pk
    found = petra.post("/clinics/patients/", {"query": CANARY}).context["rows"]
    assert found == []


def test_the_paper_names_the_patient_for_who_may_see_patients_only(people, north, aid, take_patients_from):
    petra, order = whole_order(people, aid)
    take_patients_from(people.asta, north)
    shown = {}
    for name, browser in (("petra", petra), ("asta", in_browser(people.asta))):
        document = PdfReader(io.BytesIO(browser.get(f"{order.get_absolute_url()}pdf/").content))
        assert not holds_the_name(str(document.metadata))
        shown[name] = CANARY in " ".join(page.extract_text() for page in document.pages)
    assert shown == {"petra": True, "asta": False}
