"""Who changed what is dispatched when, and what an account asks of its orders, is in the log."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def dispatch_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("dispatch.agreement", _("Change a dispatch agreement"), _("Changed a dispatch agreement"))
    actions.register_action("dispatch.day", _("Close or open a dispatch day"), _("Closed or opened a dispatch day"))
    actions.register_action("dispatch.day_delete", _("Delete a dispatch day"), _("Deleted a dispatch day"))
    actions.register_action("account.ordering", _("Change an account's rules"), _("Changed an account's rules"))
