from django.urls import path

from shop.dashboard.dispatch import views

urlpatterns = [
    path("dispatch-days/", views.days, name="dispatch-days"),
    path("dispatch-days/<int:pk>/delete/", views.delete_day, name="dispatch-day-delete"),
]
