"""Class-only fork. Differs: one search view in SQL; haystack is not installed."""

from django.urls import path
from oscar.apps.search import apps


class SearchConfig(apps.SearchConfig):
    name = "shop.search"

    def ready(self) -> None:
        """Oscar's view is not looked up: it needs haystack."""

    def get_urls(self):
        from shop.search import views

        return [path("", views.search, name="search")]
