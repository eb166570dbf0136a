"""Class-only fork. Differs: only the parts of the back office that we use are routed; the log-in is ours."""

from django.urls import include, path
from oscar.apps.dashboard import apps


class DashboardConfig(apps.DashboardConfig):
    name = "shop.dashboard"

    def get_urls(self):
        from django.contrib.auth import views as auth_views  # needs the app registry

        from shop.dashboard.access.urls import urlpatterns as access
        from shop.dashboard.clinics.urls import urlpatterns as clinics
        from shop.dashboard.configuration.urls import urlpatterns as configuration
        from shop.dashboard.dispatch.urls import urlpatterns as dispatch
        from shop.dashboard.people.urls import urlpatterns as people
        from shop.dashboard.requests.urls import urlpatterns as requests
        from shop.dashboard.statistics import OrderStatsView

        # People are ours; of Oscar's pages about them only the product alerts are used.
        alerts = [url for url in self.users_app.urls[0] if url.name.startswith("user-alert")]
        self.orders_app.order_stats_view = OrderStatsView
        may = self.partners_app.permissions_map
        may["partner-manage"] = ["partner.view_partner", "partner.change_partner"]
        # Its pages of a warehouse's people make staff and set passwords, past our rules and the history.
        warehouses = [url for url in self.partners_app.urls[0] if not url.name.startswith("partner-user")]
        return self.post_process_urls(
            [
                path("", self.index_view.as_view(), name="index"),
                path("catalogue/", include(self.catalogue_app.urls[0])),
                *configuration,
                *clinics,
                *dispatch,
                path("", include(people)),  # two of their names are Oscar's, which would not have them twice
                *requests,
                *access,
                path("orders/", include(self.orders_app.urls[0])),
                path("users/", include(alerts)),
                path("partners/", include(warehouses)),
                path("reports/", include(self.reports_app.urls[0])),
                path("logout/", auth_views.LogoutView.as_view(), name="logout"),
            ]
        )
