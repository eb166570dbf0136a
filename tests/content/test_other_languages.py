"""A page that exists in one language only is found by readers of the others."""

import pytest
from wagtail.models import Locale, Page

from content.news.models import NewsIndexPage, NewsPage


@pytest.fixture
def swedish_news(db):
    swedish = Locale.objects.create(language_code="sv")
    home = Page.objects.get(slug="home").specific.copy_for_translation(swedish)
    home.save_revision().publish()
    index = NewsIndexPage.objects.get(locale__language_code="en").copy_for_translation(swedish)
    index.save_revision().publish()
    return index.add_child(
        instance=NewsPage(title="Ny förpackning", slug="ny", intro="Kort", body="<p>Text</p>", locale=swedish)
    )


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_it_is_found_in_every_language(client, swedish_news, language):
    answer = client.get("/news/ny/", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert "Ny förpackning" in answer.content.decode()


def test_a_page_that_exists_in_none_is_not_found(client, swedish_news):
    assert client.get("/news/nothing/").status_code == 404
