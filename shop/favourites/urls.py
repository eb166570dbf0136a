from django.urls import path

from shop.favourites import views

app_name = "favourites"
urlpatterns = [
    path("", views.favourites, name="list"),
    path("<int:pk>/", views.toggle, name="toggle"),
]
