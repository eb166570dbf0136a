"""From a stranger's request to the first log-in, as people do it in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from outbox.models import OutgoingMail
from permissions.models import Account, AccountRequest, Membership
from tests.factories import PASSWORD
from tests.journeys.steps import wait_until_logged_in
from tests.requests.requesting import EMAIL, TYPED, clerk

pytestmark = pytest.mark.usefixtures("committed_db")
WIDTHS = pytest.mark.parametrize("width", [1280, 390])
QUEUE = "/backoffice/requests/"
NEW_PASSWORD = "a kettle, a window, a tram"
LABELS = {
    "Company": "company",
    "Organisation number": "organisation_number",
    "Name of the clinic": "clinic_name",
    "Street and number": "line1",
    "Postcode": "postcode",
    "Town": "city",
    "First name": "first_name",
    "Last name": "last_name",
    "E-mail": "email",
    "Phone": "phone_number",
    "Message": "message",
}


def ask_for_an_account(page: Page, **more: str) -> None:
    page.goto("/login/")
    page.get_by_role("link", name="Request an account").click()
    page.get_by_label("Sweden").check()
    for label, name in LABELS.items():
        page.get_by_label(label, exact=name != "message").fill({**TYPED, **more}[name])
    page.get_by_role("button", name="Send the request").click()


def approve(page: Page) -> None:
    page.goto(QUEUE)
    page.get_by_role("link", name="Öronhjälpen AB").click()
    page.get_by_role("link", name="Approve …").click()
    page.get_by_label("Customer number").first.fill("30010")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved. Who needs to know gets a mail.")).to_be_visible()


def link_in(mail: OutgoingMail) -> str:
    return re.search(r"https?://[^/\s]+(/invitations/\S+)", mail.text)[1]


@WIDTHS
def test_from_the_request_to_the_first_log_in(people, open_page, picture, width):
    stranger = open_page(width=width)
    ask_for_an_account(stranger)
    expect(stranger.get_by_role("heading", name="Thank you for your request")).to_be_visible()
    receipt = OutgoingMail.objects.get(to=[EMAIL])
    assert receipt.subject == "We have received your request"

    service = open_page()
    log_in(service, clerk(people.stella), QUEUE)
    approve(service)
    picture(service, "request-approved")

    invitation = OutgoingMail.objects.filter(to=[EMAIL]).exclude(pk=receipt.pk).get()
    stranger.goto(link_in(invitation))
    for field in stranger.locator("input[type=password]").all():
        field.fill(NEW_PASSWORD)
    picture(stranger, "request-activated")
    stranger.locator("main form button[type=submit]").first.click()
    expect(stranger.get_by_text("Öronhjälpen Luleå").first).to_be_visible()
    account = Account.objects.get(organisation_number="5566778899")
    assert (account.owner.email, Membership.objects.get(clinic__account=account).role) == (EMAIL, "main_user")

    later = open_page(width=width)
    later.goto("/login/")
    later.get_by_label("E-mail").fill(EMAIL)
    later.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
    later.get_by_role("button", name="Log in", exact=True).click()
    wait_until_logged_in(later)
    expect(later.get_by_text("30010").first).to_be_visible()


def log_in(page: Page, user, path: str) -> None:
    page.goto(f"/login/?next={path}")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(f"**{path}")


@WIDTHS
def test_the_form_fits_and_its_trap_is_nowhere_to_be_seen(people, open_page, picture, width):
    page = open_page(width=width)
    page.goto("/register/")
    expect(page.locator("[name=homepage]")).to_be_hidden()
    assert "Leave this empty" not in page.locator("main").aria_snapshot()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture(page, "registration")


def test_an_error_of_the_postcode_covers_nothing_on_a_narrow_screen(people, browser, site, picture):
    """In Norwegian, where its words are long. A page of its own: a form that is refused stands in the console."""
    context = browser.new_context(base_url=site.url, viewport={"width": 390, "height": 900}, locale="nb-NO")
    page = context.new_page()
    page.goto("/register/")
    page.locator("[name=country][value=NO]").check()
    for name, text in {**TYPED, "postcode": "x"}.items():
        if name != "country":
            page.locator(f"[name={name}]").fill(text)
    with page.expect_navigation():
        page.evaluate("document.querySelector('form[data-once]').submit()")
    postcode, town = (page.locator(f"[name={name}]").bounding_box() for name in ("postcode", "city"))
    assert page.locator("#id_postcode_error").is_visible()
    assert postcode["x"] + postcode["width"] <= town["x"] or postcode["y"] + postcode["height"] <= town["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "registration-error")
    context.close()


def test_it_works_without_javascript(people, open_page):
    page = open_page(java_script_enabled=False)
    ask_for_an_account(page)
    expect(page.get_by_role("heading", name="Thank you for your request")).to_be_visible()
    assert AccountRequest.objects.get().company == "Öronhjälpen AB"


@WIDTHS
def test_a_main_user_asks_for_a_clinic_and_works_for_it_once_it_is_approved(people, open_page, picture, width):
    olga = open_page(width=width)
    log_in(olga, people.olga, "/clinics/new/")
    for label, text in {
        "Name of the clinic": "Nordhear West",
        "Street and number": "Västgatan 1",
        "Postcode": "411 20",
        "Town": "Göteborg",
        "Phone": "070-174 06 05",
    }.items():
        olga.get_by_label(label, exact=True).fill(text)
    olga.get_by_role("button", name="Send the request").click()
    expect(olga.get_by_text("Customer service has your request.")).to_be_visible()
    picture(olga, "clinic-asked-for")

    service = open_page()
    log_in(service, clerk(people.stella), QUEUE)
    service.get_by_role("link", name="Nordhear AB").click()
    service.get_by_role("link", name="Approve …").click()
    service.get_by_label("Customer number").first.fill("10030")
    service.get_by_role("button", name="Approve").click()
    expect(service.get_by_text("Approved. Who needs to know gets a mail.")).to_be_visible()

    olga.goto("/clinics/new/")
    expect(olga.get_by_text("Customer number 10030")).to_be_visible()
    assert Membership.objects.filter(user=people.olga, clinic__customer_number="10030", role="main_user").exists()
