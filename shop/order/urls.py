from django.urls import path

from shop.order import views

app_name = "orders"
urlpatterns = [
    path("", views.order_list, name="list"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/confirmation/", views.confirmation, name="confirmation"),
]
