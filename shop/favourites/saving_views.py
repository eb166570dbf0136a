"""The stars: on a product, on a line of the basket or of an order, and on a whole basket or order."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from permissions import access
from permissions.access import needs, person_of
from permissions.returning import next_address, other_clinic_problem
from permissions.roles import ClinicPermission
from shop.basket.filling import Refused
from shop.basket.models import Basket, Line
from shop.catalogue import assortment
from shop.favourites import keeping
from shop.favourites.forms import PRIVATE, KeepForm
from shop.favourites.keeping import Kept
from shop.favourites.models import Favourite
from shop.keys import key_of
from shop.order.models import Order


@require_POST
@needs(ClinicPermission.PREPARE_ORDER)
def toggle(request: HttpRequest, pk: int) -> HttpResponse:
    """A product's star: `on=1` sets it, `on=0` takes it away; doing either twice does no harm.

    It is the clinic's, and of the product without a configuration: configured favourites are removed on their page.
    """
    product = get_object_or_404(assortment.products_for(request.clinic.account), pk=pk)
    if problem := other_clinic_problem(request):
        messages.error(request, problem)
    elif request.POST.get("on") == "1":
        try:
            keeping.keep(user=person_of(request), clinic=request.clinic, product=product)
            messages.success(request, _("%(product)s is a favourite now.") % {"product": product.title})
        except Refused as refused:
            messages.error(request, str(refused))
    else:
        Favourite.objects.filter(clinic=request.clinic, product=product, digest="", private_to=None).delete()
        messages.success(request, _("%(product)s is no longer a favourite.") % {"product": product.title})
    return HttpResponseRedirect(next_address(request, "favourites:list"))


@require_POST
@needs(ClinicPermission.PREPARE_ORDER)
def save_line(request: HttpRequest, pk: int) -> HttpResponse:
    """A line of one of the clinic's baskets, with a name and for whom. Wrong input is shown at the line."""
    lines = Line.objects.filter(basket__in=Basket.objects.visible_to(person_of(request)).filter(clinic=request.clinic))
    line = get_object_or_404(_with_options(lines), pk=pk)
    form = KeepForm(request.POST)
    if problem := other_clinic_problem(request):
        messages.error(request, problem)
    elif form.is_valid():
        try:
            favourite, created = keeping.keep(
                user=person_of(request),
                clinic=request.clinic,
                product=line.product,
                configuration=keeping.keepable(line),
                quantity=line.quantity,
                name=form.cleaned_data["name"],
                private=form.is_private,
            )
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            text = _("%(favourite)s is a favourite now.") if created else _("%(favourite)s is a favourite already.")
            messages.success(request, text % {"favourite": favourite})
            return _back(request)
    context = {"line": line, "form": form, "next": next_address(request, "basket:summary")}
    return render(request, "oscar/favourites/save_line.html", context, status=422)


@require_POST
@needs(ClinicPermission.PREPARE_ORDER)
def save_basket(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every line of one of the clinic's baskets."""
    baskets = Basket.objects.visible_to(person_of(request)).filter(clinic=request.clinic)
    basket = get_object_or_404(baskets, public_id=public_id)
    if problem := other_clinic_problem(request):
        messages.error(request, problem)
        return _back(request)
    return _keep(request, request.clinic, _with_options(basket.lines))


@require_POST
def save_order(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """An order's lines, or the one named by `line`, for the clinic that ordered them."""
    orders = Order.objects.select_related("clinic__account")
    order = access.fetch(orders, person_of(request), ClinicPermission.VIEW_ORDERS, public_id=public_id)
    access.require(person_of(request), ClinicPermission.PREPARE_ORDER, order.clinic)
    lines = _with_options(order.lines)
    if line := request.POST.get("line", ""):
        lines = lines.filter(pk=key_of(line))
    return _keep(request, order.clinic, lines, otherwise=order.get_absolute_url())


def _with_options(lines):
    return lines.select_related("product__product_class").prefetch_related("attributes__option").order_by("pk")


def _keep(request: HttpRequest, clinic, lines, otherwise: str = "basket:summary") -> HttpResponse:
    try:
        private = request.POST.get("who") == PRIVATE
        kept = keeping.keep_lines(user=person_of(request), clinic=clinic, lines=lines, private=private)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        _tell(request, kept)
    return _back(request, otherwise)


def _tell(request: HttpRequest, kept: Kept) -> None:
    if kept.new:
        text = ngettext("%(count)s new favourite.", "%(count)s new favourites.", kept.new)
        messages.success(request, text % {"count": kept.new})
    elif kept.known:
        messages.info(request, _("All of it is among the favourites already."))
    if kept.left_out:
        text = ngettext(
            "%(count)s line was left out: your clinic can't order it any more.",
            "%(count)s lines were left out: your clinic can't order them any more.",
            kept.left_out,
        )
        messages.warning(request, text % {"count": kept.left_out})


def _back(request: HttpRequest, otherwise: str = "basket:summary") -> HttpResponse:
    return HttpResponseRedirect(next_address(request, otherwise))
