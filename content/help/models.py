from typing import ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from content.home.reserved_slugs import WithOwnAddress

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "image"]


class HelpPage(WithOwnAddress, Page):
    """One chapter of the user manual; chapters lie below the manual's first page."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)
    body = RichTextField(_("text"), features=FEATURES, blank=True)

    template = "content/help/help_page.html"
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types: ClassVar = ["home.HomePage", "help.HelpPage"]
    subpage_types: ClassVar = ["help.HelpPage"]

    class Meta:
        verbose_name = _("help page")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["children"] = self.get_children().live().specific()
        is_chapter = isinstance(self.get_parent().specific, HelpPage)
        context["siblings"] = self.get_siblings().live().type(HelpPage) if is_chapter else []
        return context
