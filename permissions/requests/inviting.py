"""Customer service invites who asked for an account: for a new one nobody else could."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from permissions.enumeration import in_a_sentence
from permissions.events import record
from permissions.locking import lock_account, lock_open_clinics
from permissions.models import Account, AccountRequest, Clinic, Invitation, Membership, User
from permissions.models.events import AccessAction
from permissions.models.invitations import InvitationState, new_nonce
from permissions.roles import Role
from permissions.users import mail
from permissions.users.carrying import usual_functions
from permissions.users.invitations import clinics_of, note, state_of
from permissions.users.problems import NotDone

# What a new invitation takes over from one that was declined or withdrawn.
KEPT = ("account", "email", "first_name", "last_name", "phone_number", "language", "role", "functions")


def lock_pending(account: Account, email: str) -> Invitation | None:
    """What waits for an answer already. Taken before the account and its clinics, as who answers it does."""
    pending = Invitation.objects.pending().filter(account=account, email=email)
    return pending.select_for_update(of=("self",)).first()


@transaction.atomic
def invite_requester(
    row: AccountRequest, clinics: Sequence[Clinic], role: str, *, by: User, pending: Invitation | None
) -> Invitation:
    """By mail. A pending invitation of the same person is widened, with a new link: there is only one of an account.

    The caller has checked that `by` may decide about requests.
    """
    invitation = pending or Invitation(account=row.account, email=row.email)
    before = clinics_of(invitation) if pending else []
    invitation.first_name, invitation.last_name = row.first_name, row.last_name
    invitation.phone_number, invitation.language = row.phone_number, row.language
    invitation.role, invitation.functions = role, usual_functions(Role(role))
    invitation.nonce, invitation.sent, invitation.invited_by = new_nonce(), timezone.now(), by
    invitation.save()
    invitation.clinics.add(*clinics)
    offered = list({clinic.pk: clinic for clinic in (*before, *clinics)}.values())
    after = state_of(invitation, offered)
    note(AccessAction.INVITE, invitation, clinics, by, request=row, after=after)
    mail.send_invitation(invitation, offered)
    return invitation


def refuse_who_is_in(email: str, clinics: Collection[Clinic]) -> None:
    """What somebody is at a clinic already stays when they accept: the invitation would promise what it doesn't give.

    Raises NotDone, with the way that helps instead.
    """
    person = User.objects.filter(email=email).first()
    if person is None:
        return
    if person.blocked:
        text = _("%(person)s is blocked and could not log in. Lift the block under People first, or decline.")
        raise NotDone(text % {"person": person})
    held = Membership.objects.filter(user=person, clinic__in=clinics).values_list("clinic__name", flat=True)
    if names := sorted(held):
        text = _(
            "%(person)s belongs to %(clinics)s already, and accepting would change nothing there. Change the role, or "
            "set them active, under People; choose only other clinics here."
        )
        raise NotDone(text % {"person": person, "clinics": in_a_sentence(names)})


def correct_email(row: AccountRequest, email: str, *, by: User) -> None:
    """Where it was mistyped: without it nobody but who happens to have that address could be invited."""
    if email == row.email or row.is_forgotten:
        return
    row.email = email
    row.save(update_fields=["email"])
    record(AccessAction.DETAILS, actor=by, account=row.account, request=row, after={"fields": ["email"]})


def invitation_of(row: AccountRequest) -> Invitation | None:
    """The latest that came of the request, for who looks at it."""
    if row.account_id is None:
        return None
    made = Invitation.objects.filter(access_events__request=row, access_events__action=AccessAction.INVITE)
    return made.select_related("user").order_by("-created").first()


@transaction.atomic
def send_again(row: AccountRequest, *, by: User, email: str = "") -> Invitation | None:
    """With a new link, to another address when `email` says so; older links are worthless. Who declined, or whose
    invitation was withdrawn, is invited anew. None when it was accepted, or there is nothing left to offer.
    """
    found = _lock_latest(row)
    if found is None or found.state == InvitationState.ACCEPTED:
        return None
    lock_account(found.account_id)
    clinics = lock_open_clinics(clinics_of(found))
    if not clinics:
        return None
    is_new = found.state != InvitationState.PENDING
    invitation = Invitation(**{name: getattr(found, name) for name in KEPT}) if is_new else found
    invitation.email = email or invitation.email
    refuse_who_is_in(invitation.email, clinics)
    correct_email(row, invitation.email, by=by)
    invitation.nonce, invitation.sent, invitation.invited_by = new_nonce(), timezone.now(), by
    invitation.save()
    if is_new:
        invitation.clinics.set(clinics)
    action = AccessAction.INVITE if is_new else AccessAction.RESEND
    note(action, invitation, clinics, by, request=row, after=state_of(invitation, clinics) if is_new else None)
    mail.send_invitation(invitation, clinics)
    return invitation


@transaction.atomic
def withdraw(row: AccountRequest, *, by: User) -> bool:
    """The mailed link is worthless from now on. False when it was answered or withdrawn before."""
    invitation = _lock_latest(row)
    if invitation is None or invitation.state != InvitationState.PENDING:
        return False
    invitation.state, invitation.decided, invitation.nonce = InvitationState.WITHDRAWN, timezone.now(), new_nonce()
    invitation.save(update_fields=["state", "decided", "nonce"])
    note(AccessAction.WITHDRAW, invitation, clinics_of(invitation), by, request=row)
    return True


def _lock_latest(row: AccountRequest) -> Invitation | None:
    """As `invitation_of`, standing still: its answer can't slip in between."""
    found = invitation_of(row)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("account", "invited_by")
    return rows.filter(pk=found.pk).first() if found else None
