"""The suite's own database: nobody writes into it by accident."""

import pytest

from permissions.models import User


def test_who_asked_for_no_database_gets_none(django_db_setup):
    """What such a test wrote would be there for all that follow, and some other test would fail of it."""
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        User.objects.exists()
