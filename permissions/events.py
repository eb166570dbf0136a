"""The only writer of the history of access."""

from collections.abc import Mapping

from permissions.models import AccessEvent, Account, AccountRequest, Clinic, Invitation, Membership, User
from permissions.models.events import AccessAction


def record(
    action: AccessAction,
    *,
    actor: User | None,
    person: User | None = None,
    clinic: Clinic | None = None,
    account: Account | None = None,
    invitation: Invitation | None = None,
    request: AccountRequest | None = None,
    before: dict | None = None,
    after: dict | None = None,
    reason: str = "",
) -> AccessEvent:
    """One row, in the caller's transaction: what is rolled back did not happen. A clinic's account is filled in."""
    return AccessEvent.objects.create(
        action=action,
        actor=actor,
        by_supplier=_is_suppliers(actor),
        person=person,
        clinic=clinic,
        account_id=clinic.account_id if clinic else account.pk if account else None,
        invitation=invitation,
        request=request,
        before=before or {},
        after=after or {},
        reason=reason,
    )


def record_at(
    changes: Mapping[Clinic, tuple[dict, dict]],
    action: AccessAction,
    *,
    actor: User | None,
    person: User | None = None,
    invitation: Invitation | None = None,
    request: AccountRequest | None = None,
) -> None:
    """The same at many clinics: one row each, with what was before and after there."""
    AccessEvent.objects.bulk_create(
        AccessEvent(
            action=action,
            actor=actor,
            by_supplier=_is_suppliers(actor),
            person=person,
            clinic=clinic,
            account_id=clinic.account_id,
            invitation=invitation,
            request=request,
            before=before,
            after=after,
        )
        for clinic, (before, after) in changes.items()
    )


def record_for_owners(
    action: AccessAction,
    *,
    actor: User,
    person: User,
    before: dict | None = None,
    after: dict | None = None,
    reason: str = "",
) -> AccessEvent:
    """What the supplier does to a person: once for each account where they are active. Its owner reads it with the
    reason, and nothing of the others. Returns one of the rows.
    """
    at_work = Membership.objects.filter(user=person, is_active=True).values("clinic__account_id")
    accounts: list[Account | None] = [*Account.objects.filter(pk__in=at_work)]
    for account in accounts or [None]:
        event = record(action, actor=actor, person=person, account=account, before=before, after=after, reason=reason)
    return event


def _is_suppliers(actor: User | None) -> bool:
    return actor is not None and actor.acts_for_supplier
