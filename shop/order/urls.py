from django.urls import path

from shop.order import again_views, views

app_name = "orders"
urlpatterns = [
    path("", views.order_list, name="list"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/confirmation/", views.confirmation, name="confirmation"),
    path("<uuid:public_id>/pdf/", views.pdf, name="pdf"),
    path("<uuid:public_id>/again/", again_views.again, name="again"),
]
