"""Favourites as pages show them: in words, with price and stock, and with what must be updated before ordering."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from permissions.models import Clinic, User
from shop.basket.filling import availability_problem
from shop.catalogue import assortment
from shop.catalogue.cards import ProductCard, card
from shop.catalogue.models import Product
from shop.configuration.offers import Offer, offer_of
from shop.configuration.options import Configuration, Invalid
from shop.configuration.values import FREE_TEXT
from shop.favourites.models import Favourite
from shop.order.models import Line as OrderLine
from shop.partner.strategy import MarketStrategy

EVERYBODYS, MINE = "shared", "mine"
COUNTED = timedelta(days=365)


@dataclass(frozen=True)
class Row:
    """One favourite. `problems` are sentences; `can_add` means that it goes into the basket without a question."""

    favourite: Favourite
    card: ProductCard
    options: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    # Where its questions are answered; empty where there are none, or none can be asked.
    configure_url: str = ""
    can_add: bool = False
    asks_patient: bool = False
    successor: Product | None = None
    successor_url: str = ""

    @property
    def title(self) -> str:
        return self.favourite.name or self.card.product.title


def found(user: User, clinic: Clinic, *, query: str = "", only: str = "", sort: str = "") -> QuerySet[Favourite]:
    """What this person sees at the clinic, narrowed down and in order."""
    favourites = Favourite.objects.visible_to(user).filter(clinic=clinic)
    if only == EVERYBODYS:
        favourites = favourites.filter(private_to=None)
    elif only == MINE:
        favourites = favourites.filter(private_to=user)
    for word in query.split()[:10]:
        products = assortment.matching(Product.objects.all(), word)
        favourites = favourites.filter(Q(name__icontains=word) | Q(product__in=products.values("pk")))
    return _in_order(favourites, clinic, sort)


def _in_order(favourites: QuerySet[Favourite], clinic: Clinic, sort: str) -> QuerySet[Favourite]:
    if sort == "newest":
        return favourites.order_by("-created", "-pk")
    shown_name = Coalesce(NullIf("name", Value("")), "product__title")
    if sort == "name":
        return favourites.order_by(shown_name, "pk")
    ordered = OrderLine.objects.filter(
        product=OuterRef("product"), order__clinic=clinic, order__date_placed__gte=timezone.now() - COUNTED
    )
    often = ordered.order_by().values("product").annotate(times=Count("pk")).values("times")
    return favourites.annotate(times=Subquery(often)).order_by(F("times").desc(nulls_last=True), shown_name, "pk")


def rows_of(favourites: Iterable[Favourite], clinic: Clinic, strategy: MarketStrategy) -> list[Row]:
    """In a fixed number of queries."""
    favourites = list(favourites)
    offer = offer_of({favourite.product_id for favourite in favourites}, clinic)
    shelf = _Shelf(clinic, strategy, offer)
    return [shelf.row(favourite, offer.products[favourite.product_id]) for favourite in favourites]


def configure_url(product: Product, favourite: Favourite) -> str:
    return f"{reverse('configuration:configure', kwargs={'pk': product.pk})}?favourite={favourite.pk}"


def what_to_update(asked: Configuration, kept: Mapping[str, object]) -> dict[str, str]:
    """What must be chosen (again) before it can be ordered, as sentences by option code, in the order asked."""
    known = {option.code for option in asked.options}
    errors: dict[str, str] = {}
    try:
        asked.clean({code: value for code, value in kept.items() if code in known})
    except Invalid as invalid:
        errors = {option.code: invalid.errors[option.code] for option in asked.options if option.code in invalid.errors}
    if kept.keys() - known:
        errors[""] = _("Some of the choices are no longer asked for.")
    return errors


def _typed(asked: Configuration) -> set[str]:
    """What is written by hand is never kept, so it is always asked again and never out of date."""
    return {option.code for option in asked.options if option.kind == FREE_TEXT}


@dataclass(frozen=True)
class _Shelf:
    """What all rows of a page look at."""

    clinic: Clinic
    strategy: MarketStrategy
    offer: Offer

    def row(self, favourite: Favourite, product: Product) -> Row:
        asked, shown = self.offer.asked[product.pk], card(product, self.strategy)
        options = tuple(asked.describe(favourite.configuration))
        if product.pk not in self.offer.buyable:
            return self._gone(favourite, shown, options)
        errors = what_to_update(asked, favourite.configuration)
        to_update = tuple(sentence for code, sentence in errors.items() if code not in _typed(asked))
        lacking = self._lacking(favourite, product)
        return Row(
            favourite,
            shown,
            options,
            # Under a bare star nothing was chosen yet, so nothing is out of date.
            problems=(to_update if favourite.configuration else ()) + ((lacking,) if lacking else ()),
            configure_url="" if lacking or not (asked or errors) else configure_url(product, favourite),
            can_add=not (errors or lacking or asked.needs_patient(self.clinic)),
            asks_patient=asked.asks_patient(self.clinic),
        )

    def _gone(self, favourite: Favourite, shown: ProductCard, options: tuple[tuple[str, str], ...]) -> Row:
        if shown.product.is_public:
            return Row(favourite, shown, options, (_("It is not in your assortment. Ask customer service."),))
        problem, successor = self.offer.gone(shown.product)
        if successor is None:
            return Row(favourite, shown, options, (problem,))
        is_asked = bool(self.offer.asked[successor.pk])
        url = configure_url(successor, favourite) if is_asked else successor.get_absolute_url()
        return Row(favourite, shown, options, (problem,), successor=successor, successor_url=url)

    def _lacking(self, favourite: Favourite, product: Product) -> str:
        return availability_problem(product, self.strategy.fetch_for_product(product), favourite.quantity)
