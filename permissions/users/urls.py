from django.urls import path

from permissions.users import answer_views, invitation_views, person_views, views

app_name = "users"
urlpatterns = [
    path("users/", views.people_list, name="list"),
    path("users/new/", views.add_person, name="add"),
    path("users/invitations/<uuid:pk>/", invitation_views.invitation_page, name="invitation"),
    path("users/invitations/<uuid:pk>/send/", invitation_views.send, name="invitation-send"),
    path("users/invitations/<uuid:pk>/withdraw/", invitation_views.withdraw, name="invitation-withdraw"),
    path("users/<uuid:person>/", person_views.person_page, name="person"),
    path("users/<uuid:person>/details/", person_views.details, name="details"),
    path("users/<uuid:person>/inactive/", person_views.set_inactive, name="inactive"),
    path("users/<uuid:person>/active/", person_views.set_active, name="active"),
    path("users/<uuid:person>/<uuid:clinic>/", person_views.access_page, name="access"),
    path("users/<uuid:person>/<uuid:clinic>/remove/", person_views.remove, name="remove"),
    path("users/<uuid:person>/<uuid:clinic>/undo/", person_views.give_back, name="give-back"),
    path("invitations/<str:token>/", answer_views.by_link, name="accept"),
    path("profile/invitations/<uuid:pk>/", answer_views.by_person, name="answer"),
]
