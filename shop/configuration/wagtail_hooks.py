from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from shop.configuration.scans import VIEWED


@hooks.register("register_log_actions")
def ear_scan_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(VIEWED, _("View an ear scan"), _("Viewed an ear scan"))
