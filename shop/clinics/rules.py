"""The writers of a clinic's rules. Each refuses who lost the right meanwhile, and leaves a line in the log and in the
history that the clinic's people read.
"""

from django.db import transaction
from wagtail.log_actions import log

from permissions import access
from permissions.events import record
from permissions.models import Clinic, User
from permissions.models.events import AccessAction
from permissions.roles import ClinicPermission
from shop.approvals.models import StandIn
from shop.clinics.forms import RulesForm, StandInForm

MANAGE = ClinicPermission.MANAGE_CLINIC
RULES = ("patient_policy", "approval_limit", "approval_reminder_hours", "approval_escalation_hours")


@transaction.atomic
def save_rules(form: RulesForm, *, user: User) -> list[str]:
    """Of a valid form whose clinic is locked. Returns the names of what changed."""
    changed = [name for name in form.changed_data if name in RULES]
    if not changed:
        return []
    before = {name: form.initial[name] for name in changed}
    clinic = form.save(commit=False)
    access.require_until_commit(user, MANAGE, clinic)
    clinic.save(update_fields=changed)
    after = {name: getattr(clinic, name) for name in changed}
    data = {"before": _texts(before), "after": _texts(after)}
    log(instance=clinic, action="clinic.rules", user=user, data=data)
    told = _told(clinic, before), _told(clinic, after)
    record(AccessAction.CLINIC_RULES, actor=user, clinic=clinic, before=told[0], after=told[1])
    return changed


def _texts(values: dict) -> dict:
    return {name: str(value) for name, value in values.items()}


def _told(clinic: Clinic, values: dict) -> dict:
    """As the history keeps it: an amount with its currency."""
    told = dict(values)
    if (limit := told.get("approval_limit")) is not None:
        told["approval_limit"] = f"{limit:.2f} {clinic.account.currency}"
    return told


@transaction.atomic
def add_stand_in(form: StandInForm, *, user: User) -> StandIn:
    access.require_until_commit(user, MANAGE, form.instance.clinic)
    stand_in = form.save()
    _record_stand_in(stand_in, user, "added", after=_state(stand_in))
    return stand_in


@transaction.atomic
def remove_stand_in(stand_in: StandIn, *, user: User) -> None:
    """Once, however many remove it at the same moment."""
    access.require_until_commit(user, MANAGE, stand_in.clinic)
    if not StandIn.objects.select_for_update(of=("self",)).filter(pk=stand_in.pk).exists():
        return
    _record_stand_in(stand_in, user, "removed", before=_state(stand_in))
    stand_in.delete()


def _state(stand_in: StandIn) -> dict[str, str]:
    """Who stands in for the person whom the history's row is about."""
    return {
        "stand_in": str(stand_in.person.public_id),
        "first_day": stand_in.first_day.isoformat(),
        "last_day": stand_in.last_day.isoformat(),
    }


def _record_stand_in(
    stand_in: StandIn, user: User, what: str, *, before: dict | None = None, after: dict | None = None
) -> None:
    clinic = stand_in.clinic
    data = {
        "what": what,
        "absent": stand_in.absent_id,
        "person": stand_in.person_id,
        "days": [stand_in.first_day.isoformat(), stand_in.last_day.isoformat()],
    }
    log(instance=clinic, action="clinic.stand_in", user=user, data=data)
    record(AccessAction.CLINIC_RULES, actor=user, person=stand_in.absent, clinic=clinic, before=before, after=after)
