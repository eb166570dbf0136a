"""The favourites' page, the panel behind the star in the header, and ordering from both."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from permissions.access import needs, person_of
from permissions.returning import next_address, other_clinic_problem
from permissions.roles import ClinicPermission
from shop.basket import filling
from shop.basket.batches import Batch, Wanted, add_all
from shop.basket.filling import Choice, Refused
from shop.basket.summary import totals_of
from shop.basket.telling import tell
from shop.favourites import keeping
from shop.favourites.forms import PRIVATE, SHARED, ChangeForm
from shop.favourites.models import Favourite
from shop.favourites.showing import found, rows_of
from shop.keys import key_of

PER_PAGE = 48
IN_PANEL = 12
REMOVED = "removed_favourites"  # in the session: what can be put back
UNDOABLE = 10
REFUSED = "oscar/basket/partials/refused.html"


@require_safe
@needs(ClinicPermission.PREPARE_ORDER)
def favourites(request: HttpRequest) -> HttpResponse:
    paginator = Paginator(_found(request), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    removed = request.session.get(REMOVED, {}).get(request.GET.get("removed", ""))
    context = {
        "rows": rows_of(page.object_list, request.clinic, request.strategy),
        "page_obj": page,
        "paginator": paginator,
        "undo": removed if removed and removed["clinic"] == str(request.clinic.pk) else None,
        "sort_options": [("often", _("Ordered most")), ("name", _("Name")), ("newest", _("Newest"))],
        **_asked(request),
    }
    return render(request, "oscar/favourites/list.html", context)


@require_safe
@needs(ClinicPermission.PREPARE_ORDER)
def panel(request: HttpRequest) -> HttpResponse:
    """The first ones as a fragment; without htmx the page, which shows the same."""
    if not request.htmx:
        return redirect("favourites:list")
    shown = list(_found(request)[: IN_PANEL + 1])
    context = {
        "rows": rows_of(shown[:IN_PANEL], request.clinic, request.strategy),
        "more": len(shown) > IN_PANEL,
        **_asked(request),
    }
    # Only the rows when something is typed: the field keeps the focus.
    part = "panel_rows" if "q" in request.GET else "panel"
    return render(request, f"oscar/favourites/partials/{part}.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    only, sort = request.GET.get("only", ""), request.GET.get("sort", "")
    return {
        "query": request.GET.get("q", "").replace("\x00", "").strip()[:100],
        "only": only if only in ("shared", "mine") else "",
        "sort": sort if sort in ("name", "newest") else "often",
    }


def _found(request: HttpRequest):
    return found(person_of(request), request.clinic, **_asked(request)).select_related("private_to", "added_by")


@require_POST
@needs(ClinicPermission.PREPARE_ORDER)
def order(request: HttpRequest) -> HttpResponse:
    """`only` (one favourite's button) or every ticked `favourite`, each with its `quantity-<id>`."""
    try:
        if problem := other_clinic_problem(request):
            raise Refused(problem)
        batch = add_all(user=person_of(request), clinic=request.clinic, wanted=_wanted(request))
    except Refused as refused:
        if request.htmx:
            return render(request, REFUSED, {"refused": str(refused)})
        messages.error(request, str(refused))
        return HttpResponseRedirect(next_address(request, "favourites:list"))
    return _ordered(request, batch)


def _wanted(request: HttpRequest) -> list[Wanted]:
    only = request.POST.get("only", "")
    ids = {key_of(typed) for typed in ([only] if only else request.POST.getlist("favourite"))} - {None}
    chosen = Favourite.objects.visible_to(person_of(request)).filter(clinic=request.clinic, pk__in=ids)
    favourites = list(chosen.select_related("product__product_class").order_by("pk"))
    if ids and not favourites:
        raise Http404
    if not favourites:
        raise Refused(_("Tick the favourites that you want to order."))
    return [_one(favourite, request.POST.get(f"quantity-{favourite.pk}")) for favourite in favourites]


def _one(favourite: Favourite, typed: str | None) -> Wanted:
    problem, quantity = "", favourite.quantity
    try:
        quantity = favourite.quantity if typed is None else filling.read_quantity(typed)
    except Refused as refused:
        problem = str(refused)
    return Wanted(favourite.pk, favourite.product, quantity, Choice(favourite.configuration), problem)


def _ordered(request: HttpRequest, batch: Batch) -> HttpResponse:
    if request.htmx:
        context = {"batch": batch, "totals": totals_of(batch.basket)}
        return render(request, "oscar/favourites/partials/added.html", context)
    tell(request, batch)
    if batch.refused:
        return HttpResponseRedirect(next_address(request, "favourites:list"))
    return redirect("basket:summary")


@needs(ClinicPermission.PREPARE_ORDER)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, quantity, shared or only mine."""
    favourite = get_object_or_404(_mine_here(request), pk=pk)
    initial = {
        "name": favourite.name,
        "quantity": favourite.quantity,
        "who": PRIVATE if favourite.private_to_id else SHARED,
    }
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if problem := other_clinic_problem(request):
                raise Refused(problem)
            keeping.change(
                favourite,
                user=person_of(request),
                name=form.cleaned_data["name"],
                quantity=form.cleaned_data["quantity"],
                private=form.is_private,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("favourites:list")
    (row,) = rows_of([get_object_or_404(_mine_here(request), pk=pk)], request.clinic, request.strategy)
    context = {"form": form, "row": row}
    return render(request, "oscar/favourites/change.html", context, status=422 if form.errors else 200)


@require_POST
@needs(ClinicPermission.PREPARE_ORDER)
def remove(request: HttpRequest) -> HttpResponse:
    """Taken away at once; the page then offers to put it back."""
    if problem := other_clinic_problem(request):
        messages.error(request, problem)
        return redirect("favourites:list")
    favourite = _mine_here(request).filter(pk=key_of(request.POST.get("favourite", ""))).first()
    if favourite is None:
        raise Http404
    removed = dict(list(request.session.get(REMOVED, {}).items())[-UNDOABLE + 1 :])
    row = keeping.remove(favourite)
    request.session[REMOVED] = {**removed, str(favourite.pk): {**row, "title": str(favourite)}}
    return redirect(f"{reverse('favourites:list')}?removed={favourite.pk}")


@require_POST
@needs(ClinicPermission.PREPARE_ORDER)
def restore(request: HttpRequest) -> HttpResponse:
    if problem := other_clinic_problem(request):
        messages.error(request, problem)
        return redirect("favourites:list")
    row = request.session.get(REMOVED, {}).get(request.POST.get("favourite", ""))
    favourite = keeping.restore(row, user=person_of(request), clinic=request.clinic) if row else None
    if favourite is None:
        raise Http404
    messages.success(request, _("%(favourite)s is a favourite again.") % {"favourite": favourite})
    return redirect("favourites:list")


def _mine_here(request: HttpRequest):
    visible = Favourite.objects.visible_to(person_of(request)).filter(clinic=request.clinic)
    return visible.select_related("product", "private_to", "added_by")
