from django.urls import path

from shop.favourites import saving_views, views

app_name = "favourites"
urlpatterns = [
    path("", views.favourites, name="list"),
    path("panel/", views.panel, name="panel"),
    path("order/", views.order, name="order"),
    path("remove/", views.remove, name="remove"),
    path("restore/", views.restore, name="restore"),
    path("change/<int:pk>/", views.change, name="change"),
    path("save/line/<int:pk>/", saving_views.save_line, name="save-line"),
    path("save/basket/<uuid:public_id>/", saving_views.save_basket, name="save-basket"),
    path("save/order/<uuid:public_id>/", saving_views.save_order, name="save-order"),
    path("<int:pk>/", saving_views.toggle, name="toggle"),
]
