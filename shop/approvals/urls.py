"""Baskets on their way to somebody who may send them. In front of the orders' own addresses."""

from django.urls import path

from shop.approvals import actions, views

app_name = "approvals"
urlpatterns = [
    path("orders/approvals/", views.approval_list, name="list"),
    path("orders/approvals/approve/", actions.approve_many, name="approve-many"),
    path("orders/approvals/mails/", actions.mail_wish, name="mail-wish"),
    path("orders/approvals/<uuid:public_id>/", views.detail, name="detail"),
    path("orders/approvals/<uuid:public_id>/submit/", actions.submit, name="submit"),
    path("orders/approvals/<uuid:public_id>/withdraw/", actions.withdraw, name="withdraw"),
    path("orders/approvals/<uuid:public_id>/approve/", actions.approve, name="approve"),
    path("orders/approvals/<uuid:public_id>/return/", actions.send_back, name="return"),
    path("orders/approvals/<uuid:public_id>/reject/", actions.reject, name="reject"),
    path("orders/approvals/<uuid:public_id>/lines/<int:pk>/", actions.change_line, name="line"),
    path("orders/approvals/<uuid:public_id>/dispatch/", actions.change_dispatch, name="dispatch"),
    path("orders/approvals/<uuid:public_id>/continue/", actions.continue_filling, name="continue"),
    path("orders/approvals/<uuid:public_id>/copy/", actions.copy, name="copy"),
]
