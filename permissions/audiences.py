"""Whom the views are for that we did not write: Oscar's dashboard, Wagtail, Django's own."""

from collections.abc import Callable

from django.http import HttpRequest

from permissions.access import Audience

BY_NAME = {
    "media": Audience.PUBLIC,
    # Pages have their own privacy, set by the editor; the start page is a route of ours (`home`), for customers.
    "wagtail_serve": Audience.PUBLIC,
    "wagtailcore_authenticate_with_password": Audience.PUBLIC,
    "wagtailimages_serve": Audience.PUBLIC,
    # Collections have their own privacy on top.
    "wagtaildocs_serve": Audience.READERS,
    "wagtaildocs_authenticate_with_password": Audience.READERS,
}
# What is the same for everybody: who asks is not even looked up.
WITHOUT_PERSON = frozenset({"media", "healthz"})
WITHOUT_PERSON_PATHS = ("/media/", "/healthz")  # the same, before the address is resolved
# Wagtail's other way to change people, which asks no rule of ours and writes no history: it is not there. Its pages
# of people and groups are left out where its app is installed.
CLOSED = ("/cms/bulk/permissions/user/", "/cms/bulk/auth/")
BY_PREFIX = (("/cms/", Audience.EDITORS), ("/backoffice/", Audience.BACK_OFFICE))


def audience_of(request: HttpRequest, view: Callable) -> Audience:
    """A view's own mark, else the area it lies in, else its name; nobody but customers when none says anything."""
    # Django's as_view() keeps the class on the function, so a mark on the class counts as well.
    for marked in (view, getattr(view, "view_class", None)):
        if isinstance(mark := getattr(marked, "audience", None), Audience):
            return mark
    for prefix, who in BY_PREFIX:
        if request.path_info.startswith(prefix):
            return who
    name = request.resolver_match.view_name if request.resolver_match else ""
    return BY_NAME.get(name, Audience.CUSTOMER)
