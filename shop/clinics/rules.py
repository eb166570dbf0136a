"""The writers of a clinic's rules. Each leaves a line in the log."""

from django.db import transaction
from wagtail.log_actions import log

from permissions.models import User
from shop.approvals.models import StandIn
from shop.clinics.forms import RulesForm, StandInForm

RULES = ("patient_policy", "approval_limit", "approval_reminder_hours", "approval_escalation_hours")


@transaction.atomic
def save_rules(form: RulesForm, *, user: User) -> list[str]:
    """Of a valid form whose clinic is locked. Returns the names of what changed."""
    changed = [name for name in form.changed_data if name in RULES]
    if not changed:
        return []
    before = {name: str(form.initial[name]) for name in changed}
    clinic = form.save(commit=False)
    clinic.save(update_fields=changed)
    after = {name: str(getattr(clinic, name)) for name in changed}
    log(instance=clinic, action="clinic.rules", user=user, data={"before": before, "after": after})
    return changed


@transaction.atomic
def add_stand_in(form: StandInForm, *, user: User) -> StandIn:
    stand_in = form.save()
    _log_stand_in(stand_in, user, "added")
    return stand_in


@transaction.atomic
def remove_stand_in(stand_in: StandIn, *, user: User) -> None:
    _log_stand_in(stand_in, user, "removed")
    stand_in.delete()


def _log_stand_in(stand_in: StandIn, user: User, what: str) -> None:
    data = {
        "what": what,
        "absent": stand_in.absent_id,
        "person": stand_in.person_id,
        "days": [stand_in.first_day.isoformat(), stand_in.last_day.isoformat()],
    }
    log(instance=stand_in.clinic, action="clinic.stand_in", user=user, data=data)
