from django.urls import path

from shop.dashboard.configuration import views

urlpatterns = [
    path("configuration/", views.rules, name="configuration-rules"),
    path("configuration/types/<int:class_pk>/rules/add/", views.add_rule, name="configuration-rule-add"),
    path("configuration/types/<int:pk>/", views.product_class, name="configuration-class"),
    path("configuration/rules/<int:pk>/", views.rule, name="configuration-rule"),
    path("configuration/rules/<int:pk>/delete/", views.delete_rule, name="configuration-rule-delete"),
    path("configuration/values/", views.values, name="configuration-values"),
    path("configuration/values/<int:pk>/", views.value, name="configuration-value"),
    path("configuration/options/<int:pk>/", views.option, name="configuration-option"),
    path("configuration/products/", views.products, name="configuration-products"),
    path("configuration/products/<int:pk>/delete/", views.delete_product, name="configuration-product-delete"),
]
