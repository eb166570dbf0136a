"""Who changed what for whom: the history of the reader's clinics and of the accounts that they own."""

from collections.abc import Collection
from dataclasses import replace

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from permissions.access import person_of
from permissions.history import listing
from permissions.history.export import history_book
from permissions.history.filters import HistoryFilter, HistoryOfAccount
from permissions.history.wording import Entry, entry_of
from permissions.models import AccessEvent, Clinic
from permissions.printing import print_head
from permissions.users.forms import query_of
from permissions.users.reach import for_managers, managed_clinics

EVENTS_PER_PAGE = 50


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def history(request: HttpRequest) -> HttpResponse:
    """A person is looked for by POST and then stands in the address as a public id."""
    clinics = managed_clinics(request)
    events = AccessEvent.objects.visible_to(person_of(request))
    context = page_of_history(request, events, HistoryOfAccount(request.GET, clinics), clinics)
    about = str(context["person"] or "")
    context["print_head"] = print_head(clinics, context["form"], person=(_("Only about"), about))
    return render(request, "permissions/history/list.html", context)


@require_safe
@for_managers
def export(request: HttpRequest) -> FileResponse:
    """What the filter shows, all of its pages."""
    asked = HistoryOfAccount(request.GET, managed_clinics(request)).asked()
    events = listing.narrowed(AccessEvent.objects.visible_to(person_of(request)), asked)
    return history_book(events).response("access-history")


def page_of_history(
    request: HttpRequest, events: QuerySet[AccessEvent], form: HistoryFilter, clinics: Collection[Clinic] | None
) -> dict:
    """What the pages of customers and of staff have in common. `events` are all that the reader may see.

    `clinics` are those whose users the reader manages; None for staff.
    """
    asked = form.asked()
    person = listing.person_asked(events, asked)
    query = query_of(request.POST)
    found = listing.find_people(events, query, clinics) if request.method == "POST" else None
    paginator = listing.HistoryPaginator(listing.with_names(listing.narrowed(events, asked)), EVENTS_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    return {
        "form": form,
        "asked": asked,
        "person": person,
        "is_narrowed_otherwise": replace(asked, person=None).is_narrowed,
        "query": query,
        "found": found[: listing.MOST_FOUND] if found else [],
        "there_are_more": len(found or ()) > listing.MOST_FOUND,
        "searched": found is not None,
        "page_obj": page,
        "entries": _entries(page, for_staff=clinics is None),
        "most_listed": listing.MOST_LISTED,
    }


def _entries(page: Page, *, for_staff: bool) -> list[Entry]:
    return [entry_of(event, for_staff=for_staff) for event in page]
