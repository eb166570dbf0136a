"""What the account's owner decides for everybody in it, and whom a required second factor would meet unprepared."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from permissions.events import record
from permissions.models import Account, Membership, User
from permissions.models.events import AccessAction
from permissions.naming import by_name
from permissions.ownership.transfers import require_owner

FIELDS = ("requires_second_factor", "tells_of_impersonation")
# Recovery codes alone are none: they come with one of these.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def without_second_factor(account: Account) -> QuerySet[User]:
    """Active people of the account who would have to set one up before anything else."""
    at_work = Membership.objects.filter(clinic__account=account, clinic__is_active=True, is_active=True)
    protected = Authenticator.objects.filter(type__in=FACTORS)
    people = User.objects.filter(pk__in=at_work.values("user_id"), is_active=True)
    return people.exclude(pk__in=protected.values("user_id")).order_by(*by_name())


@transaction.atomic
def save(*, account: Account, by: User, wanted: dict[str, bool]) -> list[str]:
    """Returns the names of what changed. Raises as `require_owner` does."""
    account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    require_owner(by, account)
    before = {name: getattr(account, name) for name in FIELDS}
    changed = [name for name in FIELDS if before[name] != wanted[name]]
    if changed:
        for name in changed:
            setattr(account, name, wanted[name])
        account.save(update_fields=changed)
        record(
            AccessAction.SETTINGS,
            actor=by,
            account=account,
            before={name: before[name] for name in changed},
            after={name: wanted[name] for name in changed},
        )
    return changed
