"""Every mail fits on a phone's screen, however long the names in it are."""

from datetime import date
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "emails"
PIECES = {"base", "button", "row"}
MAILS = sorted(file.stem for file in FOLDER.glob("*.html") if file.stem not in PIECES)
PERSON = "Karl-Gustav Wetterström-Silfverstolpe"
CLINIC = {"name": "Ögonsjukvårdsmottagningen Skaraborgshallen", "customer_number": "100200300"}
# All that any of them asks for: each takes its own of it.
WORDS = {
    **dict.fromkeys(("who", "person", "staff", "name"), PERSON),
    **{"clinic": CLINIC, "clinics": [CLINIC], "names": CLINIC["name"], "clinic_name": CLINIC["name"], "kind": "clinic"},
    **{"listed": [CLINIC["name"]], "role": "Huvudanvändare", "account": {"name": "Nordiska Specialistsjukvården AB"}},
    "facts": [("Account", "Nordiska Specialistsjukvården AB"), (f"Role of {PERSON} afterwards", "Purchaser")],
    "row": {"company": "Nordiska Specialistsjukvården AB", "clinic_name": CLINIC["name"], "city": "Kristinehamn"},
    **{"reason": "We know no such company.", "started": "2026-11-28 08:52", "ends": "09:22", "at": "2026-11-28 08:52"},
    "headline": f"You now have access to {CLINIC['name']}",
    "support": {"phone": "+46 10 555 01 99", "email": "customer.service@bestil.example"},
    "order": {
        "number": "100001234",
        "status_label": "Received",
        "status": "received",
        "dispatch_date": date(2026, 11, 28),
    },
    "url": "https://bestil.example/",
    **dict.fromkeys(("kept_days", "lines_count", "days", "hours"), 30),
}


@pytest.fixture
def phone(browser: Browser):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    yield page
    page.close()


def width(page: Page, mail: str, **words) -> int:
    with translation.override("sv"):
        page.set_content(render_to_string(f"emails/{mail}.html", {**WORDS, **words}))
    return page.evaluate("document.documentElement.scrollWidth")


def test_no_mail_is_wider_than_the_screen(phone):
    assert {mail: width(phone, mail) for mail in MAILS} == dict.fromkeys(MAILS, 390)


LINES = "cell => { const text = new Range(); text.selectNodeContents(cell); return text.getClientRects().length; }"


@pytest.mark.parametrize("mail", ["access_given", "access_taken"])
def test_a_clinics_name_may_be_long_beside_a_role_that_stays_whole(phone, mail):
    assert width(phone, mail, kind="changed", rows=[(CLINIC["name"], "Huvudanvändare")]) == 390
    role = phone.get_by_role("cell", name="Huvudanvändare", exact=True)
    assert role.evaluate(LINES) == 1
