"""What the form of approval is filled in with, from the request and from what is known already."""

from typing import Any

from permissions.models import Account, AccountRequest, Clinic
from permissions.models.requests import RequestKind
from permissions.roles import Role
from shop.dashboard.requests.clinic_rows import NewClinicRows, new_clinic_rows
from shop.dashboard.requests.duplicates import Duplicates
from shop.dashboard.requests.forms import NEW, AccountForm

USUAL_TERMS = 30


def forms_for(row: AccountRequest, duplicates: Duplicates, data: Any = None) -> tuple[AccountForm, NewClinicRows]:
    """`data` is what was posted."""
    accounts = duplicates.accounts(row.country)
    known = [clinic for account in accounts for clinic in account.clinics.all() if clinic.is_active]
    form = AccountForm(
        data,
        row=row,
        accounts=accounts,
        taken=bool(duplicates.same_number),
        initial=_initial(row, accounts, duplicates.same_number, known),
    )
    return form, new_clinic_rows(data, row, known=known)


def _initial(
    row: AccountRequest, accounts: list[Account], same_number: list[Account], known: list[Clinic]
) -> dict[str, Any]:
    invoice = _invoice_of(row)
    if row.kind == RequestKind.CLINIC:
        return invoice
    number = row.customer_number.casefold()
    numbered = [clinic for clinic in known if clinic.customer_number.casefold() == number]
    likely = [*same_number, *(clinic.account for clinic in numbered)][:1]
    return {
        "account": str(likely[0].pk) if likely else NEW,
        "company": row.company,
        "payment_terms_days": USUAL_TERMS,
        "clinics": [str(clinic.pk) for clinic in numbered if clinic.account in likely],
        # Into a company that others may answer for, nobody is let by default as main user.
        "role": "" if accounts else Role.MAIN_USER,
        "email": row.email,
        **invoice,
    }


def _invoice_of(row: AccountRequest) -> dict[str, str]:
    """As at the account's other clinics, else where the clinic lies."""
    latest = row.account.clinics.filter(is_active=True).order_by("-created").first() if row.account else None
    if latest and latest.invoice_address_lines:
        return {
            name: getattr(latest, name)
            for name in ("invoice_name", "invoice_line1", "invoice_postcode", "invoice_city")
        }
    return {
        "invoice_name": row.company,
        "invoice_line1": row.line1,
        "invoice_postcode": row.postcode,
        "invoice_city": row.city,
    }
