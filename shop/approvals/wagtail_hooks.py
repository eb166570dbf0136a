from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def clinic_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("clinic.rules", _("Change a clinic's rules"), _("Changed the clinic's rules"))
    actions.register_action("clinic.stand_in", _("Change a stand-in"), _("Changed a stand-in"))
