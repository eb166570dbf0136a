"""The main job as a person does it, in a real browser: log in, find, buy, check out, confirm."""

import re

import pytest
from playwright.sync_api import Page, expect

from shop.basket.models import Basket, Line
from shop.order.models import Order
from tests.factories import PASSWORD, fill_basket, make_category, make_product
from tests.journeys.steps import log_in

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def battery(people):
    return make_product("Batteries size 13", price="24.90", category=make_category("Batteries"), upc="BA-13")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_purchaser_orders_and_reads_the_confirmation(people, battery, open_page, picture, width):
    page = open_page(width=width)
    log_in(page, people.petra)
    page.goto("/search/?q=ba13")
    page.get_by_role("link", name="Batteries size 13").first.click()
    page.get_by_label(re.compile("Quantity")).first.fill("10")
    page.get_by_role("button", name=re.compile("^Buy")).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Added to basket")
    dialog.get_by_role("link", name="Go to basket").click()
    expect(page.get_by_text("SEK 249.00").or_(page.get_by_text("249.00")).first).to_be_visible()
    page.get_by_role("link", name="Go to checkout").click()
    page.get_by_label("Purchase number").fill("PO-4711")
    page.get_by_role("button", name=re.compile("Review|Next|Continue")).click()
    page.wait_for_url("**/checkout/review/")
    picture(page, "review")
    page.get_by_role("button", name="Confirm order").click()
    page.wait_for_url("**/confirmation/")
    order = Order.objects.get()
    expect(page.get_by_text(order.number).first).to_be_visible()
    expect(page.get_by_text("PO-4711").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert picture(page, "confirmation").stat().st_size > 10_000
    assert (order.user, order.clinic, order.lines.get().quantity) == (people.petra, people.north, 10)


def test_the_basket_follows_a_changed_quantity_without_a_new_page(people, battery, open_page):
    fill_basket(people.petra, people.north, battery, quantity=2)
    page = open_page()
    log_in(page, people.petra)
    page.goto("/basket/")
    page.evaluate("window.stillTheSamePage = true")
    page.get_by_label(re.compile("Quantity")).fill("5")
    page.get_by_label(re.compile("Quantity")).press("Tab")
    expect(page.locator("#basket-content")).to_contain_text("124.50")
    assert page.evaluate("window.stillTheSamePage")
    assert Line.objects.get().quantity == 5


@pytest.mark.parametrize("leave", ["button", "typing"])
def test_a_quantity_changed_on_the_way_to_the_checkout_is_not_lost(people, battery, open_page, leave):
    fill_basket(people.petra, people.north, battery, quantity=2)
    page = open_page()
    log_in(page, people.petra)
    page.goto("/basket/")
    if leave == "button":
        page.locator("button[data-step='1']").click()
    else:
        page.get_by_label(re.compile("Quantity")).fill("3")
    page.get_by_role("link", name="Go to checkout").click()
    page.wait_for_url("**/checkout/details/")
    assert Line.objects.get().quantity == 3


@pytest.mark.parametrize("typed", ["0", "", "-4"])
def test_a_quantity_that_is_none_is_said_at_the_line_and_stops_the_way_to_the_checkout(
    people, battery, open_page, typed
):
    fill_basket(people.petra, people.north, battery, quantity=2)
    page = open_page()
    log_in(page, people.petra)
    page.goto("/basket/")
    page.get_by_label(re.compile("Quantity")).fill(typed)
    page.get_by_role("link", name="Go to checkout").click()
    expect(page.get_by_text("Enter a whole number from 1 to 9999.")).to_be_visible()
    assert page.url.endswith("/basket/")
    assert Line.objects.get().quantity == 2


def test_a_removed_line_can_be_brought_back(people, battery, open_page):
    fill_basket(people.petra, people.north, battery, quantity=4)
    page = open_page()
    log_in(page, people.petra)
    page.goto("/basket/")
    page.get_by_role("button", name="Remove Batteries size 13").click()
    expect(page.get_by_text("Your basket is empty")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Batteries size 13")).to_be_visible()
    assert Line.objects.get().quantity == 4


def test_a_double_click_on_confirm_places_one_order(people, battery, open_page):
    basket = fill_basket(people.petra, people.north, battery)
    basket.delivery_address = people.north.delivery_addresses.get()
    basket.save()
    page = open_page()
    log_in(page, people.petra)
    page.goto("/checkout/review/")
    page.get_by_role("button", name="Confirm order").dblclick()
    page.wait_for_url("**/confirmation/")
    page.go_back()
    page.wait_for_url("**/confirmation/")
    expect(page.get_by_text("We have received this order already.")).to_be_visible()
    assert Order.objects.count() == 1


def test_an_order_can_be_placed_without_javascript(people, battery, open_page):
    page = open_page(java_script_enabled=False)
    log_in(page, people.petra)
    page.goto(battery.get_absolute_url())
    page.get_by_label(re.compile("Quantity")).first.fill("3")
    page.get_by_role("button", name=re.compile("^Buy")).first.click()
    page.goto("/basket/")
    page.get_by_role("link", name="Go to checkout").click()
    page.get_by_role("button", name=re.compile("Review|Next|Continue")).click()
    page.get_by_role("button", name="Confirm order").click()
    page.wait_for_url("**/confirmation/")
    assert Order.objects.get().lines.get().quantity == 3


def test_an_order_can_be_placed_with_the_keyboard_alone(people, battery, open_page):
    basket = fill_basket(people.petra, people.north, battery)
    page = open_page()
    log_in(page, people.petra)
    page.goto("/basket/")
    steps = {"Go to checkout": "details", "Review|Next|Continue": "review", "Confirm order": "confirmation"}
    for name, next_page in steps.items():
        _tab_to(page, re.compile(name))
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{next_page}/")
    assert Basket.objects.get(pk=basket.pk).status == "Submitted"


def _tab_to(page: Page, name: re.Pattern) -> None:
    for _stop in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.innerText || ''")
        if name.search(focused):
            return
    raise AssertionError(f"{name.pattern} is not reached by the Tab key")


def test_an_assistant_reads_who_approves_the_basket(people, battery, open_page):
    fill_basket(people.asta, people.north, battery)
    page = open_page(width=390)
    log_in(page, people.asta)
    page.goto("/basket/")
    text = "At Nordhear North, Olga Testsson and Petra Testsson can approve and send it."
    expect(page.get_by_text(text)).to_be_visible()
    page.get_by_role("link", name="Go to checkout").click()
    page.get_by_role("button", name=re.compile("Review|Next|Continue")).click()
    expect(page.get_by_role("button", name="Submit for approval")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm order")).to_have_count(0)


def test_a_session_that_ended_leads_back_from_a_fragment_to_the_whole_page(people, battery, open_page):
    fill_basket(people.petra, people.north, battery, quantity=2)
    page = open_page()
    log_in(page, people.petra)
    page.goto("/basket/")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label(re.compile("Quantity")).fill("5")
    page.get_by_label(re.compile("Quantity")).press("Tab")
    page.wait_for_url("**/login/?next=/basket/")
    expect(page.get_by_text("You had been logged out, so nothing was saved.")).to_be_visible()
    page.get_by_label("E-mail").fill(people.petra.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/basket/")
    assert Line.objects.get().quantity == 2


def test_the_clinic_is_switched_in_the_header(people, battery, open_page):
    page = open_page()
    log_in(page, people.olga)
    page.goto("/basket/")
    page.get_by_role("banner").get_by_text("Nordhear North").first.click()
    page.get_by_role("banner").get_by_role("button", name=re.compile("Nordhear South")).click()
    expect(page.get_by_text("You now work for Nordhear South.")).to_be_visible()
