"""Class-only fork. Differs: lists from SQL, scoped to the account's market; no reviews, no offer ranges."""

from django.urls import path, re_path
from oscar.apps.catalogue import apps


class CatalogueConfig(apps.CatalogueOnlyConfig):
    name = "shop.catalogue"

    def ready(self) -> None:
        """Oscar's receivers (deleting files of deleted images), not its views: they need haystack."""
        from oscar.apps.catalogue import receivers  # noqa: F401

    def get_urls(self):
        from shop.catalogue import views

        return [
            path("", views.index, name="index"),
            re_path(r"^category/(?P<category_slug>[\w-]+(/[\w-]+)*)_(?P<pk>\d+)/$", views.category, name="category"),
            re_path(r"^(?P<product_slug>[\w-]*)_(?P<pk>\d+)/$", views.detail, name="detail"),
        ]
