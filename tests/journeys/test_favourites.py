"""The manual's "Mina favoriter": save from the basket and order it for somebody else; ordering an order again."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from shop.basket import filling
from shop.basket.filling import Choice
from shop.basket.models import Basket, Line
from shop.catalogue.models import AttributeOption
from shop.configuration.models import RetiredValue
from shop.favourites.models import Favourite
from tests.factories import make_product
from tests.journeys.steps import log_in
from tests.ordering.aids import make_aid, make_patient
from tests.orders.again import make_order

pytestmark = pytest.mark.usefixtures("committed_db")

BEIGE = {"side": "left", "colour": "beige"}


class Counted:
    """What a person presses and fills in, counted."""

    def __init__(self) -> None:
        self.actions = 0

    def press(self, what: Locator) -> None:
        what.click()
        self.actions += 1

    def fill(self, what: Locator, text: str) -> None:
        what.fill(text)
        self.actions += 1


def line_for(people, aid, patient: str) -> Line:
    choice = Choice(BEIGE, make_patient(people.petra, people.north, patient))
    return filling.add(user=people.petra, clinic=people.north, product=aid, quantity=1, choice=choice)


def fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 390])
def test_a_favourite_is_saved_and_ordered_again_for_another_patient_after_its_colour_was_retired(
    people, open_page, picture, width
):
    aid = make_aid()
    line_for(people, aid, "P-1")
    page, saving, ordering = open_page(width=width), Counted(), Counted()
    log_in(page, people.petra)
    page.goto("/basket/")
    saving.press(page.locator(".keep-menu summary").first)
    saving.fill(page.get_by_label("Name"), "Mild loss, left")
    fits(page, width)
    saving.press(page.get_by_role("button", name="For everybody here"))
    expect(page.locator("#messages")).to_contain_text("Mild loss, left is a favourite now")
    assert Favourite.objects.get().configuration == BEIGE

    values = {code: AttributeOption.objects.get(code=code) for code in ("beige", "silver")}
    RetiredValue.objects.create(value=values["beige"], successor=values["silver"])
    Basket.objects.open_for(people.petra, people.north).lines.all().delete()

    page.goto("/")
    ordering.press(page.locator(".favourites-menu > summary"))
    panel = page.locator(".favourites-panel")
    expect(panel).to_contain_text("Mild loss, left")
    expect(panel).to_contain_text("Beige is no longer made")
    fits(page, width)
    picture(page, "favourites-panel")
    ordering.press(panel.get_by_role("link", name=re.compile("Order it")))
    page.wait_for_url("**/products/configure/**")
    expect(page.locator("#configurator")).to_contain_text("Beige is no longer made")
    ordering.press(page.get_by_text("Choose Silver instead", exact=True))
    expect(page.locator("#configurator")).not_to_contain_text("no longer made")  # the server has checked it
    page.wait_for_timeout(200)
    ordering.fill(page.get_by_label("Patient reference"), "P-2")
    ordering.press(page.locator("#configurator-add"))
    expect(page.get_by_role("dialog")).to_contain_text("Hearing aid")
    line = Line.objects.get(basket=Basket.objects.open_for(people.petra, people.north))
    assert line.configuration == {"side": "left", "colour": "silver"}
    assert line.patient == make_patient(people.petra, people.north, "P-2")
    print(f"\nfavourite at {width}: saved in {saving.actions} actions, ordered again in {ordering.actions}")
    assert (saving.actions, ordering.actions) == (3, 5)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_favourite_is_removed_by_its_cross_and_put_back(people, open_page, picture, width):
    battery = make_product("Battery")
    before = Favourite.objects.create(clinic=people.north, product=battery, name="Size 13", private_to=people.petra)
    page = open_page(width=width)
    log_in(page, people.petra)
    page.goto("/favourites/")
    picture(page, "favourites")
    fits(page, width)
    page.get_by_role("button", name="Remove Size 13 from favourites").click()
    expect(page.get_by_text("Removed Size 13")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Size 13")).to_be_visible()
    assert Favourite.objects.get() == before
    page.get_by_role("button", name=re.compile("Order it")).click()
    expect(page.get_by_role("dialog")).to_contain_text("Added to basket")
    assert Line.objects.get().product == battery


@pytest.mark.parametrize("width", [1280, 390])
def test_an_order_is_ordered_again_from_the_list(people, open_page, picture, width):
    aid, battery = make_aid(), make_product("Battery", price="10.00", stock=100)
    patient = make_patient(people.petra, people.north, "P-1")
    make_order(people, aid, battery, choices={0: Choice(BEIGE, patient)}, quantities={1: 4})
    battery.stockrecords.update(price="12.50")
    page, counted = open_page(width=width), Counted()
    log_in(page, people.petra)
    page.goto("/orders/")
    counted.press(page.get_by_role("link", name=re.compile("Order again")))
    expect(page.get_by_text("The price has changed.")).to_be_visible()
    fits(page, width)
    picture(page, "order-again")
    assert not Line.objects.filter(basket__status="Open").exists()
    counted.press(page.get_by_label("For the same patient"))
    counted.press(page.get_by_role("button", name="Add ticked to basket"))
    page.wait_for_url("**/basket/")
    lines = Line.objects.filter(basket=Basket.objects.open_for(people.petra, people.north))
    found = {line.product.title: (line.quantity, line.configuration, line.patient) for line in lines}
    assert found == {"Battery": (4, {}, None), "Hearing aid": (1, BEIGE, patient)}
    print(f"\norder again at {width}: {counted.actions} actions from the list to the basket")
    assert counted.actions <= 4


def test_without_scripts_a_favourite_is_ordered_too(people, open_page):
    Favourite.objects.create(clinic=people.north, product=make_product("Battery"), quantity=3)
    page = open_page(java_script_enabled=False)
    log_in(page, people.petra)
    page.goto("/")
    page.locator(".favourites-menu > summary").click()
    page.get_by_role("link", name="All favourites").click()
    page.get_by_role("checkbox", name=re.compile("Battery")).check()
    page.get_by_role("button", name="Add ticked to basket").click()
    page.wait_for_url("**/basket/")
    assert Line.objects.get().quantity == 3
