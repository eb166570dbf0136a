"""Names stand first in mails to strangers: no form takes one that carries an address or a number."""

import pytest
from django.core.exceptions import ValidationError

from permissions.forms import ProfileForm
from permissions.models import User
from permissions.person_names import NameField, refuse_what_is_no_name
from permissions.requests.forms import AccountRequestForm
from permissions.users.forms import AddForm, DetailsForm, InvitationForm, NewcomerForm
from shop.dashboard.people.forms import DetailsForm as StaffDetailsForm
from tests.users.inviting import choose_password, form_for, invite, link_of

NAMES = [
    "Åsa-Märta Öhrström",
    "O'Brien",
    "O’Brien",
    "O´Brien",
    "Van der Berg, Dr. (jr.)",
    "J.R. Tolkien",
    "Núñez i Gal·la",
    "Kauʻi",
    "Þórður Æsir",
    "Нина",
    "李小龍",
    "A\u030ake",  # a ring of its own on the A
]
NO_NAMES = [
    "Your parcel waits: https://evil.example/pay",
    "www.evil",
    "WWW.evil",
    "evil.example",
    "Pay at evil.co.uk now",
    "nora@evil",
    "a/b",
    "a\\b",
    "Nora 2",
    "Nora ٢",
    "Nora Ⅱ",
    "Nora #1",
    "Nora <b>",
    "evil․example",  # a dot that is none
    "ｅｖｉｌ．example",
    "Nora 🎁",
]
FORMS = [ProfileForm, AccountRequestForm, AddForm, DetailsForm, InvitationForm, NewcomerForm, StaffDetailsForm]


@pytest.mark.parametrize("name", NAMES)
def test_people_are_called_like_this(name):
    assert NameField(max_length=150).clean(name) == name


@pytest.mark.parametrize("name", NO_NAMES)
def test_nobody_is_called_like_this(name):
    with pytest.raises(ValidationError, match="Write the name alone, in letters"):
        refuse_what_is_no_name(name)


def test_an_identity_number_is_told_from_a_mere_number():
    with pytest.raises(ValidationError) as refused:
        NameField().clean("Karin 811228-9874")
    assert [error.code for error in refused.value.error_list] == ["identity_number"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_every_form_asks_the_same_of_a_name(form):
    for name in ("first_name", "last_name"):
        assert isinstance(form.base_fields[name], NameField)


def test_the_pages_say_what_is_wrong_and_keep_what_was_typed(people, olga, client):
    words, typed = "Write the name alone, in letters", "Klick: https://evil.example"
    profile = {"first_name": typed, "last_name": "T", "phone_number": "", "language": "en"}
    path = link_of(invite(people.olga, [people.north], email="new@example.com"))
    pages = [
        olga.post("/profile/", profile),
        olga.post("/users/new/", form_for([people.north], first_name=typed)),
        olga.post(f"/users/{people.petra.public_id}/details/", {"first_name": typed, "last_name": "T"}),
        choose_password(client, path, first_name=typed),
    ]
    for page in pages:
        assert words in page.content.decode()
        assert f'value="{typed}"' in page.content.decode()
    assert not User.objects.filter(first_name=typed).exists()
