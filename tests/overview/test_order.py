"""People are listed in one order everywhere: by the name as shown, in the reader's alphabet."""

import pytest
from django.utils import translation

from permissions.models import User
from permissions.naming import by_name
from permissions.roles import Role
from permissions.services import membership_grant
from tests.factories import UserFactory

NAMES = [
    ("Örjan", "Ask"),
    ("anna", "Berg"),
    ("Anna", "Ask"),
    ("Åsa", "Ask"),
    ("Ærik", "Ask"),
    ("Zoe", "Ask"),
    ("Émile", "Ask"),
    ("", ""),
    ("Fia", "Ask"),
]


def in_order(language: str) -> list[str]:
    with translation.override(language):
        people = User.objects.filter(last_name__in=["Ask", "Berg", ""]).order_by(*by_name())
        return [str(person).split()[0] for person in people]


@pytest.fixture
def named(people):
    for number, (first, last) in enumerate(NAMES):
        email = f"boss{number}@example.com"
        membership_grant(
            user=UserFactory(first_name=first, last_name=last, email=email), clinic=people.north, role=Role.ASSISTANT
        )


@pytest.mark.parametrize(
    ("language", "last"),
    [
        ("sv", ["Zoe", "Åsa", "Ærik", "Örjan"]),
        ("nb", ["Zoe", "Ærik", "Örjan", "Åsa"]),
        ("da", ["Zoe", "Ærik", "Örjan", "Åsa"]),
        ("en", ["Émile", "Fia", "Örjan", "Zoe"]),
    ],
)
def test_letters_stand_where_the_readers_alphabet_has_them(named, language, last):
    assert in_order(language)[-4:] == last


def test_case_and_accents_do_not_matter_and_who_has_no_name_stands_by_the_address(named):
    assert in_order("sv")[:5] == ["Anna", "anna", "boss7@example.com", "Émile", "Fia"]


def test_the_list_and_the_overview_have_the_same_order(named, client, people):
    client.force_login(people.olga)
    listed = [row.person.pk for row in client.get("/users/").context["rows"]]
    across = [row.person.pk for row in client.get("/users/access/").context["table"].rows]
    assert listed == across
    assert [row.person.pk for row in client.get("/users/?sort=-name").context["rows"]] == listed[::-1]
