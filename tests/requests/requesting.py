"""What a stranger types into the form, and requests that wait."""

from django.contrib.auth.models import Group

from permissions.models import AccountRequest
from permissions.models.requests import RequestKind
from permissions.requests import asking
from permissions.staff import SERVICE_GROUP
from shop.dashboard.requests.deciding import Approval, approve
from shop.dashboard.requests.making import Invoice, NewClinic

TYPED = {
    "country": "SE",
    "company": "Öronhjälpen AB",
    "organisation_number": "556677-8899",
    "customer_number": "",
    "clinic_name": "Öronhjälpen Luleå",
    "line1": "Storgatan 4",
    "postcode": "97231",
    "city": "Luleå",
    "first_name": "Nina",
    "last_name": "Ny",
    "email": "Nina@Oronhjalpen.example",
    "phone_number": "070-174 06 05",
    "message": "Call after ten",
}
EMAIL = "nina@oronhjalpen.example"


def typed(**more: str) -> dict[str, str]:
    return {**TYPED, **more}


def asked(**more) -> AccountRequest:
    """A request for an account that waits, without the mails of its form."""
    fields = {**TYPED, "organisation_number": "5566778899", "email": EMAIL, "phone_number": "+46701740605", **more}
    return AccountRequest.objects.create(kind=RequestKind.ACCOUNT, **fields)


def asked_for_clinic(user, account, **more) -> AccountRequest:
    place = {"clinic_name": "Nordhear West", "line1": "Västgatan 1", "postcode": "411 20", "city": "Göteborg", **more}
    return asking.ask_for_clinic(AccountRequest(account=account, phone_number="+46701740605", **place), by=user)


def clerk(user):
    """In the group of customer service."""
    user.groups.add(Group.objects.get(name=SERVICE_GROUP))
    return user


WEST = NewClinic("Öronhjälpen Luleå", "30010", "Storgatan 4", "972 31", "Luleå")
INVOICE = Invoice("Öronhjälpen AB", "Storgatan 4", "972 31", "Luleå")


def approval(**more) -> Approval:
    return Approval(**{"account": None, "company": "Öronhjälpen AB", "new": [WEST], "invoice": INVOICE, **more})


def approved(row: AccountRequest, by, **more) -> AccountRequest:
    return approve(by=by, request_id=row.pk, approval=approval(**more))


def posted(**more) -> dict[str, object]:
    """The form of approval as a browser sends it."""
    return {
        "account": "new",
        "company": "Öronhjälpen AB",
        "payment_terms_days": 20,
        "role": "main_user",
        "email": EMAIL,
        "invoice_name": "Öronhjälpen AB",
        "invoice_line1": "Storgatan 4",
        "invoice_postcode": "97231",
        "invoice_city": "Luleå",
        "clinic-TOTAL_FORMS": 3,
        "clinic-INITIAL_FORMS": 0,
        **new_clinic(0, WEST),
        **more,
    }


def new_clinic(place: int, new: NewClinic) -> dict[str, str]:
    fields = ("name", "customer_number", "line1", "postcode", "city")
    return {f"clinic-{place}-{name}": getattr(new, name) for name in fields}
