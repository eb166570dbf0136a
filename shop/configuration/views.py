"""The configurator's page, its fragment while somebody chooses, and an ear scan as a file."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from permissions import access
from permissions.access import Audience, audience, needs, person_of
from permissions.returning import next_address, other_clinic_problem
from permissions.roles import ClinicPermission
from shop.basket.filling import Refused
from shop.basket.middleware import basket_of
from shop.basket.summary import totals_of
from shop.catalogue import assortment
from shop.catalogue.cards import card, with_card_rows
from shop.catalogue.models import Product
from shop.configuration import scans
from shop.configuration.forms import BOTH, Configurator, Start
from shop.configuration.loading import configuration_of
from shop.configuration.models import EarScan, RetiredProduct
from shop.configuration.options import Invalid
from shop.configuration.ordering import (
    Place,
    is_configured,
    is_waiting,
    place_of,
    start_of_favourite,
    start_of_line,
    start_of_order_line,
    take_scans,
    write,
)
from shop.partner.strategy import Selector

PAGE = "oscar/configuration/configure.html"
FORM = "oscar/configuration/partials/form.html"
ADDED = "oscar/configuration/partials/added.html"


@needs(ClinicPermission.PREPARE_ORDER)
def configure(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        place = place_of(
            person_of(request),
            request.clinic,
            line_id=request.GET.get("line", ""),
            basket_id=request.GET.get("basket", ""),
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return _leave(request, reverse("basket:summary"))
    products = assortment.products_for(place.clinic.account)
    product = with_card_rows(products).filter(pk=pk).first()
    if product is None:
        return _to_successor(request, products, pk)
    if place.line and place.line.product_id != product.pk:
        return redirect("configuration:configure", place.line.product_id)
    asked = configuration_of(product)
    if not is_configured(asked):
        return redirect(product)
    if request.method == "POST":
        return _answer(request, product, place)
    start = _start(request, place)
    form = Configurator(asked, place.clinic, start=start, is_edit=bool(place.line), asks_patient=place.asks_patient)
    if start.values:
        # What was right when it was ordered or saved may no longer be: said before anybody fills in the rest.
        form.check_opened()
    return _show(request, form, product, place)


def _start(request: HttpRequest, place: Place) -> Start:
    if place.line:
        return start_of_line(place.line, place.user)
    if favourite := request.GET.get("favourite", ""):
        return start_of_favourite(place.user, place.clinic, favourite)
    if again := request.GET.get("again", ""):
        return start_of_order_line(place.user, place.clinic, again)
    return Start()


def _answer(request: HttpRequest, product: Product, place: Place) -> HttpResponse:
    form = Configurator(
        configuration_of(product),
        place.clinic,
        start=Start(),
        post=request.POST,
        is_edit=bool(place.line),
        asks_patient=place.asks_patient,
    )
    if problem := "" if place.basket and "basket" in request.GET else other_clinic_problem(request):
        form.refused = problem
        return _show(request, form, product, place, status=422)
    take_scans(form, request.FILES, place)
    if "check" in request.POST:
        form.check(quietly=True)
        return _show(request, form, product, place)
    if not form.check():
        return _show(request, form, product, place, status=422)
    try:
        lines = write(form, product, place)
    except Refused as refused:
        form.refused = str(refused)
    except Invalid as invalid:  # changed by staff between our look and the line
        form.refused = str(invalid)
    else:
        return _done(request, form, product, place, len(lines))
    return _show(request, form, product, place, status=422)


def _show(request: HttpRequest, form: Configurator, product: Product, place: Place, status: int = 200) -> HttpResponse:
    strategy = Selector().strategy(clinic=place.clinic)
    shown = card(product, strategy)
    context = {
        "form": form,
        "product": product,
        "card": shown,
        "place": place,
        "clinic": place.clinic,
        "asked_with": request.GET.urlencode(),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "back": _way_back(place),
        "line_count": len(form.chosen_parts),
        "net": _net(form, shown.price),
        "is_waiting": is_waiting(place),
    }
    if not request.htmx:
        return render(request, PAGE, context, status=status)
    response = render(request, FORM, context, status=status)
    return reswap(retarget(response, "#configurator"), "outerHTML")


def _net(form: Configurator, price):
    """What the form comes to; None while that can't be said."""
    quantity = form.common["quantity"].value()
    try:
        count = int(quantity)
    except (TypeError, ValueError):
        return None
    return price * count * len(form.chosen_parts) if price is not None and 0 < count < 10_000 else None


def _done(request: HttpRequest, form: Configurator, product: Product, place: Place, count: int) -> HttpResponse:
    quantity = form.common.cleaned_data["quantity"]
    if place.line:
        text = _("The configuration of %(product)s is changed.") % {"product": product.title}
        messages.success(request, text)
        return _leave(request, next_address(request, _way_back(place)))
    if request.htmx and not place.basket:
        basket = basket_of(request)
        context = {
            "form": form,
            "quantity": quantity,
            "count": quantity * count,
            "card": card(product, request.strategy),
            "totals": totals_of(basket),
            "again": reverse("configuration:configure", args=[product.pk]),
        }
        return render(request, ADDED, context)
    words = {"count": quantity, "product": product.title}
    if form.side == BOTH:
        text = _("Left and right of %(product)s are in the basket, %(count)s of each.") % words
    else:
        text = ngettext(
            "%(count)s × %(product)s is in the basket.", "%(count)s × %(product)s are in the basket.", quantity
        )
        text %= words
    messages.success(request, text)
    return _leave(request, next_address(request, _way_back(place)))


def _way_back(place: Place) -> str:
    if is_waiting(place):
        return reverse("approvals:detail", args=[place.basket.public_id])
    return reverse("basket:summary")


def _leave(request: HttpRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


def _to_successor(request: HttpRequest, products: QuerySet[Product], pk: int) -> HttpResponse:
    """What is no longer sold leads to what took its place, with the choices of a favourite or an order."""
    retired = get_object_or_404(RetiredProduct.objects.select_related("product"), product=pk)
    successor = get_object_or_404(products, pk=retired.successor_id)
    words = {"product": retired.product.title, "successor": successor.title}
    messages.warning(request, _("%(product)s is no longer made. This is %(successor)s, which takes its place.") % words)
    kept: Mapping[str, str] = {name: request.GET[name] for name in ("favourite", "again") if name in request.GET}
    return redirect(f"{reverse('configuration:configure', args=[successor.pk])}?{urlencode(kept)}")


@require_safe
@audience(Audience.SIGNED_IN)
def scan(request: HttpRequest, pk: UUID) -> FileResponse:
    """For who may see the clinic's patients, and for our people who make the mould: their looking is recorded."""
    user = person_of(request)
    found = get_object_or_404(EarScan.objects.select_related("clinic"), pk=pk)
    if user.is_staff and user.has_perm("configuration.view_earscan"):
        if request.method == "GET":
            scans.record_view(found, user)
    else:
        access.require(user, ClinicPermission.VIEW_PATIENTS, found.clinic)
    return scans.answer_with(found)
