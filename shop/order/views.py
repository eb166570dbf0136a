"""My orders: what the clinic ordered, and one order's page."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from permissions import access
from permissions.access import needs
from permissions.roles import ClinicPermission
from shop.order.models import Order
from shop.order.statuses import steps

ORDERS_PER_PAGE = 20


@require_safe
@needs(ClinicPermission.VIEW_ORDERS)
def order_list(request: HttpRequest) -> HttpResponse:
    """The current clinic's orders, or with `?clinics=all` those of every clinic whose orders this person may see."""
    all_clinics = request.GET.get("clinics") == "all"
    orders = Order.objects.visible_to(request.user)
    if not all_clinics:
        orders = orders.filter(clinic=request.clinic)
    paginator = Paginator(orders.select_related("clinic", "user").newest_first(), ORDERS_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {"orders": page, "page_obj": page, "paginator": paginator, "all_clinics": all_clinics}
    return render(request, "oscar/order/list.html", context)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _show(request, public_id, "oscar/order/detail.html")


@require_safe
def confirmation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _show(request, public_id, "oscar/order/confirmation.html")


def _show(request: HttpRequest, public_id: UUID, template: str) -> HttpResponse:
    orders = Order.objects.select_related("clinic__account", "user", "shipping_address__country")
    order = access.fetch(orders, request.user, ClinicPermission.VIEW_ORDERS, public_id=public_id)
    lines = list(order.lines.select_related("product").prefetch_related("product__images").order_by("pk"))
    for line in lines:
        line.image = next(iter(line.product.images.all()), None) if line.product else None
    context = {
        "order": order,
        "lines": lines,
        "status_steps": steps(order.status),
    }
    return render(request, template, context)
