"""Lists of products and a product's page. What can be seen is what the clinic's account can buy (`assortment`)."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.catalogue import assortment
from shop.catalogue.cards import card, cards, specification, with_card_rows
from shop.catalogue.models import Category, Product
from shop.favourites.models import Favourite

PRODUCTS_PER_PAGE = 24
RELATED = 4
VIEW_COOKIE = "view"
BEST_MATCH = "match"


def sort_options() -> list[tuple[str, str]]:
    return [
        ("name", _("Name")),
        ("article", _("Article number")),
        ("price", _("Price, lowest first")),
        ("-price", _("Price, highest first")),
        ("newest", _("Newest")),
    ]


def list_context(request: HttpRequest, products: QuerySet[Product], query: str = "") -> dict:
    """One page of cards, sorted as asked; a page number out of range gives the nearest page.

    What a `query` found comes best match first unless another order is asked for.
    """
    options = sort_options()
    if query:
        options.insert(0, (BEST_MATCH, _("Best match")))
    sort = request.GET.get("sort", "")
    sort = sort if sort in dict(options) else options[0][0]
    rows = with_card_rows(products)
    found = assortment.best_first(rows, query) if sort == BEST_MATCH else assortment.ordered(rows, sort)
    paginator = Paginator(found, PRODUCTS_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    view = request.GET.get("view") or request.COOKIES.get(VIEW_COOKIE, "")
    return {
        "products": cards(page.object_list, request.strategy, starred(request)),
        "page_obj": page,
        "paginator": paginator,
        "sort": sort,
        "sort_options": options,
        "view": view if view in ("grid", "list") else "grid",
    }


def starred(request: HttpRequest) -> set[int]:
    """Ids of the products under the current clinic's star, which has no configuration and is everybody's."""
    favourites = Favourite.objects.visible_to(request.user).filter(clinic=request.clinic, digest="", private_to=None)
    return set(favourites.values_list("product_id", flat=True))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    account = request.clinic.account
    context = list_context(request, assortment.products_for(account))
    return render(
        request, "oscar/catalogue/browse.html", {**context, "categories": assortment.root_categories(account)}
    )


@require_safe
def category(request: HttpRequest, category_slug: str, pk: int) -> HttpResponse:
    here = get_object_or_404(Category.objects.browsable(), pk=pk)
    if category_slug != here.slug:
        return redirect(here, permanent=True)
    account = request.clinic.account
    context = list_context(request, assortment.products_below(here, account))
    extra = {
        "category": here,
        "ancestors": list(here.get_ancestors()),
        "subcategories": assortment.subcategories(here, account),
    }
    return render(request, "oscar/catalogue/category.html", {**context, **extra})


@require_safe
def detail(request: HttpRequest, product_slug: str, pk: int) -> HttpResponse:
    in_assortment = assortment.products_for(request.clinic.account)
    product = get_object_or_404(with_card_rows(in_assortment).prefetch_related("categories"), pk=pk)
    if product_slug != product.slug:
        return redirect(product, permanent=True)
    favourites = starred(request)
    shown = card(product, request.strategy, is_favourite=product.pk in favourites)
    home = next(iter(product.categories.all()), None)
    return render(
        request,
        "oscar/catalogue/detail.html",
        {
            "card": shown,
            "product": product,
            "images": list(product.images.all()),
            "description": product.description,
            "attributes": specification(product),
            "lead_days": shown.lead_days,
            "ancestors": list(home.get_ancestors_and_self()) if home else [],
            "related": cards(_related(product, home, in_assortment), request.strategy, favourites),
        },
    )


def _related(product: Product, home: Category | None, in_assortment: QuerySet[Product]) -> QuerySet[Product]:
    """What stands beside it on the shelf."""
    if home is None:
        return Product.objects.none()
    neighbours = in_assortment.filter(categories=home).exclude(pk=product.pk)
    return with_card_rows(neighbours).order_by("title", "pk")[:RELATED]
