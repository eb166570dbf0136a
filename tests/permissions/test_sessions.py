"""What a browser keeps of a session, and what happens to a page whose session has ended."""

import pytest

from tests.factories import make_category, make_product

FRAGMENT = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("http://testserver/basket/", "/basket/"),
        ("http://testserver/search/?q=dome&page=2", "/search/%3Fq%3Ddome%26page%3D2"),
        ("https://evil.example/basket/", "/"),
        ("http://testserver.evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_fragment_without_a_session_leads_to_log_in_and_back_to_its_page(client, db, page, back):
    for answer in (
        client.get("/basket/", headers={**FRAGMENT, "HX-Current-URL": page}),
        client.post("/basket/add/1/", {"quantity": 1}, headers={**FRAGMENT, "HX-Current-URL": page}),
    ):
        assert answer.status_code == 200
        assert answer["HX-Redirect"] == f"/login/?next={back}"
        assert answer.content == b""


def test_a_page_without_a_session_leads_to_log_in_and_back(client, db):
    assert client.get("/search/?q=dome&page=2")["Location"] == "/login/?next=/search/%3Fq%3Ddome%26page%3D2"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/products/",
        "/search/?q=x",
        "/basket/",
        "/orders/",
        "/favourites/",
        "/profile/",
        "/password/change/",
        "/checkout/",
        "/products/nothing_999/",
        "/backoffice/",
    ],
)
def test_nothing_a_clinic_saw_stays_in_the_browser(client, people, path):
    client.force_login(people.petra)
    kept = client.get(path)["Cache-Control"]
    assert "no-store" in kept
    assert "private" in kept


@pytest.mark.parametrize(("who", "path"), [("stella", "/backoffice/"), ("edit", "/cms/")])
def test_nothing_the_supplier_saw_stays_in_the_browser(client, people, who, path):
    client.force_login(getattr(people, who))
    answer = client.get(path)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_the_log_in_page_is_not_kept_either(client, db):
    assert "no-store" in client.get("/login/")["Cache-Control"]


def test_public_pictures_are_kept_by_the_browser(client, people, settings):
    """Twenty-four of them stand on a page of products."""
    (settings.MEDIA_ROOT / "dome.webp").write_bytes(b"picture")
    for signed_in in (False, True):
        if signed_in:
            client.force_login(people.petra)
        answer = client.get("/media/dome.webp")
        assert answer["Cache-Control"] == "public, max-age=86400"
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/media/", "/media/../manage.py", "/media/%2e%2e/manage.py", "/media/nothing.webp"])
@pytest.mark.logs_errors
def test_media_shows_no_folder_and_nothing_beside_it(client, db, path):
    assert client.get(path).status_code in (400, 404)


def test_the_cookies_can_not_be_read_by_a_script(client, people):
    answer = client.post("/login/", {"username": people.petra.email, "password": "correct horse battery"})
    session = answer.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"


def test_looking_at_pages_writes_no_session(client, people):
    make_product(category=make_category("Domes"))
    client.force_login(people.petra)
    for path in ("/", "/products/", "/basket/", "/orders/"):
        assert "sessionid" not in client.get(path).cookies
