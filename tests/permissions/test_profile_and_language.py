"""What people change about themselves, in which language the portal speaks, and which clinic they work for."""

import pytest
from django.test import Client
from django.utils import translation

from permissions.models import User
from permissions.roles import Role
from permissions.services import membership_grant
from tests.factories import make_category, make_product

LOG_IN = {"sv": "Logga in", "nb": "Logg inn", "da": "Log ind", "en": "Log in"}
PRODUCTS = {"sv": "Produkter", "nb": "Produkter", "da": "Produkter", "en": "Products"}
EVERY_LANGUAGE = pytest.mark.parametrize("language", LOG_IN)
DETAILS = {"first_name": "Petra", "last_name": "Testsson", "phone_number": "+46 70 123 45 67", "language": "nb"}


@pytest.fixture
def petra(client, people) -> Client:
    client.force_login(people.petra)
    return client


def speaks(answer) -> str:
    """The language a page says it is in; header and <html lang> must agree."""
    said = answer["Content-Language"]
    assert f'<html lang="{said}">' in answer.content.decode()
    return said


# --- Language ---------------------------------------------------------------------------------------------------


@EVERY_LANGUAGE
def test_the_log_in_page_speaks_the_browsers_language(client, db, language):
    page = client.get("/login/", headers={"Accept-Language": language})
    assert speaks(page) == language
    assert f"<h1>{LOG_IN[language]}</h1>" in page.content.decode()


@EVERY_LANGUAGE
def test_the_product_list_speaks_every_language(petra, language):
    make_product("Dome", price="1565", category=make_category("Domes"))
    page = petra.get("/products/", headers={"Accept-Language": language})
    assert speaks(page) == language
    said = page.content.decode()
    assert PRODUCTS[language] in said
    assert "Dome" in said
    assert ("1,565" in said) == (language == "en")


@pytest.mark.parametrize(
    ("header", "spoken"), [("fi,de;q=0.9", "en"), ("sv-FI,en;q=0.5", "sv"), ("", "en"), (";;q=x,,", "en")]
)
def test_a_language_we_do_not_speak_becomes_one_we_do(client, db, header, spoken):
    assert speaks(client.get("/login/", headers={"Accept-Language": header})) == spoken


def test_the_profile_beats_the_cookie_and_the_cookie_the_browser(petra, people):
    browser = {"Accept-Language": "da"}
    assert speaks(petra.get("/products/", headers=browser)) == "da"
    petra.cookies["django_language"] = "nb"
    assert speaks(petra.get("/products/", headers=browser)) == "nb"
    User.objects.filter(pk=people.petra.pk).update(language="sv")
    assert speaks(petra.get("/products/", headers=browser)) == "sv"


def test_the_language_of_one_request_is_not_the_next_ones(petra, people, client):
    User.objects.filter(pk=people.petra.pk).update(language="sv")
    petra.get("/products/")
    assert translation.get_language() == "en"
    assert speaks(Client().get("/login/")) == "en"


@EVERY_LANGUAGE
def test_the_language_menu_works_without_log_in(client, db, language):
    answer = client.post("/i18n/setlang/", {"language": language, "next": "/login/"}, follow=True)
    assert answer.redirect_chain == [("/login/", 302)]
    assert speaks(answer) == language


def test_the_language_menu_changes_the_profile_which_would_win_otherwise(petra, people):
    User.objects.filter(pk=people.petra.pk).update(language="sv")
    page = petra.post("/i18n/setlang/", {"language": "da", "next": "/products/"}, follow=True)
    assert speaks(page) == "da"
    assert User.objects.get(pk=people.petra.pk).language == "da"


@pytest.mark.parametrize("chosen", ["fi", "", "x" * 900, "../../etc", "\x00"])
def test_a_language_that_is_none_changes_nothing(petra, people, chosen):
    User.objects.filter(pk=people.petra.pk).update(language="sv")
    page = petra.post("/i18n/setlang/", {"language": chosen, "next": "/products/"}, follow=True)
    assert speaks(page) == "sv"
    assert User.objects.get(pk=people.petra.pk).language == "sv"


def test_the_language_menu_leads_only_to_this_site(client, db):
    answer = client.post("/i18n/setlang/", {"language": "sv", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


# --- Profile ----------------------------------------------------------------------------------------------------


def test_the_profile_form_saves(petra, people):
    page = petra.post("/profile/", {**DETAILS, "first_name": "Petronella"}, follow=True)
    assert page.redirect_chain == [("/profile/", 302)]
    people.petra.refresh_from_db()
    assert (people.petra.first_name, people.petra.language) == ("Petronella", "nb")
    assert str(people.petra.phone_number) == "+46701234567"
    assert speaks(page) == "nb"


def test_no_language_follows_the_browser_again(petra, people):
    User.objects.filter(pk=people.petra.pk).update(language="sv")
    petra.post("/profile/", {**DETAILS, "language": ""})
    assert speaks(petra.get("/products/", headers={"Accept-Language": "da"})) == "da"


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_name": ""},
        {"last_name": " "},
        {"phone_number": "12"},
        {"language": "fi"},
        {"first_name": "x" * 256},
        {"last_name": "a\x00b"},
    ],
)
def test_a_profile_that_can_not_be_is_refused_and_what_was_typed_stays(petra, people, wrong):
    before = User.objects.values().get(pk=people.petra.pk)
    page = petra.post("/profile/", {**DETAILS, **wrong})
    assert page.context["form"].errors.keys() == wrong.keys()
    assert "+46 70 123 45 67" in page.content.decode() or "phone_number" in wrong
    assert User.objects.values().get(pk=people.petra.pk) == before


