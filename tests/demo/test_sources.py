"""What fixtures/demo says is right in itself, before anything is loaded."""

import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from demo.load_pages import labels_of
from demo.sources import document, documents

LANGUAGES = ["en", "sv", "nb", "da"]
TAGS = {"p", "h2", "h3", "b", "i", "ul", "ol", "li", "a"}
OPENING_TAG = re.compile(r"<[a-z][^>]*>")
HELP_LINK = re.compile(r'<a href="/help/([a-z-]+)/">([^<]+)</a>')


def _texts(language: str) -> list[dict[str, str]]:
    pages = [*document("start.yaml").values(), *document("news.yaml"), *documents("help")]
    return [page[language] for page in pages]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_fits_and_is_valid_rich_text(language: str) -> None:
    for text in _texts(language):
        assert len(text["title"]) <= 80
        assert len(text.get("intro", "")) <= 250
        opened: list[str] = []
        for end, tag in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", text.get("body", "")):
            assert tag in TAGS
            if end:
                assert opened.pop() == tag, text["title"]
            else:
                opened.append(tag)
        assert not opened


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_texts_name_only_labels_that_the_portal_has(language: str) -> None:
    with (settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    labels = {label for text in _texts(language) for label in labels_of(text.get("body", ""))}
    assert labels
    messages = [label.rpartition("|") for label in labels]
    known = [(label, catalogue.get(label, context or None)) for context, _bar, label in messages]
    assert not [label for label, message in known if message is None or not message.string]


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_pages_link_to_chapters_by_their_titles(language: str) -> None:
    titles = {chapter["slug"]: chapter[language]["title"] for chapter in documents("help")}
    links = [link for chapter in documents("help") for link in HELP_LINK.findall(chapter[language]["body"])]
    assert links
    assert not [(slug, words) for slug, words in links if titles.get(slug) != words]


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_help_pages_say_the_same_in_every_language(language: str) -> None:
    for chapter in documents("help"):
        english, other = chapter["en"]["body"], chapter[language]["body"]
        assert sorted(labels_of(other)) == sorted(labels_of(english)), chapter["slug"]
        assert sorted(OPENING_TAG.findall(other)) == sorted(OPENING_TAG.findall(english)), chapter["slug"]


def test_organisation_numbers_have_right_check_digits() -> None:
    for account in document("people.yaml")["accounts"]:
        number = account["organisation_number"]
        if account["country"] == "SE":
            doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(number)]
            assert len(number) == 10
            assert sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0, number
        else:
            weighted = zip(map(int, number), (3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True)
            assert sum(digit * weight for digit, weight in weighted) % 11 == 0, number
