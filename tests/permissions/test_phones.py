"""Telephone numbers: one way to read and show them, one message that says how to write them, in every form."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import translation

from permissions.models import User
from permissions.phones import country_of
from permissions.roles import Role
from permissions.services import membership_grant
from permissions.staff import SERVICE_GROUP

EXAMPLE = "Write the phone number as in %(example)s."
NAMES = {"first_name": "Petra", "last_name": "Testsson"}


@pytest.fixture
def open_form(people):
    """Posts to one of the forms with a phone number, as the one who uses it."""
    people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
    forms = {
        "add": (people.olga, "/users/new/"),
        "details": (people.olga, f"/users/{people.petra.public_id}/details/"),
        "profile": (people.petra, "/profile/"),
        "back office": (people.stella, f"/backoffice/people/{people.petra.public_id}/details/"),
    }

    def open_form(which: str, language: str, typed: str):
        who, path = forms[which]
        User.objects.filter(pk=who.pk).update(language=language)
        browser = Client()
        browser.force_login(who)
        return browser.post(path, {**NAMES, "email": "petra@example.com", "language": language, "phone_number": typed})

    return open_form


@pytest.mark.parametrize("which", ["add", "details", "profile", "back office"])
@pytest.mark.parametrize("language", ["sv", "nb", "da"])
def test_a_number_that_can_not_be_is_refused_in_the_readers_language(open_form, which, language):
    page = open_form(which, language, "12").content.decode()
    assert "Enter a valid" not in page
    with translation.override(language):
        words = translation.gettext(EXAMPLE) % {"example": "070-174 06 05"}
    assert words != EXAMPLE % {"example": "070-174 06 05"}
    assert words in page


@pytest.mark.parametrize("which", ["details", "profile", "back office"])
def test_a_number_is_read_as_people_of_the_country_write_it(people, open_form, which):
    assert open_form(which, "en", "070-174 06 05").status_code == 302
    people.petra.refresh_from_db()
    assert str(people.petra.phone_number) == "+46701740605"


@pytest.mark.parametrize("typed", ["+47 22 12 34 56", "070-174 06 05"])
def test_a_form_shows_what_is_kept_as_its_reader_would_write_it(people, client, typed):
    client.force_login(people.petra)
    client.post("/profile/", {**NAMES, "phone_number": typed, "language": "en"})
    page = client.get("/profile/")
    assert page.context["form"]["phone_number"].value() == typed
    assert f'value="{typed}"' in page.content.decode()


def test_where_it_is_only_read_the_code_stands_in_front(people, client):
    User.objects.filter(pk=people.olga.pk).update(phone_number="+46701740605")
    client.force_login(people.olga)
    assert "+46 70 174 06 05" in client.get(f"/users/{people.olga.public_id}/").content.decode()


def test_who_works_in_several_countries_or_nowhere_writes_the_code(people, open_form):
    assert [country_of(who) for who in (people.petra, people.otto, people.stella)] == ["SE", "NO", ""]
    membership_grant(user=people.petra, clinic=people.foreign, role=Role.PURCHASER)
    assert country_of(people.petra) == ""
    assert (
        "Write the phone number as in +46 70 174 06 05." in open_form("profile", "en", "070-174 06 05").content.decode()
    )
    assert open_form("profile", "en", "+46 70 174 06 05").status_code == 302
