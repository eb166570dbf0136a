from django.urls import path

from permissions.history import views

app_name = "history"
urlpatterns = [
    path("users/history/", views.history, name="list"),
    path("users/history.xlsx", views.export, name="export"),
]
