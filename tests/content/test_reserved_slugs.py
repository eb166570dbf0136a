"""A page directly below the start page can't have an address at which something else answers (trap 13)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import resolve
from wagtail.models import Page

from content.help.models import HelpPage
from content.home.reserved_slugs import reserved_slugs
from tests.content.pages import make_help, start_page

PAGES = ["products", "basket", "checkout", "orders", "search", "login", "logout", "cms", "backoffice", "favourites"]
RESERVED = [*PAGES, "profile", "media", "static", "password", "clinics", "documents", "i18n", "healthz"]
FORM = {"title": "Orders", "intro": "", "body": "null", "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}


def add(parent: Page, slug: str) -> Page:
    return parent.add_child(instance=HelpPage(title="A page", slug=slug))


@pytest.mark.parametrize("slug", RESERVED)
def test_an_address_of_the_portal_is_refused(db, slug):
    with pytest.raises(ValidationError, match=f"/{slug}/ belongs to the portal"):
        add(start_page(), slug)
    assert not Page.objects.filter(slug=slug).exists()


def test_the_slug_that_wagtail_makes_of_the_title_is_checked_too(db):
    with pytest.raises(ValidationError, match="belongs to the portal"):
        start_page().add_child(instance=HelpPage(title="Orders"))


@pytest.mark.parametrize("slug", ["ordering", "product", "my-orders", "about-us", "start"])
def test_other_slugs_are_taken_and_reached(client, db, slug):
    page = add(start_page(), slug)
    assert client.get(page.url).status_code == 200


@pytest.mark.parametrize("slug", ["orders", "login", "media"])
def test_further_down_the_tree_they_do_no_harm(client, db, slug):
    page = make_help(slug.title())
    assert page.url == f"/help/{slug}/"
    assert client.get(page.url).status_code == 200


def test_what_is_reserved_is_read_from_the_routes(client, db):
    """So that an address which is added tomorrow is reserved tomorrow, and no page's own is."""
    assert set(RESERVED) <= reserved_slugs()
    assert not {"news", "help", "home", ""} & reserved_slugs()
    for slug in PAGES:
        assert resolve(f"/{slug}/").view_name != "wagtail_serve"


def test_renaming_a_page_to_one_is_refused(db):
    page = add(start_page(), "guides")
    page.slug = "basket"
    with pytest.raises(ValidationError, match="belongs to the portal"):
        page.save()


# --- As editors do it -------------------------------------------------------------------------------------------


@pytest.fixture
def edit(client, people):
    client.force_login(people.edit)
    return client


@pytest.mark.parametrize("publish", [{}, {"action-publish": "1"}])
def test_the_editors_form_says_so_at_the_slug(edit, publish):
    home = start_page()
    answer = edit.post(f"/cms/pages/add/help/helppage/{home.pk}/", {**FORM, "slug": "orders", **publish})
    assert answer.status_code == 200
    assert "belongs to the portal" in str(answer.context["form"].errors["slug"])
    assert not HelpPage.objects.filter(slug="orders").exists()
    edit.post(f"/cms/pages/add/help/helppage/{home.pk}/", {**FORM, "slug": "ordering", **publish})
    assert HelpPage.objects.filter(slug="ordering").exists()


def test_editing_a_page_says_so_too(edit):
    page = add(start_page(), "guides")
    answer = edit.post(f"/cms/pages/{page.pk}/edit/", {**FORM, "slug": "login"})
    assert "belongs to the portal" in str(answer.context["form"].errors["slug"])
    page.refresh_from_db()
    assert page.slug == "guides"


def test_a_page_is_not_moved_to_where_it_would_not_be_seen(edit):
    page = make_help("Orders")
    where = f"/cms/pages/{page.pk}/move/{start_page().pk}/confirm/"
    answer = edit.post(where, follow=True)
    assert "belongs to the portal" in answer.content.decode()
    page.refresh_from_db()
    assert page.url == "/help/orders/"


def test_a_page_is_not_copied_to_where_it_would_not_be_seen(edit):
    page = make_help("Orders")
    form = {"new_title": "Orders", "new_slug": "orders", "new_parent_page": start_page().pk}
    answer = edit.post(f"/cms/pages/{page.pk}/copy/", form)
    assert answer.status_code == 200
    assert "belongs to the portal" in str(answer.context["form"].errors["new_slug"])
    edit.post(f"/cms/pages/{page.pk}/copy/", {**form, "new_slug": "about-orders"})
    assert HelpPage.objects.filter(slug="about-orders").exists()
