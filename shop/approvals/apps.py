from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "shop.approvals"
    label = "approvals"
    verbose_name = _("Approvals")

    def ready(self) -> None:
        from shop.approvals import changing  # noqa: F401 - listens to what approvers change
