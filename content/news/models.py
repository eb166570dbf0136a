from typing import ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Locale, Page, PageManager
from wagtail.query import PageQuerySet

from content.home.reserved_slugs import WithOwnAddress

NEWS_PER_PAGE = 10
FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "image"]


class NewsQuerySet(PageQuerySet):
    def latest_for(self, locale: Locale) -> "NewsQuerySet":
        """Published news in this language that anyone may read, newest first."""
        return self.live().public().filter(locale=locale).select_related("picture").order_by("-date", "-pk")


class NewsIndexPage(WithOwnAddress, Page):
    template = "content/news/news_index_page.html"
    parent_page_types: ClassVar = ["home.HomePage"]
    subpage_types: ClassVar = ["news.NewsPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("news list")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        paginator = Paginator(NewsPage.objects.latest_for(self.locale), NEWS_PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        return {**context, "news": page, "page_obj": page, "paginator": paginator}


class NewsPage(Page):
    date = models.DateField(_("date"), default=timezone.localdate)
    intro = models.CharField(_("introduction"), max_length=300)
    body = RichTextField(_("text"), features=FEATURES)
    picture = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PageManager.from_queryset(NewsQuerySet)()

    template = "content/news/news_page.html"
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("intro"),
        FieldPanel("picture"),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar = ["news.NewsIndexPage"]
    subpage_types: ClassVar = []

    class Meta:
        verbose_name = _("news page")
