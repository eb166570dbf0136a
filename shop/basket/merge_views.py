"""Merging two baskets: what will happen is shown, then it is done."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from permissions.access import person_of
from permissions.returning import other_clinic_problem
from shop.basket import merging
from shop.basket.filling import Refused
from shop.basket.models import Basket
from shop.basket.shared_views import fetch
from shop.basket.sharing import title_of


def merge(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The basket in the address goes into the one of `into`, or into the one that this person fills."""
    source = fetch(request, public_id)
    target = _target(request, source)
    if target is None:
        messages.info(request, _("Continue one of the baskets first. Then merge the other one into it."))
        return redirect("basket:open-list")
    if request.method != "POST":
        return _show(request, source, target)
    try:
        if problem := other_clinic_problem(request):
            raise Refused(problem)
        ids = {"source_id": source.pk, "target_id": target.pk}
        seen = request.POST.get("seen", "")
        merged = merging.merge(user=person_of(request), clinic=source.clinic, **ids, seen=seen)
    except Refused as refused:
        messages.error(request, str(refused))
        return _show(request, fetch(request, public_id), fetch(request, target.public_id), status=422)
    words = {"source": title_of(source), "target": title_of(merged)}
    messages.success(request, _("“%(source)s” is now part of “%(target)s”.") % words)
    is_mine = (
        Basket.objects.open_for(person_of(request), merged.clinic) == merged and merged.clinic_id == request.clinic.pk
    )
    return redirect("basket:summary") if is_mine else redirect("basket:look", public_id=merged.public_id)


def _target(request: HttpRequest, source: Basket) -> Basket | None:
    typed = request.POST.get("into") or request.GET.get("into")
    if not typed:
        mine = Basket.objects.open_for(person_of(request), source.clinic)
        return fetch(request, mine.public_id) if mine else None
    try:
        target = fetch(request, UUID(typed))
    except ValueError as error:
        raise Http404 from error
    if target.clinic_id != source.clinic_id:
        raise Http404
    return target


def _show(request: HttpRequest, source: Basket, target: Basket, status: int = 200) -> HttpResponse:
    plan = merging.plan_of(source, target, person_of(request))
    context = {"plan": plan, "source": source, "target": target}
    return render(request, "oscar/basket/merge.html", context, status=status)
