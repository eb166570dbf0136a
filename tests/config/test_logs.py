"""Who ordered what for whom stays in the database: logs and reports of faults name nobody."""

import logging

import pytest
from django.core import mail
from django.test import Client, RequestFactory
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from permissions.log_in import passwords
from permissions.log_in.passwords import LogInForm
from shop.order.models import Order
from tests.factories import PASSWORD, make_product

SECRET = "Tr0ub4dor&3-in-the-clear"
DELIVERY = {"purchase_number": "PO-4711-XYZ", "reference": "Desk of Karin", "dispatch_choice": "agreed"}


@pytest.fixture
def everything(caplog) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.INFO, logger="django_tasks")  # kept quiet by the settings; whoever turns it up sees this
    return caplog


def said(caplog: pytest.LogCaptureFixture) -> str:
    """All that was logged from INFO up, whole: text, arguments, tracebacks and extras."""
    formatter = logging.Formatter()
    records = [record for record in caplog.records if record.levelno >= logging.INFO]
    return "\n".join(f"{formatter.format(record)} {vars(record)}" for record in records)


def order(client: Client, people, product) -> Order:
    """From the log-in to the confirmation, with some of what goes wrong on the way."""
    client.post("/login/", {"username": "Petra@Example.com", "password": "wrong"})
    client.post("/login/", {"username": "petra@example.com", "password": PASSWORD})
    client.get("/search/", {"q": "Karin"})
    client.post(f"/basket/add/{product.pk}/", {"quantity": 2})
    client.post(f"/basket/add/{product.pk}/", {"quantity": "x"})
    address = people.north.delivery_addresses.get()
    client.post("/checkout/details/", {**DELIVERY, "delivery_address": 0})
    client.post("/checkout/details/", {**DELIVERY, "delivery_address": address.pk})
    review = client.get("/checkout/review/")
    posted = {"basket": review.context["basket"].pk, "fingerprint": review.context["fingerprint"]}
    client.post("/checkout/confirm/", {**posted, "fingerprint": "stale"})
    client.post("/checkout/confirm/", posted)
    client.post("/checkout/confirm/", posted)
    placed = Order.objects.get()
    client.get(f"{placed.get_absolute_url()}confirmation/")
    client.get("/orders/")
    client.post("/logout/")
    return placed


def test_a_whole_order_is_logged_without_naming_anybody(client, people, everything):
    people.north.delivery_addresses.update(line1="Hemliga gatan 17", line4="Umeåby", last_name="Karin Mottagare")
    placed = order(client, people, make_product("Batteries size 13"))
    logged = said(everything)
    assert "deliver_due_mail" in logged  # what is written down is seen here
    for secret in (
        "petra@example.com",
        "Petra@Example.com",
        people.petra.get_full_name(),
        "Testsson",
        people.north.name,
        DELIVERY["purchase_number"],
        DELIVERY["reference"],
        "Karin",
        "Hemliga gatan",
        "Umeåby",
        placed.number,
        PASSWORD,
        "Batteries size 13",
    ):
        assert secret not in logged, secret


def test_five_wrong_passwords_and_a_forgotten_one_name_nobody(client, people, everything):
    for _time in range(6):
        client.post("/login/", {"username": "petra@example.com", "password": SECRET})
    client.post("/password/forgotten/", {"email": "petra@example.com"})
    client.post("/password/forgotten/", {"email": "nobody@example.com"})
    assert len(mail.outbox) == 2
    logged = said(everything)
    for secret in ("petra@example.com", "nobody@example.com", SECRET):
        assert secret not in logged, secret


@pytest.mark.logs_errors
def test_a_mail_server_that_is_down_is_logged_without_the_mail(client, people, everything, settings):
    settings.OUTBOX_TRANSPORT = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": 9,
    }
    client.post("/password/forgotten/", {"email": "petra@example.com"})
    logged = said(everything)
    assert "ConnectionRefusedError" in logged
    assert "petra@example.com" not in logged
    assert "/password/new/" not in logged


# --- Reports of faults ------------------------------------------------------------------------------------------


class Broken(Exception):
    """What happens in the middle of a view that holds a secret."""


def breaks(*args, **kwargs):
    raise Broken


def reports(caplog: pytest.LogCaptureFixture) -> str:
    """What Django would send to whoever looks after the server: as text, and as a page with every local variable."""
    faults = [record for record in caplog.records if record.exc_info and hasattr(record, "request")]
    reporters = [ExceptionReporter(fault.request, *fault.exc_info, is_email=True) for fault in faults]
    assert reporters
    return "".join(reporter.get_traceback_text() + reporter.get_traceback_html() for reporter in reporters)


@pytest.fixture
def unlucky() -> Client:
    return Client(raise_request_exception=False)


def test_the_filter_of_reports_is_on():
    assert SafeExceptionReporterFilter().is_active(RequestFactory().get("/"))


@pytest.mark.parametrize("where", ["clean", "confirm_login_allowed", "get_user"])
@pytest.mark.logs_errors
def test_a_fault_at_log_in_is_reported_without_the_password(unlucky, people, monkeypatch, everything, where):
    monkeypatch.setattr(LogInForm, where, breaks)
    answer = unlucky.post("/login/", {"username": "petra@example.com", "password": PASSWORD})
    assert answer.status_code == 500
    for text in (said(everything), reports(everything), answer.content.decode()):
        assert PASSWORD not in text
    assert "Broken" in reports(everything)


@pytest.mark.logs_errors
def test_a_fault_at_a_new_password_is_reported_without_it(unlucky, people, monkeypatch, everything):
    monkeypatch.setattr(passwords, "_save", breaks)
    unlucky.post("/password/forgotten/", {"email": "petra@example.com"})
    link = mail.outbox[-1].body.split("/password/new/")[1].split()[0]
    form = unlucky.get(f"/password/new/{link}", follow=True)
    unlucky.post(form.redirect_chain[-1][0], {"new_password1": SECRET, "new_password2": SECRET})
    assert "Broken" in reports(everything)
    assert SECRET not in reports(everything)
    assert SECRET not in said(everything)


@pytest.mark.logs_errors
def test_a_fault_at_a_changed_password_is_reported_without_it(unlucky, people, monkeypatch, everything):
    monkeypatch.setattr(passwords, "_save", breaks)
    unlucky.force_login(people.petra)
    form = {"old_password": PASSWORD, "new_password1": SECRET, "new_password2": SECRET}
    unlucky.post("/password/change/", form)
    assert "Broken" in reports(everything)
    for secret in (SECRET, PASSWORD):
        assert secret not in reports(everything)


@pytest.mark.logs_errors
def test_the_page_for_a_fault_tells_nothing_about_it(people, monkeypatch, settings):
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    monkeypatch.setattr("shop.order.views.Paginator", breaks)
    client = Client(raise_request_exception=False)
    client.force_login(people.petra)
    answer = client.get("/orders/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "The fault is ours" in page
    assert "Broken" not in page
    assert "Traceback" not in page
