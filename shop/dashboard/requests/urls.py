from django.urls import path

from shop.dashboard.requests import views

urlpatterns = [
    path("requests/", views.request_list, name="request-list"),
    path("requests/close/", views.close, name="request-close"),
    path("requests/<uuid:pk>/", views.detail, name="request"),
    path("requests/<uuid:pk>/approve/", views.approve, name="request-approve"),
    path("requests/<uuid:pk>/decline/", views.decline, name="request-decline"),
    path("requests/<uuid:pk>/invite/", views.invite_again, name="request-invite"),
    path("requests/<uuid:pk>/withdraw/", views.withdraw_invitation, name="request-withdraw"),
]
