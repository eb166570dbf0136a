from django.urls import path

from permissions.impersonation import views

app_name = "impersonation"
urlpatterns = [
    path("backoffice/people/<uuid:public_id>/look/", views.begin, name="begin"),
    path("impersonation/end/", views.end, name="end"),
]
