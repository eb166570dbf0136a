from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Mail leaves through the database: written with the change that causes it, delivered by the worker."""

    name = "outbox"
    verbose_name = _("Outgoing mail")
