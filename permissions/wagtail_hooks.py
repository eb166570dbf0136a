from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def access_log_actions(actions: LogActionRegistry) -> None:
    """Every change of access is in the log, by the ids of who and where."""
    actions.register_action("permissions.grant", _("Grant a role"), _("Granted a role"))
    actions.register_action("permissions.revoke", _("Revoke access"), _("Revoked access"))
    actions.register_action("permissions.repair", _("Repair access"), _("Repaired permission rows"))
