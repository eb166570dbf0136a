"""Adding a person. Who belongs to the account gets the clinics at once; everybody else is asked by mail.

Whether an address that is new here is known at another customer changes nothing that the one who adds it could see,
count or time: an invitation is made and one mail written, by the same steps.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from permissions.access import check_may_grant_at
from permissions.locking import lock_account, lock_open_clinics
from permissions.models import Account, Clinic, Invitation, Membership, User
from permissions.models.events import AccessAction
from permissions.roles import Role
from permissions.services import memberships_grant
from permissions.throttle import allow
from permissions.users import mail
from permissions.users.carrying import held_in_account
from permissions.users.invitations import note, state_of
from permissions.users.problems import ConfirmMainUser, NotDone
from permissions.users.reach import active_accounts_of

MOST_PER_HOUR = 100


@dataclass(frozen=True)
class Details:
    """Who is added, as the manager writes it. The address is lower case."""

    email: str
    first_name: str
    last_name: str
    phone_number: object = ""
    language: str = ""


def add(
    *,
    actor: User,
    details: Details,
    clinics: Collection[Clinic],
    role: str,
    functions: Collection[str],
    at_once: bool = True,
    confirmed: bool = False,
) -> User | Invitation:
    """`at_once` mails now; else everything is prepared and nothing leaves.

    Returns the colleague who has access now, or the invitation. Raises NotDone with what to do instead, and
    ConfirmMainUser unless `confirmed`.
    """
    account_id = _account_of(clinics)
    check_may_grant_at(actor, None, clinics, role, functions)
    # Before the transaction: whoever tries out addresses is counted although nothing is done.
    if not allow("adding", str(account_id), limit=MOST_PER_HOUR, within=timedelta(hours=1)):
        raise NotDone(_("Many people were added in the last hour. Wait a little, then go on."))
    with transaction.atomic():
        account = lock_account(account_id)
        locked = lock_open_clinics(clinics)
        check_may_grant_at(actor, None, locked, role, functions)
        if not locked:
            raise Http404
        colleague = User.objects.filter(email=details.email, memberships__clinic__account=account).first()
        if colleague is not None:
            return _attach(actor, colleague, locked, at_once, confirmed)
        if role == Role.MAIN_USER and not confirmed:
            raise ConfirmMainUser
        return _invite(actor, account, details, locked, role, functions, at_once)


def _account_of(clinics: Collection[Clinic]) -> UUID:
    accounts = {clinic.account_id for clinic in clinics}
    if len(accounts) != 1:
        raise Http404
    return accounts.pop()


def _attach(actor: User, person: User, clinics: list[Clinic], at_once: bool, confirmed: bool) -> User:
    """At once: the person knows the account. With the role they hold there, whatever was ticked."""
    held = set(Membership.objects.filter(user=person).values_list("clinic_id", flat=True))
    missing = [clinic for clinic in clinics if clinic.pk not in held]
    if not missing:
        raise NotDone(_("There is a user with this e-mail address at these clinics already. Find them in the list."))
    if not person.is_active or clinics[0].account_id not in active_accounts_of(person):
        raise NotDone(_("The user with this e-mail address is set inactive. Set them active first."))
    role, functions = held_in_account(person, clinics[0].account_id)
    try:
        check_may_grant_at(actor, person, missing, role, functions)
    except PermissionDenied as refused:
        raise NotDone(str(refused)) from None
    if role == Role.MAIN_USER and not confirmed:
        raise ConfirmMainUser
    memberships = memberships_grant(
        user=person, clinics=missing, role=role, functions=functions, granted_by=actor, is_active=at_once
    )
    if at_once:
        mail.tell_given(person, memberships, actor)
    return person


def _invite(
    actor: User,
    account: Account,
    details: Details,
    clinics: list[Clinic],
    role: str,
    functions: Collection[str],
    at_once: bool,
) -> Invitation:
    if Invitation.objects.pending().filter(account=account, email=details.email).exists():
        raise NotDone(
            _("This e-mail address is invited already. Find it among the invited, and change it or send it again.")
        )
    invitation = Invitation.objects.create(
        account=account,
        **asdict(details),
        role=role,
        functions=list(functions),
        sent=timezone.now() if at_once else None,
        invited_by=actor,
    )
    invitation.clinics.set(clinics)
    note(AccessAction.INVITE, invitation, clinics, actor, after=state_of(invitation, clinics))
    if at_once:
        mail.send_invitation(invitation, clinics)
    return invitation
