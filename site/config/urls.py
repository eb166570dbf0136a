"""Every address of the portal. Includes only; Wagtail's catch-all last."""

from django.apps import apps
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config import views
from content.home.serving import serve_in_any_language

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    re_path(r"^media/(?P<path>.+)$", views.media, name="media"),
    path("", include("permissions.urls")),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("shop.configuration.urls")),
    path("", include("shop.approvals.urls")),
    path("", include("shop.clinics.urls")),
    path("clinics/patients/", include("shop.patients.urls")),
    path("", include(apps.get_app_config("oscar").urls[0])),
    path("favourites/", include("shop.favourites.urls")),
    path("", include([pattern for pattern in wagtail_urls.urlpatterns if pattern.name != "wagtail_serve"])),
    re_path(wagtail_urls.serve_pattern, serve_in_any_language, name="wagtail_serve"),
]
