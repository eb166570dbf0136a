from django.urls import path
from django.views.generic import RedirectView

from shop.dashboard.people import access_views, colleague_views, views

# The names `users-index` and `user-detail` are Oscar's: its own pages link to them.
urlpatterns = [
    path("people/", views.people, name="users-index"),
    path("users/", RedirectView.as_view(pattern_name="dashboard:users-index"), name="people-moved"),
    path("users/<int:pk>/", views.by_number, name="user-detail"),
    path("people/new/", colleague_views.new, name="person-new"),
    path("people/<uuid:public_id>/", views.person, name="person"),
    path("people/<uuid:public_id>/details/", views.details, name="person-details"),
    path("people/<uuid:public_id>/rights/", colleague_views.rights, name="person-rights"),
    path("people/<uuid:public_id>/do/<slug:deed>/", views.act, name="person-act"),
    path("people/<uuid:public_id>/clinics/", access_views.find_clinic, name="person-clinics"),
    path("people/<uuid:public_id>/clinics/<uuid:clinic>/", access_views.access_page, name="person-access"),
    path("people/<uuid:public_id>/clinics/<uuid:clinic>/remove/", access_views.remove, name="person-remove"),
    path("people/<uuid:public_id>/clinics/<uuid:clinic>/status/", access_views.status, name="person-status"),
]
