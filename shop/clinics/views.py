"""The clinic's own rules of ordering, for its main users."""

from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from permissions.access import needs, people_with, person_of
from permissions.locking import lock_clinic
from permissions.models import Clinic
from permissions.returning import other_clinic_problem
from permissions.roles import ClinicPermission
from permissions.staffing import stranded
from shop.approvals.models import StandIn
from shop.approvals.recipients import approvers_of
from shop.clinics import rules
from shop.clinics.forms import RulesForm, StandInForm
from shop.dispatch.loading import agreement_of

PAGE = "oscar/clinics/rules.html"


@needs(ClinicPermission.MANAGE_CLINIC)
def rules_page(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, RulesForm(instance=request.clinic))
    if problem := other_clinic_problem(request):
        messages.error(request, problem)
        return redirect("clinics:rules")
    with transaction.atomic():
        form = RulesForm(request.POST, instance=lock_clinic(request.clinic))
        if form.is_valid():
            changed = rules.save_rules(form, user=person_of(request))
            text = _("The rules are saved.") if changed else _("Nothing was changed.")
            messages.success(request, text)
            return redirect("clinics:rules")
    return _show(request, form, status=422)


@needs(ClinicPermission.MANAGE_CLINIC)
def stand_in_add(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":  # back from a log-in that an expired session asked for
        return redirect("clinics:rules")
    if problem := other_clinic_problem(request):
        messages.error(request, problem)
        return redirect("clinics:rules")
    form = _stand_in_form(request, request.POST)
    if not form.is_valid():
        return _show(request, RulesForm(instance=request.clinic), form, status=422)
    stand_in = rules.add_stand_in(form, user=person_of(request))
    words = {"person": stand_in.person, "absent": stand_in.absent}
    messages.success(request, _("%(person)s stands in for %(absent)s.") % words)
    return redirect("clinics:rules")


@require_POST
@needs(ClinicPermission.MANAGE_CLINIC)
def stand_in_remove(request: HttpRequest, pk: int) -> HttpResponse:
    stand_in = get_object_or_404(StandIn.objects.select_related("clinic"), pk=pk, clinic=request.clinic)
    rules.remove_stand_in(stand_in, user=person_of(request))
    messages.success(request, _("The stand-in is removed."))
    return redirect("clinics:rules")


def _stand_in_form(request: HttpRequest, data=None) -> StandInForm:
    approvers = approvers_of(request.clinic)
    blank = StandIn(clinic=request.clinic)
    me = request.user if request.user in approvers else None
    return StandInForm(data, instance=blank, approvers=approvers, today=_today(request.clinic), initial={"absent": me})


def _today(clinic: Clinic) -> date:
    return timezone.localdate(timezone=clinic.market.time_zone)


def _show(
    request: HttpRequest, form: RulesForm, stand_in_form: StandInForm | None = None, status: int = 200
) -> HttpResponse:
    clinic = Clinic.objects.select_related("account").get(pk=request.clinic.pk)
    agreement = agreement_of(clinic)
    standing = StandIn.objects.filter(clinic=clinic, last_day__gte=_today(clinic)).select_related("absent", "person")
    approvers = approvers_of(clinic)
    context = {
        "clinic": clinic,
        "form": form,
        "stand_in_form": stand_in_form or _stand_in_form(request),
        "refused_form": next((each for each in (form, stand_in_form) if each is not None and each.errors), None),
        "stand_ins": standing,
        "approvers": approvers,
        "stranded": stranded(clinic),
        "weekdays": [WEEKDAYS[day - 1] for day in sorted(agreement.weekdays)],
        "agreement": agreement,
        "sees_patients": people_with(ClinicPermission.VIEW_PATIENTS, clinic).count(),
    }
    return render(request, PAGE, context, status=status)
