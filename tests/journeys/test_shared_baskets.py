"""The manual's "Mine ordre": the day shift begins a basket, the evening shift sends it. Two real browsers at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from shop.basket.models import Basket, Line
from shop.order.models import Order
from tests.factories import fill_basket, make_category, make_product
from tests.journeys.steps import log_in

pytestmark = pytest.mark.usefixtures("committed_db")
# The page asks every 8 seconds.
SOON = 20_000


@pytest.fixture
def goods(people):
    shelf = make_category("Batteries")
    return {
        name: make_product(name, price="10.00", category=shelf, upc=upc)
        for name, upc in (("Batteries size 13", "BA-13"), ("Domes", "DO-1"), ("Filters", "FI-1"))
    }


class Clicks:
    """What a person presses and types, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def click(self, locator) -> None:
        locator.click()
        self.count += 1

    def fill(self, locator, text: str) -> None:
        locator.fill(text)
        self.count += 1


def snap(picture, page: Page, name: str) -> None:
    """Playwright leaves empty style attributes behind, which the next swap may not copy (the pages' CSP)."""
    picture(page, name)
    page.evaluate("document.querySelectorAll('[style]').forEach((element) => element.removeAttribute('style'))")


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_day_shift_begins_and_the_evening_shift_sends(people, goods, open_page, picture, width):
    day, evening = open_page(width=width), open_page(width=width)
    log_in(day, people.asta)
    begun = Clicks(day)
    day.goto("/search/?q=ba13")
    begun.click(day.get_by_role("button", name=re.compile("^Buy")).first)
    begun.click(day.get_by_role("dialog").get_by_role("link", name="Go to basket"))
    begun.click(day.get_by_text("Save as open"))
    begun.fill(day.get_by_label("Title"), "Week 48")
    snap(picture, day, "shared-saving")
    begun.click(day.get_by_role("button", name="Save and begin a new basket"))
    expect(day.get_by_role("link", name="Week 48").first).to_be_visible()
    snap(picture, day, "shared-list")
    assert fits(day)

    log_in(evening, people.petra)
    sent = Clicks(evening)
    if width < 600:
        sent.click(evening.get_by_label("Menu", exact=True))
    sent.click(evening.get_by_role("banner").get_by_role("link", name="My orders").locator("visible=true"))
    sent.click(evening.get_by_role("link", name=re.compile("All open baskets")))
    sent.click(evening.get_by_role("button", name=re.compile("^Continue ?: Week 48")))
    expect(evening.get_by_text("Added by Asta")).to_be_visible()
    snap(picture, evening, "shared-continued")
    assert fits(evening)
    sent.click(evening.get_by_role("link", name="Go to checkout"))
    sent.click(evening.get_by_role("button", name=re.compile("Review|Next|Continue")))
    evening.wait_for_url("**/checkout/review/")
    sent.click(evening.get_by_role("button", name="Confirm order"))
    evening.wait_for_url("**/confirmation/")
    order = Order.objects.get()
    assert (order.user, order.lines.get().title) == (people.petra, "Batteries size 13")
    print(f"\nclicks and fields at {width} px: day shift {begun.count}, evening shift {sent.count}", end="")


@pytest.mark.parametrize("width", [1280, 390])
def test_both_see_each_others_lines_without_reloading_and_who_is_about_to_send(
    people, goods, open_page, picture, width
):
    basket = fill_basket(people.asta, people.north, goods["Domes"], quantity=2)
    first, second = open_page(width=width), open_page(width=width)
    log_in(first, people.asta)
    log_in(second, people.petra)
    second.goto(f"/basket/{basket.public_id}/")
    second.get_by_role("button", name=re.compile("^Continue")).click()
    first.goto("/basket/")
    first.evaluate("window.stillTheSamePage = true")
    expect(first.get_by_text("Petra fills this basket too")).to_be_visible()

    second.goto("/search/?q=filters")
    second.get_by_role("button", name=re.compile("^Buy")).first.click()
    expect(second.get_by_role("dialog")).to_contain_text("Added to basket")
    expect(first.get_by_role("link", name="Filters")).to_be_visible(timeout=SOON)
    expect(first.get_by_text("Added by Petra")).to_be_visible()
    expect(first.locator("#basket-live")).to_contain_text("A colleague has changed this basket.")
    expect(first.locator("#basket-count")).to_contain_text("2")
    snap(picture, first, "shared-live")

    second.goto("/checkout/")
    second.get_by_role("button", name=re.compile("Review|Next|Continue")).click()
    second.wait_for_url("**/checkout/review/")
    expect(first.get_by_text("Petra is about to send this basket.")).to_be_visible(timeout=SOON)
    snap(picture, first, "shared-about-to-send")

    first.get_by_label("Quantity: Domes").fill("5")
    first.get_by_label("Quantity: Domes").press("Tab")
    expect(second.get_by_text("Review it again before you send it.")).to_be_visible(timeout=SOON)
    snap(picture, second, "shared-review-changed")
    second.get_by_role("link", name="Show", exact=True).click()
    second.get_by_role("button", name="Confirm order").click()
    second.wait_for_url("**/confirmation/")
    expect(first.get_by_text("Petra has sent “Basket of Asta")).to_be_visible(timeout=SOON)
    expect(first.get_by_role("link", name=re.compile("See order"))).to_be_visible()
    snap(picture, first, "shared-sent")
    assert first.evaluate("window.stillTheSamePage")
    assert sorted(Order.objects.get().lines.values_list("title", "quantity")) == [("Domes", 5), ("Filters", 1)]


