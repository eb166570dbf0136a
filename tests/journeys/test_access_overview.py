"""The access overview in a browser: by keyboard, in the dialog, on a phone, without scripts."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from tests.overview.crowd import make_crowd


@pytest.fixture
def signed_in(open_page, site) -> Callable:
    """The overview as this person sees it; without the log-in form, which has journeys of its own."""

    def open_overview(user, **options) -> Page:
        client = Client()
        client.force_login(user)
        page = open_page(**options)
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}])
        page.goto("/users/access/")
        return page

    return open_overview


@pytest.mark.parametrize("width", [1280, 390])
def test_why_opens_in_the_dialog_and_the_focus_comes_back(signed_in, people, picture, width):
    page = signed_in(people.olga, width=width)
    cell = page.locator("tr", has_text="Asta Testsson").locator("td a").first
    cell.click()
    dialog = page.locator("#dialog[open]")
    expect(dialog.get_by_role("heading", name="Access explained")).to_be_visible()
    expect(dialog).to_contain_text("Nobody with the role “Assistant” can have it.")
    picture(page, "access-explained")
    page.keyboard.press("Escape")
    expect(cell).to_be_focused()


def test_arrow_keys_walk_the_cells_and_tab_leaves_them(signed_in, people):
    page = signed_in(people.olga)
    first = page.locator("tbody tr").first.locator("td a")
    first.first.focus()
    page.keyboard.press("ArrowRight")
    expect(first.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("tbody tr").nth(1).locator("td a").nth(1)).to_be_focused()
    page.keyboard.press("Control+Home")
    expect(first.first).to_be_focused()
    assert page.locator("td a[tabindex='0']").count() == 1


def test_a_person_is_found_while_typing(signed_in, people):
    page = signed_in(people.olga)
    page.get_by_label("Find a person").fill("asta")
    expect(page.locator("tbody tr:visible")).to_have_count(1)
    expect(page.locator("#matrix-count")).to_have_text("1 of 3 people")
    page.get_by_label("Find a person").fill("")
    expect(page.locator("tbody tr:visible")).to_have_count(3)


def reach_a_cell(page: Page) -> Locator:
    """By the Tab key, from the search field on."""
    page.get_by_label("Find a person").focus()
    for _stop in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('td > a')"):
            return page.locator("td a:focus")
    raise AssertionError("no cell is reached by Tab")


def test_who_is_filtered_away_holds_no_stop(signed_in, people):
    page = signed_in(people.olga)
    page.get_by_label("Find a person").fill("petra")
    expect(page.locator("tbody tr:visible")).to_have_count(1)
    cell = reach_a_cell(page)
    expect(page.locator("tr", has=cell)).to_contain_text("Petra Testsson")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+End")
    expect(page.locator("tr", has=page.locator("td a:focus"))).to_contain_text("Petra Testsson")
    assert page.locator("td a[tabindex='0']").count() == 1


def test_on_a_phone_each_cell_that_is_seen_is_a_stop(signed_in, people):
    north = people.north
    north.name = "Zealand"  # the first column is South, where Asta has nothing
    north.save()
    page = signed_in(people.olga, width=390)
    cell = page.locator("tr", has_text="Asta Testsson").locator("td a:visible")
    expect(reach_a_cell(page)).to_be_visible()
    expect(page.locator("tbody td a").first).to_be_hidden()
    stops = page.locator("td a:visible")
    assert page.locator("td a[tabindex='0']:visible").count() == stops.count() > 1
    expect(cell).to_be_focused()
    page.keyboard.press("ArrowLeft")  # nothing is seen there
    expect(cell).to_be_focused()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.locator("td a[tabindex='0']")).to_have_count(1)


def test_what_is_typed_holds_for_the_file_too(signed_in, people):
    page = signed_in(people.olga)
    page.get_by_label("Find a person").fill("asta")
    with page.expect_download() as download:
        page.get_by_role("link", name="To Excel").click()
    rows = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))["Access overview"].values
    assert [row[0] for row in rows] == ["Name", "Asta Testsson"]
    assert "asta" not in page.url
    expect(page.get_by_label("Find a person")).to_have_value("asta")


def test_what_is_typed_holds_for_the_paper_too(signed_in, people):
    page = signed_in(people.olga)
    page.context.add_init_script("window.print = () => { document.documentElement.dataset.printed = 'yes'; }")
    page.reload()
    page.get_by_label("Find a person").fill("asta")
    page.get_by_role("button", name="Print").click()
    expect(page.locator("html[data-printed]")).to_have_count(1)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator(".print-head")).to_contain_text("Find a person: asta")
    page.get_by_label("Find a person").fill("")  # and everybody again
    page.get_by_role("button", name="Print").click()
    expect(page.locator("tbody tr")).to_have_count(3)


def test_without_scripts_everything_is_reached(signed_in, people):
    page = signed_in(people.olga, java_script_enabled=False)
    page.get_by_label("Find a person").fill("asta")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "asta" not in page.url
    page.locator("td a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Access explained")


def test_heads_stay_in_sight_and_only_the_box_scrolls(signed_in, people, picture):
    crowd = make_crowd("Chain", clinics=50, people=200, each=7)
    page = signed_in(crowd.main_user)
    box = page.locator(".matrix-box")
    box.evaluate("box => box.scrollTo(3000, 4000)")
    place = box.bounding_box()
    head, name = page.locator("thead th").first.bounding_box(), page.locator("tbody th").nth(90).bounding_box()
    assert place and head and name
    assert (abs(head["x"] - place["x"]) < 2, abs(head["y"] - place["y"]) < 2) == (True, True)
    assert abs(name["x"] - place["x"]) < 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, "access-overview")


@pytest.mark.parametrize("query", ["", "?show=ordering"])
def test_on_a_phone_each_person_is_a_card(signed_in, people, query):
    page = signed_in(people.olga, width=390)
    page.goto(f"/users/access/{query}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    card = page.locator("tr", has_text="Asta Testsson")
    expect(card).to_contain_text("Ordering" if not query else "Prepares only")
    expect(card.locator("td:visible")).to_have_count(1)


def test_it_is_printed_on_a4_across(signed_in, people):
    page = signed_in(people.olga)
    page.emulate_media(media="print")
    assert b"/MediaBox [0 0 841" in page.pdf(prefer_css_page_size=True)
    expect(page.get_by_role("button", name="Find", exact=True)).to_be_hidden()
