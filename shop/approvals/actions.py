"""What is pressed on the pages of approval. Each action names its basket, so it works whatever clinic is chosen."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from permissions import access
from permissions.access import needs, person_of
from permissions.returning import other_clinic_problem
from permissions.roles import ClinicPermission
from shop.approvals import changing, flow, forms
from shop.approvals.models import MailWish
from shop.approvals.queues import approves_somewhere
from shop.approvals.recipients import people_to_tell
from shop.approvals.showing import names
from shop.approvals.views import fetch_basket, show_detail
from shop.basket import sharing
from shop.basket.filling import Refused, read_quantity
from shop.basket.models import Basket
from shop.basket.telling import tell_refused
from shop.checkout.dispatch_plan import plan_of
from shop.checkout.placing import DeliveryIncomplete
from shop.order.models import Order
from shop.partner.strategy import Selector

APPROVE = ClinicPermission.APPROVE_ORDER


def told_on_the_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Why nothing was done is said on the basket's page."""

    @wraps(view)
    def guarded(request: HttpRequest, public_id: UUID) -> HttpResponse:
        try:
            return view(request, public_id)
        except Refused as refused:
            return _refused(request, str(refused), "approvals:detail", public_id=public_id)

    return guarded


def submit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """From the review page. A comment that can't be kept is asked for once more, on a page of its own."""
    basket = _basket(request, public_id)
    if request.method != "POST":  # back from a log-in that an expired session asked for
        return redirect("checkout:review")
    form = forms.submit_form(request.POST)
    reviewed = request.POST.get("fingerprint", "")
    if problem := other_clinic_problem(request):
        return _refused(request, problem, "checkout:review")
    if not form.is_valid():
        context = {"form": form, "basket": basket, "fingerprint": reviewed}
        return render(request, "oscar/approvals/submit.html", context, status=422)
    try:
        flow.submit(
            user=person_of(request), basket_id=basket.pk, reviewed=reviewed, comment=form.cleaned_data["comment"]
        )
    except DeliveryIncomplete as incomplete:
        return _refused(request, str(incomplete), "checkout:details")
    except Refused as refused:
        return _refused(request, str(refused), "checkout:review")
    people = names(people_to_tell(basket))
    messages.success(
        request,
        _("Submitted. %(people)s get a mail and can approve it.") % {"people": people}
        if people
        else _("Submitted. Nobody at the clinic can approve it yet; ask customer service to help."),
    )
    return redirect("approvals:detail", public_id=public_id)


@require_POST
@told_on_the_page
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    basket = fetch_basket(request, public_id)
    flow.withdraw(user=person_of(request), basket_id=basket.pk)
    messages.success(request, _("You have taken the basket back. Change it, then submit it again."))
    if basket.clinic != request.clinic:
        return redirect("approvals:detail", public_id=public_id)
    return redirect("basket:summary")


@require_POST
@told_on_the_page
def approve(request: HttpRequest, public_id: UUID) -> HttpResponse:
    basket = fetch_basket(request, public_id, APPROVE)
    order = flow.approve(user=person_of(request), basket_id=basket.pk, reviewed=request.POST.get("fingerprint", ""))
    if order.approved_by_id == request.user.pk:
        messages.success(request, _("Approved. Order %(number)s is sent to us.") % {"number": order.number})
    else:
        text = _("This basket was sent already, as order %(number)s.") % {"number": order.number}
        messages.info(request, text)
    return redirect("orders:detail", public_id=order.public_id)


@require_POST
def approve_many(request: HttpRequest) -> HttpResponse:
    """Each ticked basket in a transaction of its own; what one is refused for keeps no other from being sent."""
    if not approves_somewhere(request.access):
        raise PermissionDenied(access.REFUSALS[APPROVE])
    ticked = request.POST.getlist("basket")[:100]
    if not ticked:
        messages.info(request, _("Tick the baskets that you approve, then press the button."))
    for public_id in ticked:
        _approve_ticked(request, public_id)
    return redirect("approvals:list")


def _approve_ticked(request: HttpRequest, typed: str) -> None:
    try:
        basket = fetch_basket(request, UUID(typed))
    except (ValueError, Http404, PermissionDenied):
        messages.error(request, _("One of the baskets is no longer here."))
        return
    address = {"who": _submitter_name(basket), "url": _url(basket)}
    try:
        order = flow.approve(
            user=person_of(request), basket_id=basket.pk, reviewed=request.POST.get(f"fingerprint-{typed}", "")
        )
    except PermissionDenied:
        messages.error(request, _("You may not approve orders of %(clinic)s.") % {"clinic": basket.clinic.name})
    except Refused as refused:
        text = _("Not approved, the basket of {who}: {why}")
        messages.error(request, format_html('<a href="{url}">' + text + "</a>", why=refused, **address))
    else:
        _say_approved(request, order, address)


def _say_approved(request: HttpRequest, order: Order, address: dict) -> None:
    text = _("Approved, the basket of {who}: order {number}")
    url = order.get_absolute_url()
    messages.success(
        request, format_html('<a href="{url}">' + text + "</a>", number=order.number, **{**address, "url": url})
    )


