"""Mails about faults, which go out as soon as somebody sets ADMINS, hold nothing that a person typed or is called."""

import pytest
from django.core import mail
from django.test import Client, RequestFactory
from django.views.debug import get_exception_reporter_class, get_exception_reporter_filter

from config.fault_reports import NothingTypedFilter, NothingTypedReporter
from permissions.models import Clinic, PatientPolicy
from shop.configuration.models import ClassOrdering
from tests.factories import make_product, ready_to_confirm

PATIENT = "Zebulonia Kvittenstråle"
TYPED = (PATIENT, "Zebulonia", "PO-4711-XYZ", "Desk of Karin", "petra@example.com", "Testsson")


class Broken(Exception):
    """What happens in the middle of a view that holds a secret."""


def breaks(*args, **kwargs):
    raise Broken


@pytest.fixture
def admins(settings) -> None:
    settings.ADMINS = [("Admin", "admin@example.com")]
    settings.DEBUG = False


@pytest.fixture
def petra(people) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(people.petra)
    return browser


def reports(answer) -> str:
    """What was mailed, and what a page with every local variable would say of the same fault."""
    assert answer.status_code == 500
    assert len(mail.outbox) == 1
    message = mail.outbox[0]
    assert message.to == ["admin@example.com"]
    assert "Broken" in message.body
    reporter = get_exception_reporter_class(None)(answer.wsgi_request, *answer.exc_info, is_email=True)
    return "\n".join([message.subject, message.body, reporter.get_traceback_html(), reporter.get_traceback_text()])


@pytest.mark.parametrize(
    "where",
    [
        "shop.patients.labels.ClinicCipher.seal",
        "shop.patients.labels.normalised",
        "shop.patients.forms.PatientField.validate",
        "shop.basket.filling.add_to",
        "shop.configuration.views._done",
    ],
)
@pytest.mark.logs_errors
def test_a_fault_while_a_patient_is_written_names_nobody(petra, people, admins, monkeypatch, caplog, where):
    Clinic.objects.update(patient_policy=PatientPolicy.NAME)
    aid = make_product("Hearing aid")
    option = aid.product_class.options.create(name="Remarks", code="remarks", type="text", required=False)
    assert option
    ClassOrdering.objects.create(product_class=aid.product_class, patient=ClassOrdering.Patient.OPTIONAL)
    monkeypatch.setattr(where, breaks)
    answer = petra.post(
        f"/products/configure/{aid.pk}/?from={PATIENT}",
        {"quantity": 1, "patient": PATIENT},
        headers={"Referer": f"http://testserver/search/?q={PATIENT}"},
    )
    told = reports(answer) + caplog.text + answer.content.decode()
    for typed in (*TYPED, "Zebulonia".upper(), "zebulonia"):
        assert typed not in told, typed


@pytest.mark.logs_errors
def test_a_fault_in_checkout_is_mailed_without_purchase_number_and_reference(petra, people, admins, monkeypatch):
    ready_to_confirm(people.petra, people.north, make_product())
    monkeypatch.setattr("shop.checkout.forms.DeliveryForm.save", breaks)
    address = people.north.delivery_addresses.get()
    form = {"purchase_number": "PO-4711-XYZ", "reference": "Desk of Karin", "dispatch_choice": "agreed"}
    told = reports(petra.post("/checkout/details/", {**form, "delivery_address": address.pk}))
    for typed in TYPED:
        assert typed not in told, typed
    assert "purchase_number = " in told  # that something was posted is told, what was is not


@pytest.mark.logs_errors
def test_a_fault_in_the_search_for_patients_is_mailed_without_the_search(petra, people, admins, monkeypatch):
    monkeypatch.setattr("shop.patients.labels.find", breaks)
    told = reports(petra.post("/clinics/patients/", {"query": PATIENT}))
    for typed in TYPED:
        assert typed not in told, typed


@pytest.mark.logs_errors
def test_a_fault_while_a_text_is_shown_is_mailed_without_it(petra, people, admins, monkeypatch, north_label):
    monkeypatch.setattr("shop.basket.views.totals_of", breaks)
    told = reports(petra.get("/basket/"))
    for typed in TYPED:
        assert typed not in told, typed


@pytest.fixture
def north_label(people):
    from shop.basket import filling
    from shop.basket.filling import Choice
    from shop.patients import labels

    label = labels.label_for(user=people.petra, clinic=people.north, text=PATIENT)
    choice = Choice(patient=label)
    return filling.add(user=people.petra, clinic=people.north, product=make_product(), quantity=1, choice=choice)


def test_the_reports_are_ours(settings):
    assert get_exception_reporter_class(None) is NothingTypedReporter
    assert isinstance(get_exception_reporter_filter(RequestFactory().get("/")), NothingTypedFilter)


def test_with_debug_on_ones_own_machine_everything_is_shown(settings):
    settings.DEBUG = True
    request = RequestFactory().post("/", {"name": PATIENT})
    assert NothingTypedFilter().get_post_parameters(request)["name"] == PATIENT
