"""The clinic's open baskets, and what colleagues do with them. Rules in sharing.py, overview.py and merging.py."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from permissions import access
from permissions.access import needs, person_of
from permissions.returning import other_clinic_problem
from permissions.roles import ClinicPermission
from permissions.switching import choose_clinic
from shop.basket import overview, sharing
from shop.basket.filling import Refused
from shop.basket.forms import NoteForm, TitleForm
from shop.basket.models import Basket
from shop.basket.sharing import title_of
from shop.basket.statuses import BasketStatus
from shop.basket.summary import lines_of, totals_of
from shop.basket.views import show_basket
from shop.partner.strategy import Selector

BASKETS_PER_PAGE = 20
SHOWN_DISCARDED = 5


@require_safe
@needs(ClinicPermission.PREPARE_ORDER)
def open_list(request: HttpRequest) -> HttpResponse:
    """The current clinic's open baskets, or with `?clinics=all` those of every clinic where one prepares orders."""
    all_clinics = request.GET.get("clinics") == "all"
    baskets = overview.open_baskets(person_of(request), None if all_clinics else request.clinic)
    paginator = Paginator(baskets, BASKETS_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    rows = overview.rows(page, person_of(request))
    context = {
        "rows": rows,
        "page_obj": page,
        "all_clinics": all_clinics,
        "mine": Basket.objects.open_for(person_of(request), request.clinic),
        "discarded": overview.discarded_lately(person_of(request), request.clinic)[:SHOWN_DISCARDED],
    }
    return render(request, "oscar/basket/open_list.html", context)


@require_safe
def look(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What is in a basket, without filling it. What became an order or another basket leads there."""
    basket = fetch(request, public_id)
    if basket.status == BasketStatus.SUBMITTED and (order := basket.order_set.first()):
        return redirect("orders:detail", public_id=order.public_id)
    if basket.status == BasketStatus.MERGED and basket.merged_into:
        return redirect("basket:look", public_id=basket.merged_into.public_id)
    basket.strategy = Selector().strategy(clinic=basket.clinic)
    mine = Basket.objects.open_for(person_of(request), basket.clinic)
    context = {
        "basket": basket,
        "head": overview.head_of(basket, person_of(request)),
        "lines": lines_of(basket, viewer=person_of(request)),
        "totals": totals_of(basket),
        "mine": mine,
        "is_mine": mine == basket,
        "is_fillable": not sharing.fillable_problem(basket),
    }
    return render(request, "oscar/basket/look.html", context)


def fetch(request: HttpRequest, public_id: UUID) -> Basket:
    """404 for who has nothing to do with its clinic."""
    baskets = Basket.objects.select_related("owner", "reviewed_by", "clinic__account", "merged_into")
    return access.fetch(baskets, person_of(request), ClinicPermission.PREPARE_ORDER, public_id=public_id)


def deed(otherwise: str) -> Callable:
    """Decorate what a form does to a basket. Refused, and a form of another clinic, are told on `otherwise`."""

    def wrap(do: Callable[[HttpRequest, Basket], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(do)
        def view(request: HttpRequest, public_id: UUID) -> HttpResponse:
            basket = fetch(request, public_id)
            if request.method != "POST":  # back from a log-in that an expired session asked for
                return redirect(otherwise)
            try:
                if problem := other_clinic_problem(request):
                    raise Refused(problem)
                return do(request, basket)
            except Refused as refused:
                messages.error(request, str(refused))
                return redirect(otherwise)

        return view

    return wrap


@deed("basket:open-list")
def choose(request: HttpRequest, basket: Basket) -> HttpResponse:
    """Continue it. A basket of another of one's clinics takes one there, which the button says."""
    chosen = sharing.choose(user=person_of(request), basket=basket)
    if basket.clinic_id != request.clinic.pk:
        choose_clinic(request, basket.clinic)
        messages.info(request, _("You now work for %(clinic)s.") % {"clinic": basket.clinic.name})
    text = _("You now fill “%(title)s”. What you add goes there.")
    messages.success(request, text % {"title": title_of(chosen)})
    return redirect("basket:summary")


@deed("basket:summary")
def save(request: HttpRequest, basket: Basket) -> HttpResponse:
    """Keep it open under a title; with `then=stay` only give it the title."""
    form = TitleForm(request.POST)
    if not form.is_valid():
        return show_basket(request, forms={"title": form}, status=422)
    title = form.cleaned_data["title"]
    if request.POST.get("then") == "stay":
        sharing.rename(user=person_of(request), basket=basket, title=title)
        return redirect("basket:summary")
    saved = sharing.save_as(user=person_of(request), basket=basket, title=title)
    link = format_html('<a href="{}">{}</a>', resolve_url("basket:look", public_id=saved.public_id), title_of(saved))
    text = _("Saved as open: %(link)s. What you add next begins a new basket.")
    messages.success(request, format_html(text.replace("%(link)s", "{}"), link))
    return redirect("basket:open-list")


@deed("basket:summary")
def note(request: HttpRequest, basket: Basket) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show_basket(request, forms={"note": form}, status=422)
    sharing.write_note(user=person_of(request), basket=basket, note=form.cleaned_data["note"])
    return redirect("basket:summary")


@deed("basket:open-list")
def discard(request: HttpRequest, basket: Basket) -> HttpResponse:
    """The list says how to bring it back."""
    sharing.discard(user=person_of(request), basket=basket)
    return redirect("basket:open-list")


@deed("basket:open-list")
def bring_back(request: HttpRequest, basket: Basket) -> HttpResponse:
    found = sharing.bring_back(user=person_of(request), basket=basket)
    messages.success(request, _("“%(title)s” is open again.") % {"title": title_of(found)})
    return redirect("basket:open-list")


@needs(ClinicPermission.PREPARE_ORDER)
def begin(request: HttpRequest) -> HttpResponse:
    """Let go of the chosen basket, which stays open: the next thing added begins a new one."""
    if request.method != "POST":
        return redirect("basket:summary")
    if problem := other_clinic_problem(request):
        messages.error(request, problem)
        return redirect("basket:summary")
    sharing.begin_another(user=person_of(request), clinic=request.clinic)
    messages.success(request, _("What you add next begins a new basket."))
    return redirect("catalogue:index")
