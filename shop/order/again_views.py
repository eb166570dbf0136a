"""Ordering again from an order's page: what can be is shown first, and added when asked for."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from permissions import access
from permissions.access import person_of
from permissions.returning import other_clinic_problem
from permissions.roles import ClinicPermission
from shop.basket.filling import Refused
from shop.basket.telling import tell
from shop.keys import key_of
from shop.order.again_forms import AgainForm
from shop.order.models import Order
from shop.order.reorder import lines_again, order_again


@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`?line=` (several) ticks only those to begin with."""
    orders = Order.objects.select_related("clinic__account", "user")
    order = access.fetch(orders, person_of(request), ClinicPermission.VIEW_ORDERS, public_id=public_id)
    access.require(person_of(request), ClinicPermission.PREPARE_ORDER, order.clinic)
    chosen = {pk for typed in request.GET.getlist("line") if (pk := key_of(typed)) is not None} or None
    looks = lines_again(order, person_of(request))
    data = request.POST if request.method == "POST" else None
    form = AgainForm(data, looks=looks, clinic=order.clinic, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            _check_clinic(request, order)
            with transaction.atomic():
                batch = order_again(user=person_of(request), order=order, asked=form.asked(person_of(request)))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            tell(request, batch)
            return redirect("basket:summary" if batch.added else request.path)
    rows = list(form.rows())
    context = {
        "order": order,
        "form": form,
        "rows": rows,
        "is_here": order.clinic_id == request.clinic.pk,
        "can_add": any(row.tick for row in rows),
        "asks_patients": any(row.patient or row.same for row in rows),
    }
    return render(request, "oscar/order/again.html", context, status=422 if form.errors else 200)


def _check_clinic(request: HttpRequest, order: Order) -> None:
    if problem := other_clinic_problem(request):
        raise Refused(problem)
    if order.clinic_id != request.clinic.pk:
        words = {"clinic": order.clinic.name}
        raise Refused(_("This order is %(clinic)s's. Switch to that clinic to order it again.") % words)
