"""Back office: the accounts with their clinics, when the clinics are dispatched to, and the rules of an account."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.log_actions import log

from permissions.models import Account, Clinic
from shop.dashboard.clinics.forms import AccountRulesForm, AgreementForm
from shop.dispatch.loading import calendar_for
from shop.dispatch.models import DispatchAgreement
from shop.dispatch.months import note_of

FOLDER = "oscar/dashboard/clinics"
PER_PAGE = 50
UPCOMING = 5
either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@permission_required(["permissions.view_account", "permissions.view_clinic"], raise_exception=True)
def clinics(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("q", "").strip()[:100]
    found = Clinic.objects.select_related("account", "dispatch_agreement").order_by("account__name", "name", "pk")
    for word in typed.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(customer_number__icontains=word)
            | Q(account__name__icontains=word)
            | Q(account__organisation_number__icontains=word)
        )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, f"{FOLDER}/list.html", {"page_obj": page, "q": typed})


@either
@permission_required(
    ["permissions.view_clinic", "dispatch.view_dispatchagreement", "dispatch.change_dispatchagreement"],
    raise_exception=True,
)
def agreement(request: HttpRequest, pk) -> HttpResponse:
    clinic = get_object_or_404(Clinic.objects.select_related("account"), pk=pk)
    row = DispatchAgreement.objects.filter(clinic=clinic).first() or DispatchAgreement(clinic=clinic)
    form = AgreementForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        _save(request, form, "dispatch.agreement")
        messages.success(request, _("Saved. It holds for every order from now on."))
        return redirect("dashboard:clinic-dispatch", pk=clinic.pk)
    shown = calendar_for(clinic)
    upcoming = [note_of(shown, day) for day in shown.agreed(UPCOMING)]
    context = {"form": form, "clinic": clinic, "upcoming": upcoming, "title": clinic.name}
    return render(request, f"{FOLDER}/agreement.html", context, status=422 if form.errors else 200)


@either
@permission_required(["permissions.view_account", "permissions.change_account"], raise_exception=True)
def account_rules(request: HttpRequest, pk) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk)
    form = AccountRulesForm(request.POST or None, instance=account)
    is_saved = request.method == "POST" and "try" not in request.POST
    if is_saved and form.is_valid():
        _save(request, form, "account.ordering")
        messages.success(request, _("Saved. It holds for every order from now on."))
        return redirect("dashboard:account-ordering", pk=account.pk)
    verdict = form.verdict() if request.method == "POST" else ""
    context = {"form": form, "account": account, "verdict": verdict, "title": Account.objects.get(pk=pk).name}
    return render(request, f"{FOLDER}/account.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _save(request: HttpRequest, form: ModelForm, action: str) -> None:
    """With an entry in the log of which fields were changed."""
    row = form.save()
    log(instance=row, action=action, user=request.user, data={"changed": form.changed_data})
