"""The page of the account: its facts, its owner and main users, what the owner decides, and handing it over."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from permissions.access import Audience, audience, is_looked_at, needs, of_account_looked_at, person_of
from permissions.models import Account, OwnershipTransfer
from permissions.models.transfers import TransferState
from permissions.ownership import account_settings, mails, transfers
from permissions.ownership.forms import OfferForm, SettingsForm
from permissions.ownership.showing import account_facts
from permissions.ownership.transfers import OwnershipUnchanged
from permissions.requests.asking import require_manager
from permissions.roles import ClinicPermission
from permissions.switching import choose_clinic

FOLDER = "permissions/ownership"
either = require_http_methods(["GET", "HEAD", "POST"])


@either
@needs(ClinicPermission.MANAGE_CLINIC)
def account_page(request: HttpRequest) -> HttpResponse:
    """Every main user looks; the owner alone posts the settings."""
    account, person = _account(request), person_of(request)
    if request.method != "POST":
        return render(request, f"{FOLDER}/account.html", account_facts(account, person))
    if (stop := _other_account(request, account)) is not None:
        return stop
    transfers.require_owner(person, account)
    form = SettingsForm(request.POST, instance=Account.objects.get(pk=account.pk))
    form.is_valid()  # two boxes: there is nothing to be wrong
    turned_on = form.cleaned_data["requires_second_factor"] and not account.requires_second_factor
    people = list(account_settings.without_second_factor(account)) if turned_on else []
    if people and "confirmed" not in request.POST:
        context = {"account": account, "people": people, "wanted": form.cleaned_data}
        return render(request, f"{FOLDER}/confirm_second_factor.html", context)
    changed = account_settings.save(account=account, by=person, wanted=form.cleaned_data)
    messages.success(request, _("The settings are saved.") if changed else _("Nothing was changed."))
    return redirect("ownership:account")


@require_safe
def go_to_account(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where mails lead: to the account they are about, whichever one the reader works for just now."""
    account = get_object_or_404(Account, pk=pk)
    require_manager(person_of(request), account)
    manages = [
        clinic
        for clinic in request.access.clinics
        if clinic.account_id == pk and request.access.can(ClinicPermission.MANAGE_CLINIC, clinic)
    ]
    if request.clinic not in manages and not is_looked_at(request.user):  # who only looks changes nothing
        choose_clinic(request, manages[0])
        messages.info(request, _("You now work for %(clinic)s.") % {"clinic": manages[0].name})
    return redirect("ownership:account")


@sensitive_post_parameters("password")
@either
@needs(ClinicPermission.MANAGE_CLINIC)
def offer(request: HttpRequest) -> HttpResponse:
    account, person = _account(request), person_of(request)
    transfers.require_owner(person, account)
    if request.method == "POST" and (stop := _other_account(request, account)) is not None:
        return stop
    waiting = transfers.open_offer(account)
    if waiting is not None and waiting.void is None:
        messages.info(request, _("The ownership is offered to somebody already. Take that offer back first."))
        return redirect("ownership:account")
    form = OfferForm(request, request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        return _offer(request, account, form.cleaned_data)
    context = {"form": form, "account": account, "days": transfers.VALID.days}
    return render(request, f"{FOLDER}/offer.html", context, status=422 if form.errors else 200)


def _offer(request: HttpRequest, account: Account, wanted: dict) -> HttpResponse:
    to = wanted["person"]
    try:
        transfers.offer(account=account, by=person_of(request), to=to, role_afterwards=wanted["role_afterwards"])
    except OwnershipUnchanged as refused:
        messages.error(request, str(refused))
    else:
        text = _("The ownership is offered to %(person)s. You stay the owner until it is accepted.")
        messages.success(request, text % {"person": to})
    return redirect("ownership:account")


@require_POST
@needs(ClinicPermission.MANAGE_CLINIC)
def cancel(request: HttpRequest) -> HttpResponse:
    account = _account(request)
    if (stop := _other_account(request, account)) is not None:
        return stop
    try:
        transfers.take_back(account=account, by=person_of(request))
    except OwnershipUnchanged as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("The offer is taken back. You stay the owner of the account."))
    return redirect("ownership:account")


@either
@audience(Audience.SIGNED_IN)
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For who is asked to take the account over, whatever they can still reach otherwise."""
    rows = OwnershipTransfer.objects.select_related("account__owner", "from_user", "to_user")
    row = get_object_or_404(of_account_looked_at(rows, request.user), pk=pk, to_user=person_of(request))
    if request.method == "POST":
        return _answer(request, row)
    is_open = row.state == TransferState.OFFERED
    context = {
        "row": row,
        "is_open": is_open,
        "void": transfers.void(row) if is_open else None,
        "ends": row.created + transfers.VALID,
        "afterwards": mails.afterwards(row),
        "clinics_count": row.account.clinics.filter(is_active=True).count(),
    }
    return render(request, f"{FOLDER}/answer.html", context)


def _answer(request: HttpRequest, row: OwnershipTransfer) -> HttpResponse:
    person, said = person_of(request), request.POST.get("answer")
    try:
        if said == "accept":
            transfers.accept(offer_id=row.pk, by=person)
            words = {"account": row.account.name}
            messages.success(request, _("You are the owner of %(account)s from now on.") % words)
        elif said == "decline":
            transfers.decline(offer_id=row.pk, by=person)
            messages.success(request, _("You declined. Nothing has changed."))
    except OwnershipUnchanged as refused:
        messages.error(request, str(refused))
    return redirect("ownership:answer", pk=row.pk)


def _account(request: HttpRequest) -> Account:
    if request.clinic is None:
        raise Http404
    return Account.objects.select_related("owner").get(pk=request.clinic.account_id)


def _other_account(request: HttpRequest, account: Account) -> HttpResponse | None:
    """A form of a page that was opened before the clinic, and with it the account, was switched in another tab."""
    if request.POST.get("account") == str(account.pk):
        return None
    text = _("You now work for %(account)s, but this page was opened for another account. Nothing was changed.")
    messages.error(request, text % {"account": account.name})
    return redirect("ownership:account")
