"""The pages of access ask the database as often for many rows as for few."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from permissions.staff import SERVICE_GROUP
from tests.overview.crowd import make_crowd


def asked(client, path: str) -> int:
    for _warm in range(2):
        assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


@pytest.mark.parametrize("query", ["", "?show=ordering", "?role=assistant&status=active", "?function=patients"])
def test_the_overview(client, db, query):
    few, many = make_crowd("Few", clinics=2, people=4, each=2), make_crowd("Many", clinics=40, people=150, each=20)
    counts = []
    for crowd in (few, many):
        client.force_login(crowd.main_user)
        counts.append(asked(client, f"/users/access/{query}"))
    print(f"\nqueries  overview {query}: {counts}", end="")
    assert counts[0] == counts[1]


@pytest.mark.parametrize("path", ["/users/history/", "/users/history/?action=grant"])
def test_the_history(client, db, path):
    few, many = make_crowd("Few", clinics=2, people=4, each=2), make_crowd("Many", clinics=40, people=150, each=20)
    counts = []
    for crowd in (few, many):
        client.force_login(crowd.main_user)
        counts.append(asked(client, path))
    print(f"\nqueries  {path}: {counts}", end="")
    assert counts[0] == counts[1]


def test_one_explanation(client, people):
    client.force_login(people.olga)
    path = f"/users/access/{people.petra.public_id}/{people.north.pk}/"
    few = asked(client, path)
    make_crowd("Many", clinics=40, people=150, each=20)
    assert asked(client, path) == few


def test_the_history_of_all(client, people):
    people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
    client.force_login(people.stella)
    few = asked(client, "/backoffice/access/")
    make_crowd("Many", clinics=40, people=150, each=20)
    assert asked(client, "/backoffice/access/") == few
