"""Delivery, review, confirm. The answers are kept on the basket, so a step can be left and come back to."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from permissions.access import needs, person_of
from permissions.returning import other_clinic_problem
from permissions.roles import ClinicPermission
from shop.basket.filling import Refused, locked
from shop.basket.middleware import basket_of
from shop.basket.models import Basket
from shop.basket.overview import ending_for
from shop.basket.summary import BasketLine, fingerprint, lines_of, totals_of
from shop.checkout.dispatch_plan import plan_of
from shop.checkout.forms import SPLIT, DeliveryForm, initial_for
from shop.checkout.placing import DateRefused, DeliveryIncomplete, approval_needed, check_delivery, place_order
from shop.checkout.turning import is_turning, sheet_for, turned_form
from shop.dispatch.calendars import day_words
from shop.keys import key_of
from shop.order.models import Order


@needs(ClinicPermission.PREPARE_ORDER)
def index(request: HttpRequest) -> HttpResponse:
    return redirect("checkout:details")


@needs(ClinicPermission.PREPARE_ORDER)
def details(request: HttpRequest) -> HttpResponse:
    basket = chosen_basket(request)
    lines = lines_of(basket, viewer=request.user)
    if (refusal := _other_basket(request, basket) or _not_ready(request, lines)) is not None:
        return refusal
    if request.method == "POST" and is_turning(request.POST):
        return _details_page(request, basket, lines, turned_form(request, basket), turned=request.POST)
    if request.method != "POST":
        form = DeliveryForm(clinic=request.clinic, plan=plan_of(basket), initial=initial_for(basket, request.clinic))
        return _details_page(request, basket, lines, form)
    split = request.POST.get("split_dispatch") == SPLIT
    form = DeliveryForm(request.POST, clinic=request.clinic, plan=plan_of(basket, split=split))
    if not form.is_valid():
        return _details_page(request, basket, lines, form, status=422)
    try:
        with transaction.atomic():
            form.save(locked(person_of(request), request.clinic, basket.pk))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("basket:summary")
    return redirect("checkout:review")


@needs(ClinicPermission.PREPARE_ORDER)
def review(request: HttpRequest) -> HttpResponse:
    basket = chosen_basket(request)
    lines = lines_of(basket, viewer=request.user)
    if (refusal := _not_ready(request, lines)) is not None:
        return refusal
    try:
        check_delivery(basket)
    except DateRefused:
        return redirect("checkout:details")
    except DeliveryIncomplete as incomplete:
        messages.info(request, str(incomplete))
        return redirect("checkout:details")
    plan = plan_of(basket)
    context = {
        **_shared(request, basket, lines),
        "plan": plan,
        "dispatch_words": day_words(plan.dispatch, plan.shown.today) if plan.dispatch else "",
        "delivery_words": day_words(plan.delivery, plan.shown.today) if plan.delivery else "",
        "later_lines": plan.later_lines(),
        "fingerprint": fingerprint(basket),
        "needs_approval": approval_needed(person_of(request), basket),
    }
    return render(request, "oscar/checkout/review.html", context)


def confirm(request: HttpRequest) -> HttpResponse:
    """Places the order of the basket that was reviewed. Pressed again, it leads to the same order."""
    if request.method != "POST":  # back from a log-in that an expired session asked for
        return redirect("checkout:review")
    basket_id = key_of(request.POST.get("basket", ""))
    if basket_id is None:
        messages.error(request, _("Review the order, then confirm it."))
        return redirect("checkout:review")
    basket = get_object_or_404(Basket.objects.visible_to(request.user), pk=basket_id)
    try:
        if basket.clinic_id != request.clinic.pk and not Order.objects.filter(basket=basket).exists():
            raise Refused(
                _("This basket is for %(other)s, but you now work for %(clinic)s. Switch clinic, then confirm.")
                % {"other": basket.clinic.name, "clinic": request.clinic.name}
            )
        order = place_order(user=person_of(request), basket_id=basket.pk, reviewed=request.POST.get("fingerprint", ""))
    except DeliveryIncomplete as incomplete:
        answer = _back_to(request, basket, "checkout:details")
        if not isinstance(incomplete, DateRefused) or answer["Location"] != reverse("checkout:details"):
            messages.error(request, str(incomplete))
        return answer
    except Refused as refused:
        messages.error(request, str(refused))
        return _back_to(request, basket, "checkout:review")
    if (sender := order.approved_by or order.user) != request.user:
        messages.info(request, _("%(name)s has sent this basket already. This is the order.") % {"name": sender})
    return redirect("orders:confirmation", public_id=order.public_id)


def _back_to(request: HttpRequest, basket: Basket, step: str) -> HttpResponse:
    """A step of the basket that was posted: who fills another one by now must not confirm that instead."""
    mine = basket_of(request)
    if basket.clinic_id == request.clinic.pk and basket.pk != mine.pk:
        return redirect("basket:look", public_id=basket.public_id)
    return redirect("basket:summary" if mine.is_empty else step)


def chosen_basket(request: HttpRequest) -> Basket:
    """The basket this person is filling, for the clinic that the request knows already."""
    basket = basket_of(request)
    if basket.pk:
        basket.clinic = request.clinic
    return basket


def _details_page(
    request: HttpRequest, basket: Basket, lines: list[BasketLine], form: DeliveryForm, *, turned=None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "sheet": sheet_for(form, turned or {})}
    if turned and request.htmx:
        return render(request, "components/dispatch.html", context)
    stale = None if request.method == "POST" else basket.dispatch_date
    problem = form.plan.problem(stale) if stale else ""
    context |= {**_shared(request, basket, lines), "date_problem": problem}
    return render(request, "oscar/checkout/details.html", context, status=status)


def _other_basket(request: HttpRequest, basket: Basket) -> HttpResponse | None:
    """A page left open for another clinic or another basket changes nothing."""
    if request.method != "POST":
        return None
    problem = other_clinic_problem(request)
    meant = request.POST.get("basket", "")
    if not problem and meant and meant != str(basket.public_id):
        problem = _("You now fill another basket than the one this page was opened for. Nothing was changed.")
    if not problem:
        return None
    messages.error(request, problem)
    return redirect("basket:summary")


def _not_ready(request: HttpRequest, lines: list[BasketLine]) -> HttpResponse | None:
    """Back to the basket when there is nothing to send, or something that can't be sent."""
    if not lines and (ending := ending_for(person_of(request), request.clinic)):
        if ending.order is None:
            return redirect("basket:summary")
        messages.info(request, _("%(name)s has sent this basket already. This is the order.") % {"name": ending.by})
        return redirect("orders:confirmation", public_id=ending.order.public_id)
    if not lines and (placed := Order.objects.just_placed_by(request.user, request.clinic)):
        messages.info(request, _("We have received this order already."))
        return redirect("orders:confirmation", public_id=placed.public_id)
    if not lines:
        messages.info(request, _("Your basket is empty. Add products first."))
        return redirect("basket:summary")
    if any(line.problem for line in lines):
        messages.error(request, _("Some lines can't be ordered as they are. Change or remove them first."))
        return redirect("basket:summary")
    return None


def _shared(request: HttpRequest, basket: Basket, lines: list[BasketLine]) -> dict:
    return {
        "basket": basket,
        "lines": lines,
        "totals": totals_of(basket),
        "account": request.clinic.account,
        "clinic": request.clinic,
    }
