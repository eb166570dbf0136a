from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PermissionsConfig(AppConfig):
    name = "permissions"
    verbose_name = _("Accounts and access")

    def ready(self) -> None:
        from permissions.log_in import checks  # noqa: F401  # registers itself

        post_migrate.connect(make_staff_groups, dispatch_uid="permissions.staff")


def make_staff_groups(sender: AppConfig, using: str, **kwargs) -> None:
    """After the last app's permissions are made, and only when the whole portal is migrated."""
    if sender is not [app for app in apps.get_app_configs() if app.models_module][-1]:
        return
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from permissions.staff import ensure_groups

    executor = MigrationExecutor(connections[using])
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        ensure_groups()
