"""A browser that stands open on a page when its person loses their access."""

import re

import pytest
from playwright.sync_api import expect

from permissions.services import block, set_inactive
from tests.factories import fill_basket, make_product
from tests.journeys.steps import log_in

LOG_IN = re.compile(r"/login/\?next=")


@pytest.mark.parametrize("loss", ["blocked", "inactive"])
def test_the_next_click_gets_nothing_and_the_way_back_neither(people, open_page, loss):
    fill_basket(people.petra, people.north, make_product("Batteries size 13"), quantity=3)
    page = open_page()
    log_in(page, people.petra)
    page.goto("/basket/")
    expect(page.get_by_text("Batteries size 13").first).to_be_visible()
    if loss == "blocked":
        block(user=people.petra, by=people.stella, reason="left")
    else:
        set_inactive(user=people.petra, clinics=[people.north])
    page.get_by_role("link", name="Orders").first.click()
    expect(page).to_have_url(LOG_IN)
    page.go_back()
    expect(page).to_have_url(LOG_IN)
    assert page.get_by_text("Batteries size 13").count() == 0