def test_only_what_the_form_asks_is_changed(petra, people):
    rights = {"email": "boss@example.com", "is_staff": "on", "is_superuser": "on", "is_active": "", "password": "x"}
    before = User.objects.values("email", "is_staff", "is_superuser", "is_active", "password").get(pk=people.petra.pk)
    petra.post("/profile/", {**DETAILS, **rights})
    assert before == User.objects.values(*before).get(pk=people.petra.pk)


def test_an_editor_can_not_change_the_log_in_either(client, people):
    client.force_login(people.edit)
    page = client.get("/cms/account/")
    assert page.status_code == 200
    assert 'name="name_email-email"' not in page.content.decode()
    form = {"name_email-first_name": "Edit", "name_email-last_name": "T", "name_email-email": "boss@example.com"}
    client.post("/cms/account/", form)
    assert User.objects.get(pk=people.edit.pk).email == "edit@example.com"


def test_an_editor_changes_the_name_in_the_profile_alone(client, people):
    """Wagtail would take any text for a name, and no history would say who changed it."""
    client.force_login(people.edit)
    page = client.get("/cms/account/").content.decode()
    assert "name_email" not in page
    assert 'href="/profile/"' in page
    before = User.objects.values("first_name", "last_name").get(pk=people.edit.pk)
    typed = {"name_email-first_name": "=cmd|x", "name_email-last_name": "E\nBcc: x", "theme-theme": "dark"}
    chosen = {"theme-contrast": "system", "theme-density": "default", "locale-current_time_zone": "Europe/Stockholm"}
    assert client.post("/cms/account/", {**typed, **chosen}).status_code == 302
    assert User.objects.values("first_name", "last_name").get(pk=people.edit.pk) == before
    assert people.edit.wagtail_userprofile.theme == "dark"


def test_the_profile_lists_the_persons_clinics_and_roles(client, people):
    membership_grant(user=people.petra, clinic=people.south, role=Role.MAIN_USER)
    membership_grant(user=people.olga, clinic=people.south, role=Role.ASSISTANT, confirmed=True)
    client.force_login(people.olga)
    shown = {
        row["clinic"]: (row["role"], len(row["functions"])) for row in client.get("/profile/").context["memberships"]
    }
    assert shown == {people.north: ("Main user", 7), people.south: ("Assistant", 3)}


def test_who_belongs_to_no_clinic_reads_whom_to_ask(client, people):
    people.petra.memberships.all().delete()
    from permissions.models import ClinicUserPermission

    ClinicUserPermission.objects.filter(user=people.petra).delete()
    client.force_login(people.petra)
    page = client.get("/products/")
    assert page.status_code == 403
    assert "Ask a main user at your clinic to add you" in page.content.decode()


# --- Clinic -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["foreign", "south"])
def test_a_clinic_of_others_does_not_exist_for_the_switcher(petra, people, name):
    assert petra.post("/clinics/switch/", {"clinic": getattr(people, name).pk}).status_code == 404
    assert petra.get("/basket/").wsgi_request.clinic == people.north


@pytest.mark.parametrize("typed", ["", "1", "north", "0" * 5000, "None", "\x00", "' OR 1=1"])
def test_a_clinic_that_is_none(petra, people, typed):
    assert petra.post("/clinics/switch/", {"clinic": typed}).status_code == 404
    assert petra.post("/clinics/switch/").status_code == 404


def test_the_switcher_wants_a_post(petra, people):
    assert petra.get(f"/clinics/switch/?clinic={people.north.pk}").status_code == 405


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [("/orders/?page=2", "/orders/?page=2"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("", "/")],
)
def test_switching_leads_only_to_this_site(client, people, wanted, led_to):
    client.force_login(people.olga)
    answer = client.post("/clinics/switch/", {"clinic": people.south.pk, "next": wanted})
    assert answer["Location"] == led_to


def test_a_clinic_that_was_taken_away_is_no_longer_the_current_one(client, people):
    from permissions.services import membership_revoke

    client.force_login(people.olga)
    client.post("/clinics/switch/", {"clinic": people.south.pk})
    membership_grant(user=people.petra, clinic=people.south, role=Role.MAIN_USER)
    membership_revoke(user=people.olga, clinic=people.south)
    assert client.get("/basket/").wsgi_request.clinic == people.north
