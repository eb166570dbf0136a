"""Accounts, clinics and addresses, the people with their roles, and the supplier's own staff."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from demo.past import ago
from demo.sources import document
from permissions.models import Account, Clinic, User
from permissions.services import membership_grant
from permissions.staff import ensure_groups
from shop.addresses.models import DeliveryAddress

PASSWORD = "demo-portal-2026"  # noqa: S105 - printed by `make run`; production refuses to load the demo
MEMBER_SINCE, HOUR = timedelta(days=400), timedelta(hours=1)


def load_people() -> str:
    ensure_groups()
    clinics = _make_clinics()
    users = _make_users()
    memberships = 0
    for number, person in enumerate(document("people.yaml")["people"]):
        user = users[person["email"]]
        with ago(hours=MEMBER_SINCE / HOUR - number):
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
