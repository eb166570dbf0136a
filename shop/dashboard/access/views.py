"""Back office: the history of access over all accounts, and why somebody may do something at a clinic."""

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from permissions.access import person_of
from permissions.history import listing
from permissions.history.export import history_book
from permissions.history.filters import HistoryOfAll
from permissions.history.views import page_of_history
from permissions.models import AccessEvent, Clinic, User
from permissions.overview.explaining import explain

FOLDER = "oscar/dashboard/access"
may_look = permission_required("permissions.view_accessevent", raise_exception=True)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@may_look
def history(request: HttpRequest) -> HttpResponse:
    context = page_of_history(request, AccessEvent.objects.all(), HistoryOfAll(request.GET), clinics=None)
    return render(request, f"{FOLDER}/list.html", context)


@require_safe
@may_look
def export(request: HttpRequest) -> FileResponse:
    events = listing.narrowed(AccessEvent.objects.all(), HistoryOfAll(request.GET).asked(), for_staff=True)
    return history_book(events, clinics=None).response("access-history", person_of(request))


@require_safe
@permission_required(
    ["permissions.view_user", "permissions.view_clinic", "permissions.view_accessevent"], raise_exception=True
)
def why(request: HttpRequest, person: UUID, clinic: UUID) -> HttpResponse:
    user = get_object_or_404(User, public_id=person)
    found = get_object_or_404(Clinic.objects.select_related("account"), pk=clinic)
    context = {"explanation": explain(user, found, for_staff=True), "title": _("Access explained")}
    return render(request, f"{FOLDER}/why.html", context)
