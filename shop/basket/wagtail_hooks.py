"""What is done to whole baskets is in the log, by the ids of which and who: colleagues are told who did it."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def basket_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("basket.discard", _("Discard a basket"), _("Discarded a basket"))
    actions.register_action("basket.bring_back", _("Bring a basket back"), _("Brought a basket back"))
    actions.register_action("basket.merge", _("Merge two baskets"), _("Merged two baskets"))
