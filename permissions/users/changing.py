"""What a manager changes for people of their clinics. Each locks the clinics, then asks whether the manager may."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from permissions import access, services
from permissions.events import record_at
from permissions.locking import lock_open_clinics
from permissions.models import AccessEvent, Clinic, Membership, User
from permissions.models.events import AccessAction
from permissions.overview.people import OF_MEMBERS
from permissions.roles import ClinicPermission, Role
from permissions.throttle import allow
from permissions.users import mail
from permissions.users.problems import ConfirmMainUser, NotDone
from permissions.users.reach import accounts_of, active_accounts_of, managed_ids

UNDO_WITHIN = timedelta(hours=1)
MOST_GIVEN_BACK = 10  # within the hour, to one person by one manager
DETAILS = ("first_name", "last_name", "phone_number")


@dataclass
class Changed:
    """What `give` did: where somebody is new, and where they have another role or other functions."""

    given: list[Membership] = field(default_factory=list)
    changed: list[Membership] = field(default_factory=list)
    is_told: bool = False

    def __bool__(self) -> bool:
        return bool(self.given or self.changed)


@transaction.atomic
def give(
    *,
    actor: User,
    person: User,
    clinics: Collection[Clinic],
    role: str,
    functions: Collection[str],
    confirmed: bool = False,
) -> Changed:
    """The same role and functions at these clinics of an account to which the person belongs already.

    Raises ConfirmMainUser and LastApprover unless `confirmed`, LastMainUser, OwnerStays.
    """
    locked = lock_open_clinics(clinics)
    access.check_may_grant_at(actor, person, locked, role, functions)
    if not {clinic.account_id for clinic in locked} <= accounts_of(person):
        raise Http404
    person.refresh_from_db()
    held = {row.clinic_id: row for row in Membership.objects.filter(user=person, clinic__in=locked)}
    if role == Role.MAIN_USER and not confirmed and any(_new_to_it(held, clinic) for clinic in locked):
        raise ConfirmMainUser
    done = Changed()
    for is_active, chosen in _by_status(person, locked, held).items():
        for after in services.memberships_grant(
            user=person,
            clinics=chosen,
            role=role,
            functions=functions,
            granted_by=actor,
            confirmed=confirmed,
            is_active=is_active,
        ):
            before = held.get(after.clinic_id)
            if before is None:
                done.given.append(after)
            elif (before.role, before.functions) != (after.role, after.functions):
                done.changed.append(after)
    _tell(actor, person, done)
    return done


def _by_status(person: User, clinics: list[Clinic], held: dict[UUID, Membership]) -> dict[bool, list[Clinic]]:
    """Where they are active and where not. Who is inactive in the whole account waits to be set active also at clinics
    that are new to them, wherever else they may work.
    """
    at_work = active_accounts_of(person)
    found: dict[bool, list[Clinic]] = {True: [], False: []}
    for clinic in clinics:
        before = held.get(clinic.pk)
        found[before.is_active if before else clinic.account_id in at_work].append(clinic)
    return found


def _tell(actor: User, person: User, done: Changed) -> None:
    """Of what is inactive nobody is told before it is given."""
    given, changed = ([row for row in rows if row.is_active] for rows in (done.given, done.changed))
    told = [mail.tell_given(person, given, actor), mail.tell_changed(person, changed, actor)]
    done.is_told = any(told)


def _new_to_it(held: dict[UUID, Membership], clinic: Clinic) -> bool:
    return clinic.pk not in held or held[clinic.pk].role != Role.MAIN_USER


@transaction.atomic
def remove(*, actor: User, person: User, clinic: Clinic, confirmed: bool = False) -> None:
    """Role and functions are forgotten, the history is kept. Raises LastApprover unless `confirmed`, and the like."""
    lock_open_clinics([clinic])
    access.check_may_change(actor, person, clinic)
    before = Membership.objects.filter(user=person, clinic=clinic).first()
    if before is None:
        raise Http404
    services.membership_revoke(user=person, clinic=clinic, revoked_by=actor, confirmed=confirmed)
    if before.is_active:
        mail.tell_taken(person, [clinic], actor)


@transaction.atomic
def give_back(*, actor: User, person: UUID, clinic: UUID) -> Membership:
    """Undo of `remove`, by who did it, soon after: role, functions and status as the history kept them.

    The person need not belong to the account any more, so nothing else may have happened since. Raises NotDone.
    """
    locked = lock_open_clinics(Clinic.objects.filter(pk=clinic))
    if not locked:
        raise Http404
    access.require(actor, ClinicPermission.MANAGE_USERS, locked[0])
    events = AccessEvent.objects.filter(person__public_id=person, clinic=clinic, action__in=OF_MEMBERS)
    taken = events.select_related("person").first()
    if taken is None or taken.person is None:
        raise Http404
    since = timezone.now() - UNDO_WITHIN
    mine = taken.action == AccessAction.REVOKE and taken.actor_id == actor.pk
    if not mine or taken.at < since or _lost_more(taken):
        raise NotDone(_("That can't be undone any more. Give the person access again instead."))
    _count_given(actor, taken.person)
    kept = taken.before
    access.check_may_grant(actor, taken.person, locked[0], kept["role"], kept["functions"])
    membership = services.membership_grant(user=taken.person, clinic=locked[0], granted_by=actor, **kept)
    if membership.is_active:
        mail.tell_given(taken.person, [membership], actor)
    return membership


def _lost_more(taken: AccessEvent) -> bool:
    """Whether somebody ended the person's access elsewhere in the account since: they may have been dismissed."""
    lost = AccessEvent.objects.filter(action__in=(AccessAction.REVOKE, AccessAction.INACTIVATE), person=taken.person)
    return lost.filter(account=taken.account, pk__gt=taken.pk).exists()


