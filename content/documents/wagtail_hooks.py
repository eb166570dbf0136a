"""Privacy by group: Wagtail sends who may not see a thing to the log-in, which sends who is logged in back again."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import BaseViewRestriction, Page

from content.documents.models import PortalDocument


@hooks.register("before_serve_document", order=-1)
def refuse_document(document: PortalDocument, request: HttpRequest) -> None:
    _refuse(document.collection.get_view_restrictions(), request)


@hooks.register("before_serve_page", order=-1)
def refuse_page(page: Page, request: HttpRequest, args: list, kwargs: dict) -> None:
    _refuse(page.get_view_restrictions(), request)


def _refuse(restrictions: Iterable[BaseViewRestriction], request: HttpRequest) -> None:
    if not request.user.is_authenticated:
        return
    for restriction in restrictions:
        by_group = restriction.restriction_type == BaseViewRestriction.GROUPS
        if by_group and not restriction.accept_request(request):
            raise PermissionDenied
