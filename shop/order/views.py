"""My orders: what the clinic ordered, and one order's page."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from permissions import access
from permissions.access import needs, person_of
from permissions.roles import ClinicPermission
from shop.order.models import Order
from shop.order.pdf import confirmation_pdf, file_name
from shop.order.showing import attach_patients, expected_delivery, lines_of
from shop.order.statuses import steps

ORDERS_PER_PAGE = 20


@require_safe
@needs(ClinicPermission.VIEW_ORDERS)
def order_list(request: HttpRequest) -> HttpResponse:
    """The current clinic's orders, or with `?clinics=all` those of every clinic whose orders this person may see."""
    all_clinics = request.GET.get("clinics") == "all"
    orders = Order.objects.visible_to(person_of(request))
    if not all_clinics:
        orders = orders.filter(clinic=request.clinic)
    paginator = Paginator(orders.select_related("clinic", "user", "approved_by").newest_first(), ORDERS_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    attach_patients(page.object_list, person_of(request))
    context = {
        "orders": page,
        "page_obj": page,
        "paginator": paginator,
        "all_clinics": all_clinics,
        "shows_patients": _sees_patients(request, all_clinics),
    }
    return render(request, "oscar/order/list.html", context)


def _sees_patients(request: HttpRequest, all_clinics: bool) -> bool:
    if all_clinics:
        return request.access.can_somewhere(ClinicPermission.VIEW_PATIENTS)
    return request.access.can(ClinicPermission.VIEW_PATIENTS, request.clinic)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _show(request, public_id, "oscar/order/detail.html")


@require_safe
def confirmation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _show(request, public_id, "oscar/order/confirmation.html")


@require_safe
def pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The confirmation as a file; its name says the number and nothing of what is in it."""
    order = _order(request, public_id)
    document = confirmation_pdf(order, person_of(request))
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(order)}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(document, content_type="application/pdf", headers=headers)


def _order(request: HttpRequest, public_id: UUID) -> Order:
    orders = Order.objects.select_related("clinic__account", "user", "approved_by", "shipping_address__country")
    return access.fetch(orders, person_of(request), ClinicPermission.VIEW_ORDERS, public_id=public_id)


def _show(request: HttpRequest, public_id: UUID, template: str) -> HttpResponse:
    order = _order(request, public_id)
    lines = lines_of(order, person_of(request))
    context = {
        "order": order,
        "lines": lines,
        "expected": expected_delivery(order, lines),
        "can_order": request.access.can(ClinicPermission.PREPARE_ORDER, order.clinic),
        "status_steps": steps(order.status),
    }
    return render(request, template, context)
