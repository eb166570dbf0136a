"""The demo is what `make run` shows first: whole, believable, and never where it does not belong."""

import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sites.models import Site as DjangoSite
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Sum, Value
from django.db.models.functions import Concat
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import Page, Site

from content.help.models import HelpPage
from content.home.models import HomePage
from content.news.models import NewsPage
from demo import load_pictures, loading
from demo.load_people import PASSWORD
from outbox.models import OutgoingMail
from permissions import access
from permissions.agreement import find_disagreements
from permissions.markets import MARKETS
from permissions.models import AccessEvent, Account, AccountRequest, Clinic, Invitation, Membership, User
from permissions.roles import ClinicPermission, Role
from permissions.users.invitations import is_open
from shop.addresses.models import DeliveryAddress
from shop.basket.models import Basket
from shop.catalogue.models import Category, Product, ProductImage
from shop.dashboard.requests.duplicates import duplicates_of
from shop.favourites.models import Favourite
from shop.order.models import Line, Order
from shop.order.statuses import STATUS_LABELS

LANGUAGES = ["en", "sv", "nb", "da"]
CUSTOMERS = [
    f"{role}@{company}.example"
    for company in ("nordhear", "fjordlegen")
    for role in ("owner", "purchaser", "assistant")
] + ["owner@horselhuset.example"]
STAFF = {
    "editor@bestil.example": "/cms/",
    "service@bestil.example": "/backoffice/",
    "admin@bestil.example": "/backoffice/",
}


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """The demo, loaded once for all tests here and rolled back after them; what the command printed."""
    printed = io.StringIO()
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(load_pictures, "SIZE", 64)  # draws as well, in a tenth of the time
        call_command("load_demo", stdout=printed)
        yield printed.getvalue()
        transaction.set_rollback(True)
    _forget_sites()


@pytest.fixture(autouse=True)
def demo(loaded: str, clean_slate: None) -> Iterator[str]:
    """What a test changes is taken back."""
    _forget_sites()
    with transaction.atomic():
        yield loaded
        transaction.set_rollback(True)


def _forget_sites() -> None:
    DjangoSite.objects.clear_cache()
    cache.clear()


def _logged_in(email: str) -> Client:
    client = Client()
    response = client.post("/login/", {"username": email, "password": PASSWORD})
    assert response.status_code == 302, email
    return client


def _counts() -> dict[str, int]:
    models = (
        Account,
        Clinic,
        User,
        Membership,
        DeliveryAddress,
        Product,
        Category,
        Order,
        Line,
        Basket,
        Favourite,
        AccessEvent,
        Invitation,
        AccountRequest,
        Page,
    )
    return {model.__name__: model._base_manager.count() for model in models}


def test_there_is_enough_of_everything() -> None:
    assert Product.objects.count() >= 400
    assert Category.objects.filter(depth=4).exists()
    assert Account.objects.count() >= 3
    assert Clinic.objects.count() >= 7
    assert {account.country for account in Account.objects.all()} == {"SE", "NO"}
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    assert Order.objects.count() >= 250
    assert Basket.objects.filter(status=Basket.OPEN).count() >= 3
    assert all(clinic.delivery_addresses.filter(is_default=True).count() == 1 for clinic in Clinic.objects.all())
    assert all(clinic.delivery_addresses.count() >= 2 for clinic in Clinic.objects.all())


def test_each_stage_prints_one_line(demo: str) -> None:
    stages = [line.split()[0] for line in demo.splitlines() if line.startswith("  ")]
    before = ["people", "agreements", "catalogue", "options", "orders", "baskets"]
    assert stages == [*before, "favourites", "approvals", "access", "pages", "pictures"]


@pytest.mark.parametrize("email", CUSTOMERS)
def test_customers_log_in_and_see_their_start_page(email: str) -> None:
    client = _logged_in(email)
    language = User.objects.get(email=email).language
    response = client.get("/")
    assert response.status_code == 200
    assert response.headers["Content-Language"] == language
    assert response.context["page"].locale.language_code == language
    assert response.context["request"].clinic.name.split()[-1] in ("Uppsala", "Bergen", "Lund")
    assert response.context["categories"]
    assert response.context["latest_orders"]
    assert len(response.context["news"]) == 3
    for address in ("/products/", "/basket/", "/orders/", "/favourites/", "/profile/", "/news/", "/help/"):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("email", STAFF)
