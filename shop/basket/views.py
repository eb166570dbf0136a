"""The basket page and what is done to its lines. Each answers with a fragment to htmx and else with a page."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from permissions.access import needs, person_of
from permissions.returning import next_address, other_clinic_problem
from permissions.roles import ClinicPermission
from shop.basket import filling, overview, sharing, taken_out
from shop.basket.filling import Refused
from shop.basket.forms import LineNoteForm, NoteForm, TitleForm
from shop.basket.live import stamp_of
from shop.basket.middleware import basket_of
from shop.basket.models import Basket
from shop.basket.summary import lines_of, totals_of
from shop.catalogue import assortment
from shop.catalogue.cards import card, with_card_rows
from shop.catalogue.models import Product
from shop.configuration.options import Invalid

PAGE = "oscar/basket/basket.html"
CONTENT = "oscar/basket/partials/content.html"
ADDED = "oscar/basket/partials/added.html"
REFUSED = "oscar/basket/partials/refused.html"


@require_safe
@needs(ClinicPermission.PREPARE_ORDER)
def summary(request: HttpRequest) -> HttpResponse:
    return show_basket(request)


@needs(ClinicPermission.PREPARE_ORDER)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    products = assortment.products_for(request.clinic.account)
    product = get_object_or_404(with_card_rows(products), pk=pk)
    if request.method != "POST":  # back from a log-in that an expired session asked for
        return redirect(product)
    try:
        _refuse_other_clinic(request)
        quantity = filling.read_quantity(request.POST.get("quantity", "1"))
        who = {"user": person_of(request), "clinic": request.clinic}
        line = filling.add(**who, product=product, quantity=quantity)
    except Refused as refused:
        return _refusal(request, refused, back_to=product.get_absolute_url())
    except Invalid as invalid:  # the page with the button was opened before the product was to be configured
        return _to_configurator(request, product, invalid)
    if request.htmx:
        basket = basket_of(request)
        shown = card(product, request.strategy)
        context = {"line": line, "quantity": quantity, "basket": basket, "card": shown, "totals": totals_of(basket)}
        return render(request, ADDED, {**context, "instead_of": line.basket.instead_of})
    text = ngettext("%(count)s × %(product)s is in the basket.", "%(count)s × %(product)s are in the basket.", quantity)
    messages.success(request, text % {"count": quantity, "product": product.title})
    if former := line.basket.instead_of:
        messages.info(request, sharing.begun_instead_of(former, person_of(request)))
    return HttpResponseRedirect(next_address(request, "basket:summary"))


@needs(ClinicPermission.PREPARE_ORDER)
def change_line(request: HttpRequest, pk: int) -> HttpResponse:
    """A new quantity, or `remove`. What can't be is said at the line, and the line stays as it was."""
    if request.method != "POST":
        return redirect("basket:summary")
    where = {"user": person_of(request), "clinic": request.clinic, "line_id": pk}
    undo, errors = None, {}
    try:
        _refuse_other_clinic(request)
        if "remove" in request.POST:
            line = filling.remove(**where)
            undo = {"product": line.product, "token": taken_out.token_of(line)}
        else:
            filling.change_quantity(**where, quantity=filling.read_quantity(request.POST.get("quantity")))
    except Refused as refused:
        errors = {pk: str(refused)}
    return show_basket(request, undo=undo, line_errors=errors)


@needs(ClinicPermission.PREPARE_ORDER)
def put_back(request: HttpRequest) -> HttpResponse:
    """Undo of a removed line."""
    if request.method != "POST":
        return redirect("basket:summary")
    try:
        _refuse_other_clinic(request)
        token = request.POST.get("token", "")
        taken_out.put_back(user=person_of(request), clinic=request.clinic, token=token)
    except (Refused, Invalid) as refused:
        messages.error(request, str(refused))
    return redirect("basket:summary")


@needs(ClinicPermission.PREPARE_ORDER)
def line_note(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return redirect("basket:summary")
    form, errors = LineNoteForm(request.POST, auto_id=f"id_line_{pk}_%s"), {}
    try:
        _refuse_other_clinic(request)
        if not form.is_valid():
            return show_basket(request, forms={"line": form, "line_id": pk}, status=422)
        sharing.write_line_note(
            user=person_of(request), clinic=request.clinic, line_id=pk, note=form.cleaned_data["note"]
        )
    except Refused as refused:
        errors = {pk: str(refused)}
    if request.htmx or errors:
        return show_basket(request, line_errors=errors)
    return redirect("basket:summary")


def show_basket(
    request: HttpRequest,
    *,
    undo: dict | None = None,
    line_errors: dict[int, str] | None = None,
    forms: dict | None = None,
    status: int = 200,
    is_live: bool = False,
) -> HttpResponse:
    """The basket this person has chosen. `forms` are those that were just refused."""
    stamp = stamp_of(person_of(request), request.clinic)  # first: what changes meanwhile is asked for again
    basket = basket_of(request)
    lines = lines_of(basket, viewer=person_of(request))
    errors = line_errors or {}
    for line_id in errors.keys() - {row.line.pk for row in lines}:
        messages.error(request, errors[line_id])
    context = {
        "basket": basket,
        # What was just refused stands at its line, before what is wrong with the line itself.
        "lines": [replace(row, problem=errors.get(row.line.pk, row.problem)) for row in lines],
        "totals": totals_of(basket),
        "problems": any(row.problem for row in lines),
        "undo": undo,
        "stamp": stamp,
        "is_live": is_live,
        **_shared(request, basket),
        "forms": {**_forms(basket), **(forms or {})},
    }
    return render(request, CONTENT if request.htmx else PAGE, context, status=status)


def _shared(request: HttpRequest, basket: Basket) -> dict:
    if basket.pk:
        return {"head": overview.head_of(basket, person_of(request))}
    return {"ending": overview.ending_for(person_of(request), request.clinic)}


def _forms(basket: Basket) -> dict:
    return {"title": TitleForm(initial={"title": basket.title}), "note": NoteForm(initial={"note": basket.note})}


def _refuse_other_clinic(request: HttpRequest) -> None:
    """A page left open before the clinic was switched in another tab must not order for the wrong clinic."""
    if problem := other_clinic_problem(request):
        raise Refused(problem)


def _refusal(request: HttpRequest, refused: Refused, back_to: str) -> HttpResponse:
    if request.htmx:
        return render(request, REFUSED, {"refused": str(refused)})
    messages.error(request, str(refused))
    return HttpResponseRedirect(next_address(request, back_to))


def _to_configurator(request: HttpRequest, product: Product, invalid: Invalid) -> HttpResponse:
    messages.info(request, str(invalid))
    answer = redirect("configuration:configure", pk=product.pk)
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer
