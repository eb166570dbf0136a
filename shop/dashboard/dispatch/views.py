"""Back office: the calendar of days on which the supplier dispatches otherwise than agreed."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.log_actions import log

from shop.dashboard.dispatch.forms import DaysForm
from shop.dispatch.models import DispatchDay

PER_PAGE = 60


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["dispatch.view_dispatchday", "dispatch.add_dispatchday"], raise_exception=True)
def days(request: HttpRequest) -> HttpResponse:
    form = DaysForm(request.POST or None, initial={"kind": DispatchDay.Kind.CLOSED})
    if request.method == "POST" and form.is_valid():
        _add(request, form)
        return redirect("dashboard:dispatch-days")
    upcoming = DispatchDay.objects.filter(date__gte=timezone.localdate()).select_related("clinic")
    page = Paginator(upcoming.order_by("date", "country", "clinic__name", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"form": form, "page_obj": page}
    return render(request, "oscar/dashboard/dispatch/days.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required(["dispatch.view_dispatchday", "dispatch.delete_dispatchday"], raise_exception=True)
def delete_day(request: HttpRequest, pk: int) -> HttpResponse:
    with transaction.atomic():
        day = get_object_or_404(DispatchDay, pk=pk)
        log(instance=day, action="dispatch.day_delete", user=request.user, data=_told(day))
        day.delete()
    messages.success(request, _("Deleted. What was agreed holds on that day again."))
    return redirect("dashboard:dispatch-days")


@transaction.atomic
def _add(request: HttpRequest, form: DaysForm) -> None:
    rows = form.save()
    for row in rows:
        log(instance=row, action="dispatch.day", user=request.user, data=_told(row))
    text = ngettext("%(count)s day is saved.", "%(count)s days are saved.", len(rows)) % {"count": len(rows)}
    messages.success(request, text)


def _told(day: DispatchDay) -> dict[str, str]:
    clinic = str(day.clinic_id) if day.clinic_id else ""
    return {"date": day.date.isoformat(), "kind": day.kind, "country": day.country, "clinic": clinic}
