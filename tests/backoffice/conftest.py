"""Who works in the back office."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from permissions.staff import SERVICE_GROUP
from tests.factories import UserFactory


@pytest.fixture
def stella(people, client) -> Client:
    people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
    client.force_login(people.stella)
    return client


@pytest.fixture
def admin(people) -> Client:
    client = Client()
    client.force_login(UserFactory(email="admin@example.com", is_staff=True, is_superuser=True))
    return client
