"""Start page, news and help as Wagtail pages: one tree for each language, the same addresses in all."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.contrib.sites.models import Site as DjangoSite
from django.utils import timezone, translation
from django.utils.html import escape
from wagtail.images.models import Image
from wagtail.models import Locale, Page, Site

from content.help.models import HelpPage
from content.home.models import HomePage
from content.news.models import NewsIndexPage, NewsPage
from demo.load_pictures import news_picture, size_of_news_picture
from demo.sources import document, documents
from permissions.models import User

FIRST_LANGUAGE = "en"
PUBLISHED_DAYS_AGO = 60
LABEL = re.compile(r"\[\[(.+?)\]\]")

Pages = dict[str, Page]  # the same page by language


def load_pages() -> str:
    for page in Page.objects.filter(depth=2).exact_type(Page):  # Wagtail's own welcome
        page.delete()
    with _without_a_log_line_per_page():
        _write_pages()
    count = Page.objects.filter(depth__gt=1).count()
    return f"{count} pages in {len(_languages())} languages"


def _write_pages() -> None:
    root = Page.get_first_root_node()
    start = document("start.yaml")
    home = _add(dict.fromkeys(_languages(), root), HomePage, "home", start["home"])
    _make_site(home[FIRST_LANGUAGE])
    news = _add(home, NewsIndexPage, "news", start["news"])
    for entry in document("news.yaml"):
        shared = {"date": _day(entry["days_ago"]), "picture": _image(entry)}
        _add(news, NewsPage, entry["slug"], entry, shared, entry["days_ago"])
    help_pages = _add(home, HelpPage, "help", start["help"])
    for entry in documents("help"):
        _add(help_pages, HelpPage, entry["slug"], entry)


@contextmanager
def _without_a_log_line_per_page() -> Iterator[None]:
    logger = logging.getLogger("wagtail")
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)


def pictures() -> set[str]:
    """Names of all drawings that news show."""
    return {entry["picture"] for entry in document("news.yaml") if "picture" in entry}


def labels_of(text: str) -> list[str]:
    """The portal's labels that a text names as `[[My orders]]`, in English; with a context as `[[people|Active]]`."""
    return LABEL.findall(text)


def rich_text(text: str, language: str) -> str:
    """Puts the portal's own words for `[[My orders]]` in place, so that a text says what stands on the screen."""
    with translation.override(language):
        return LABEL.sub(lambda label: f"<b>{escape(_in_words(label[1]))}</b>", text).strip()


def _in_words(label: str) -> str:
    context, _bar, message = label.rpartition("|")
    return translation.pgettext(context, message) if context else translation.gettext(message)


def _languages() -> list[str]:
    return [code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES]


def _add(
    parents: Pages,
    model: type[Page],
    slug: str,
    texts: dict,
    shared: dict | None = None,
    days_ago: int = PUBLISHED_DAYS_AGO,
) -> Pages:
    """One page below each parent, known to Wagtail as translations of each other."""
    published = datetime.combine(_day(days_ago), time(9), timezone.get_default_timezone())
    common = {
        "owner": User.objects.get(email="editor@bestil.example"),
        "first_published_at": published,
        "last_published_at": published,
        "translation_key": uuid4(),
        **(shared or {}),
    }
    pages: Pages = {}
    for language, parent in parents.items():
        # All start pages lie side by side; their slug is in no address.
        own_slug = f"{slug}-{language}" if parent.is_root() and language != FIRST_LANGUAGE else slug
        words = {name: rich_text(text, language) for name, text in texts[language].items()}
        locale = Locale.objects.get_or_create(language_code=language)[0]
        pages[language] = _put(parent, model, own_slug, {**common, **words, "locale": locale})
    return pages


def _put(parent: Page, model: type[Page], slug: str, values: dict) -> Page:
    """A migration makes the first pages empty: those are filled, all others are new."""
    page = model.objects.child_of(parent).filter(slug=slug).first()
    if page is None:
        page = model(slug=slug, **values)
        parent.add_child(instance=page)
        return page
    for name, value in values.items():
        setattr(page, name, value)
    page.draft_title = page.title
    page.save()
    return page


def _day(days_ago: int):
    return timezone.localdate() - timedelta(days=days_ago)


def _image(entry: dict) -> Image | None:
    """A row for a file that is perhaps still being drawn: its size is known, so nobody opens it."""
    if "picture" not in entry:
        return None
    width, height = size_of_news_picture(entry["picture"])
    editor = User.objects.get(email="editor@bestil.example")
    return Image.objects.create(
        title=entry[FIRST_LANGUAGE]["title"],
        file=news_picture(entry["picture"]),
        width=width,
        height=height,
        uploaded_by_user=editor,
    )


def _make_site(home: Page) -> None:
    """Both kinds of site carry the address that BASE_URL says."""
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    values = {"hostname": address.hostname, "port": port, "site_name": settings.SITE_NAME, "root_page": home}
    Site.objects.update_or_create(is_default_site=True, defaults=values)
    names = {"domain": address.netloc, "name": settings.SITE_NAME}
    DjangoSite.objects.update_or_create(pk=settings.SITE_ID, defaults=names)
    DjangoSite.objects.clear_cache()
