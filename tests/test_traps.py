"""What Oscar, Wagtail and guardian do wrong by default, with every check green. Each must stay avoided.

Traps with tests of their own elsewhere:
 1 empty catalogue: shop/test_catalogue.py, `test_the_list_is_not_empty`
 2 a double click makes several orders: shop/test_placed_once.py, with a negative control
 3 two clinics' baskets merged: shop/test_order_journey.py, `test_each_clinic_has_a_basket_of_its_own`
 4 two patients become one line: shop/test_configured_lines.py
 5 no lock-out, or one that capitals get round: permissions/test_log_in.py
 8 self-registration behind the log-in page: permissions/test_log_in.py, `test_nobody_can_register_alone`
 9 a product's page without its thumbnailer: shop/test_catalogue.py
12 SQLite is refused: config/test_settings.py
13 documents under /media/, hidden start page, unreachable slugs: content/test_privacy.py, test_home_page.py,
   test_reserved_slugs.py
14 copied migrations that lag behind Oscar's: shop/test_forks.py
15 global, superuser and inactive rights in guardian's lists: permissions/test_roles.py
Pricing the whole basket on every page: shop/test_query_counts.py

Safety's findings: 1 mail server down: outbox/test_outgoing_mail.py; 2 fifty presses, 3 overselling and 4 kill -9:
shop/test_placed_once.py; 5 rows that outlive their clinic: permissions/test_roles.py.
"""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.management import call_command, get_commands
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from permissions import access
from permissions.access import ClinicAccess
from permissions.models import Clinic, User
from permissions.roles import ClinicPermission, Role
from permissions.services import membership_grant
from shop.addresses.models import DeliveryAddress
from shop.basket.models import Basket
from shop.favourites.models import Favourite
from shop.order.models import Order, ShippingAddress
from tests.factories import ClinicFactory, fill_basket, make_category, make_product, ready_to_confirm
from tests.people import make_people

ROOT = Path(__file__).resolve().parents[1]
OURS = ("permissions", "shop", "content", "site")


def code_of_ours() -> dict[Path, str]:
    files = [file for folder in OURS for file in (ROOT / folder).rglob("*.py") if "migrations" not in file.parts]
    return {file: file.read_text(encoding="utf-8") for file in files}


def test_trap_01_haystack_is_no_app():
    """Its `simple` engine shows an empty catalogue, its commands shadow Wagtail's."""
    assert not apps.is_installed("haystack")
    assert get_commands()["update_index"] == "wagtail.search"
    assert "rebuild_index" not in get_commands() or get_commands()["rebuild_index"] != "haystack"


# --- 6: one person, one address ----------------------------------------------------------------------------------


def test_trap_06_an_address_is_one_whatever_the_case(people):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("PETRA@example.com", "x")
    with pytest.raises(ValidationError, match="already"):
        User(email="Petra@Example.com", first_name="P", last_name="T", password="x").full_clean()


def test_trap_06_the_administrators_page_of_colleagues_takes_no_double_either(client, people):
    User.objects.filter(pk=people.stella.pk).update(is_superuser=True)
    client.force_login(User.objects.get(pk=people.stella.pk))
    form = {"first_name": "Pia", "last_name": "Tall", "rights": ["editor"]}
    refused = client.post("/backoffice/people/new/", {**form, "email": "PETRA@example.com"})
    assert "email" in refused.context["form"].errors
    client.post("/backoffice/people/new/", {**form, "email": "New@Example.com"})
    assert User.objects.filter(email="new@example.com").count() == 1


@pytest.mark.parametrize("email", ["PETRA@example.com", "New@example.com"])
def test_trap_06_the_database_takes_no_capitals_past_the_model(people, email):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=people.asta.pk).update(email=email)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email=email)])


def test_trap_06_a_new_person_is_kept_in_small_letters(db):
    assert User.objects.create_user(" New@Example.COM ", "x").email == "new@example.com"
    assert User.objects.get_by_natural_key("NEW@example.com ").email == "new@example.com"


# --- 7, 8: checks, log-in ----------------------------------------------------------------------------------------


def test_trap_07_the_checks_are_clean(db):
    """`admin.E039` blocks even Oscar's fork command."""
    call_command("check", fail_level="WARNING", databases=["default"])


def test_trap_07_no_address_leads_to_djangos_admin(client, people):
    people.stella.is_superuser = True
    people.stella.save()
    client.force_login(people.stella)
    for path in ("/admin/", "/django-admin/", "/dashboard/"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/login/", "/password/forgotten/", "/password/forgotten/sent/", "/password/new/done/"]
)
def test_trap_08_the_way_in_does_not_lead_round(client, db, path):
    assert client.get(path).status_code == 200


# --- 10, 11, 12: searching ---------------------------------------------------------------------------------------

SEARCHES = [
    "/cms/pages/search/?q={}",
    "/cms/pages/search/results/?q={}&content_type=news.newspage",
    "/cms/choose-page/search/?q={}",
    "/cms/choose-page/search/?q={}&page_type=help.helppage",
    "/cms/documents/?q={}",
    "/cms/documents/chooser/results/?q={}&collection_id=1",
    "/cms/images/?q={}",
    "/cms/images/chooser/results/?q={}&collection_id=1",
]


def test_trap_10_the_search_is_installed_once():
    """`modelsearch` beside `wagtail.search` passes every check; the first search fails."""
    assert apps.is_installed("wagtail.search")
    assert "modelsearch" not in settings.INSTALLED_APPS


