from django.urls import path

from permissions.requests import views

app_name = "requests"
urlpatterns = [
    path("register/", views.ask_account, name="account"),
    path("register/received/", views.received, name="received"),
    path("clinics/new/", views.ask_clinic, name="clinic"),
]
