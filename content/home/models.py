from typing import ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from content.news.models import NewsPage
from permissions.roles import ClinicPermission
from shop.catalogue.assortment import root_categories
from shop.order.models import Order


class HomePage(Page):
    """What a customer sees first: the ways to order, the categories as pictures, the latest orders, the news."""

    intro = models.CharField(_("introduction"), max_length=250, blank=True)

    template = "content/home/home_page.html"
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["news.NewsIndexPage", "help.HelpPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("start page")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["news"] = NewsPage.objects.latest_for(self.locale)[:3]
        clinic = getattr(request, "clinic", None)
        if clinic is None:  # a preview by an editor, who is no customer
            return context
        context["categories"] = root_categories(clinic.account)
        if request.access.can(ClinicPermission.VIEW_ORDERS, clinic):
            orders = Order.objects.visible_to(request.user).filter(clinic=clinic)
            context["latest_orders"] = orders.select_related("user", "clinic").newest_first()[:5]
        return context
