"""The browsers of the main user and of customer service."""

import pytest
from django.contrib.auth.models import Group

from permissions.staff import SERVICE_GROUP


@pytest.fixture
def olga(client, people):
    client.force_login(people.olga)
    return client


@pytest.fixture
def stella(client, people):
    people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
    client.force_login(people.stella)
    return client
