from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from content.home.reserved_slugs import problem


class BackOfficeMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.is_staff


@hooks.register("register_admin_menu_item")
def back_office_link() -> MenuItem:
    """The way across: Oscar's back office links here, and this links there."""
    return BackOfficeMenuItem(_("Back office"), reverse("dashboard:index"), icon_name="site", order=10000)


@hooks.register("register_account_menu_item")
def profile_link(request: HttpRequest) -> dict[str, object]:
    return {"url": reverse("profile"), "label": _("My profile"), "help_text": _("Name, telephone, language, log-in")}


@hooks.register("register_log_actions")
def order_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("order.place", _("Place an order"), _("Placed an order"))


@hooks.register("before_move_page")
def keep_reachable(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Moving asks no form: `/help/orders/` must not become `/orders/`, which is the shop's."""
    if not (why := problem(page.slug, destination)):
        return None
    messages.error(request, why)
    return redirect("wagtailadmin_pages:move", page.pk)
