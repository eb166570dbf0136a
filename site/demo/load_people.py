"""Accounts, clinics and addresses, the people with their roles, and the supplier's own staff."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.models import Collection, GroupCollectionPermission

from demo.sources import document
from permissions.models import Account, Clinic, User
from permissions.services import membership_grant
from shop.addresses.models import DeliveryAddress

PASSWORD = "demo-portal-2026"  # noqa: S105 - printed by `make run`; production refuses to load the demo
MEMBER_SINCE = timedelta(days=400)

# What customer service does in the back office. Deleting, prices of delivery and pages are not among it.
CUSTOMER_SERVICE = {
    "catalogue": {
        "view_product",
        "add_product",
        "change_product",
        "view_category",
        "change_category",
        "view_productclass",
        "view_option",
        "view_attributeoptiongroup",
    },
    "partner": {"view_partner", "view_stockalert", "view_stockrecord", "change_stockrecord"},
    "order": {"view_order", "change_order"},
    "permissions": {"view_user", "change_user"},
    "analytics": {"view_userrecord"},
}
# Wagtail gives its groups rights to its own documents only, not to the model that stands in for them.
EDITORS_DOCUMENTS = ("add_portaldocument", "change_portaldocument", "choose_portaldocument")
EDITORS_GROUPS = ("Editors", "Moderators")


def load_people() -> str:
    ensure_groups()
    clinics = _make_clinics()
    users = _make_users()
    memberships = 0
    for person in document("people.yaml")["people"]:
        user = users[person["email"]]
        for key, role in person["roles"].items():
            membership_grant(user=user, clinic=clinics[key], role=role)
            memberships += 1
        user.last_clinic = clinics[next(iter(person["roles"]))]
    User.objects.bulk_update(users.values(), ["last_clinic"])
    accounts = len(document("people.yaml")["accounts"])
    return f"{accounts} accounts, {len(clinics)} clinics, {len(users)} people, {memberships} memberships"


def clinics_by_key() -> dict[str, Clinic]:
    """The demo's clinics under the short names that the sources call them by."""
    numbers = {clinic["customer_number"]: clinic["key"] for clinic, _account in _clinic_entries()}
    clinics = Clinic.objects.filter(customer_number__in=numbers).select_related("account")
    return {numbers[clinic.customer_number]: clinic for clinic in clinics}


def ensure_groups() -> None:
    """The back office group, and what Wagtail's groups lack. Doing it twice does no harm."""
    service, _created = Group.objects.get_or_create(name="Customer service")
    for app, codenames in CUSTOMER_SERVICE.items():
        service.permissions.add(*_permissions(app, codenames))
    documents = _permissions("documents", set(EDITORS_DOCUMENTS))
    translate = Permission.objects.get(content_type__app_label="simple_translation", codename="submit_translation")
    root = Collection.get_first_root_node()
    for group in Group.objects.filter(name__in=EDITORS_GROUPS):
        group.permissions.add(translate)
        for permission in documents:
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def _permissions(app: str, codenames: set[str]) -> list[Permission]:
    found = list(Permission.objects.filter(content_type__app_label=app, codename__in=codenames))
    if missing := codenames - {permission.codename for permission in found}:
        raise LookupError(f"No permissions {sorted(missing)} in {app}: is the database migrated?")
    return found


def _clinic_entries() -> list[tuple[dict, dict]]:
    return [(clinic, account) for account in document("people.yaml")["accounts"] for clinic in account["clinics"]]


def _make_clinics() -> dict[str, Clinic]:
    fields = ("name", "country", "organisation_number", "payment_terms_days")
    accounts = {entry["name"]: Account(**{name: entry[name] for name in fields}) for entry in _accounts()}
    Account.objects.bulk_create(accounts.values())
    clinics = {
        entry["key"]: Clinic(
            account=accounts[account["name"]],
            name=entry["name"],
            customer_number=entry["customer_number"],
            **{f"invoice_{name}": value for name, value in entry["invoice"].items()},
        )
        for entry, account in _clinic_entries()
    }
    Clinic.objects.bulk_create(clinics.values())
    addresses = [
        _address(clinics[entry["key"]], address)
        for entry, _account in _clinic_entries()
        for address in entry["addresses"]
    ]
    DeliveryAddress.objects.bulk_create(addresses)
    return clinics


def _accounts() -> list[dict]:
    return document("people.yaml")["accounts"]


def _address(clinic: Clinic, entry: dict) -> DeliveryAddress:
    address = DeliveryAddress(
        clinic=clinic,
        label=entry["label"],
        last_name=entry["recipient"],
        line1=entry["line1"],
        line2=entry.get("line2", ""),
        line4=entry["city"],
        postcode=entry["postcode"],
        country_id=clinic.account.country,
        is_default=entry.get("default", False),
    )
    address._update_search_text()  # Oscar's save() would; bulk_create calls no save()
    return address


def _make_users() -> dict[str, User]:
    sources = document("people.yaml")
    password = make_password(PASSWORD)  # once: hashing takes longer than all the rest
    joined = timezone.now() - MEMBER_SINCE
    users = {
        entry["email"]: User(
            email=entry["email"],
            first_name=entry["first_name"],
            last_name=entry["last_name"],
            phone_number=entry.get("phone", ""),
            language=entry["language"],
            is_staff=entry.get("is_staff", False),
            is_superuser=entry.get("is_superuser", False),
            password=password,
            date_joined=joined,
        )
        for entry in (*sources["people"], *sources["staff"])
    }
    User.objects.bulk_create(users.values())
    for entry in sources["staff"]:
        users[entry["email"]].groups.set(Group.objects.filter(name__in=entry.get("groups", [])))
    return users
