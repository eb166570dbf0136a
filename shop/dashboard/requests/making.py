"""Making a clinic that can order from the first day."""

from dataclasses import dataclass

from permissions.models import Account, Clinic
from shop.addresses.models import DeliveryAddress
from shop.dispatch.models import DispatchAgreement

LONGEST_LABEL = 80


@dataclass(frozen=True)
class Invoice:
    name: str = ""
    line1: str = ""
    postcode: str = ""
    city: str = ""


@dataclass(frozen=True)
class NewClinic:
    name: str
    customer_number: str
    line1: str
    postcode: str
    city: str


def make_clinic(account: Account, new: NewClinic, invoice: Invoice) -> Clinic:
    """With its address for deliveries, and for dispatch what holds at all the account's clinics, if anything does."""
    agreed = _common_agreement(account)
    clinic = Clinic.objects.create(
        account=account,
        name=new.name,
        customer_number=new.customer_number,
        invoice_name=invoice.name,
        invoice_line1=invoice.line1,
        invoice_postcode=invoice.postcode,
        invoice_city=invoice.city,
    )
    DeliveryAddress.objects.create(
        clinic=clinic,
        label=new.name[:LONGEST_LABEL],
        last_name=new.name,
        line1=new.line1,
        postcode=new.postcode,
        line4=new.city,
        country_id=account.country,
        is_default=True,
    )
    if agreed is not None:
        weekdays, cut_off, transit_days = agreed
        DispatchAgreement.objects.create(clinic=clinic, weekdays=weekdays, cut_off=cut_off, transit_days=transit_days)
    return clinic


def _common_agreement(account: Account) -> tuple | None:
    """None where the clinics differ, or have none: without one every working day is a dispatch day."""
    rows = account.clinics.filter(is_active=True).values_list(
        "dispatch_agreement__weekdays", "dispatch_agreement__cut_off", "dispatch_agreement__transit_days"
    )
    agreements = {(tuple(weekdays or ()), cut_off, transit) for weekdays, cut_off, transit in rows}
    (weekdays, cut_off, transit), *others = agreements or {((), None, None)}
    return None if others or not weekdays else (list(weekdays), cut_off, transit)
