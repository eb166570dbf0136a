"""An order's page, its list and its mail: configuration in words, patients for who may see them, who approved it."""

import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pypdf
import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outbox.models import OutgoingMail
from permissions.models import ClinicUserPermission
from permissions.roles import ClinicPermission
from shop.basket.filling import Choice
from shop.catalogue.models import Option, Product
from shop.configuration.models import EarScan, Wording
from shop.favourites.models import Favourite
from shop.order.mail import send_confirmation
from shop.order.models import Order
from tests.factories import make_product
from tests.ordering.aids import make_aid, make_patient
from tests.orders.again import make_order

BEIGE = {"side": "left", "colour": "beige"}


@pytest.fixture
def aid(people):
    return make_aid()


@pytest.fixture
def order(people, aid):
    patient = make_patient(people.petra, people.north, "P-77")
    return make_order(people, aid, choices={0: Choice(BEIGE, patient)})


def without(user, permission: str) -> None:
    ClinicUserPermission.objects.filter(user=user, permission__codename=permission).delete()


def page(client, order, more: str = "") -> str:
    return client.get(order.get_absolute_url() + more).content.decode()


@pytest.mark.parametrize("more", ["", "confirmation/"])
def test_the_configuration_stands_there_in_words_and_the_patient_for_who_may_see_it(petra, people, order, more):
    shown = page(petra, order, more)
    assert "Beige" in shown
    assert "Left" in shown
    assert "P-77" in shown
    without(people.petra, ClinicPermission.VIEW_PATIENTS)
    assert "P-77" not in page(petra, order, more)


def test_the_words_are_the_readers(petra, people, order):
    Wording.objects.create(option=Option.objects.get(code="colour"), language="sv", text="Färg")
    people.petra.language = "sv"
    people.petra.save()
    petra.post("/i18n/setlang/", {"language": "sv"})
    assert "Färg" in page(petra, order)


def test_what_was_chosen_stays_readable_when_option_value_and_product_are_gone(petra, order):
    Option.objects.filter(code="colour").delete()
    assert "beige" in page(petra, order)
    order.lines.update(product=None)
    Product.objects.all().delete()
    shown = page(petra, order)
    assert "beige" in shown
    assert "Side" in shown
    assert "Hearing aid" in shown


def test_who_placed_and_who_approved_it(petra, people, order):
    assert "Approved by" not in page(petra, order)
    Order.objects.update(approved_by=people.olga)
    for shown in (page(petra, order), petra.get("/orders/").content.decode()):
        assert "Petra Testsson" in shown
        assert "Approved by" in shown
        assert "Olga Testsson" in shown


def test_a_line_that_leaves_on_another_day_says_so(petra, order):
    day = date.today() + timedelta(days=30)
    Order.objects.update(dispatch_date=day)
    order.lines.update(dispatch_date=day)
    assert page(petra, order).count("Dispatch date") == 1
    order.lines.update(dispatch_date=day + timedelta(days=3))
    assert page(petra, order).count("Dispatch date") == 2


# Without an agreement: working days, cut-off 14:00, one day on the way. 4 December 2026 is a Friday.
@pytest.mark.parametrize(
    ("ordered", "lead", "expected"), [(13, 0, "7 December"), (15, 0, "8 December"), (13, 4, "11 D")]
)
def test_as_agreed_says_what_the_calendar_offered_when_it_was_ordered(petra, order, aid, ordered, lead, expected):
    attribute = aid.product_class.attributes.create(code="lead_days", name="Lead time", type="integer")
    aid.attribute_values.create(attribute=attribute, value_integer=lead)
    Order.objects.update(date_placed=datetime(2026, 12, 4, ordered, tzinfo=ZoneInfo("Europe/Stockholm")))
    assert f"<dt>Expected delivery</dt><dd>{expected}" in page(petra, order)
    Order.objects.update(status="shipped")
    assert "Expected delivery" not in page(petra, order)


def test_a_chosen_date_says_when_it_is_expected_until_it_is_there(petra, order):
    Order.objects.update(dispatch_date=date(2026, 12, 3))
    assert "Expected delivery" in page(petra, order)
    order.refresh_from_db()
    document = io.BytesIO(petra.get(order.get_absolute_url() + "pdf/").content)
    assert "Expected delivery" in pypdf.PdfReader(document).pages[0].extract_text()
    Order.objects.update(status="delivered")
    assert "Expected delivery" not in page(petra, order)


def test_the_ear_scan_is_linked_for_who_may_see_patients(petra, people, order):
    scan = EarScan.objects.create(clinic=people.north, file="x/y", kind="png", size=1)
    order.lines.update(ear_scan=scan)
    assert f"/ear-scans/{scan.pk}/" in page(petra, order)
    without(people.petra, ClinicPermission.VIEW_PATIENTS)
    assert f"/ear-scans/{scan.pk}/" not in page(petra, order)


