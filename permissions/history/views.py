"""Who changed what for whom: the history of the reader's clinics and of the accounts that they own."""

from collections.abc import Collection

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
from permissions.history.wording import entries_of
from permissions.models import AccessEvent, Clinic
from permissions.printing import print_head
from permissions.users.forms import query_of
from permissions.users.reach import for_managers, has_several_accounts, managed_clinics

EVENTS_PER_PAGE = 50


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def history(request: HttpRequest) -> HttpResponse:
    """A person is looked for by POST and then stands in the address as a public id."""
    clinics = managed_clinics(request)
    events = AccessEvent.objects.visible_to(person_of(request))
    context = page_of_history(request, events, HistoryOfAccount(request.GET, clinics), clinics)
    people = {"person": (_("Only about"), context["person"]), "actor": (_("Only by"), context["actor"])}
    chosen = {name: (label, str(person or "")) for name, (label, person) in people.items()}
    context["print_head"] = print_head(clinics, context["form"], **chosen)
    context["has_several_accounts"] = has_several_accounts(clinics)
    return render(request, "permissions/history/list.html", context)


@require_safe
@for_managers
def export(request: HttpRequest) -> FileResponse:
    """What the filter shows, all of its pages."""
    clinics = managed_clinics(request)
    asked = HistoryOfAccount(request.GET, clinics).asked()
    events = listing.narrowed(AccessEvent.objects.visible_to(person_of(request)), asked, for_staff=False)
    return history_book(events, clinics).response("access-history", person_of(request))


def page_of_history(
    request: HttpRequest, events: QuerySet[AccessEvent], form: HistoryFilter, clinics: Collection[Clinic] | None
) -> dict:
    """What the pages of customers and of staff have in common. `events` are all that the reader may see.

    `clinics` are those whose users the reader manages; None for staff.
    """
    asked, for_staff = form.asked(), clinics is None
    query = query_of(request.POST)
    found = listing.find_people(events, query, clinics) if request.method == "POST" else None
    narrowed = listing.narrowed(events, asked, for_staff=for_staff)
    paginator = listing.HistoryPaginator(listing.with_names(narrowed), EVENTS_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    return {
        "form": form,
        "asked": asked,
        "person": listing.person_asked(events, asked),
        "actor": listing.actor_asked(events, asked, for_staff=for_staff),
        "query": query,
        "found": found[: listing.MOST_FOUND] if found else [],
        "there_are_more": len(found or ()) > listing.MOST_FOUND,
        "searched": found is not None,
        "page_obj": page,
        "entries": entries_of(list(page), clinics),
        "most_listed": listing.MOST_LISTED,
    }
