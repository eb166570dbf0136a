"""Class-only fork. Differs: only the parts of the back office that we use are routed; the log-in is ours."""

from django.urls import include, path
from oscar.apps.dashboard import apps


class DashboardConfig(apps.DashboardConfig):
    name = "shop.dashboard"

    def get_urls(self):
        from django.contrib.auth import views as auth_views  # needs the app registry

        return self.post_process_urls(
            [
                path("", self.index_view.as_view(), name="index"),
                path("catalogue/", include(self.catalogue_app.urls[0])),
                path("orders/", include(self.orders_app.urls[0])),
                path("users/", include(self.users_app.urls[0])),
                path("partners/", include(self.partners_app.urls[0])),
                path("reports/", include(self.reports_app.urls[0])),
                path("logout/", auth_views.LogoutView.as_view(), name="logout"),
            ]
        )
