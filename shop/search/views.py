"""One box: what stands in it is looked for in names and article numbers of the clinic's assortment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.catalogue import assortment
from shop.catalogue.views import list_context

LONGEST_QUERY = 200


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    products = assortment.products_for(request.clinic.account)
    found = assortment.matching(products, query) if query else products.none()
    return render(request, "oscar/search/results.html", {**list_context(request, found, query), "query": query})
