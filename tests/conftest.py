"""Databases, people and guards that every test shares."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def pytest_configure(config: pytest.Config) -> None:
    """Plain `pytest` works too: the embedded database is started when no other is named."""
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    if not os.environ.get("DATABASE_URL"):
        command = [sys.executable, str(ROOT / "site" / "launcher"), "database-url", "--test"]
        os.environ["DATABASE_URL"] = subprocess.check_output(command, text=True).strip().splitlines()[-1]
        # The settings were read before this file.
        from django.conf import settings

        from config.settings.base import database_at

        settings.DATABASES["default"].update(database_at(os.environ["DATABASE_URL"]))


@pytest.fixture(scope="session", autouse=True)
def compiled_translations(django_test_environment: None) -> None:
    from django.core.management import call_command

    call_command("compile_translations", verbosity=0)


@pytest.fixture(scope="session")
def template_database(django_test_environment: None, django_db_blocker) -> str:
    from django.conf import settings

    from tests.databases import migrated_template

    # Django's test runner puts its own in; we want ours, with Django's behind it.
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"
    with django_db_blocker.unblock():
        return migrated_template()


@pytest.fixture(scope="session")
def django_db_setup(template_database: str) -> Iterator[None]:
    """pytest-django's own would migrate; ours copies. Who did not ask for a database gets none afterwards either:
    what such a test wrote would be there for all that follow."""
    from tests.databases import copied_database

    with copied_database(template_database, "suite"):
        yield


@pytest.fixture
def committed_db(django_db_setup: None, template_database: str, django_db_blocker) -> Iterator[str]:
    """A database of the test's own in which transactions really commit: for races, kills and browsers."""
    from tests.databases import copied_database

    with django_db_blocker.unblock(), copied_database(template_database, "committed") as name:
        yield name


@pytest.fixture(autouse=True)
def clean_slate() -> Iterator[None]:
    """Caches and the language of one test are not the next one's."""
    from django.core import mail
    from django.core.cache import cache
    from django.utils import translation

    cache.clear()
    if hasattr(mail, "outbox"):
        mail.outbox.clear()
    yield
    translation.activate("en")


@pytest.fixture(autouse=True)
def nothing_logged_as_error(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """A test in which the code logged an error fails, unless it is marked `logs_errors`."""
    yield
    if request.node.get_closest_marker("logs_errors"):
        return
    errors = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert not errors, f"logged: {[record.getMessage() for record in errors]}"


@pytest.fixture
def people(db):
    """The named people of the tests; see tests/people.py."""
    from tests.people import make_people

    return make_people()


@pytest.fixture
def petra(client, people):
    """The browser of the purchaser."""
    client.force_login(people.petra)
    return client


@pytest.fixture
def asta(client, people):
    """The browser of the assistant."""
    client.force_login(people.asta)
    return client
