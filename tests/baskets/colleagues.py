"""People who press at the same moment, and what went wrong beyond a refusal."""

from permissions.roles import Role
from permissions.services import membership_grant
from shop.basket.filling import Refused
from tests.factories import UserFactory


def faults(results: list) -> list:
    return [result for result in results if isinstance(result, Exception) and not isinstance(result, Refused)]


def colleagues(people, count: int) -> list:
    users = [UserFactory(first_name=f"Colleague {number}") for number in range(count)]
    for user in users:
        membership_grant(user=user, clinic=people.north, role=Role.ASSISTANT)
    return users
