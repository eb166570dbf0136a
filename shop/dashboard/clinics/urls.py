from django.urls import path

from shop.dashboard.clinics import owner, views

urlpatterns = [
    path("clinics/", views.clinics, name="clinic-list"),
    path("clinics/<uuid:pk>/dispatch/", views.agreement, name="clinic-dispatch"),
    path("accounts/<uuid:pk>/ordering/", views.account_rules, name="account-ordering"),
    path("accounts/<uuid:pk>/owner/", owner.account_owner, name="account-owner"),
]
