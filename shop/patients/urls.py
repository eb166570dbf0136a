from django.urls import path

from shop.patients import views

app_name = "patients"
urlpatterns = [
    path("", views.patient_list, name="list"),
    path("<uuid:pk>/erase/", views.erase, name="erase"),
]
