"""Relations to a clinic that the access table has no column for: its sibling's people, two roles, inactive, closed.

Samples and forms are about North; what each relation gets is what a column of the table says, but for what is listed.
The supplier's own areas ask for no clinic and are left out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import transaction

from permissions.models import Clinic, User
from permissions.roles import Role
from permissions.services import membership_grant
from tests.factories import UserFactory
from tests.permissions.site_visitor import Visitor
from tests.permissions.site_walk import Row
from tests.permissions.test_access_table import AREAS, Survey, listed, survey

__all__ = ["survey"]  # the fixture

Answers = dict[str, str]


def _sibling(survey: Survey) -> User:
    """Main user of South, the other clinic of the account."""
    user = UserFactory(first_name="Mona")
    membership_grant(user=user, clinic=survey.world.people.south, role=Role.MAIN_USER)
    return user


def _two_roles(survey: Survey) -> User:
    user = _sibling(survey)
    membership_grant(user=user, clinic=survey.world.people.north, role=Role.ASSISTANT)
    return user


def _inactive(survey: Survey) -> User:
    """Still main user of South."""
    user = _sibling(survey)
    membership_grant(user=user, clinic=survey.world.people.north, role=Role.PURCHASER, is_active=False)
    return user


def _closed(survey: Survey) -> User:
    """Still main user of South, and of North, which is closed."""
    user = _sibling(survey)
    membership_grant(user=user, clinic=survey.world.people.north, role=Role.MAIN_USER)
    Clinic.objects.filter(pk=survey.world.people.north.pk).update(is_active=False)
    return user


@dataclass(frozen=True)
class Relation:
    """`like`: the column that holds for all but the listed rows."""

    person: Callable[[Survey], User]
    like: str
    otherwise: Answers
    sees_north: bool = False


BASKET_IS_EMPTY = {
    "GET checkout:details": "302",
    "GET checkout:review": "302",
    "POST checkout:review": "302",
}
# Who works at South, measured by Otto, who works for another customer in another market.
OF_SOUTH: Answers = {
    **BASKET_IS_EMPTY,
    "POST checkout:details": "302",
    "GET orders:detail [of South]": "200",
    # The goods are of their market.
    "GET catalogue:detail": "200",
    "GET basket:add": "302",
    "POST basket:add": "302",  # told that it was meant for another clinic
    "POST favourites:toggle": "302",
    "GET configuration:configure": "200",
    "POST configuration:configure": "302",
    # The account is theirs, but not to dispose of; they may ask for a clinic in it.
    "POST requests:clinic": "302",
    "GET ownership:account-of": "302",
    "POST ownership:account": "403",
    "POST ownership:cancel": "403",
}
# Who manages South, measured by Asta, who is an assistant at North only. People of North do not exist for them.
SAMPLES_OF_NORTH = ("invitation", "invitation-send", "invitation-withdraw")
PEOPLE_OF_NORTH = ("details", "inactive", "active", "access", "remove")
OF_BOTH: Answers = {
    **BASKET_IS_EMPTY,
    "GET basket:merge": "302",
    "GET orders:detail [of South]": "200",
    "POST approvals:approve-many": "302",  # told that the basket is not theirs to approve
    "GET requests:clinic": "200",
    "POST requests:clinic": "302",
    "GET ownership:account-of": "302",
    "GET users:list": "200",
    "POST users:list": "302",
    "GET users:add": "200",
    "POST users:add": "422",
    **{f"{verb} users:{name}": "404" for verb in ("GET", "POST") for name in (*SAMPLES_OF_NORTH, *PEOPLE_OF_NORTH)},
    "GET users:person": "404",
    "GET overview:matrix": "200",
    "POST overview:matrix": "302",
    "GET overview:export": "200",
    "GET history:list": "200",
    "POST history:list": "200",
    "GET history:export": "200",
}
RELATIONS = {
    "main user of the sibling": Relation(_sibling, "other_account", OF_SOUTH),
    "assistant here, main user there": Relation(_two_roles, "assistant", OF_BOTH, sees_north=True),
    "inactive here, main user there": Relation(_inactive, "other_account", OF_SOUTH),
    "main user of both, this one closed": Relation(_closed, "other_account", OF_SOUTH),
}


@pytest.mark.parametrize("name", RELATIONS)
def test_who_stands_otherwise_to_the_clinic_gets_what_the_table_says(survey, name):
    relation, wrong, unused = RELATIONS[name], [], dict(RELATIONS[name].otherwise)
    with transaction.atomic():
        visitor = Visitor(relation.person(survey))
        for row in _rows(survey):
            form = survey.samples.form_of(row, relation.like) if row.method == "POST" else None
            answer = visitor.ask(row.method, survey.path(row), form)
            expected = unused.pop(str(row), row.expected[relation.like])
            shown = [] if relation.sees_north else [w for w in survey.world.canaries["north"] if w in answer.text]
            wrote = answer.is_refusal and answer.written
            if answer.outcome != expected or shown or wrote or answer.errors:
                told = f"expected {expected}, got {answer.outcome}, wrote {sorted(answer.written)}"
                wrong.append(f"{row}: {told}, shows {shown} {answer.errors}")
        transaction.set_rollback(True)
    assert not wrong, listed([f"{name}:", *wrong])
    assert not unused, f"listed, but no row of the table: {sorted(unused)}"


def _rows(survey: Survey) -> list[Row]:
    return [row for row in survey.addresses if not row.route.startswith(tuple(AREAS))]
