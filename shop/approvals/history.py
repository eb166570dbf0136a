"""What happened to a basket on its way, as people read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.models import User
from shop.approvals.models import ApprovalStep
from shop.approvals.snapshots import Difference, Snapshot, differences

Action = ApprovalStep.Action

WORDS = {
    Action.SUBMITTED: _("submitted the basket"),
    Action.WITHDRAWN: _("took the basket back"),
    Action.CHANGED: _("changed the basket"),
    Action.RETURNED: _("returned the basket"),
    Action.REJECTED: _("rejected the basket"),
    Action.APPROVED: _("approved the order"),
    Action.REMINDED: _("A reminder was sent"),
    Action.ESCALATED: _("The account owner was told"),
}
ICONS = {
    Action.SUBMITTED: "send",
    Action.WITHDRAWN: "undo-2",
    Action.CHANGED: "pencil",
    Action.RETURNED: "corner-up-left",
    Action.REJECTED: "x",
    Action.APPROVED: "check",
    Action.REMINDED: "bell",
    Action.ESCALATED: "bell-ring",
}


@dataclass(frozen=True)
class Entry:
    """`changes` is what differs from the step before."""

    action: str
    words: str | Promise
    icon: str
    by: User | None
    at: datetime
    comment: str
    changes: list[Difference]


def history(steps: Sequence[ApprovalStep]) -> list[Entry]:
    """Oldest first. Changes that came to nothing in the end are left out."""
    entries, before = [], None
    for step in steps:
        changes = [] if before is None else differences(before, step.lines)
        before = step.lines
        if step.action == Action.CHANGED and not changes and not step.comment:
            continue
        words, icon = WORDS[Action(step.action)], ICONS[Action(step.action)]
        entries.append(Entry(step.action, words, icon, step.by, step.at, step.comment, changes))
    return entries


def since_submission(steps: Sequence[ApprovalStep], now: Snapshot) -> list[Difference]:
    """What an approver sees that who submitted it did not: other prices, changed lines."""
    submitted = [step for step in steps if step.action == Action.SUBMITTED]
    return differences(submitted[-1].lines, now) if submitted else []