def _count_given(actor: User, person: User) -> None:
    """Access that comes and goes mails each time and logs the person out. Giving back waits; taking never does."""
    if not allow("given_back", f"{actor.pk}:{person.pk}", limit=MOST_GIVEN_BACK, within=timedelta(hours=1)):
        raise NotDone(_("You gave this person their access back several times just now. Wait an hour."))


@transaction.atomic
def set_inactive(*, actor: User, person: User, clinics: Collection[Clinic], confirmed: bool = False) -> list[Clinic]:
    locked = lock_open_clinics(clinics)
    access.check_may_change_at(actor, person, locked)
    changed = services.set_inactive(user=person, clinics=locked, by=actor, confirmed=confirmed)
    mail.tell_taken(person, changed, actor, inactive=True)
    return changed


@transaction.atomic
def set_active(*, actor: User, person: User, clinics: Collection[Clinic]) -> list[Clinic]:
    """Raises NotDone when that was done too often."""
    locked = lock_open_clinics(clinics)
    access.check_may_change_at(actor, person, locked)
    _count_given(actor, person)
    changed = services.set_active(user=person, clinics=locked, by=actor)
    person.refresh_from_db()
    memberships = Membership.objects.filter(user=person, clinic__in=changed).select_related("clinic__account")
    mail.tell_given(person, list(memberships), actor)
    return changed


def details_refusal(actor: User, person: User) -> str:
    """Why `actor` may not change somebody's name and phone, or "". Whoever has logged in does it themselves.

    Where else somebody works decides nothing: that could be read from the answer.
    """
    if actor == person:
        return _("You change your own details in your profile.")
    held = access.ClinicAccess.of(actor).permissions
    here = [row for row in Membership.objects.filter(user=person) if row.clinic_id in held]
    is_new = not person.last_login and not person.works_for_supplier and any(row.is_active for row in here)
    if not is_new or any(access.refusal_to_change(actor, person, held[row.clinic_id], row) for row in here):
        return _("%(person)s changes these details in their own profile.") % {"person": person}
    return ""


@transaction.atomic
def change_details(*, actor: User, person: User, values: dict[str, object]) -> list[str]:
    """Name and phone; never the address, which is the log-in. The history says which fields, not what they say."""
    theirs = lock_open_clinics(Clinic.objects.filter(memberships__user=person, pk__in=managed_ids(actor)))
    row = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=person.pk)
    if refusal := details_refusal(actor, row):
        raise PermissionDenied(refusal)
    changed = [name for name in DETAILS if name in values and getattr(row, name) != values[name]]
    if not changed:
        return []
    for name in changed:
        setattr(row, name, values[name])
    row.save(update_fields=changed)
    states: dict[Clinic, tuple[dict, dict]] = {clinic: ({}, {"fields": changed}) for clinic in theirs}
    record_at(states, AccessAction.DETAILS, actor=actor, person=row)
    return changed