def test_the_list_names_the_patients_for_who_may_see_them(petra, people, order, aid):
    for number in range(3):
        choice = Choice(BEIGE, make_patient(people.petra, people.north, f"P-{number}"))
        make_order(people, aid, aid, choices={0: choice, 1: Choice({**BEIGE, "side": "right"}, choice.patient)})
    shown = petra.get("/orders/").content.decode()
    assert all(text in shown for text in ("P-77", "P-0", "P-1", "P-2"))
    without(people.petra, ClinicPermission.VIEW_PATIENTS)
    shown = petra.get("/orders/").content.decode()
    assert "P-77" not in shown
    assert ">Patient<" not in shown


def test_of_many_patients_the_list_names_two_and_counts_the_others(petra, people, aid):
    choices = {place: Choice(BEIGE, make_patient(people.petra, people.north, f"P-{place}")) for place in range(5)}
    make_order(people, *[aid] * 5, choices=choices)
    shown = petra.get("/orders/").content.decode()
    assert "P-0, P-1" in shown
    assert "and 3 more" in shown


def test_one_clinics_patients_are_hidden_where_another_clinics_are_seen(client, people, order):
    without_north = ClinicUserPermission.objects.filter(user=people.olga, content_object=people.north)
    without_north.filter(permission__codename=ClinicPermission.VIEW_PATIENTS).delete()
    client.force_login(people.olga)
    shown = client.get("/orders/?clinics=all").content.decode()
    assert ">Patient<" in shown
    assert "P-77" not in shown


def test_the_lists_queries_do_not_grow(petra, people, aid):
    def count() -> int:
        for _warm in range(2):
            petra.get("/orders/")
        with CaptureQueriesContext(connection) as queries:
            petra.get("/orders/")
        return len(queries)

    def orders(many: int) -> None:
        for number in range(many):
            patient = make_patient(people.petra, people.north, f"P-{number}")
            make_order(people, aid, choices={0: Choice(BEIGE, patient)})

    orders(2)
    few = count()
    orders(18)
    many = count()
    print(f"\nqueries  orders with patients  2: {few}  20: {many}")
    assert few == many


class TestFavouritesOfAnOrder:
    def save(self, client, order, **form):
        return client.post(f"/favourites/save/order/{order.public_id}/", form)

    def test_the_whole_order_without_patients(self, petra, people, aid):
        order = make_order(people, aid, make_product("Battery"), choices={0: Choice(BEIGE)})
        assert self.save(petra, order)["Location"] == order.get_absolute_url()
        kept = {favourite.product.title: favourite.configuration for favourite in Favourite.objects.all()}
        assert kept == {"Hearing aid": BEIGE, "Battery": {}}

    def test_one_line(self, petra, people, order):
        make_product("Battery")
        self.save(petra, order, line=order.lines.get().pk, who="private")
        favourite = Favourite.objects.get()
        assert (favourite.configuration, favourite.private_to) == (BEIGE, people.petra)
        assert "Favourite" in page(petra, order)

    def test_for_the_orders_clinic_whichever_is_current(self, client, people, order):
        client.force_login(people.olga)
        client.post("/clinics/switch/", {"clinic": people.south.pk})
        self.save(client, order)
        assert Favourite.objects.get().clinic == people.north

    def test_what_can_not_be_ordered_any_more_is_left_out_and_said(self, petra, order):
        Product.objects.update(is_public=False)
        answer = petra.post(f"/favourites/save/order/{order.public_id}/", follow=True)
        assert "left out" in " ".join(str(message) for message in answer.context["messages"])
        assert not Favourite.objects.exists()

    @pytest.mark.parametrize("line", ["x", "9" * 30, "987654"])
    def test_a_line_of_another_order_keeps_nothing(self, petra, order, line):
        assert self.save(petra, order, line=line).status_code == 302
        assert not Favourite.objects.exists()

    def test_strangers_and_members_without_the_rights_keep_nothing(self, client, people, order):
        client.force_login(people.otto)
        assert self.save(client, order).status_code == 404
        client.force_login(people.asta)
        without(people.asta, ClinicPermission.PREPARE_ORDER)
        assert self.save(client, order).status_code == 403
        assert not Favourite.objects.exists()


class TestTheMail:
    def test_goes_to_who_sent_the_order_and_names_no_product_price_or_patient(self, people, order):
        (message,) = mail.outbox
        assert message.to == ["petra@example.com"]
        text = " ".join([message.subject, message.body, *(part.content for part in message.alternatives)])
        for secret in ("Hearing aid", "4000", "4 000", "P-77", "Beige", "beige"):
            assert secret not in text
        assert order.number in message.subject

    def test_of_an_approved_order_to_who_approved_it_in_their_language(self, people, order):
        mail.outbox.clear()
        OutgoingMail.objects.all().delete()
        people.olga.language = "nb"
        people.olga.save()
        order.approved_by = people.olga
        order.save()
        send_confirmation(order)
        (message,) = mail.outbox
        assert message.to == ["olga@example.com"]
        assert "Petra Testsson" in message.body
        assert "Bestilling" in message.body

    def test_nobody_is_written_to_who_is_closed_out(self, people, order):
        mail.outbox.clear()
        people.petra.is_active = False
        people.petra.save()
        order.refresh_from_db()
        send_confirmation(order)
        assert mail.outbox == []
