"""Stella of customer service, who may look; and a browser in which she does."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from permissions.staff import SERVICE_GROUP

REASON = "Can't find the invoice"


@pytest.fixture
def people(people):
    """As everywhere, but Stella has the rights of her group and Olga owns the account."""
    people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
    account = people.north.account
    account.owner = people.olga
    account.save()
    people.olga.language = "en"
    people.olga.save()
    return people


@pytest.fixture
def stella(people) -> Client:
    browser = Client()
    browser.force_login(people.stella)
    return browser


def begin(browser: Client, person, clinic, reason: str = REASON):
    return browser.post(f"/backoffice/people/{person.public_id}/look/", {"reason": reason, "clinic": clinic.pk})


@pytest.fixture
def looking(stella, people) -> Client:
    """Stella's browser, looking as Petra."""
    response = begin(stella, people.petra, people.north)
    assert response.status_code == 302, response.content.decode()
    return stella
