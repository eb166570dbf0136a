"""Browsers of the people who submit and approve, several in one test."""

import pytest
from django.test import Client


@pytest.fixture
def asta(people):
    return _browser_of(people.asta)


@pytest.fixture
def olga(people):
    return _browser_of(people.olga)


@pytest.fixture
def petra(people):
    return _browser_of(people.petra)


def _browser_of(user) -> Client:
    """Imported here: the models are not ready when this file is read."""
    from tests.approvals.submissions import as_user

    return as_user(user)