@pytest.mark.parametrize("path", SEARCHES)
@pytest.mark.parametrize("typed", ["holidays", "%22", "%5C", "%25", "(", "a:b", "%00"])
def test_trap_10_11_12_every_search_of_the_editor_answers(client, people, path, typed):
    """Filters that the index does not know (11) and a quotation mark (12) were faults of the server."""
    client.force_login(people.edit)
    assert client.get(path.format(typed)).status_code == 200


@pytest.mark.parametrize("path", ["catalogue/", "catalogue/?title={}&upc={}", "catalogue/categories/", "people/"])
@pytest.mark.parametrize("typed", ["dome", "%22", "%25", "%5C"])
def test_trap_11_12_every_search_of_the_back_office_answers(client, people, path, typed):
    User.objects.filter(pk=people.stella.pk).update(is_superuser=True)
    make_product("Dome", category=make_category("Domes"))
    client.force_login(User.objects.get(pk=people.stella.pk))
    assert client.get("/backoffice/" + path.format(typed, typed)).status_code == 200


def test_trap_12_there_is_one_database_engine():
    assert connection.vendor == "postgresql"
    assert not [file for file, text in code_of_ours().items() if "sqlite" in text.lower()]


# --- 14: migrations ----------------------------------------------------------------------------------------------


def test_trap_14_no_migration_is_missing(db):
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


def test_trap_14_the_kind_of_key_that_oscars_migrations_read_stays():
    """Another one changes their history, and Django makes no migration for it."""
    assert settings.DEFAULT_AUTO_FIELD == "django.db.models.BigAutoField"
    for model in (Order, Basket, ShippingAddress, Favourite):
        assert type(model._meta.pk).__name__ == "BigAutoField", model


# --- 15: guardian ------------------------------------------------------------------------------------------------


def test_trap_15_nobody_is_made_up(people):
    assert not User.objects.filter(email__iexact="AnonymousUser").exists()
    assert User.objects.count() == 6


def test_trap_15_who_is_not_signed_in_sees_nothing_and_raises_nothing(people):
    make_product("Dome")
    nobody = AnonymousUser()
    for model in (Clinic, Basket, Order, DeliveryAddress, Favourite):
        assert not model.objects.visible_to(nobody).exists()
    assert not access.clinics_with(nobody, ClinicPermission.VIEW_ORDERS).exists()
    assert not access.can(nobody, ClinicPermission.VIEW_ORDERS, people.north)
    assert ClinicAccess.of(nobody).clinics == []


def test_trap_15_finding_6_who_was_deactivated_sees_nothing_in_any_list(people):
    fill_basket(people.petra, people.north, make_product("Dome"))
    User.objects.filter(pk=people.petra.pk).update(is_active=False)
    petra = User.objects.get(pk=people.petra.pk)
    for model in (Clinic, Basket, Order, DeliveryAddress, Favourite):
        assert not model.objects.visible_to(petra).exists()
    assert ClinicAccess.of(petra).clinics == []


def test_trap_15_finding_6_guardians_own_lists_are_asked_nowhere():
    """They take inactive people and global permissions; `permissions/access.py` does not."""
    asks = re.compile(r"get_objects_for_user|ObjectPermissionChecker|get_perms\b|get_users_with_perms")
    assert [str(file) for file, text in code_of_ours().items() if asks.search(text)] == []


def test_trap_15_the_rights_at_many_clinics_are_read_at_once(people):
    counts = []
    for more in (0, 40):
        for _number in range(more):
            membership_grant(user=people.petra, clinic=ClinicFactory(), role=Role.PURCHASER)
        with CaptureQueriesContext(connection) as queries:
            held = ClinicAccess.of(people.petra)
            assert all(held.can(ClinicPermission.PLACE_ORDER, clinic) for clinic in held.clinics)
        counts.append((len(held.clinics), len(queries)))
    assert counts == [(1, 2), (41, 2)]


def test_trap_15_rows_of_guardian_are_written_in_one_place():
    writes = re.compile(r"\b(assign_perm|remove_perm)\(|ClinicUserPermission\.objects\.(create|bulk_create)")
    found = {file.relative_to(ROOT).as_posix() for file, text in code_of_ours().items() if writes.search(text)}
    assert found == {"permissions/services.py"}


# --- Safety, finding 2: nothing is left behind -------------------------------------------------------------------


@pytest.mark.parametrize("spoil", ["price", "stock", "address", "emptied", "stale page"])
def test_finding_02_a_refused_order_leaves_nothing_behind(client, spoil, db):
    """Every failed press saved an address that belongs to no order, and could leave the basket frozen."""
    people = make_people()
    product = make_product("Dome", stock=10)
    client.force_login(people.petra)
    basket = ready_to_confirm(people.petra, people.north, product, quantity=5)
    reviewed = client.get("/checkout/review/").context["fingerprint"]
    if spoil == "price":
        product.stockrecords.update(price=99)
    elif spoil == "stock":
        product.stockrecords.update(num_in_stock=1)
    elif spoil == "address":
        people.north.delivery_addresses.update(is_active=False)
    elif spoil == "emptied":
        basket.lines.all().delete()
    posted = {"basket": basket.pk, "fingerprint": "old" if spoil == "stale page" else reviewed}
    for _press in range(3):
        client.post("/checkout/confirm/", posted)
    assert (Order.objects.count(), ShippingAddress.objects.count()) == (0, 0)
    assert product.stockrecords.get().num_allocated in (None, 0)
    assert Basket.objects.get().status == "Open"
