"""Full fork. Differs: a basket belongs to a clinic and carries what checkout asks; own basket page."""

from django.urls import include, path
from oscar.apps.basket import apps


class BasketConfig(apps.BasketConfig):
    name = "shop.basket"

    def ready(self) -> None:
        """Oscar's views are not looked up: none of them is routed."""

    def get_urls(self):
        """From the root: the list of open baskets stands beside the clinic's orders."""
        from shop.basket import live_views, merge_views, shared_views, views

        of_one = [
            path("", shared_views.look, name="look"),
            path("choose/", shared_views.choose, name="choose"),
            path("save/", shared_views.save, name="save"),
            path("note/", shared_views.note, name="note"),
            path("merge/", merge_views.merge, name="merge"),
            path("discard/", shared_views.discard, name="discard"),
            path("bring-back/", shared_views.bring_back, name="bring-back"),
            path("reviewing/", live_views.reviewing, name="reviewing"),
        ]
        of_chosen = [
            path("", views.summary, name="summary"),
            path("add/<int:pk>/", views.add, name="add"),
            path("lines/<int:pk>/", views.change_line, name="line"),
            path("lines/<int:pk>/note/", views.line_note, name="line-note"),
            path("put-back/", views.put_back, name="put-back"),
            path("begin/", shared_views.begin, name="begin"),
            path("live/", live_views.live, name="live"),
            path("<uuid:public_id>/", include(of_one)),
        ]
        return [
            path("basket/", include(of_chosen)),
            path("orders/open/", shared_views.open_list, name="open-list"),
        ]
