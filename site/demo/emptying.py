"""Empties the portal of everything that is somebody's: for the demo's database only."""

from django.apps import apps
from django.db import connection, models
from wagtail.models import GroupPagePermission, Page, WorkflowPage

# What migrations put there, and what rights hang on. Pages are kept down to the root.
KEPT_APPS = {"auth", "contenttypes", "sites"}
KEPT_MODELS = {
    "address.Country",
    "wagtailcore.Collection",
    "wagtailcore.GroupApprovalTask",
    "wagtailcore.GroupApprovalTask_groups",
    "wagtailcore.GroupCollectionPermission",
    "wagtailcore.GroupPagePermission",
    "wagtailcore.Locale",
    "wagtailcore.Page",
    "wagtailcore.Task",
    "wagtailcore.Workflow",
    "wagtailcore.WorkflowContentType",
    "wagtailcore.WorkflowPage",
    "wagtailcore.WorkflowTask",
}


def empty() -> str:
    """Must be called inside a transaction. Readers see the old rows until it commits."""
    models_here = _emptied_models()
    # A table that may only grow is emptied as a whole, which waits for no constraint: before anything is deleted.
    models_here.sort(key=lambda model: not getattr(model, "append_only", False))
    emptied = [model for model in models_here if _delete_all(model)]
    GroupPagePermission.objects.filter(page__depth__gt=1).delete()
    WorkflowPage.objects.filter(page__depth__gt=1).delete()
    pages = Page.objects.filter(depth__gt=1)
    pages._raw_delete(pages.db)
    Page.objects.filter(depth=1).update(numchild=0)
    with connection.cursor() as cursor:
        # Foreign keys are checked at the end of a transaction: look now, while it is known what went wrong.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        _restart_sequences(cursor)
    return f"{len(emptied)} tables emptied"


def _emptied_models() -> list[type[models.Model]]:
    present = set(connection.introspection.table_names())
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in KEPT_APPS
        and model._meta.label not in KEPT_MODELS
        and model._meta.managed
        and not model._meta.proxy
        and model._meta.db_table in present
    ]


def _delete_all(model: type[models.Model]) -> int:
    """No signals and no cascades: every table that could refer to this one is emptied as well."""
    rows = model._base_manager.all()
    if getattr(model, "append_only", False):
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:  # its triggers refuse to lose a row
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"TRUNCATE {table}")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return 1
    return rows._raw_delete(rows.db)


def _restart_sequences(cursor) -> None:
    """Numbers begin anew, as in an empty database: addresses of products stay the same from demo to demo."""
    tables = [model._meta.db_table for model in _emptied_models()]
    cursor.execute(
        "SELECT sequence.oid::regclass::text FROM pg_class AS sequence"
        " LEFT JOIN pg_depend ON pg_depend.objid = sequence.oid AND pg_depend.deptype IN ('a', 'i')"
        " LEFT JOIN pg_class AS owner ON owner.oid = pg_depend.refobjid"
        " WHERE sequence.relkind = 'S' AND (owner.relname = ANY(%s) OR sequence.relname = 'order_web_reference')",
        [tables],
    )
    for (sequence,) in cursor.fetchall():
        cursor.execute(f"ALTER SEQUENCE {sequence} RESTART")
