from django.urls import path

from shop.clinics import views

app_name = "clinics"
urlpatterns = [
    path("clinics/rules/", views.rules_page, name="rules"),
    path("clinics/rules/stand-ins/", views.stand_in_add, name="stand-in-add"),
    path("clinics/rules/stand-ins/<int:pk>/remove/", views.stand_in_remove, name="stand-in-remove"),
]
