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
from permissions.enumeration import in_a_sentence
from permissions.locking import lock_account, lock_clinics
from permissions.models import Account, Clinic, Invitation, Membership, User
from permissions.models.events import AccessAction
from permissions.naming import by_name
from permissions.requests.inviting import lock_pending
from permissions.roles import Role, switched_on
from permissions.services import memberships_grant
from permissions.staffing import staffing_of
from permissions.throttle import allow
from permissions.users import mail
from permissions.users.carrying import held_in_account
from permissions.users.invitations import clinics_of, count_mail, end, note, state_of
from permissions.users.problems import ConfirmMainUser, NotDone
from permissions.users.reach import active_accounts_of, managed_ids
from permissions.users.standing import is_over

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
        found = lock_pending(next(iter(clinics)).account, details.email)
        account = lock_account(account_id)
        over = found if found and _is_out_of_the_way(actor, found) else None
        theirs = clinics_of(over) if over else []
        locked = lock_clinics([*clinics, *theirs])
        wanted = [clinic for clinic in locked if clinic in clinics and clinic.is_active]
        check_may_grant_at(actor, None, wanted, role, functions)
        if not wanted:
            raise Http404
        colleague = User.objects.filter(email=details.email, memberships__clinic__account=account).first()
        if colleague is not None:
            return _attach(actor, colleague, wanted, at_once, confirmed)
        if role == Role.MAIN_USER and not confirmed:
            raise ConfirmMainUser
        if over is not None:
            end(over, theirs, actor)
        return _invite(actor, account, details, wanted, role, functions, at_once)


def _is_out_of_the_way(actor: User, invitation: Invitation) -> bool:
    """Nobody can accept it any more, and `actor` could neither find it nor send it again."""
    return is_over(invitation) and not _is_visible(actor, invitation)


def _is_visible(actor: User, invitation: Invitation) -> bool:
    return Invitation.objects.visible_to(actor).filter(pk=invitation.pk).exists()


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
    if clinics[0].account_id not in active_accounts_of(person):
        raise NotDone(_set_active_first(actor, person, clinics[0].account))
    if not person.is_active:
        raise NotDone(_("The user with this e-mail address can't log in at the moment. Ask customer service."))
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


def _set_active_first(actor: User, person: User, account: Account) -> str:
    """What to do with a colleague who is inactive, and who does it where `actor` can't."""
    theirs = Clinic.objects.filter(account=account, memberships__user=person)
    if theirs.filter(pk__in=managed_ids(actor)).exists():
        return _("The user with this e-mail address is set inactive. Set them active first.")
    mains = {pk for staffing in staffing_of(theirs).values() for pk in staffing.main_users}
    names = [str(user) for user in User.objects.filter(pk__in=mains).order_by(*by_name())]
    text = _(
        "The user with this e-mail address is set inactive at another clinic of %(account)s. "
        "Ask %(people)s to set them active."
    )
    return text % {"account": account, "people": in_a_sentence(names) or _("Customer service")}


def _invite(
    actor: User,
    account: Account,
    details: Details,
    clinics: list[Clinic],
    role: str,
    functions: Collection[str],
    at_once: bool,
) -> Invitation:
    if waiting := Invitation.objects.pending().filter(account=account, email=details.email).first():
        raise NotDone(_invited_already(actor, waiting))
    invitation = Invitation(
        account=account,
        **asdict(details),
        role=role,
        functions=switched_on(role, functions),
        sent=timezone.now() if at_once else None,
        invited_by=actor,
    )
    if at_once:
        count_mail(invitation)
    invitation.save()
    invitation.clinics.set(clinics)
    note(AccessAction.INVITE, invitation, clinics, actor, after=state_of(invitation, clinics))
    if at_once:
        mail.send_invitation(invitation, clinics)
    return invitation


def _invited_already(actor: User, invitation: Invitation) -> str:
    if _is_visible(actor, invitation):
        return _("This e-mail address is invited already. Find it among the invited, and change it or send it again.")
    text = _(
        "This e-mail address is invited already, at another clinic of %(account)s. Ask %(person)s to add your clinic."
    )
    who = invitation.invited_by.name_for_customers if invitation.invited_by else _("Customer service")
    return text % {"account": invitation.account, "person": who}
