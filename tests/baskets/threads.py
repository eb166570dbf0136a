"""Threads that start at the same moment, and people for them."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from permissions.roles import Role
from permissions.services import membership_grant
from shop.basket.filling import Refused
from tests.factories import UserFactory


def at_once(number: int, work) -> list:
    """Run `work(index)` in that many threads that all start at the same moment; exceptions are returned."""
    start = threading.Barrier(number)

    def run(index: int):
        try:
            start.wait(timeout=60)
            return work(index)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def faults(results: list) -> list:
    return [result for result in results if isinstance(result, Exception) and not isinstance(result, Refused)]


def colleagues(people, count: int) -> list:
    users = [UserFactory(first_name=f"Colleague {number}") for number in range(count)]
    for user in users:
        membership_grant(user=user, clinic=people.north, role=Role.ASSISTANT)
    return users
