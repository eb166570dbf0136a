"""What open pages ask again and again, cheaply: has the basket changed, and is somebody about to send it?"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from permissions import access
from permissions.access import needs, person_of
from permissions.returning import other_clinic_problem
from permissions.roles import ClinicPermission
from shop.basket import overview
from shop.basket.live import stamp_of
from shop.basket.models import Basket
from shop.basket.sharing import reviewer_of, short_name, stand_before_confirm
from shop.basket.statuses import FILLABLE
from shop.basket.summary import fingerprint
from shop.basket.views import show_basket
from shop.partner.strategy import Selector

UNCHANGED = 204


@require_safe
@needs(ClinicPermission.PREPARE_ORDER)
def live(request: HttpRequest) -> HttpResponse:
    """204 while the page shows what is, else the basket's content. Another clinic's page is left alone."""
    is_here = request.GET.get("clinic") == str(request.clinic.pk)
    if not is_here or request.GET.get("stamp") == stamp_of(person_of(request), request.clinic):
        return HttpResponse(status=UNCHANGED)
    return show_basket(request, is_live=True)


def reviewing(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Somebody stands before the "confirm" button, and asks whether what they see still holds. So does who submits.

    204 while there is nothing new to tell. A page without scripts never asks, and is refused at confirm instead.
    """
    baskets = Basket.objects.select_related("owner", "reviewed_by", "clinic__account")
    basket = access.fetch(baskets, person_of(request), ClinicPermission.PREPARE_ORDER, public_id=public_id)
    if request.method != "POST":
        return redirect("checkout:review")
    may_send = request.access.can(ClinicPermission.PLACE_ORDER, basket.clinic)
    if may_send and not other_clinic_problem(request):
        stand_before_confirm(person_of(request), basket)
    other = reviewer_of(basket, person_of(request))
    reviewer = short_name(other) if other else ""
    context = {
        "ending": overview.ending_of(basket) if basket.status not in FILLABLE else None,
        "is_changed": basket.status in FILLABLE and _is_changed(request, basket),
        "reviewer": reviewer,
    }
    news = [basket.status if context["ending"] else "", basket.revision if context["is_changed"] else "", reviewer]
    state = ":".join(map(str, news)) if any(news) else ""
    if request.POST.get("told", "") == state:
        return HttpResponse(status=UNCHANGED)
    return render(request, "oscar/basket/partials/review_notice.html", {**context, "told": state})


def _is_changed(request: HttpRequest, basket: Basket) -> bool:
    """The revision also counts notes; what was reviewed is only what the fingerprint holds."""
    if request.POST.get("revision") == str(basket.revision):
        return False
    basket.strategy = Selector().strategy(clinic=basket.clinic)
    return request.POST.get("fingerprint") != fingerprint(basket)
