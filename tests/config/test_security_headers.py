"""Our pages run no script and no style that is not ours; only the back office and the editor are let off."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client

from content.news.models import NewsIndexPage, NewsPage
from shop.favourites.models import Favourite
from shop.order.models import Order
from tests.factories import fill_basket, make_category, make_product, ready_to_confirm

FOR_EVERYBODY = ("/login/", "/password/forgotten/", "/password/forgotten/sent/", "/news/", "/news/holidays/", "/help/")
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def portal(people) -> dict[str, str]:
    """A portal with something on every page; the addresses of what a purchaser sees."""
    category = make_category("Batteries")
    product = make_product("Batteries size 13", category=make_category("Size 13", parent=category))
    make_product(EVIL, category=category)
    make_product("On request", price=None, category=category)
    Favourite.objects.create(clinic=people.north, product=product, added_by=people.asta)
    news = NewsIndexPage.objects.get()
    news.add_child(instance=NewsPage(title="Holidays", slug="holidays", intro="Closed", body="<p>Closed</p>"))
    client = Client()
    client.force_login(people.petra)
    basket = ready_to_confirm(people.petra, people.north, product)
    reviewed = client.get("/checkout/review/").context["fingerprint"]
    client.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": reviewed})
    ready_to_confirm(people.petra, people.north, product)
    order = Order.objects.get()
    return {
        "category": category.get_absolute_url(),
        "product": product.get_absolute_url(),
        "evil product": f"/products/{make_product(EVIL).slug}_{product.pk + 1}/",
        "order": order.get_absolute_url(),
        "confirmation": f"{order.get_absolute_url()}confirmation/",
    }


def answers(client: Client, portal: dict[str, str]) -> dict:
    """Every main page, as a signed-in customer sees it."""
    fixed = ("/", "/products/", "/products/?view=list", "/search/?q=batter", "/search/?q=%3Cscript%3E", "/search/")
    fixed += ("/basket/", "/checkout/details/", "/checkout/review/", "/orders/", "/favourites/", "/profile/")
    fixed += ("/password/change/", "/news/", "/news/holidays/", "/help/", "/nothing/", "/backoffice/", "/cms/")
    return {path: client.get(path, follow=path not in ("/backoffice/", "/cms/")) for path in (*fixed, *portal.values())}


def policy(response) -> dict[str, set[str]]:
    parts = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {part[0]: set(part[1:]) for part in parts}


def faults_of(response) -> list[str]:
    """What a strict policy would block, or what must not be there even where it would not."""
    page = BeautifulSoup(response.content, "html.parser")
    nonces = {word[len("'nonce-") : -1] for word in policy(response)["script-src"] if word.startswith("'nonce-")}
    faults = []
    for tag in page.find_all(True):
        faults += [f"{name} at {tag.name}" for name in tag.attrs if name == "style" or name.startswith(("on", "hx-on"))]
        for name in ("src", "href", "action", "formaction", "hx-get", "hx-post"):
            if name in tag.attrs and not re.match(r"(/(?!/)|#|mailto:|tel:|\?|$)", tag[name]):
                faults.append(f"{tag.name} leads to {tag[name]}")
        if tag.name in ("script", "style") and not tag.get("src") and tag.get("nonce") not in nonces:
            faults.append(f"inline {tag.name} without nonce")
        if tag.name == "script" and tag.get("nonce") and tag["nonce"] not in nonces:
            faults.append("a nonce that the header does not name")
    return faults


def test_the_policy_of_our_pages_is_strict(client, people, portal):
    client.force_login(people.petra)
    for path, answer in answers(client, portal).items():
        if path in ("/backoffice/", "/cms/"):
            continue
        said = policy(answer)
        scripts_and_styles = said["script-src"] | said["style-src"]
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:"} & scripts_and_styles, path
        assert said["default-src"] == {"'self'"}, path
        assert said["object-src"] == {"'none'"}, path
        assert said["base-uri"] == said["form-action"] == said["frame-ancestors"] == {"'self'"}, path
        assert said["img-src"] == {"'self'", "data:"}, path


def test_our_pages_keep_to_it(client, people, portal):
    client.force_login(people.petra)
    checked = 0
    for path, answer in answers(client, portal).items():
        if path not in ("/backoffice/", "/cms/"):
            assert answer.status_code == (404 if path == "/nothing/" else 200), path
            assert faults_of(answer) == [], path
            checked += 1
    assert checked > 20


@pytest.mark.parametrize("path", FOR_EVERYBODY)
def test_pages_for_everybody_keep_to_it(client, portal, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert faults_of(answer) == []


def test_pages_that_refuse_keep_to_it(client, people, portal):
    client.force_login(people.asta)
    strict, stranger = Client(enforce_csrf_checks=True), Client()
    wrong = {"username": "asta@example.com", "password": EVIL}
    answers = {
        "forbidden": client.get("/clinics/rules/"),
        "forged": strict.post("/login/", wrong),
        "wrong password": stranger.post("/login/", wrong),
        "locked": [stranger.post("/login/", wrong) for _time in range(5)][-1],
        "missing": stranger.get("/nothing/"),
    }
    assert [answer.status_code for answer in answers.values()] == [403, 403, 200, 403, 404]
    for name, answer in answers.items():
        assert faults_of(answer) == [], name


def test_a_link_to_a_new_password_keeps_to_it(client, portal):
    client.post("/password/forgotten/", {"email": "petra@example.com"})
    path = re.search(r"/password/new/\S+", mail.outbox[-1].body)[0]
    for answer in (client.get(path, follow=True), Client().get("/password/new/Mg/x-y/")):
        assert answer.status_code == 200
        assert faults_of(answer) == []


def test_fragments_keep_to_it(client, people, portal):
    client.force_login(people.petra)
    product = make_product("Charger")
    line = fill_basket(people.petra, people.north, product).lines.last()
    for path, data in (
        (f"/basket/add/{product.pk}/", {"quantity": 1}),
        (f"/basket/add/{product.pk}/", {"quantity": 0}),
        (f"/basket/lines/{line.pk}/", {"quantity": 2}),
        (f"/basket/lines/{line.pk}/", {"quantity": "x"}),
        (f"/basket/lines/{line.pk}/", {"remove": 1}),
    ):
        answer = client.post(path, data, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert faults_of(answer) == []


def test_the_nonce_is_another_each_time(client, db):
    first, second = (policy(client.get("/login/"))["script-src"] for _time in range(2))
    assert any(word.startswith("'nonce-") for word in first)
    assert first != second


def test_only_the_back_office_and_the_editor_are_let_off(client, people, portal):
    people.stella.groups.set(people.edit.groups.all())
    client.force_login(people.stella)
    for path in ("/backoffice/", "/cms/"):
        answer = client.get(path)
        said = policy(answer)
        assert answer.status_code == 200
        assert "'unsafe-inline'" in said["script-src"]
        assert said["object-src"] == {"'none'"}
        assert said["default-src"] == said["frame-ancestors"] == {"'self'"}
    for path in ("/news/", "/backoffice", "/cms", "/help/cms/", "/login/cms/"):
        assert "'unsafe-inline'" not in client.get(path).get("Content-Security-Policy", ""), path


@pytest.mark.parametrize("path", ["/login/", "/news/", "/nothing/", "/healthz", "/cms/"])
def test_every_answer_says_how_it_may_be_used(client, portal, path):
    answer = client.get(path)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert not {"Server", "X-Powered-By"} & set(answer.headers)


def test_an_editors_preview_may_stand_in_the_editors_frame(client, people, portal):
    client.force_login(people.edit)
    page = NewsPage.objects.get()
    url = f"/cms/pages/{page.pk}/edit/preview/"
    form = {"title": "Holidays", "slug": "holidays", "date": "2026-12-24", "intro": "Closed", "body": "null"}
    client.post(url, form)
    answer = client.get(f"{url}?mode=")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert policy(answer)["frame-ancestors"] == {"'self'"}


def test_what_people_wrote_is_shown_as_text(client, people, portal):
    """A product's name, a search and a reference come back as they were typed, never as mark-up."""
    client.force_login(people.petra)
    people.petra.baskets.filter(status="Open").update(reference=EVIL[:120], purchase_number="<b>x</b>")
    for path in ("/products/", "/search/", "/checkout/review/", "/checkout/details/", portal["evil product"]):
        said = client.get(path, {"q": EVIL}, follow=True).content.decode()
        assert "<script>alert" not in said
        assert "<img src=x" not in said
        assert "<b>x</b>" not in said
