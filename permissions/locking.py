"""The rows that stand still while access is changed. Everybody takes them in one order, or two would wait in a circle:
the invitation or offer that is answered, the account, its clinics by their ids, and a person last. Whoever holds a
basket or another row of a clinic takes it before the clinic: nobody who holds a clinic waits for such a row.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.transaction import TransactionManagementError

from permissions.models import Account, Clinic, User


def lock_account(account_id: UUID) -> Account:
    """Before a row that must be the only one of its kind in the account; always taken before its clinics.

    Who holds a clinic and writes a row that points at the account doesn't wait, or they would wait in a circle.
    """
    accounts = Account.objects.select_for_update(no_key=True, of=("self",)).select_related("owner")
    return accounts.get(pk=account_id)


def lock_clinics(clinics: Iterable[Clinic]) -> list[Clinic]:
    """By their ids. All that a change touches are locked at once: what is checked after this holds until the commit.

    Rows that only point at a clinic don't wait: an order goes on while access changes, and who chooses a clinic to work
    for holds their own row, for which we wait next.
    """
    rows = Clinic.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[clinic.pk for clinic in clinics])
    return list(rows.order_by("pk").select_related("account"))


def lock_clinic(clinic: Clinic) -> Clinic:
    return lock_clinics([clinic])[0]


def lock_open_clinics(clinics: Iterable[Clinic]) -> list[Clinic]:
    """Without those that are closed, also since a moment ago."""
    return [clinic for clinic in lock_clinics(clinics) if clinic.is_active]


def hold_access(user, clinic: Clinic) -> None:
    """What this person may do at the clinic stays as it is until the commit; a change of it that runs is waited for.

    Shared: two orders don't wait for each other, nor does who only points at the clinic or the person.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("What is held is let go at once outside a transaction.")
    with connection.cursor() as cursor:
        for model, key in ((Clinic, clinic.pk), (User, user.pk)):  # Django has no FOR SHARE
            cursor.execute(f"SELECT 1 FROM {model._meta.db_table} WHERE id = %s FOR SHARE", [key])  # noqa: S608  a model's
