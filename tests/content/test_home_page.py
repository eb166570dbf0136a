"""The start page: for customers, with the categories that their market has something in."""

import datetime

import pytest
from wagtail.models import Locale

from shop.catalogue.models import Category
from tests.content.pages import make_news, restrict, start_page
from tests.factories import make_category, make_product, ready_to_confirm


def tiles(page) -> list[str]:
    return [category.name for category in page.context["categories"]]


@pytest.fixture
def categories(people) -> dict[str, Category]:
    batteries, gloves, empty = (make_category(name) for name in ("Batteries", "Gloves", "Empty"))
    make_product("Battery 13", category=make_category("Size 13", parent=batteries))
    make_product("Hanske", currency="NOK", category=gloves)
    return {"batteries": batteries, "gloves": gloves, "empty": empty}


def test_the_start_page_is_wagtails(client, people):
    """Oscar's own root address hid it (trap 13)."""
    client.force_login(people.petra)
    page = client.get("/")
    assert page.context["page"].specific == start_page()
    assert "content/home/home_page.html" in [template.name for template in page.templates]


def test_it_is_for_customers(client, people):
    assert client.get("/")["Location"] == "/login/?next=/"
    client.force_login(people.stella)
    assert client.get("/")["Location"] == "/backoffice/"
    client.force_login(people.edit)
    assert client.get("/")["Location"] == "/cms/"


@pytest.mark.parametrize(("who", "shown"), [("petra", ["Batteries"]), ("asta", ["Batteries"]), ("otto", ["Gloves"])])
def test_the_tiles_are_what_the_accounts_market_has_something_in(client, people, categories, who, shown):
    client.force_login(getattr(people, who))
    assert tiles(client.get("/")) == shown


def test_a_hidden_category_or_product_has_no_tile(client, people, categories):
    client.force_login(people.petra)
    hidden = make_category("Hidden")
    make_product("In the hidden one", category=hidden)
    Category.objects.filter(pk=hidden.pk).update(is_public=False)
    withdrawn = make_product("Withdrawn", category=categories["empty"])
    type(withdrawn).objects.filter(pk=withdrawn.pk).update(is_public=False)
    assert tiles(client.get("/")) == ["Batteries"]


def test_a_tile_without_a_picture_shows_a_drawn_one(client, people, categories):
    client.force_login(people.petra)
    assert "no-picture.svg" in client.get("/").content.decode()


def test_a_tile_whose_file_went_missing_shows_a_drawn_one(client, people, categories):
    Category.objects.filter(pk=categories["batteries"].pk).update(image="categories/gone.png")
    client.force_login(people.petra)
    page = client.get("/")
    assert page.status_code == 200
    assert "no-picture.svg" in page.content.decode()


def test_the_latest_orders_are_the_clinics_own(client, people, categories):
    product = make_product("Battery 312")
    for who, clinic in ((people.olga, people.north), (people.olga, people.south)):
        client.force_login(who)
        client.post("/clinics/switch/", {"clinic": clinic.pk})
        basket = ready_to_confirm(who, clinic, product)
        reviewed = client.get("/checkout/review/").context["fingerprint"]
        client.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": reviewed})
    client.force_login(people.petra)
    assert [order.clinic for order in client.get("/").context["latest_orders"]] == [people.north]


def test_the_news_are_the_newest_three_that_anyone_may_read(client, people):
    for day in range(1, 6):
        make_news(f"News {day}", date=datetime.date(2026, 3, day))
    restrict(make_news("Secret", date=datetime.date(2026, 4, 1)))
    make_news("Draft", date=datetime.date(2026, 4, 2), live=False)
    client.force_login(people.petra)
    assert [news.title for news in client.get("/").context["news"]] == ["News 5", "News 4", "News 3"]


def test_a_translated_start_page_is_shown_in_the_readers_language(client, people):
    swedish = start_page().copy_for_translation(Locale.objects.create(language_code="sv"))
    swedish.title = "Välkommen"
    swedish.save_revision().publish()
    client.force_login(people.petra)
    assert "<h1>Välkommen</h1>" in client.get("/", headers={"Accept-Language": "sv"}).content.decode()
    assert "<h1>Välkommen</h1>" not in client.get("/", headers={"Accept-Language": "da"}).content.decode()


def test_an_editor_can_preview_it_without_a_clinic(client, people):
    client.force_login(people.edit)
    page = start_page()
    client.post(f"/cms/pages/{page.pk}/edit/preview/", {"title": "New title", "slug": page.slug, "intro": ""})
    shown = client.get(f"/cms/pages/{page.pk}/edit/preview/?mode=")
    assert shown.status_code == 200
    assert "New title" in shown.content.decode()
