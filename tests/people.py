"""Who the tests are about. Every test that needs a person takes one of these, so that names mean something.

Olga is main user of both clinics of the account Nordhear, Petra purchaser and Asta assistant at its clinic North only.
Otto is main user of another account. Edit writes news; Stella is the supplier's customer service.
"""

from dataclasses import dataclass

from django.contrib.auth.models import Group

from permissions.models import Clinic, User
from permissions.roles import Role
from permissions.services import membership_grant
from tests.factories import AccountFactory, ClinicFactory, DeliveryAddressFactory, UserFactory


@dataclass(frozen=True)
class People:
    olga: User
    petra: User
    asta: User
    otto: User
    edit: User
    stella: User
    north: Clinic
    south: Clinic
    foreign: Clinic


def make_people() -> People:
    account = AccountFactory(name="Nordhear AB", country="SE", organisation_number="5560360793")
    other = AccountFactory(name="Otolab AS", country="NO", organisation_number="974760673")
    north = ClinicFactory(account=account, name="Nordhear North", customer_number="10010")
    south = ClinicFactory(account=account, name="Nordhear South", customer_number="10020")
    foreign = ClinicFactory(account=other, name="Otolab Oslo", customer_number="20010")
    for clinic in (north, south, foreign):
        DeliveryAddressFactory(clinic=clinic, is_default=True)
    people = People(
        olga=_person("olga"),
        petra=_person("petra"),
        asta=_person("asta"),
        otto=_person("otto"),
        edit=_person("edit"),
        stella=_person("stella", is_staff=True),
        north=north,
        south=south,
        foreign=foreign,
    )
    for clinic in (north, south):
        membership_grant(user=people.olga, clinic=clinic, role=Role.MAIN_USER)
    membership_grant(user=people.petra, clinic=north, role=Role.PURCHASER)
    membership_grant(user=people.asta, clinic=north, role=Role.ASSISTANT)
    membership_grant(user=people.otto, clinic=foreign, role=Role.MAIN_USER)
    people.edit.groups.add(*Group.objects.filter(name__in=["Editors", "Moderators"]))
    return people


def _person(name: str, **fields) -> User:
    return UserFactory(first_name=name.title(), last_name="Testsson", email=f"{name}@example.com", **fields)
