"""Customer service invites who asked for an account: for a new one nobody else could."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from permissions.models import Account, AccountRequest, Clinic, Invitation, User
from permissions.models.events import AccessAction
from permissions.models.invitations import InvitationState, new_nonce
from permissions.roles import Role
from permissions.users import mail
from permissions.users.carrying import usual_functions
from permissions.users.invitations import clinics_of, note, state_of


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


def invitation_of(row: AccountRequest) -> Invitation | None:
    """The latest that came of the request, for who looks at it."""
    if row.account_id is None:
        return None
    made = Invitation.objects.filter(access_events__request=row, access_events__action=AccessAction.INVITE)
    return made.select_related("user").order_by("-created").first()


@transaction.atomic
def send_again(row: AccountRequest, *, by: User) -> bool:
    """A new link; older ones are worthless. False when there is nothing left to accept."""
    found = invitation_of(row)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("account", "invited_by")
    invitation = rows.filter(pk=found.pk, state=InvitationState.PENDING).first() if found else None
    clinics = [clinic for clinic in clinics_of(invitation) if clinic.is_active] if invitation else []
    if invitation is None or not clinics:
        return False
    invitation.nonce, invitation.sent, invitation.invited_by = new_nonce(), timezone.now(), by
    invitation.save(update_fields=["nonce", "sent", "invited_by"])
    note(AccessAction.RESEND, invitation, clinics, by, request=row)
    mail.send_invitation(invitation, clinics)
    return True
