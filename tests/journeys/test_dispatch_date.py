"""A dispatch date three weeks ahead, over a public holiday, as the Norwegian manual's BESTILLING tells it.

It is Monday 7 December 2026; the clinic gets its goods on Tuesdays and Thursdays, and Christmas Eve is a Thursday.
"""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from shop.dispatch.models import DispatchAgreement
from shop.order.models import Order
from tests.factories import fill_basket, make_product
from tests.journeys.steps import log_in
from tests.people import make_people

pytestmark = pytest.mark.usefixtures("committed_db")

LEAVES = "Leaves Tuesday 29 December, expected Wednesday 30 December"
EVE = "Thursday 24 December: Public holiday: Christmas Eve"
DATE = date(2026, 12, 29)


@pytest.fixture
def people(committed_db, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 7, 9, 0, tzinfo=UTC))
    people = make_people()
    DispatchAgreement.objects.create(clinic=people.north, weekdays=[2, 4])
    fill_basket(people.petra, people.north, make_product("Batteries size 13"))
    return people


def day(page: Page, text: str):
    return page.locator(f"#day-{text}")


def finish(page: Page, people) -> None:
    """From the delivery step to the order, which has the date."""
    page.get_by_role("button", name="Continue to review").last.click()
    page.wait_for_url("**/checkout/review/")
    expect(page.get_by_text("Tuesday 29 December")).to_be_visible()
    expect(page.get_by_text("Wednesday 30 December")).to_be_visible()
    page.get_by_role("button", name="Confirm order").click()
    page.wait_for_url("**/confirmation/")
    expect(page.get_by_text("29 December 2026").first).to_be_visible()
    assert Order.objects.get().dispatch_date == DATE


def test_with_the_mouse_in_five_presses_from_the_basket(people, open_page, picture):
    page = open_page()
    log_in(page, people.petra)
    page.goto("/basket/")
    page.get_by_role("link", name="Go to checkout").click()
    page.get_by_text("On a date").click()
    picture(page, "dispatch-date")
    day(page, "2026-12-29").click()
    expect(page.get_by_text(LEAVES).first).to_be_visible()
    finish(page, people)


def test_with_taps_on_a_phone(people, open_page, picture):
    page = open_page(width=390, height=844, has_touch=True, is_mobile=True)
    log_in(page, people.petra)
    page.goto("/checkout/details/")
    page.get_by_text("On a date").tap()
    day(page, "2026-12-24").tap(force=True)  # announced as disabled, and yet it says why
    expect(page.get_by_text(EVE)).to_be_visible()
    assert day(page, "2026-12-24").get_attribute("aria-pressed") is None
    sizes = [found.bounding_box() for found in page.locator(".day:visible").all()]
    assert min(min(size["width"], size["height"]) for size in sizes) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Next month").tap()
    expect(page.get_by_text("January 2027").first).to_be_visible()
    page.get_by_role("button", name="Previous month").tap()
    day(page, "2026-12-29").tap()
    expect(page.get_by_text(LEAVES).first).to_be_visible()
    picture(page, "dispatch-date")
    finish(page, people)


@pytest.mark.parametrize("width", [1280, 390])
def test_with_the_keyboard_alone(people, open_page, width):
    page = open_page(width=width)
    log_in(page, people.petra)
    page.goto("/checkout/details/")
    page.locator("[name=dispatch_choice]").first.focus()
    page.keyboard.press("ArrowDown")
    for _stop in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "day":
            break
    expect(day(page, "2026-12-08")).to_be_focused()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(day(page, "2026-12-24")).to_be_focused()
    expect(page.get_by_text(EVE)).to_be_visible()
    page.keyboard.press("Enter")
    assert page.locator("[name=dispatch_date]").input_value() == ""
    walk = {
        "End": "2026-12-27",
        "Home": "2026-12-21",
        "PageDown": "2027-01-21",
        "PageUp": "2026-12-21",
        "ArrowUp": "2026-12-14",
        "ArrowLeft": "2026-12-13",
    }
    for key, reached in walk.items():
        page.keyboard.press(key)
        expect(day(page, reached)).to_be_focused()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator("#calendar-live")).to_have_text(LEAVES)
    assert page.locator(".day[tabindex='0']").count() == 1
    finish(page, people)


def test_far_months_are_reached_and_the_chosen_date_is_kept(people, open_page):
    page = open_page()
    log_in(page, people.petra)
    page.goto("/checkout/details/")
    page.get_by_label("Reference").fill("Desk 4")
    page.get_by_text("On a date").click()
    day(page, "2026-12-29").click()
    for month in ("January", "February", "March"):
        page.get_by_role("button", name="Next month").click()
        expect(page.locator("caption").first).to_have_text(f"{month} 2027")
    expect(page.get_by_role("button", name="Next month")).to_be_focused()
    expect(page.get_by_text(LEAVES).first).to_be_visible()
    expect(page.get_by_label("Reference")).to_have_value("Desk 4")
    finish(page, people)


def test_the_enter_key_in_a_field_goes_on_instead_of_turning_the_month(people, open_page):
    page = open_page()
    log_in(page, people.petra)
    page.goto("/checkout/details/")
    page.get_by_label("Reference").press("Enter")
    page.wait_for_url("**/checkout/review/")


def test_without_scripts(people, open_page):
    page = open_page(width=390, java_script_enabled=False)
    log_in(page, people.petra)
    page.goto("/checkout/details/")
    page.get_by_label("Reference").fill("Desk 4")
    page.get_by_text("On a date").click()
    page.get_by_role("button", name="Next month").click()
    page.get_by_role("button", name="Previous month").click()
    day(page, "2026-12-24").click(force=True)
    expect(page.get_by_text(EVE)).to_be_visible()
    day(page, "2026-12-29").click()
    expect(page.get_by_text(LEAVES).first).to_be_visible()
    expect(page.get_by_label("Reference")).to_have_value("Desk 4")
    finish(page, people)


def test_the_next_date_is_taken_with_one_press(people, open_page, monkeypatch):
    """The cut-off passes while the person is at the review."""
    page = open_page()
    log_in(page, people.petra)
    page.goto("/checkout/details/")
    page.get_by_text("On a date").click()
    day(page, "2026-12-08").click()
    page.get_by_role("button", name="Continue to review").last.click()
    page.wait_for_url("**/checkout/review/")
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 8, 13, 0, 1, tzinfo=UTC))
    page.get_by_role("button", name="Confirm order").click()
    page.wait_for_url("**/checkout/details/")
    expect(page.get_by_role("alert")).to_contain_text("The next dispatch is Thursday 10 December.")
    page.get_by_role("button", name="Continue to review").last.click()
    page.wait_for_url("**/checkout/review/")
    page.get_by_role("button", name="Confirm order").click()
    page.wait_for_url("**/confirmation/")
    assert Order.objects.get().dispatch_date == date(2026, 12, 10)
