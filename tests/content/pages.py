"""The pages that a new portal has, and what editors put below them."""

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from content.help.models import HelpPage
from content.home.models import HomePage
from content.news.models import NewsIndexPage, NewsPage

PDF = b"%PDF-1.4 canary"


def start_page() -> HomePage:
    return HomePage.objects.get()


def make_news(title: str = "Holidays", **fields) -> NewsPage:
    page = NewsPage(**{"title": title, "intro": f"{title}: intro", "body": f"<p>{title}: body</p>", **fields})
    return NewsIndexPage.objects.first().add_child(instance=page)


def make_help(title: str = "Ordering", parent: HelpPage | None = None) -> HelpPage:
    parent = parent or HelpPage.objects.get(slug="help")
    return parent.add_child(instance=HelpPage(title=title, intro=f"{title}: intro", body=f"<p>{title}: body</p>"))


def restrict(page, kind: str = "login", groups=()) -> None:
    """As an editor does under "privacy"."""
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind)
    restriction.groups.set(groups)


def make_document(name: str = "price-list.pdf", restriction: str = "", groups=()):
    """A file in a collection of its own, which may be restricted."""
    collection = Collection.get_first_root_node().add_child(name=f"Collection of {name}")
    if restriction:
        made = CollectionViewRestriction.objects.create(
            collection=collection, restriction_type=restriction, password="sesame" if restriction == "password" else ""
        )
        made.groups.set(groups)
    document = get_document_model()(title=name, collection=collection)
    document.file.save(name, ContentFile(PDF))
    return document
