"""What both sides are told at every step of an ownership's way from one to the other."""

from datetime import datetime
from enum import Enum

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from permissions.access import clinics_with
from permissions.mail import clinic_of, composed
from permissions.models import Account, Membership, OwnershipTransfer, User
from permissions.roles import ClinicPermission, Role

TEMPLATE = "emails/ownership"


class Step(Enum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken-back"
    LAPSED = "lapsed"


def tell_both(step: Step, row: OwnershipTransfer, *, until: datetime | None = None, why: str | Promise = "") -> None:
    """Who has no access to the account any more hears nothing more of it, but that they handed it over and left."""
    for reader in (row.from_user, row.to_user):
        has_left = step is Step.ACCEPTED and reader == row.from_user and not row.role_afterwards
        if not reader.is_active or not (has_left or _belongs_to(row.account, reader)):
            continue
        with translation.override(reader.language or row.account.market.language):
            subject, text = _words(step, row, reader)
            facts = [(_("Account"), row.account.name), (_("Offered by"), row.from_user), (_("Offered to"), row.to_user)]
            if until is not None:
                facts.append((_("Valid until"), _moment(until, row.account)))
            if step in (Step.OFFERED, Step.ACCEPTED):
                facts.append((_("Role of %(person)s afterwards") % {"person": row.from_user}, afterwards(row)))
            is_asked = step is Step.OFFERED and reader == row.to_user
            context: dict[str, object] = {
                "subject": subject,
                "text": f"{text} {why}".strip(),
                "facts": facts,
                **(_link_to_answer(row) if is_asked else _link_to_account(row.account, reader)),
            }
            message_id = f"ownership-{row.pk}-{step.value}-{reader.pk}"
            clinic = clinic_of(reader, row.account)
            composed(TEMPLATE, context, to=reader, message_id=message_id, clinic=clinic).send()


def tell_of_new_owner(account: Account, new: User, old: User | None) -> None:
    """Customer service set it."""
    now = timezone.now()
    for reader in (new, old):
        if reader is None or not reader.is_active or not _belongs_to(account, reader):
            continue
        with translation.override(reader.language or account.market.language):
            words = {"account": account.name, "person": new}
            subject = _("%(account)s has a new owner") % words
            text = _("Customer service has made %(person)s the owner of the account.") % words
            facts = [(_("Account"), account.name), (_("Account owner"), new)]
            context: dict[str, object] = {
                "subject": subject,
                "text": text,
                "facts": facts,
                **_link_to_account(account, reader),
            }
            message_id, clinic = f"owner-{account.pk}-{now:%s%f}-{reader.pk}", clinic_of(reader, account)
            composed(TEMPLATE, context, to=reader, message_id=message_id, clinic=clinic).send()


def afterwards(row: OwnershipTransfer) -> str:
    """What the old owner is, in the reader's language."""
    return str(Role(row.role_afterwards).label) if row.role_afterwards else _("No access any more")


def _belongs_to(account: Account, reader: User) -> bool:
    """Also who has every function switched off: they can be asked to become the owner."""
    at_work = Membership.objects.filter(clinic__account=account, clinic__is_active=True, is_active=True)
    return at_work.filter(user=reader).exists()


def _words(step: Step, row: OwnershipTransfer, reader: User) -> tuple[str, str]:
    """Subject and text."""
    words = {"account": row.account.name, "person": row.to_user, "owner": row.from_user}
    subject, to_owner, to_other = {
        Step.OFFERED: (
            _("The ownership of %(account)s is offered"),
            _("You offered the ownership to %(person)s. Nothing changes before it is accepted; you can take it back."),
            _("%(owner)s asks you to become the owner of the account. Nothing changes before you accept."),
        ),
        Step.ACCEPTED: (
            _("%(account)s has a new owner"),
            _("%(person)s accepted and owns the account from now on."),
            _("You own the account from now on, and are main user of all its clinics."),
        ),
        Step.DECLINED: (
            _("The ownership of %(account)s was declined"),
            _("%(person)s declined. You stay the owner of the account."),
            _("You declined. %(owner)s stays the owner of the account."),
        ),
        Step.TAKEN_BACK: (
            _("The offer to own %(account)s was taken back"),
            _("You took the offer to %(person)s back and stay the owner of the account."),
            _("%(owner)s took the offer back. You need not do anything."),
        ),
        Step.LAPSED: (
            _("The offer to own %(account)s is no longer valid"),
            _("The offer to %(person)s can no longer be accepted."),
            _("The offer of %(owner)s can no longer be accepted."),
        ),
    }[step]
    return subject % words, (to_owner if reader == row.from_user else to_other) % words


def _moment(moment: datetime, account: Account) -> str:
    return date_format(timezone.localtime(moment, account.market.time_zone), "SHORT_DATETIME_FORMAT")


def _link_to_answer(row: OwnershipTransfer) -> dict[str, str]:
    path = reverse("ownership:answer", args=[row.pk])
    return {"url": settings.BASE_URL + path, "label": _("Accept or decline")}


def _link_to_account(account: Account, reader: User) -> dict[str, str]:
    """None for who may not open the page: who has left, or is no main user."""
    if not clinics_with(reader, ClinicPermission.MANAGE_CLINIC).filter(account=account).exists():
        return {}
    return {"url": address_of(account), "label": _("To the account")}


def address_of(account: Account) -> str:
    """Of its page, whichever account the reader works for when they open it."""
    return settings.BASE_URL + reverse("ownership:account-of", args=[account.pk])
