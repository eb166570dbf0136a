"""Approval as people do it, in a real browser: submit, look, change, approve; return, correct, submit again."""

import re

import pytest
from playwright.sync_api import Page, expect

from outbox.models import OutgoingMail
from shop.approvals.models import ApprovalStep
from shop.basket.models import Basket
from shop.order.models import Order
from tests.approvals.submissions import submitted
from tests.factories import PASSWORD, fill_basket, make_category, make_product

pytestmark = pytest.mark.usefixtures("committed_db")
WIDTHS = pytest.mark.parametrize("width", [1280, 390])


@pytest.fixture
def battery(people):
    return make_product("Batteries size 13", price="24.90", category=make_category("Batteries"), upc="BA-13")


class Person:
    """Somebody at a browser, whose presses are counted."""

    def __init__(self, page: Page, user) -> None:
        self.page, self.presses = page, 0
        self._log_in(user)

    def _log_in(self, user, path: str = "/login/") -> None:
        self.page.goto(path)
        self.page.get_by_label("E-mail").fill(user.email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Log in", exact=True).click()
        self.page.wait_for_url(re.compile(r"^(?!.*/login/).*$"))

    def press(self, name: str | re.Pattern, role: str = "button") -> None:
        self.presses += 1
        self.page.get_by_role(role, name=name).first.click()

    def unfold(self, words: str) -> None:
        self.presses += 1
        self.page.locator("summary", has_text=words).click()

    def fits(self, width: int) -> None:
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width


def submit_from_the_basket(asta: Person, comment: str) -> None:
    asta.page.goto("/basket/")
    asta.press("Go to checkout", role="link")
    asta.press(re.compile("Review|Next|Continue"))
    asta.page.wait_for_url("**/checkout/review/")
    asta.page.get_by_label("Comment to the approver").fill(comment)
    asta.press("Submit for approval")
    expect(asta.page.get_by_text("Submitted. Olga Testsson get a mail")).to_be_visible()


@WIDTHS
def test_an_assistant_submits_and_the_main_user_changes_a_quantity_and_approves(
    people, battery, open_page, picture, width
):
    fill_basket(people.asta, people.north, battery, quantity=20)
    asta = Person(open_page(width=width), people.asta)
    submit_from_the_basket(asta, "We are nearly out of them")
    asta.fits(width)
    assert Basket.objects.get().status == "Waiting"
    assert OutgoingMail.objects.get().to == ["olga@example.com"]

    olga = Person(open_page(width=width), people.olga)
    olga.page.goto("/orders/")
    olga.press(re.compile("Approvals.*1 basket waits for you"), role="link")
    olga.press("Look at it", role="link")
    expect(olga.page.get_by_text("We are nearly out of them").first).to_be_visible()
    olga.fits(width)
    olga.page.get_by_label(re.compile("Quantity")).fill("10")
    olga.page.get_by_label(re.compile("Quantity")).press("Tab")
    expect(olga.page.get_by_text("quantity 20 → 10").first).to_be_visible()
    picture(olga.page, "approval")
    olga.press("Approve and send")
    olga.page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}/$"))
    order = Order.objects.get()
    assert (order.user, order.approved_by, order.lines.get().quantity) == (people.asta, people.olga, 10)

    asta.page.goto("/orders/approvals/")
    expect(asta.page.get_by_text("Approved and sent")).to_be_visible()
    asta.page.locator(".approval-card h3 a").click()
    expect(asta.page.get_by_text("quantity 20 → 10").first).to_be_visible()
    picture(asta.page, "approval-history")
    print(f"\npresses  assistant {asta.presses}, main user {olga.presses}")