def test_staff_log_in_and_reach_their_part(email: str) -> None:
    client = _logged_in(email)
    assert client.get("/").headers["Location"].startswith(STAFF[email])
    assert client.get(STAFF[email]).status_code == 200
    assert not User.objects.get(email=email).memberships.exists()


def test_customer_service_handles_orders_and_edits_no_pages() -> None:
    client = _logged_in("service@bestil.example")
    order = Order.objects.first()
    addresses = ["orders/", f"orders/{order.number}/", "catalogue/", "catalogue/categories/", "people/", "partners/"]
    for address in addresses:
        assert client.get(f"/backoffice/{address}").status_code == 200, address
    assert client.get("/cms/").status_code == 403


def test_editor_publishes_and_has_no_back_office() -> None:
    editor = User.objects.get(email="editor@bestil.example")
    page = NewsPage.objects.first()
    assert page.permissions_for_user(editor).can_publish()
    client = _logged_in(editor.email)
    for address in (f"/cms/pages/{page.pk}/edit/", "/cms/documents/", "/cms/images/"):
        assert client.get(address).status_code == 200, address
    assert client.get("/backoffice/").status_code == 403


def test_roles_and_permission_rows_agree() -> None:
    assert not list(find_disagreements())
    owner = User.objects.get(email="owner@nordhear.example")
    assert access.clinics_with(owner, ClinicPermission.MANAGE_CLINIC).count() == 3
    roles = Membership.objects.filter(user__email="omar.haddad@nordhear.example").values_list("role", flat=True)
    assert set(roles) == {Role.PURCHASER, Role.ASSISTANT}


def test_access_has_a_history_of_many_weeks_and_something_waits() -> None:
    for account in Account.objects.all():
        assert access.can(account.owner, ClinicPermission.MANAGE_CLINIC, account.clinics.first())
    moments = AccessEvent.objects.order_by("at").values_list("at", flat=True)
    assert moments[0] < timezone.now() - timedelta(days=390)
    assert AccessEvent.objects.filter(at__gt=timezone.now() - timedelta(days=100)).dates("at", "day").count() >= 10
    assert not AccessEvent.objects.filter(at__gt=timezone.now()).exists()
    assert {"grant", "change", "inactivate", "block", "invite", "requested", "refused", "settings", "looked"} <= set(
        AccessEvent.objects.values_list("action", flat=True)
    )
    assert len([row for row in Invitation.objects.all() if is_open(row)]) == 2
    waiting = AccountRequest.objects.filter(state="received")
    assert waiting.count() == 3
    assert [row.company for row in waiting if duplicates_of(row).same_number and not row.account] == ["Fjordlegen AS"]
    assert AccountRequest.objects.filter(state="declined").count() == 1
    assert User.objects.filter(is_active=False, memberships__is_active=False).count() == 1
    assert not OutgoingMail.objects.exists()


def test_orders_add_up_to_the_cent() -> None:
    sums = Order.objects.annotate(net=Sum("lines__line_price_excl_tax"), gross=Sum("lines__line_price_incl_tax"))
    assert not sums.exclude(total_excl_tax=F("net"), total_incl_tax=F("gross")).exists()
    for line in Line.objects.select_related("order"):
        net = line.unit_price_excl_tax * line.quantity
        vat = (net * line.order.vat_rate).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        assert (line.line_price_excl_tax, line.line_price_incl_tax) == (net, net + vat)


