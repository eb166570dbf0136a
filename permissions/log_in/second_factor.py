"""Second factors: who must have one, adding and removing them. Nothing here asks for the password: the views did.

Every change is one transaction with its row in the history and the mail that tells the person. What people change
themselves raises SessionEnded when they were shut out while they asked.
"""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from permissions import access
from permissions.events import record, record_for_owners
from permissions.log_in.codes import LAST_STEP
from permissions.log_in.encryption import Unreadable, encrypt
from permissions.log_in.notices import Notice, tell
from permissions.log_in.sessions import hold
from permissions.models import User
from permissions.models.events import AccessAction
from permissions.services import end_sessions

APP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
# New recovery codes are on the page until the person says that they are kept, and not longer than this.
CODES_SHOWN_FOR = timedelta(hours=1)
MOST_PASSKEYS = 20
MAY_RESET = "permissions.change_user"


class FactorUnchanged(Exception):
    """Nothing was changed. The text says why, in the reader's language."""


def factors_of(user: User) -> QuerySet[Authenticator]:
    """What a person can show besides the password. Recovery codes only stand in for these."""
    return Authenticator.objects.filter(user=user, type__in=[APP, PASSKEY]).order_by("created_at", "pk")


def has_factor(user: User) -> bool:
    return factors_of(user).exists()


def is_required(user: User, where: access.ClinicAccess | None = None) -> bool:
    """`where` is what they may do, if it was read before."""
    return is_required_by_supplier(user) or (where or access.ClinicAccess.of(user)).asks_for_second_factor


def is_required_by_supplier(user: User) -> bool:
    """Of their own people, by the settings."""
    return settings.SECOND_FACTOR_FOR_STAFF and (user.is_staff or user.has_perm("wagtailadmin.access_admin"))


def accounts_that_require(user: User) -> list[str]:
    """The names of the accounts that somebody works for and that ask it of everybody there."""
    return access.names_of_accounts(user, requires_second_factor=True)


@transaction.atomic
def add_app(user: User, secret: str, step: int) -> bool:
    """An authenticator app that has shown its first code, which is used up with that. True: their first factor."""
    hold(user)
    if Authenticator.objects.filter(user=user, type=APP).exists():
        raise FactorUnchanged(_("You already have an authenticator app. Remove it before you add another."))
    is_first = not has_factor(user)
    Authenticator.objects.create(user=user, type=APP, data={"secret": encrypt(secret), LAST_STEP: step})
    _added(user, APP, is_first)
    return is_first


@transaction.atomic
def add_passkey(user: User, name: str, credential: dict) -> bool:
    """A passkey whose credential was checked against what we asked the browser for. True: their first factor."""
    hold(user)
    if Authenticator.objects.filter(user=user, type=PASSKEY).count() >= MOST_PASSKEYS:
        raise FactorUnchanged(_("You have %(number)s passkeys. Remove one first.") % {"number": MOST_PASSKEYS})
    is_first = not has_factor(user)
    WebAuthn.add(user, name or _next_name(user), credential)
    _added(user, PASSKEY, is_first)
    return is_first


def _next_name(user: User) -> str:
    number = Authenticator.objects.filter(user=user, type=PASSKEY).count() + 1
    return _("Passkey") if number == 1 else _("Passkey %(number)s") % {"number": number}


def _added(user: User, kind: str, is_first: bool) -> None:
    event = record(AccessAction.FACTOR_ADDED, actor=user, person=user, after={"factor": str(kind)})
    tell(user, Notice.APP_ADDED if kind == APP else Notice.PASSKEY_ADDED, event)
    if is_first:
        _make_codes(user)


@transaction.atomic
def rename_passkey(passkey: Authenticator, name: str) -> None:
    row = Authenticator.objects.select_for_update().get(pk=passkey.pk, type=PASSKEY)
    row.data = {**row.data, "name": name}
    row.save(update_fields=["data"])


@transaction.atomic
def remove(user: User, factor: Authenticator) -> None:
    """The last one stays while the person must have one; when it goes, the recovery codes go with it."""
    hold(user)
    if not factors_of(user).filter(pk=factor.pk).exists():
        return
    if not factors_of(user).exclude(pk=factor.pk).exists():
        if is_required(user):
            raise FactorUnchanged(_("You must log in with a second factor. Add another one before you remove this."))
        Authenticator.objects.filter(user=user, type=CODES).delete()
    Authenticator.objects.filter(pk=factor.pk).delete()
    event = record(AccessAction.FACTOR_REMOVED, actor=user, person=user, before={"factor": str(factor.type)})
    tell(user, Notice.APP_REMOVED if factor.type == APP else Notice.PASSKEY_REMOVED, event)


@transaction.atomic
def renew_codes(user: User) -> None:
    """The old codes stop working at once."""
    hold(user)
    if not has_factor(user):
        raise FactorUnchanged(_("Recovery codes belong to a second factor. Add one first."))
    _make_codes(user)
    tell(user, Notice.CODES_RENEWED, record(AccessAction.CODES, actor=user, person=user))


def _make_codes(user: User) -> None:
    Authenticator.objects.filter(user=user, type=CODES).delete()
    RecoveryCodes.activate(user)


def _sheet_of(user: User) -> Authenticator | None:
    return Authenticator.objects.filter(user=user, type=CODES).first()


def codes_left(user: User) -> int:
    sheet = _sheet_of(user)
    # The mask has a bit for each that is used.
    return settings.MFA_RECOVERY_CODE_COUNT - sheet.data.get("used_mask", 0).bit_count() if sheet else 0


def codes_to_show(user: User) -> list[str]:
    """The codes, as long as they are new and not yet put away; afterwards nobody sees them again."""
    sheet = _sheet_of(user)
    if sheet is None or sheet.wrap().did_view or timezone.now() - sheet.created_at > CODES_SHOWN_FOR:
        return []
    try:
        return sheet.wrap().get_unused_codes()
    except Unreadable:
        return []


@transaction.atomic
def put_codes_away(user: User) -> None:
    for sheet in Authenticator.objects.select_for_update().filter(user=user, type=CODES):
        sheet.wrap().mark_as_viewed()


@transaction.atomic
def reset(user: User, by: User, reason: str) -> bool:
    """Customer service takes every second factor away from somebody who lost theirs, after asking who they are.

    All their sessions end. Who must have a second factor sets a new one up at the next log-in. False when there was
    none. Raises PermissionDenied.
    """
    check_may_reset(user, by)
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    kinds = sorted({str(kind) for kind in factors_of(user).values_list("type", flat=True)})
    if not Authenticator.objects.filter(user=user).delete()[0]:
        return False
    end_sessions(user)
    lost = {"factors": kinds}
    event = record_for_owners(AccessAction.FACTOR_REMOVED, actor=by, person=user, before=lost, reason=reason)
    tell(user, Notice.RESET, event)
    return True


def check_may_reset(user: User, by: User) -> None:
    if not by.is_staff or not by.has_perm(MAY_RESET):
        raise PermissionDenied
    if by.pk == user.pk:
        raise PermissionDenied(_("Nobody resets their own second factor. Ask a colleague."))
    if user.is_superuser and not by.is_superuser:
        raise PermissionDenied(_("An administrator resets the second factor of an administrator."))
