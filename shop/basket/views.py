"""The basket page and its two actions. Each answers with a fragment to htmx and with a page to everybody else."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from permissions.access import needs
from permissions.returning import next_address, other_clinic_problem
from permissions.roles import ClinicPermission
from shop.basket import filling
from shop.basket.filling import Refused
from shop.basket.middleware import basket_of
from shop.basket.summary import lines_of, totals_of
from shop.catalogue import assortment
from shop.catalogue.cards import card, with_card_rows

PAGE = "oscar/basket/basket.html"
CONTENT = "oscar/basket/partials/content.html"
ADDED = "oscar/basket/partials/added.html"
REFUSED = "oscar/basket/partials/refused.html"


@require_safe
@needs(ClinicPermission.PREPARE_ORDER)
def summary(request: HttpRequest) -> HttpResponse:
    return _show(request)


@needs(ClinicPermission.PREPARE_ORDER)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    products = assortment.products_for(request.clinic.account)
    product = get_object_or_404(with_card_rows(products), pk=pk)
    if request.method != "POST":  # back from a log-in that an expired session asked for
        return redirect(product)
    try:
        _refuse_other_clinic(request)
        quantity = filling.read_quantity(request.POST.get("quantity", "1"))
        who = {"user": request.user, "clinic": request.clinic}
        line = filling.add(**who, product=product, quantity=quantity)
    except Refused as refused:
        return _refusal(request, refused, back_to=product.get_absolute_url())
    if request.htmx:
        basket = basket_of(request)
        shown = card(product, request.strategy)
        context = {"line": line, "quantity": quantity, "basket": basket, "card": shown, "totals": totals_of(basket)}
        return render(request, ADDED, context)
    text = ngettext("%(count)s × %(product)s is in the basket.", "%(count)s × %(product)s are in the basket.", quantity)
    messages.success(request, text % {"count": quantity, "product": product.title})
    return HttpResponseRedirect(next_address(request, "basket:summary"))


@needs(ClinicPermission.PREPARE_ORDER)
def change_line(request: HttpRequest, pk: int) -> HttpResponse:
    """A new quantity, or `remove`. What can't be is said at the line, and the line stays as it was."""
    if request.method != "POST":
        return redirect("basket:summary")
    where = {"user": request.user, "clinic": request.clinic, "line_id": pk}
    undo, errors = None, {}
    try:
        _refuse_other_clinic(request)
        if "remove" in request.POST:
            line = filling.remove(**where)
            undo = {"product": line.product, "quantity": line.quantity}
        else:
            filling.change_quantity(**where, quantity=filling.read_quantity(request.POST.get("quantity")))
    except Refused as refused:
        errors = {pk: str(refused)}
    return _show(request, undo=undo, line_errors=errors)


def _show(request: HttpRequest, undo: dict | None = None, line_errors: dict[int, str] | None = None) -> HttpResponse:
    basket = basket_of(request)
    lines = lines_of(basket)
    errors = line_errors or {}
    for line_id in errors.keys() - {row.line.pk for row in lines}:
        messages.error(request, errors[line_id])
    context = {
        "basket": basket,
        # What was just refused stands at its line, before what is wrong with the line itself.
        "lines": [replace(row, problem=errors.get(row.line.pk, row.problem)) for row in lines],
        "totals": totals_of(basket),
        "problems": any(row.problem for row in lines),
        "can_send": request.access.can(ClinicPermission.PLACE_ORDER, request.clinic),
        "undo": undo,
    }
    return render(request, CONTENT if request.htmx else PAGE, context)


def _refuse_other_clinic(request: HttpRequest) -> None:
    """A page left open before the clinic was switched in another tab must not order for the wrong clinic."""
    if problem := other_clinic_problem(request):
        raise Refused(problem)


def _refusal(request: HttpRequest, refused: Refused, back_to: str) -> HttpResponse:
    if request.htmx:
        return render(request, REFUSED, {"refused": str(refused)})
    messages.error(request, str(refused))
    return HttpResponseRedirect(next_address(request, back_to))
