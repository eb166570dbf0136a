from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def patient_log_actions(actions: LogActionRegistry) -> None:
    """Who was shown patients, where and how many, and who erased; never whom."""
    actions.register_action("patients.view", _("Show patients"), _("Was shown patients"))
    actions.register_action("patients.erase", _("Erase a patient"), _("Erased a patient"))
    actions.register_action("patients.erase_clinic", _("Erase all patients"), _("Erased all patients of a clinic"))
