"""Full fork. Differs: a basket belongs to a clinic and carries what checkout asks; own basket page."""

from django.urls import path
from oscar.apps.basket import apps


class BasketConfig(apps.BasketConfig):
    name = "shop.basket"

    def ready(self) -> None:
        """Oscar's views are not looked up: none of them is routed."""

    def get_urls(self):
        from shop.basket import views

        return [
            path("", views.summary, name="summary"),
            path("add/<int:pk>/", views.add, name="add"),
            path("lines/<int:pk>/", views.change_line, name="line"),
        ]
