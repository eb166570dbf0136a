"""The migration that lets nobody be blocked and active."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from permissions.models import User
from tests.factories import UserFactory


def test_who_was_made_active_past_a_block_is_shut_out_by_it(committed_db):
    executor = MigrationExecutor(connection)
    (node,) = [key for key in executor.loader.graph.nodes if key[1].endswith("_staff_rights")]
    last = executor.loader.graph.leaf_nodes("permissions")
    executor.migrate(executor.loader.get_migration(*node).dependencies)
    blocked, free = UserFactory(), UserFactory()
    User.objects.filter(pk=blocked.pk).update(blocked=timezone.now())
    MigrationExecutor(connection).migrate(last)
    assert not User.objects.get(pk=blocked.pk).is_active
    assert User.objects.get(pk=free.pk).is_active
