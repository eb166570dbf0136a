"""The Swedish manual's way: click Order, choose the details, add to the basket, check and change, go to checkout."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from shop.basket.models import Line
from shop.configuration.models import EarScan
from shop.order.models import Order
from shop.patients.labels import texts
from tests.configuration.shelf import GOOD, configurations, make_aid, make_mould
from tests.configuration.test_scan_files import binary_stl
from tests.factories import make_category
from tests.journeys.steps import log_in

pytestmark = pytest.mark.usefixtures("committed_db")
BOTH_WIDTHS = pytest.mark.parametrize("width", [1280, 390])


@pytest.fixture
def aid(people):
    aid = make_aid("Auralis Mira")
    aid.categories.add(make_category("Hearing aids"))
    return aid


def settle(page: Page) -> None:
    """Until the page has answered: a second click would only take the place of the first one's question."""
    page.wait_for_timeout(60)
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


class Clicks:
    """Clicks as a person does, waits until the page has answered, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def __call__(self, target: Locator) -> None:
        self.count += 1
        target.click()
        settle(self.page)


def chip(page: Page, name: str, code: str) -> Locator:
    return page.locator(f"label:has(input[name='{name}'][value='{code}'])")


def choose(click: Callable, page: Page, prefix: str, choices: dict[str, str]) -> None:
    for code, value in choices.items():
        click(chip(page, f"{prefix}-option-{code}", value))
        expect(page.locator(f"input[name='{prefix}-option-{code}'][value='{value}']")).to_be_checked()


@BOTH_WIDTHS
def test_a_pair_of_configured_aids_is_ordered_for_a_patient(people, aid, open_page, picture, width):
    page = open_page(width=width)
    log_in(page, people.petra)
    click = Clicks(page)
    page.goto("/search/?q=mira")
    click(page.get_by_role("link", name=re.compile("^Configure")).first)
    expect(page.locator("#part-left")).to_be_hidden()
    click(page.locator("label.side-card[data-side=both]"))
    expect(page.locator("#part-right")).to_be_visible()
    choose(click, page, "left", {**GOOD, "dome-size": "dome-8"})
    click(page.get_by_role("button", name="Same as left"))
    choose(click, page, "right", {"dome-size": "dome-10"})
    page.get_by_label("Patient reference").fill("4711")
    click(page.get_by_role("button", name="Add to the basket"))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Added to basket")
    click(dialog.get_by_role("link", name="Go to basket"))
    expect(page.get_by_role("link", name=re.compile("Change configuration"))).to_have_count(2)
    assert configurations() == [
        {"side": "left", **GOOD, "dome-size": "dome-8"},
        {"side": "right", **GOOD, "dome-size": "dome-10"},
    ]
    click(page.get_by_role("link", name="Go to checkout"))
    click(page.get_by_role("button", name=re.compile("Review|Next|Continue")))
    click(page.get_by_role("button", name="Confirm order"))
    page.wait_for_url("**/confirmation/")
    order = Order.objects.get()
    patients = {line.patient for line in order.lines.all()}
    assert set(texts(patients, people.petra).values()) == {"4711"}
    assert len(patients) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture(page, "configured-order")
    print(f"\nclicks to order a pair at {width} px: {click.count}", end="")
    assert click.count <= 14


@BOTH_WIDTHS
def test_the_configuration_is_changed_in_the_basket(people, aid, open_page, picture, width):
    from shop.basket import filling

    choice = filling.Choice({"side": "left", **GOOD})
    filling.add(user=people.petra, clinic=people.north, product=aid, quantity=1, choice=choice)
    page = open_page(width=width)
    log_in(page, people.petra)
    click = Clicks(page)
    page.goto("/basket/")
    click(page.get_by_role("link", name=re.compile("Change configuration")))
    expect(page.locator("input[name='one-option-dome-size'][value='dome-8']")).to_be_checked()
    choose(click, page, "one", {"power": "power-up"})
    expect(page.get_by_text("UP is strong.").first).to_be_visible()
    choose(click, page, "one", {"dome": "dome-power"})
    expect(page.locator("input[name='one-option-dome'][value='dome-open']")).to_be_disabled()
    click(page.get_by_role("button", name="Save changes"))
    page.wait_for_url("**/basket/")
    expect(page.get_by_text("The configuration of Auralis Mira is changed.")).to_be_visible()
    assert configurations() == [{"side": "left", **GOOD, "power": "power-up", "dome": "dome-power"}]
    assert Line.objects.count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    print(f"\nclicks to change a line at {width} px: {click.count}", end="")
    assert click.count <= 4
    picture(page, "configuration-changed")


def test_without_javascript_a_pair_is_ordered_and_what_fits_is_checked(people, aid, open_page):
    page = open_page(java_script_enabled=False)
    log_in(page, people.petra)
    page.goto(f"/products/configure/{aid.pk}/")
    expect(page.locator("#part-right")).to_be_visible()
    chip(page, "side", "both").click()
    for side in ("left", "right"):
        for code, value in {**GOOD, "power": "power-up", "dome": "dome-power"}.items():
            chip(page, f"{side}-option-{code}", value).click()
    page.get_by_role("button", name="Check my choices").click()
    expect(page.locator("input[name='left-option-dome'][value='dome-open']")).to_be_disabled()
    page.get_by_role("button", name="Add to the basket").click()
    page.wait_for_url("**/basket/")
    assert [line["side"] for line in configurations()] == ["left", "right"]


def test_what_is_being_typed_survives_the_answer_to_an_earlier_choice(people, aid, open_page):
    page = open_page()
    log_in(page, people.petra)
    page.goto(f"/products/configure/{aid.pk}/")
    page.locator("label.side-card[data-side=left]").click()
    settle(page)
    page.route("**/configure/**", lambda route: (page.wait_for_timeout(600), route.continue_()))
    chip(page, "left-option-colour", "colour-beige").click()
    field = page.get_by_label("Patient reference")
    field.focus()
    page.keyboard.type("4711")
    settle(page)
    expect(page.locator(".configurator-summary")).to_contain_text("Beige")
    expect(field).to_have_value("4711")
    expect(field).to_be_focused()


def test_a_pair_can_be_configured_with_the_keyboard_alone(people, aid, open_page):
    page = open_page()
    log_in(page, people.petra)
    page.goto(f"/products/configure/{aid.pk}/")
    page.locator("#id_side_0").focus()
    page.keyboard.press("Space")
    settle(page)
    for code, value in GOOD.items():
        page.locator(f"input[name='left-option-{code}']:not(:disabled)").first.focus()
        for _press in range(6):
            if page.locator(f"input[name='left-option-{code}'][value='{value}']").is_checked():
                break
            page.keyboard.press(
                "Space" if not page.locator(f"[name='left-option-{code}']:checked").count() else "ArrowRight"
            )
            settle(page)
    page.locator("#configurator-add").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Added to basket")
    assert configurations() == [{"side": "left", **GOOD}]


@BOTH_WIDTHS
def test_a_mould_is_ordered_after_a_scan(people, open_page, picture, width):
    mould = make_mould("Earmould")
    page = open_page(width=width)
    log_in(page, people.petra)
    page.goto(f"/products/configure/{mould.pk}/")
    page.locator("label.side-card[data-side=right]").click()
    settle(page)
    scan = {"name": "Anna Andersson.stl", "mimeType": "model/stl", "buffer": binary_stl(40)}
    page.locator("#id_right-scan").set_input_files(scan)
    expect(page.get_by_text("Attached: STL")).to_be_visible()
    expect(page.get_by_text("Anna Andersson")).to_have_count(0)
    settle(page)
    page.get_by_role("button", name="Add to the basket").click()
    expect(page.get_by_role("dialog")).to_contain_text("Added to basket")
    assert Line.objects.get().ear_scan == EarScan.objects.get()
    picture(page, "mould-with-scan")