def test_what_is_being_typed_is_never_overwritten(people, goods, open_page):
    from shop.basket import filling

    basket = fill_basket(people.petra, people.north, goods["Domes"])
    page = open_page()
    log_in(page, people.petra)
    page.goto("/basket/")
    page.locator("#basket-note").click()
    page.get_by_label("Note to colleagues").first.fill("Half a sentence")
    filling.add(user=people.asta, clinic=people.north, product=goods["Filters"], quantity=1, basket_id=basket.pk)
    notice = page.locator("#live-notice").get_by_text("A colleague has changed this basket.")
    expect(notice).to_be_visible(timeout=SOON)
    assert page.get_by_label("Note to colleagues").first.input_value() == "Half a sentence"
    expect(page.get_by_role("link", name="Filters")).to_have_count(0)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("link", name="Filters")).to_be_visible()
    expect(notice).to_have_count(0)


def test_a_hidden_page_asks_nothing(people, goods, open_page):
    fill_basket(people.petra, people.north, goods["Domes"])
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/basket/live/" in request.url else None)
    page.clock.install()
    log_in(page, people.petra)
    page.goto("/basket/")
    page.clock.run_for(20_000)
    assert len(asked) == 2
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.clock.run_for(60_000)
    assert len(asked) == 2
    page.evaluate("Object.defineProperty(document, 'hidden', { value: false, configurable: true })")
    page.clock.run_for(31 * 60_000)
    before = len(asked)
    page.clock.run_for(5 * 60_000)
    assert len(asked) == before  # nobody has touched the page for half an hour
    page.mouse.move(50, 50)
    page.clock.run_for(10_000)
    assert len(asked) > before


def test_two_baskets_are_merged_and_a_discarded_one_is_brought_back_without_javascript(
    people, goods, open_page, picture
):
    page = open_page(java_script_enabled=False)
    fill_basket(people.olga, people.north, goods["Domes"], goods["Filters"], quantity=3)
    fill_basket(people.petra, people.north, goods["Domes"], quantity=2)
    log_in(page, people.petra)
    page.goto("/orders/open/")
    page.get_by_role("link", name=re.compile("^Merge into mine ?: Basket of Olga")).click()
    expect(page.get_by_text("2 + 3 = 5")).to_be_visible()
    picture(page, "shared-merge")
    page.get_by_role("button", name="Merge the baskets").click()
    expect(page.get_by_text("is now part of")).to_be_visible()
    assert sorted(Line.objects.values_list("product__title", "quantity")) == [("Domes", 5), ("Filters", 3)]
    page.get_by_role("button", name=re.compile("^Discard")).click()
    page.get_by_role("button", name=re.compile("^Bring back")).click()
    expect(page.get_by_text("is open again.")).to_be_visible()
    assert Basket.objects.get(owner=people.petra).status == "Open"


def test_a_removed_line_with_a_note_comes_back_with_it(people, goods, open_page):
    fill_basket(people.petra, people.north, goods["Domes"])
    page = open_page()
    log_in(page, people.petra)
    page.goto("/basket/")
    page.locator(".basket-line").get_by_text("Note", exact=True).click()
    page.locator(".basket-line").get_by_label("Note to colleagues").fill("For room 2")
    page.locator(".basket-line").get_by_role("button", name="Save the note").click()
    expect(page.locator(".basket-line").get_by_text("For room 2")).to_be_visible()
    page.get_by_role("button", name="Remove Domes").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".basket-line").get_by_text("For room 2")).to_be_visible()
