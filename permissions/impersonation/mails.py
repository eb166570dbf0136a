"""What account owners are told of looks at the portal as one of their people."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format

from permissions.mail import clinic_of, composed
from permissions.models import Account, Impersonation
from permissions.ownership.mails import address_of

BEGUN = "emails/look_begun"


def is_told(account: Account) -> bool:
    """Whether it has an owner who works there and has not turned it off."""
    return account.tells_of_impersonation and clinic_of(account.owner, account) is not None


def tell_owner(look: Impersonation, account: Account, *, ends: datetime) -> None:
    if not is_told(account):
        return
    owner, clinic = account.owner, clinic_of(account.owner, account)
    zone = account.market.time_zone
    with translation.override(owner.language or account.market.language):
        context = {
            "staff": look.staff,
            "person": look.person,
            "account": account.name,
            "reason": look.reason,
            "started": date_format(timezone.localtime(look.started, zone), "SHORT_DATETIME_FORMAT"),
            "ends": date_format(timezone.localtime(ends, zone), "TIME_FORMAT"),
            "url": address_of(account),
        }
        message_id = f"look-{look.pk}-{account.pk}"
        composed(BEGUN, context, to=owner, message_id=message_id, clinic=clinic).send()
