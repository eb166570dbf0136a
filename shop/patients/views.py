"""Finding what the clinic has written of a patient, and erasing it. Searches are posted: names stand in no address."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from permissions.access import needs
from permissions.returning import other_clinic_problem
from permissions.roles import ClinicPermission
from shop.patients import labels
from shop.patients.forms import FindPatientForm
from shop.patients.models import PatientLabel
from shop.patients.showings import Viewer

MOST_FOUND = 50


@dataclass(frozen=True)
class Found:
    pk: UUID
    text: str
    written: datetime
    orders: int
    basket_lines: int


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(ClinicPermission.VIEW_PATIENTS)
def patient_list(request: HttpRequest) -> HttpResponse:
    searched = request.method == "POST"
    form = FindPatientForm(request.POST if searched else None)
    if searched and (problem := other_clinic_problem(request)):
        messages.error(request, problem)
        return redirect("patients:list")
    found = None
    if searched and form.is_valid():
        found = labels.find(request.user, request.clinic, form.cleaned_data["query"])
    rows = _rows(found, request.user) if found is not None else []
    context = {
        "form": form,
        "rows": rows[:MOST_FOUND],
        "there_are_more": len(rows) > MOST_FOUND,
        "searched": found is not None,
        "can_erase": request.access.can(ClinicPermission.MANAGE_CLINIC, request.clinic),
    }
    return render(request, "oscar/patients/list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ClinicPermission.VIEW_PATIENTS)
@needs(ClinicPermission.MANAGE_CLINIC)
def erase(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks first; what is erased comes back from nowhere."""
    if request.method == "POST" and (problem := other_clinic_problem(request)):
        messages.error(request, problem)
        return redirect("patients:list")
    label = get_object_or_404(PatientLabel.objects.visible_to(request.user), clinic=request.clinic, pk=pk)
    if label.erased:
        messages.info(request, _("This patient is erased already."))
        return redirect("patients:list")
    if request.method != "POST":
        row = _rows(PatientLabel.objects.filter(pk=pk), request.user)[0]
        return render(request, "oscar/patients/erase.html", {"row": row})
    labels.erase(label, request.user)
    messages.success(request, _("The patient is erased. Where the name or reference stood, it now says so."))
    return redirect("patients:list")


def _rows(found: QuerySet[PatientLabel], user: Viewer) -> list[Found]:
    """One more than is shown, so that the page can tell that there are more."""
    counted = found.annotate(
        orders=Count("order_lines__order", distinct=True),
        # What was sent is counted as an order.
        lines=Count("basket_lines", filter=Q(basket_lines__basket__date_submitted=None), distinct=True),
    )
    shown = list(counted[: MOST_FOUND + 1])
    texts = labels.texts(shown, user)
    return [Found(label.pk, texts.get(label.pk, ""), label.created, label.orders, label.lines) for label in shown]
