from django.urls import path

from shop.dashboard.access import views

urlpatterns = [
    path("access/", views.history, name="access-history"),
    path("access.xlsx", views.export, name="access-history-export"),
    path("access/<uuid:person>/<uuid:clinic>/", views.why, name="access-why"),
]
