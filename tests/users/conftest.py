"""Browsers of the people who manage users and of those they manage."""

import pytest


@pytest.fixture
def people(db):
    """As everywhere, but their mails are in English."""
    from permissions.models import User
    from tests.people import make_people

    made = make_people()
    for user in (made.olga, made.petra, made.asta, made.otto):
        user.language = "en"
        User.objects.filter(pk=user.pk).update(language="en")
    return made


@pytest.fixture
def olga(people):
    return _browser_of(people.olga)


@pytest.fixture
def petra(people):
    return _browser_of(people.petra)


@pytest.fixture
def otto(people):
    return _browser_of(people.otto)


def _browser_of(user):
    """Imported here: the models are not ready when this file is read."""
    from tests.users.inviting import browser_of

    return browser_of(user)
