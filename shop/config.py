"""Our addresses in place of Oscar's. Differs: the start page is Wagtail's, and what we don't use has no route."""

from django.apps import apps
from django.urls import include, path
from oscar import config


class ShopConfig(config.Shop):
    def get_urls(self):
        """No registration, reviews, offers, wishlists, vouchers or anonymous orders: they are installed, not routed."""
        from wagtail.views import serve  # needs the app registry

        return [
            path("", serve, {"path": ""}, name="home"),
            path("products/", self.catalogue_app.urls),
            path("search/", self.search_app.urls),
            path("", self.basket_app.urls),
            path("checkout/", self.checkout_app.urls),
            path("orders/", include(apps.get_app_config("order").customer_urls)),
            path("backoffice/", self.dashboard_app.urls),
        ]
