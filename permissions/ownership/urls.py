from django.urls import path

from permissions.ownership import views

app_name = "ownership"
urlpatterns = [
    path("users/account/", views.account_page, name="account"),
    path("users/account/<uuid:pk>/", views.go_to_account, name="account-of"),
    path("users/account/offer/", views.offer, name="offer"),
    path("users/account/offer/cancel/", views.cancel, name="cancel"),
    path("ownership/<uuid:pk>/", views.answer, name="answer"),
]