@WIDTHS
def test_a_returned_basket_is_corrected_submitted_again_and_approved(people, battery, open_page, picture, width):
    fill_basket(people.asta, people.north, battery, quantity=20)
    asta = Person(open_page(width=width), people.asta)
    submit_from_the_basket(asta, "")
    olga = Person(open_page(width=width), people.olga)
    link = OutgoingMail.objects.get().text.split("http")[1].split()[0].split("/orders")[1]
    olga.page.goto("/orders" + link)
    olga.unfold("Return with a comment")
    olga.page.get_by_label("Comment").fill("Half of it is enough")
    olga.press("Return the basket")
    olga.page.wait_for_url("**/orders/approvals/")

    asta.page.goto("/orders/approvals/")
    expect(asta.page.get_by_text("Half of it is enough")).to_be_visible()
    picture(asta.page, "approval-returned")
    asta.page.locator(".approval-card h3 a").click()
    asta.press("Correct and submit again")
    asta.page.wait_for_url("**/basket/")
    asta.page.get_by_label(re.compile("Quantity")).fill("10")
    asta.page.get_by_label(re.compile("Quantity")).press("Tab")
    expect(asta.page.locator("#basket-content")).to_contain_text("249.00")
    submit_from_the_basket(asta, "Now half of it")

    olga.page.goto("/orders" + link)
    expect(olga.page.get_by_text("quantity 20 → 10").first).to_be_visible()
    olga.press("Approve and send")
    olga.page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}/$"))
    assert Order.objects.get().lines.get().quantity == 10
    assert list(ApprovalStep.objects.values_list("action", flat=True)) == [
        *("submitted", "returned", "submitted", "approved"),
    ]


@WIDTHS
def test_from_the_mail_to_an_approved_order_is_one_press_after_the_log_in(people, battery, open_page, width):
    submitted(people.asta, people.north, battery)
    text = OutgoingMail.objects.get().text
    path = re.search(r"/orders/approvals/[0-9a-f-]{36}/", text).group()
    page = open_page(width=width)
    page.goto(path)
    page.get_by_label("E-mail").fill(people.olga.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(f"**{path}")
    page.get_by_role("button", name="Approve and send").click()
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}/$"))
    assert Order.objects.get().approved_by == people.olga


def test_it_all_works_without_javascript(people, battery, open_page):
    basket = submitted(people.asta, people.north, battery, quantity=4)
    olga = Person(open_page(java_script_enabled=False), people.olga)
    olga.page.goto(f"/orders/approvals/{basket.public_id}/")
    olga.page.get_by_label(re.compile("Quantity")).fill("3")
    olga.press("Update")
    expect(olga.page.get_by_text("quantity 4 → 3").first).to_be_visible()
    olga.press("Approve and send")
    assert Order.objects.get().lines.get().quantity == 3


def test_a_quantity_typed_just_before_the_press_is_shown_before_anything_is_sent(people, battery, open_page):
    basket = submitted(people.asta, people.north, battery, quantity=4)
    olga = Person(open_page(), people.olga)
    olga.page.goto(f"/orders/approvals/{basket.public_id}/")
    olga.page.get_by_label(re.compile("Quantity")).fill("3")
    olga.press("Approve and send")
    expect(olga.page.get_by_text("Check the sum, then press again")).to_be_visible()
    expect(olga.page.get_by_role("button", name="Approve and send")).to_be_focused()
    expect(olga.page.get_by_role("complementary")).to_contain_text("74.70")
    assert not Order.objects.exists()
    olga.press("Approve and send")
    olga.page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}/$"))
    assert Order.objects.get().lines.get().quantity == 3


def test_after_a_line_is_removed_the_focus_is_not_lost(people, battery, open_page):
    basket = submitted(people.asta, people.north, battery, make_product("Tubes"))
    olga = Person(open_page(), people.olga)
    olga.page.goto(f"/orders/approvals/{basket.public_id}/")
    olga.press("Remove Tubes")
    expect(olga.page.get_by_text("Removed: Tubes").first).to_be_visible()
    olga.page.wait_for_function("document.activeElement.tagName === 'H2'")


def test_several_are_ticked_and_approved_at_once(people, battery, open_page, picture):
    for _each in range(3):
        submitted(people.asta, people.north, battery)
    olga = Person(open_page(width=390), people.olga)
    olga.page.goto("/orders/approvals/")
    for box in olga.page.get_by_role("checkbox").all()[:2]:
        box.check()
    olga.press("Approve the ticked ones")
    expect(olga.page.get_by_text("Approved, the basket of Asta Testsson")).to_have_count(2)
    picture(olga.page, "approval-list")
    assert Order.objects.count() == 2
