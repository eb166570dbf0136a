"""What customer service can do for a person at the press of a button: each asks on a page of its own first.

The owners of the person's accounts read of it in their history, with the reason where one is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.log_in import lock, second_factor
from permissions.models import User
from shop.dashboard.people import acting


@dataclass(frozen=True)
class Deed:
    label: str | Promise
    text: str | Promise  # what will happen
    done: str | Promise
    is_open: Callable[[User], bool]
    work: Callable[[User, User, str], object]  # by whom, to whom, why
    wants_reason: bool = False
    is_harsh: bool = False


DEEDS: dict[str, Deed] = {
    "link": Deed(
        _("Send a password link"),
        _("A mail with a link to choose a password goes to the person's own address. It works once and for a day."),
        _("The link is on its way."),
        lambda person: person.is_active,
        lambda by, person, reason: acting.send_link(by=by, person=person),
    ),
    "unlock": Deed(
        _("Unlock the log-in"),
        _("The wrong passwords are forgotten: the person can try again at once."),
        _("The log-in is unlocked."),
        lock.is_locked,
        lambda by, person, reason: acting.unlock(by=by, person=person),
    ),
    "sessions": Deed(
        _("Log out everywhere"),
        _("Every session of the person ends at once, and links that were mailed to them stop working."),
        _("All sessions are ended."),
        lambda person: person.is_active,
        lambda by, person, reason: acting.end_sessions(by=by, person=person),
    ),
    "factor": Deed(
        _("Reset the second factor"),
        _(
            "Authenticator apps, passkeys and recovery codes of the person are removed, and all their sessions end. "
            "Ask who they are first: after this the password alone opens the log-in."
        ),
        _("The second factor is reset."),
        second_factor.has_factor,
        lambda by, person, reason: acting.reset_factor(by=by, person=person, reason=reason),
        wants_reason=True,
        is_harsh=True,
    ),
    "block": Deed(
        _("Block"),
        _(
            "The person is logged out everywhere and can't log in again, at no clinic. Their roles stay as they are, "
            "and only the supplier lifts the block."
        ),
        _("The person is blocked."),
        lambda person: person.blocked is None,
        lambda by, person, reason: acting.block(by=by, person=person, reason=reason),
        wants_reason=True,
        is_harsh=True,
    ),
    "unblock": Deed(
        _("Lift the block"),
        _("The person can log in again and has the roles that they had, unless their clinics set them inactive."),
        _("The block is lifted."),
        lambda person: person.blocked is not None,
        lambda by, person, reason: acting.unblock(by=by, person=person, reason=reason),
        wants_reason=True,
    ),
}


def open_to(person: User) -> list[tuple[str, Deed]]:
    return [(key, deed) for key, deed in DEEDS.items() if deed.is_open(person)]
