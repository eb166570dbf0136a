from django.urls import URLPattern

app_name = "impersonation"
urlpatterns: list[URLPattern] = []