def _submitter_name(basket: Basket) -> str:
    return str(flow.last_submission(basket).by)


def _url(basket: Basket) -> str:
    return reverse("approvals:detail", args=[basket.public_id])


@require_POST
@told_on_the_page
def send_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    text = _("Returned. Whoever submitted it gets a mail and can correct it.")
    return _answer(request, public_id, flow.send_back, "return_form", forms.return_form(request.POST), text)


@require_POST
@told_on_the_page
def reject(request: HttpRequest, public_id: UUID) -> HttpResponse:
    text = _("Rejected. Whoever submitted it gets a mail.")
    return _answer(request, public_id, flow.reject, "reject_form", forms.reject_form(request.POST), text)


def _answer(request: HttpRequest, public_id: UUID, decide, name: str, form, text: str) -> HttpResponse:
    basket = fetch_basket(request, public_id, APPROVE)
    if not form.is_valid():
        return show_detail(request, basket, status=422, **{name: form, "refused_form": form})
    decide(user=person_of(request), basket_id=basket.pk, comment=form.cleaned_data["comment"])
    messages.success(request, text)
    return redirect("approvals:list")


@require_POST
def change_line(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """A new quantity, or `remove`. htmx gets the basket's part of the page, others the page."""
    basket = fetch_basket(request, public_id, APPROVE)
    where = {"user": request.user, "basket_id": basket.pk, "line_id": pk}
    try:
        if "remove" in request.POST:
            changing.remove(**where)
        else:
            changing.change_quantity(**where, quantity=read_quantity(request.POST.get("quantity")))
    except Refused as refused:
        known = basket.lines.filter(pk=pk).exists()
        if not known:
            messages.error(request, str(refused))
        errors = {pk: str(refused)} if known else {}
        return show_detail(request, fetch_basket(request, public_id), status=422, line_errors=errors)
    if request.htmx:
        return show_detail(request, fetch_basket(request, public_id))
    return redirect("approvals:detail", public_id=public_id)


@require_POST
def change_dispatch(request: HttpRequest, public_id: UUID) -> HttpResponse:
    basket = fetch_basket(request, public_id, APPROVE)
    form = forms.DispatchForm(request.POST, plan=plan_of(basket))
    if form.is_valid():
        try:
            changing.change_dispatch(
                user=person_of(request), basket_id=basket.pk, dispatch_date=form.cleaned_data["dispatch_date"]
            )
        except Refused as refused:
            form.add_error("dispatch_date", str(refused))
    if form.errors:
        shown = fetch_basket(request, public_id)
        return show_detail(request, shown, status=422, dispatch_form=form, refused_form=form)
    messages.success(request, _("The dispatch date is changed."))
    return redirect("approvals:detail", public_id=public_id)


@require_POST
@told_on_the_page
def continue_filling(request: HttpRequest, public_id: UUID) -> HttpResponse:
    basket = fetch_basket(request, public_id)
    _refuse_other_clinic(request, basket)
    sharing.choose(user=person_of(request), basket=basket)
    return redirect("basket:summary")


@require_POST
@told_on_the_page
def copy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    basket = fetch_basket(request, public_id)
    _refuse_other_clinic(request, basket)
    batch = changing.copy_to_new(user=person_of(request), basket_id=basket.pk)
    messages.success(request, _("The lines are copied to a new basket."))
    tell_refused(request, batch)
    return redirect("basket:summary")


@require_POST
@needs(ClinicPermission.APPROVE_ORDER)
def mail_wish(request: HttpRequest) -> HttpResponse:
    """A purchaser turns the approval mails of this clinic on or off."""
    if problem := other_clinic_problem(request):
        return _refused(request, problem, "approvals:list")
    wish = {"user": request.user, "clinic": request.clinic}
    if request.POST.get("on") == "1":
        MailWish.objects.get_or_create(**wish)
        messages.success(request, _("You get a mail when an order waits for approval."))
    else:
        MailWish.objects.filter(**wish).delete()
        messages.success(request, _("You get no more mails about orders that wait for approval."))
    return redirect("approvals:list")


def _basket(request: HttpRequest, public_id: UUID) -> Basket:
    """Any basket of the clinics where this person prepares orders: the first submission has no step yet."""
    baskets = Basket.objects.select_related("clinic__account")
    basket = access.fetch(baskets, request.user, ClinicPermission.PREPARE_ORDER, public_id=public_id)
    basket.strategy = Selector().strategy(clinic=basket.clinic)
    return basket


def _refuse_other_clinic(request: HttpRequest, basket: Basket) -> None:
    """One fills the baskets of the clinic that one works for."""
    if basket.clinic != request.clinic:
        text = _("This basket is for %(clinic)s. Switch to that clinic at the top of the page, then do it again.")
        raise Refused(text % {"clinic": basket.clinic.name})


def _refused(request: HttpRequest, why: str, to: str, **where) -> HttpResponse:
    messages.error(request, why)
    return redirect(to, **where)
