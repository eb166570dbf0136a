"""The star: what a clinic orders often, shared by everybody there who prepares orders."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from permissions.access import needs
from permissions.returning import next_address, other_clinic_problem
from permissions.roles import ClinicPermission
from shop.catalogue import assortment
from shop.catalogue.cards import cards, with_card_rows
from shop.catalogue.views import starred
from shop.favourites.models import Favourite


@require_safe
@needs(ClinicPermission.PREPARE_ORDER)
def favourites(request: HttpRequest) -> HttpResponse:
    ids = starred(request)
    undo = None
    if (removed := request.GET.get("removed", "")).isdecimal() and len(removed) < 19:
        product = assortment.products_for(request.clinic.account).filter(pk=int(removed)).exclude(pk__in=ids).first()
        undo = {"product": product} if product else None
    products = with_card_rows(assortment.products_for(request.clinic.account).filter(pk__in=ids)).order_by("title")
    return render(
        request, "oscar/favourites/list.html", {"cards": cards(products, request.strategy, ids), "undo": undo}
    )


@require_POST
@needs(ClinicPermission.PREPARE_ORDER)
def toggle(request: HttpRequest, pk: int) -> HttpResponse:
    """`on=1` sets the star, `on=0` takes it away; doing either twice does no harm."""
    product = get_object_or_404(assortment.products_for(request.clinic.account), pk=pk)
    if problem := other_clinic_problem(request):
        messages.error(request, problem)
    elif request.POST.get("on") == "1":
        Favourite.objects.get_or_create(clinic=request.clinic, product=product, defaults={"added_by": request.user})
        messages.success(request, _("%(product)s is a favourite now.") % {"product": product.title})
    else:
        Favourite.objects.filter(clinic=request.clinic, product=product).delete()
        if request.POST.get("next") == reverse("favourites:list"):  # there the undo says it
            return redirect(f"{reverse('favourites:list')}?removed={product.pk}")
        messages.success(request, _("%(product)s is no longer a favourite.") % {"product": product.title})
    return HttpResponseRedirect(next_address(request, "favourites:list"))
