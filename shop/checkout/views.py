"""Delivery, review, confirm. The answers are kept on the basket, so a step can be left and come back to."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from permissions.access import needs
from permissions.models import User
from permissions.roles import ClinicPermission
from shop.basket.filling import Refused
from shop.basket.middleware import basket_of
from shop.basket.models import Basket
from shop.basket.summary import fingerprint, lines_of, totals_of
from shop.checkout.forms import DeliveryForm, initial_for
from shop.checkout.placing import DeliveryIncomplete, check_delivery, place_order
from shop.order.models import Order


@needs(ClinicPermission.PLACE_ORDER)
def index(request: HttpRequest) -> HttpResponse:
    return redirect("checkout:details")


@needs(ClinicPermission.PLACE_ORDER)
def details(request: HttpRequest) -> HttpResponse:
    basket = basket_of(request)
    if (refusal := _not_ready(request, basket)) is not None:
        return refusal
    form = DeliveryForm(request.POST or None, clinic=request.clinic, initial=initial_for(basket, request.clinic))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save(Basket.objects.locked_open_for(request.user, request.clinic))
        return redirect("checkout:review")
    status = 422 if form.is_bound else 200
    return render(request, "oscar/checkout/details.html", {**_shared(request, basket), "form": form}, status=status)


@needs(ClinicPermission.PLACE_ORDER)
def review(request: HttpRequest) -> HttpResponse:
    basket = basket_of(request)
    if (refusal := _not_ready(request, basket)) is not None:
        return refusal
    try:
        check_delivery(basket)
    except DeliveryIncomplete as incomplete:
        messages.info(request, str(incomplete))
        return redirect("checkout:details")
    given = {
        "purchase_number": basket.purchase_number,
        "reference": basket.reference,
        "delivery_address": basket.delivery_address,
        "dispatch_date": basket.dispatch_date,
    }
    context = {**_shared(request, basket), "details": given, "fingerprint": fingerprint(basket)}
    return render(request, "oscar/checkout/review.html", context)


def confirm(request: HttpRequest) -> HttpResponse:
    """Places the order of the basket that was reviewed. Pressed again, it leads to the same order."""
    if request.method != "POST":  # back from a log-in that an expired session asked for
        return redirect("checkout:review")
    typed = request.POST.get("basket", "")
    if not typed.isdecimal() or len(typed) > 18:
        messages.error(request, _("Review the order, then confirm it."))
        return redirect("checkout:review")
    basket = get_object_or_404(Basket.objects.visible_to(request.user), pk=int(typed))
    try:
        if basket.clinic_id != request.clinic.pk and not Order.objects.filter(basket=basket).exists():
            raise Refused(
                _("This basket is for %(other)s, but you now work for %(clinic)s. Switch clinic, then confirm.")
                % {"other": basket.clinic.name, "clinic": request.clinic.name}
            )
        person: User = request.user  # type: ignore[assignment]  # a customer is signed in
        order = place_order(user=person, basket_id=basket.pk, reviewed=request.POST.get("fingerprint", ""))
    except DeliveryIncomplete as incomplete:
        messages.error(request, str(incomplete))
        return redirect("checkout:details")
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("basket:summary" if basket_of(request).is_empty else "checkout:review")
    return redirect("orders:confirmation", public_id=order.public_id)


def _not_ready(request: HttpRequest, basket: Basket) -> HttpResponse | None:
    """Back to the basket when there is nothing to send, or something that can't be sent."""
    lines = lines_of(basket)
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


def _shared(request: HttpRequest, basket: Basket) -> dict:
    return {
        "basket": basket,
        "lines": lines_of(basket),
        "totals": totals_of(basket),
        "account": request.clinic.account,
        "clinic": request.clinic,
    }