def test_orders_are_believable() -> None:
    assert set(Order.objects.values_list("status", flat=True)) == set(STATUS_LABELS)
    assert not Order.objects.filter(date_placed__gt=timezone.now()).exists()
    assert not Order.objects.filter(date_placed__lt=timezone.now() - timedelta(days=375)).exists()
    numbers = list(Order.objects.order_by("date_placed").values_list("number", flat=True))
    assert numbers == sorted(numbers)
    for order in Order.objects.select_related("user", "clinic__account").prefetch_related("lines"):
        assert access.can(order.user, ClinicPermission.PLACE_ORDER, order.clinic), order.number
        assert order.currency == order.clinic.account.currency
        assert 1 <= len(order.lines.all()) <= 12
        assert bool(order.supplier_number) == (order.status not in ("received", "cancelled"))
        assert order.status == (
            order.status_changes.first().new_status if order.status_changes.exists() else "received"
        )


def test_open_baskets_can_be_looked_at_and_sent() -> None:
    client = _logged_in("purchaser@nordhear.example")
    response = client.get("/basket/")
    assert len(response.context["lines"]) == 3
    assert not response.context["problems"]
    assert client.get("/checkout/details/").status_code == 200


def test_every_picture_exists() -> None:
    files = set(ProductImage.objects.values_list("original", flat=True))
    files |= set(Category.objects.values_list("image", flat=True))
    assert "" not in files
    assert Product.objects.filter(images=None).count() == 0
    assert not [name for name in files if not (Path(settings.MEDIA_ROOT) / name).is_file()]


def test_both_markets_show_only_their_own_products() -> None:
    for email, country in (("owner@nordhear.example", "SE"), ("owner@fjordlegen.example", "NO")):
        response = _logged_in(email).get("/products/")
        assert {card.currency for card in response.context["products"]} <= {MARKETS[country].currency, ""}


@pytest.mark.parametrize("language", LANGUAGES)
def test_news_and_help_are_served_in_every_language(language: str) -> None:
    client = Client(headers={"accept-language": language})
    assert HomePage.objects.filter(locale__language_code=language).count() == 1
    for index, model in (("/news/", NewsPage), ("/help/", HelpPage)):
        response = client.get(index)
        assert response.context["page"].locale.language_code == language
        pages = model.objects.filter(locale__language_code=language).live()
        assert pages.count() >= 4
        for page in pages:
            response = client.get(page.get_url())
            assert escape(page.title) in response.content.decode()
            assert "[[" not in response.content.decode()


def test_addresses_are_the_same_in_every_language() -> None:
    addresses = {
        language: sorted(page.get_url() for page in Page.objects.filter(locale__language_code=language, depth__gt=1))
        for language in LANGUAGES
    }
    assert all(addresses[language] == addresses["en"] for language in LANGUAGES)
    assert Site.objects.get().root_page.slug == "home"
    assert DjangoSite.objects.get(pk=settings.SITE_ID).name == "Bestil"


def test_production_refuses(settings) -> None:
    settings.DEMO_ALLOWED = False
    for flags in ({}, {"if_empty": True}, {"reset": True}):
        with pytest.raises(CommandError, match="never loaded in production"):
            call_command("load_demo", **flags)


def test_a_filled_database_is_left_alone() -> None:
    before = _counts()
    with pytest.raises(CommandError, match="--reset"):
        call_command("load_demo")
    printed = io.StringIO()
    call_command("load_demo", if_empty=True, stdout=printed)
    assert len(printed.getvalue().splitlines()) == 1
    assert _counts() == before


def test_reset_loads_the_same_demo_again() -> None:
    before, first = _counts(), Product.objects.order_by("pk").first()
    User.objects.create_user("left.over@example.com", "whatever it was")
    call_command("load_demo", reset=True, stdout=io.StringIO())
    assert _counts() == before
    assert Product.objects.order_by("pk").first().upc == first.upc
    assert not list(find_disagreements())


def test_reset_refuses_what_is_not_the_demo() -> None:
    Account.objects.update(organisation_number=Concat(Value("9"), "organisation_number"))
    before = _counts()
    with pytest.raises(CommandError, match="not the demo's"):
        call_command("load_demo", reset=True)
    assert _counts() == before


def test_a_load_that_fails_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise RuntimeError("in the middle")

    before = _counts()
    monkeypatch.setattr(loading, "load_orders", fail)
    with pytest.raises(RuntimeError):
        loading.load(lambda line: None, reset=True)
    assert _counts() == before
