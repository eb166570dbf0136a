from django.urls import path

from permissions.overview import views

app_name = "overview"
urlpatterns = [
    path("users/access/", views.matrix, name="matrix"),
    path("users/access.xlsx", views.export, name="export"),
    path("users/access/<uuid:person>/<uuid:clinic>/", views.why, name="why"),
]
