from django.urls import path

from shop.configuration import views

app_name = "configuration"
urlpatterns = [
    path("products/configure/<int:pk>/", views.configure, name="configure"),
    path("ear-scans/<uuid:pk>/", views.scan, name="scan"),
]
