"""The two pages of approval: what waits, and one basket with its history."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from permissions import access
from permissions.access import needs, person_of
from permissions.roles import ClinicPermission
from shop.approvals.flow import Action, own_problem
from shop.approvals.forms import DispatchForm, reject_form, return_form
from shop.approvals.history import history, since_submission
from shop.approvals.models import MailWish
from shop.approvals.queues import approves_somewhere, may_approve, submitted_by, waiting_for, with_approval
from shop.approvals.recipients import approvers_of
from shop.approvals.showing import as_ordered, names, rows_of, state_of, totals_shown
from shop.approvals.snapshots import take
from shop.basket.models import Basket
from shop.basket.statuses import FILLABLE, BasketStatus
from shop.basket.summary import fingerprint, lines_of
from shop.checkout.dispatch_plan import plan_of
from shop.checkout.placing import DeliveryIncomplete, check_delivery
from shop.dispatch.calendars import day_words
from shop.order.models import Order
from shop.partner.strategy import Selector

PER_PAGE = 25
LIST, DETAIL = "oscar/approvals/list.html", "oscar/approvals/detail.html"
CONTENT = "oscar/approvals/partials/content.html"


@require_safe
@needs(ClinicPermission.PREPARE_ORDER)
def approval_list(request: HttpRequest) -> HttpResponse:
    return show_list(request)


def show_list(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    waiting = Paginator(waiting_for(person).order_by("changed", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    may_wish = _may_wish(request)
    context = {
        "waiting": rows_of(waiting.object_list),
        "page_obj": waiting,
        "submitted": rows_of(submitted_by(person).order_by("-changed", "-pk")[:PER_PAGE]),
        "can_approve": approves_somewhere(request.access),
        "may_wish": may_wish,
        "wishes": may_wish and MailWish.objects.filter(user=person, clinic=request.clinic).exists(),
    }
    return render(request, LIST, context)


def _may_wish(request: HttpRequest) -> bool:
    """Main users get the mails unasked."""
    manages = request.access.can(ClinicPermission.MANAGE_CLINIC, request.clinic)
    return may_approve(request.access, request.clinic) and not manages


def fetch_basket(request: HttpRequest, public_id: UUID, right: str = ClinicPermission.PREPARE_ORDER) -> Basket:
    """A basket that was ever submitted, for whoever holds the right at its clinic; with its prices."""
    basket = access.fetch(with_approval(), request.user, right, public_id=public_id)
    basket.strategy = Selector().strategy(clinic=basket.clinic)
    return basket


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return show_detail(request, fetch_basket(request, public_id))


def show_detail(
    request: HttpRequest, basket: Basket, *, status: int = 200, line_errors: dict[int, str] | None = None, **forms
) -> HttpResponse:
    """`forms` are bound ones that were refused, under the names that the template knows them by."""
    if request.htmx and status == 200 and not line_errors:
        return render(request, CONTENT, _context(request, basket, {}))
    context = {**_context(request, basket, line_errors or {}), **forms}
    return render(request, CONTENT if request.htmx else DETAIL, context, status=status)


def _context(request: HttpRequest, basket: Basket, line_errors: dict[int, str]) -> dict:
    steps = list(basket.approval_steps.select_related("by"))
    submitted = [step for step in steps if step.action == Action.SUBMITTED]
    submitters = {step.by_id for step in submitted}
    waits = basket.status == BasketStatus.WAITING
    approver = may_approve(request.access, basket.clinic)
    order = Order.objects.filter(basket=basket).first()
    lines = lines_of(basket, viewer=person_of(request))
    lines = as_ordered(lines, steps[-1].lines) if order else lines
    plan = plan_of(basket)
    return {
        "basket": basket,
        "state": state_of(basket),
        "clinic": basket.clinic,
        "lines": lines,
        "line_errors": line_errors,
        "problems": any(line.problem for line in lines),
        "totals": totals_shown(basket, order),
        "fingerprint": fingerprint(basket),
        "submission": submitted[-1],
        # The last word on it: what who submitted it wrote, or why it was returned or rejected.
        "word": steps[-1] if steps[-1].action in (Action.RETURNED, Action.REJECTED) else submitted[-1],
        "entries": history(steps)[::-1],
        "since": since_submission(steps, take(basket)) if waits else [],
        "waits": waits,
        "may_decide": waits and approver and request.user.pk not in submitters,
        "own_problem": own_problem(person_of(request), submitters) if waits and approver else "",
        "may_withdraw": waits and submitted[-1].by_id == request.user.pk,
        "may_continue": basket.status in FILLABLE,
        "may_copy": basket.status == BasketStatus.REJECTED,
        "may_configure": basket.clinic == request.clinic,
        "order": order,
        "approvers": names(approvers_of(basket.clinic, without=submitters)) if waits else "",
        "return_form": return_form(),
        "reject_form": reject_form(),
        "delivery_problem": _delivery_problem(basket) if waits else "",
        "dispatch_words": day_words(plan.dispatch, plan.shown.today) if plan.dispatch else "",
        "dispatch_form": DispatchForm(plan=plan, initial={"dispatch_date": basket.dispatch_date}),
    }


def _delivery_problem(basket: Basket) -> str:
    try:
        check_delivery(basket)
    except DeliveryIncomplete as incomplete:
        return str(incomplete)
    return ""
