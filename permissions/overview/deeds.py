"""Who gave, switched or took what a person has at a clinic, and when: read from the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from permissions.models import AccessEvent, Clinic, User
from permissions.models.events import AccessAction
from permissions.overview.people import OF_MEMBERS

MOST_EVENTS = 500


@dataclass(frozen=True)
class Deed:
    who: str
    when: datetime


def actor_words(event: AccessEvent, *, for_staff: bool) -> str:
    """Customers read that customer service did something, not which of them, though they may have left since."""
    if event.actor is None:
        return _("The portal")
    return _("Customer service") if event.by_supplier and not for_staff else str(event.actor)


class Deeds:
    """Of one person at one clinic, oldest first."""

    def __init__(self, person: User, clinic: Clinic, *, for_staff: bool) -> None:
        events = AccessEvent.objects.filter(person=person, clinic=clinic, action__in=OF_MEMBERS)
        self._events = list(events.select_related("actor")[:MOST_EVENTS])[::-1]
        self._for_staff = for_staff

    def role(self) -> Deed | None:
        """The role as it is now."""
        return self._last(
            [event for event in self._events if event.after.get("role", "") != event.before.get("role", "")]
        )

    def switch(self, function: str) -> Deed | None:
        """Who last turned the function on or off while the role stayed; None when it is as it came with the role."""
        turned = None
        for event in self._events:
            if event.action in (AccessAction.GRANT, AccessAction.REVOKE):
                turned = None
            elif event.action == AccessAction.CHANGE:
                if event.after.get("role") != event.before.get("role"):
                    turned = None
                elif _has(event.after, function) != _has(event.before, function):
                    turned = event
        return self._deed(turned)

    def last(self, *actions: AccessAction) -> Deed | None:
        return self._last([event for event in self._events if event.action in actions])

    def _last(self, events: Sequence[AccessEvent]) -> Deed | None:
        return self._deed(events[-1]) if events else None

    def _deed(self, event: AccessEvent | None) -> Deed | None:
        return Deed(actor_words(event, for_staff=self._for_staff), event.at) if event else None


def _has(state: dict, function: str) -> bool:
    return function in state.get("functions", [])
