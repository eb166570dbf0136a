"""What editors publish is public unless they say otherwise; documents are for who is signed in, at least."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents import get_document_model

from tests.content.pages import PDF, make_document, make_help, make_news, restrict


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.fixture
def group(people) -> Group:
    """Asta is in it, Petra is not."""
    group = Group.objects.create(name="Price list readers")
    people.asta.groups.add(group)
    return group


@pytest.fixture
def petra(client, people) -> Client:
    client.force_login(people.petra)
    return client


# --- Pages ------------------------------------------------------------------------------------------------------


def test_news_and_help_are_public_as_editors_publish_them(client, db):
    news, chapter = make_news(), make_help()
    for path in ("/news/", news.url, "/help/", chapter.url):
        assert client.get(path).status_code == 200
    assert "Holidays" in client.get("/news/").content.decode()
    assert "Holidays: body" in client.get(news.url).content.decode()
    assert "Ordering: body" in client.get(chapter.url).content.decode()


def test_a_draft_is_seen_by_nobody(client, people):
    news = make_news("Not yet", live=False)
    for who in (None, people.petra):
        if who:
            client.force_login(who)
        assert client.get(news.url).status_code == 404
        assert "Not yet" not in client.get("/news/").content.decode()


def test_a_private_page_leads_to_our_log_in_and_back(client, people):
    news = make_news("For customers")
    restrict(news)
    assert client.get(news.url)["Location"] == f"/login/?next={news.url}"
    assert "For customers" not in client.get("/news/").content.decode()
    client.force_login(people.petra)
    assert "For customers: body" in client.get(news.url).content.decode()


def test_privacy_covers_the_pages_below(client, people):
    chapter = make_help("Inside")
    below = make_help("Deeper", parent=chapter)
    restrict(chapter)
    assert client.get(below.url)["Location"] == f"/login/?next={below.url}"


def test_a_page_for_a_group_refuses_others_without_sending_them_round(client, people, group):
    """Wagtail sends who is not in the group to the log-in page, which sends who is logged in straight back."""
    page = make_help("Internal")
    restrict(page, "groups", [group])
    assert client.get(page.url)["Location"] == f"/login/?next={page.url}"
    for who, status in ((people.petra, 403), (people.asta, 200)):
        client.force_login(who)
        assert client.get(page.url, follow=True).status_code == status


def test_the_log_in_page_that_wagtail_brings_leads_to_ours(client, db):
    answer = client.get("/_util/login/?next=/news/")
    assert answer["Location"] == "/login/?next=/news/"
    assert client.post("/_util/login/", {"username": "x", "password": "y"})["Location"] == "/login/"


# --- Documents (trap 13) ----------------------------------------------------------------------------------------


def test_a_document_has_no_address_of_its_own(db):
    document = make_document()
    with pytest.raises(NotImplementedError):
        document.file.url  # noqa: B018
    assert document.url == f"/documents/{document.pk}/price-list.pdf"
    stored = Path(document.file.path)
    assert stored.is_relative_to(settings.PRIVATE_ROOT)
    assert not stored.is_relative_to(settings.MEDIA_ROOT)


@pytest.mark.logs_errors
def test_a_document_can_not_be_reached_under_media(petra):
    document = make_document()
    for path in (f"/media/{document.file.name}", f"/media/documents/{document.filename}"):
        assert petra.get(path).status_code == 404
    for climb in ("../", "%2e%2e/", "..%2f"):
        answer = petra.get(f"/media/{climb * 12}{document.file.path.lstrip('/')}")
        assert answer.status_code in (400, 404)


def test_a_document_is_for_who_is_signed_in(client, people):
    document = make_document()
    assert client.get(document.url)["Location"] == f"/login/?next={document.url}"
    client.force_login(people.petra)
    answer = client.get(document.url)
    assert body(answer) == PDF
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_a_document_of_a_group_is_the_groups(client, people, group):
    document = make_document(restriction="groups", groups=[group])
    assert client.get(document.url)["Location"] == f"/login/?next={document.url}"
    client.force_login(people.asta)
    assert body(client.get(document.url)) == PDF
    client.force_login(people.petra)
    refused = client.get(document.url, follow=True)
    assert refused.status_code == 403
    assert PDF not in body(refused)


def test_a_collections_privacy_covers_those_below(client, people, group):
    document = make_document(restriction="groups", groups=[group])
    below = document.collection.add_child(name="Deeper")
    type(document).objects.filter(pk=document.pk).update(collection=below)
    client.force_login(people.petra)
    assert client.get(document.url).status_code == 403


def test_a_document_with_a_password_asks_for_it(petra):
    document = make_document(restriction="password")
    asked = petra.get(document.url)
    assert asked.status_code == 200
    assert PDF not in body(asked)
    restriction = document.collection.get_view_restrictions()[0]
    form = {"password": "wrong", "return_url": document.url}
    where = f"/documents/authenticate_with_password/{restriction.pk}/"
    petra.post(where, form)
    assert PDF not in body(petra.get(document.url))
    petra.post(where, {**form, "password": "sesame"})
    assert body(petra.get(document.url)) == PDF


@pytest.mark.parametrize("name", ["other.pdf", "price-list.pdf.exe", "x"])
def test_a_document_is_found_by_its_own_name_only(petra, name):
    assert petra.get(f"/documents/{make_document().pk}/{name}").status_code == 404


def test_only_pdf_can_be_uploaded(client, people):
    client.force_login(people.edit)
    for name in ("page.html", "picture.svg", "macro.xlsm", "program.exe", "leaflet.pdf"):
        upload = SimpleUploadedFile(name, PDF)
        answer = client.post("/cms/documents/add/", {"title": name, "file": upload, "collection": 1})
        assert answer.status_code == (302 if name == "leaflet.pdf" else 200)
    assert [document.title for document in get_document_model().objects.all()] == ["leaflet.pdf"]
