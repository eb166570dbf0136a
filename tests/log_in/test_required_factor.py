"""Who must log in with a second factor and has none is led to set it up, and reaches nothing else before."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from permissions import services
from permissions.log_in import second_factor
from permissions.roles import Role
from permissions.services import membership_grant
from tests.factories import ClinicFactory
from tests.log_in.authenticator import confirm, give_app, is_in, password, send_code
from tests.log_in.test_setting_up import add_app

BEGIN = "/profile/security/begin/"


@pytest.fixture
def required(people):
    people.north.account.requires_second_factor = True
    people.north.account.save()


@pytest.mark.parametrize(
    "path", ["/", "/orders/", "/profile/", "/profile/security/", "/password/change/", "/basket/", "/news/", "/nowhere/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_portal_waits_for_the_second_factor(client, people, required, path, method):
    client.force_login(people.petra)
    assert getattr(client, method)(path)["Location"] == BEGIN


def test_htmx_is_led_there_as_well(client, people, required):
    client.force_login(people.petra)
    assert client.get("/basket/", headers={"hx-request": "true"})["HX-Redirect"] == BEGIN


def test_from_the_log_in_to_the_portal(client, people, required):
    assert client.get(password(client, people.petra)["Location"])["Location"] == BEGIN
    page = client.get(BEGIN).content.decode()
    assert 'href="/profile/security/app/"' in page
    assert 'href="/profile/security/passkeys/add/"' in page
    add_app(client)
    assert client.get("/profile/security/codes/").status_code == 200
    assert is_in(client)
    assert client.get(BEGIN)["Location"] == "/profile/security/"


def set_up(client: Client) -> str:
    """All of it; the path on which the person lands."""
    confirm(client)
    add_app(client)
    return client.post("/profile/security/codes/")["Location"]


@pytest.mark.parametrize(("wanted", "lands"), [("/orders/?page=2", "/orders/?page=2"), ("", "/")])
def test_afterwards_the_person_is_where_they_wanted_to_be(client, people, required, wanted, lands):
    client.get(password(client, people.petra, next=wanted)["Location"])
    assert set_up(client) == lands


def test_the_last_page_that_was_asked_for_counts_and_no_picture(client, people, required):
    client.force_login(people.petra)
    for path, kind in [("/news/", "document"), ("/orders/", "document"), ("/basket/", "image"), ("/clinics/", "empty")]:
        assert client.get(path, headers={"sec-fetch-dest": kind})["Location"] == BEGIN
    assert set_up(client) == "/orders/"


def test_whoever_was_about_to_send_something_comes_back_to_its_page(client, people, required):
    client.force_login(people.petra)
    client.post("/clinics/switch/", headers={"referer": "http://testserver/products/?q=dome"})
    assert set_up(client) == "/products/?q=dome"


def test_a_page_that_was_open_comes_back(client, people, required):
    client.force_login(people.petra)
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/orders/?page=3"}
    client.get("/basket/summary/", headers=headers)
    assert set_up(client) == "/orders/?page=3"


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/clinics/switch/", "method": "POST", "headers": {"referer": "https://evil.example/orders/"}},
        {
            "path": "/basket/",
            "method": "GET",
            "headers": {"hx-request": "true", "hx-current-url": "https://evil.example/"},
        },
    ],
)
def test_nobody_is_led_to_another_site(client, people, required, asked):
    client.force_login(people.petra)
    client.generic(**asked)
    assert set_up(client) == "/profile/security/"


@pytest.mark.parametrize("path", ["//evil.example/", "//evil.example/orders/"])
def test_a_path_that_reads_as_a_host_stays_here(client, people, required, path):
    client.force_login(people.petra)
    client.post("/clinics/switch/", headers={"referer": f"http://testserver{path}"})
    assert set_up(client).startswith("/%2Fevil.example/")


def test_it_leads_there_once(client, people, required):
    client.get(password(client, people.petra, next="/orders/")["Location"])
    assert set_up(client) == "/orders/"
    client.post("/profile/security/codes/new/")
    assert client.post("/profile/security/codes/")["Location"] == "/profile/security/"


def test_new_codes_lead_back_even_if_the_first_were_never_put_away(client, people, required):
    client.get(password(client, people.petra, next="/orders/")["Location"])
    add_app(client)
    client.post("/profile/security/codes/new/")
    assert client.post("/profile/security/codes/")["Location"] == "/profile/security/"


def test_who_sets_it_up_unasked_goes_back_to_where_they_began(client, people):
    client.force_login(people.petra)
    client.get("/orders/")
    assert set_up(client) == "/profile/security/"


def words_of(client: Client) -> str:
    return " ".join(client.get(BEGIN).content.decode().split())


def test_the_page_says_which_account_requires_it(client, people, required):
    client.force_login(people.petra)
    assert f"The account {people.north.account.name} requires it of everybody" in words_of(client)
    other = ClinicFactory(account__name="<b>Aurora</b>", account__requires_second_factor=True)
    membership_grant(user=people.petra, clinic=other, role=Role.ASSISTANT)
    membership_grant(user=people.petra, clinic=people.south, role=Role.ASSISTANT)
    names = f"&lt;b&gt;Aurora&lt;/b&gt;, {people.north.account.name}"
    assert f"The accounts {names} require it of everybody" in words_of(client)
    assert "customer service and of all editors" not in words_of(client)


@pytest.mark.parametrize("name", ["stella", "edit"])
def test_the_page_says_that_the_supplier_requires_it(client, people, required, settings, name):
    settings.SECOND_FACTOR_FOR_STAFF = True
    client.force_login(getattr(people, name))
    page = words_of(client)
    assert "customer service and of all editors" in page
    assert "who works there" not in page


def test_language_and_log_out_stay_open(client, people, required):
    client.force_login(people.petra)
    assert client.post("/i18n/setlang/", {"language": "sv", "next": BEGIN})["Location"] == BEGIN
    assert client.get("/static/css/base.css").status_code == 200
    assert client.post("/logout/")["Location"] == "/login/"


def test_who_has_a_factor_goes_on(client, people, required):
    app = give_app(people.petra)
    password(client, people.petra)
    send_code(client, app.code())
    assert client.get("/").status_code == 200


def test_an_account_asks_its_own_active_people_only(client, people, required):
    client.force_login(people.otto)
    assert client.get("/").status_code == 200
    membership_grant(user=people.otto, clinic=people.south, role=Role.ASSISTANT)
    assert client.get("/")["Location"] == BEGIN
    services.membership_grant(user=people.otto, clinic=people.south, role=Role.ASSISTANT, is_active=False)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(("name", "path"), [("stella", "/backoffice/"), ("edit", "/cms/")])
def test_the_suppliers_people_are_asked_by_the_settings(client, people, settings, name, path):
    person = getattr(people, name)
    client.force_login(person)
    assert client.get(path).status_code == 200
    settings.SECOND_FACTOR_FOR_STAFF = True
    assert client.get(path)["Location"] == BEGIN
    assert client.post(path)["Location"] == BEGIN
    give_app(person)
    assert client.get(path).status_code == 200


def test_customers_are_not_asked_by_that_setting(client, people, settings):
    settings.SECOND_FACTOR_FOR_STAFF = True
    client.force_login(people.petra)
    assert client.get("/").status_code == 200


def test_whoever_is_reset_sets_up_a_new_one(client, people, required):
    give_app(people.petra)
    admin = type(people.stella).objects.create_superuser("root@example.com", "secret")
    second_factor.reset(people.petra, admin, "Lost phone")
    password(client, people.petra)
    assert client.get("/orders/")["Location"] == BEGIN


def queries_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_asking_costs_one_query_however_many_clinics(client, people):
    client.force_login(people.petra)
    give_app(people.petra)
    # With a second clinic from the start: the menu of clinics asks for them, once.
    membership_grant(user=people.petra, clinic=people.south, role=Role.ASSISTANT)
    free = queries_of(client, "/profile/")
    people.north.account.requires_second_factor = True
    people.north.account.save()
    assert queries_of(client, "/profile/") == free + 1
    for _more in range(5):
        membership_grant(user=people.petra, clinic=ClinicFactory(account=people.north.account), role=Role.ASSISTANT)
    assert second_factor.is_required(people.petra)
    many = queries_of(client, "/profile/")
    print("queries of the profile: not required", free, "required", free + 1, "with seven clinics", many)
    assert many == free + 1


# --- Other sessions ---------------------------------------------------------------------------------------------


def test_who_never_showed_a_factor_does_not_get_in_by_the_one_that_another_session_set_up(people, required):
    """Whoever learnt the password waits at the set-up page until the person themselves has been there."""
    waiting, person = Client(), Client()
    for client in (waiting, person):
        assert client.get(password(client, people.petra)["Location"])["Location"] == BEGIN
    add_app(person)
    assert is_in(person)
    assert waiting.get("/orders/")["Location"].startswith("/login/")


def test_the_first_factor_ends_what_was_begun_without_one(people):
    other, here = Client(), Client()
    for client in (other, here):
        password(client, people.petra)
    add_app(here)
    assert "You are logged out everywhere but here." in here.get("/profile/security/codes/").content.decode()
    assert (is_in(here), is_in(other)) == (True, False)


def test_another_factor_ends_nothing(people):
    app = give_app(people.petra)
    other, here = Client(), Client()
    for client, steps in ((other, 0), (here, 1)):
        password(client, people.petra)
        send_code(client, app.code(steps))
    assert second_factor.add_passkey(people.petra, "Key", {}) is False
    assert is_in(here)
    assert is_in(other)


def test_a_factor_that_is_removed_ends_the_sessions_of_the_phone_that_was_lost(people):
    app = give_app(people.petra)
    phone, here = Client(), Client()
    for client, steps in ((phone, 0), (here, 1)):
        password(client, people.petra)
        send_code(client, app.code(steps))
    answer = here.post("/profile/security/app/remove/", follow=True)
    assert "You are logged out everywhere but here." in answer.content.decode()
    assert (is_in(here), is_in(phone)) == (True, False)
