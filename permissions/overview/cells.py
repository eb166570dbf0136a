"""One cell of the overview: what a person may do at a clinic, as it is really checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions.models import Membership
from permissions.roles import FUNCTION_PERMISSIONS, ClinicPermission, Function, Role

ICONS: dict[str, str] = {
    Function.ORDERING: "shopping-cart",
    Function.APPROVING: "badge-check",
    Function.ORDER_HISTORY: "clipboard-list",
    Function.FINANCES: "wallet",
    Function.SERVICE: "wrench",
    Function.PATIENTS: "contact",
    Function.USERS: "users",
}


class Mark(TextChoices):
    """How much of a function somebody has."""

    YES = "yes", gettext_lazy("Yes")
    # An assistant's ordering.
    PART = "part", gettext_lazy("Prepares only")
    NO = "no", gettext_lazy("No")


@dataclass(frozen=True)
class Cell:
    """`held` are guardian's rows; whoever can't log in has them in vain.

    Whether somebody can is asked of active members only: of who is inactive here, or left, it would tell whether they
    work for somebody else.
    """

    role: str = ""
    is_active: bool = True
    can_log_in: bool = True
    held: frozenset[str] = frozenset()
    should_hold: frozenset[str] = field(default=frozenset())

    @classmethod
    def of(cls, membership: Membership | None, held: frozenset[str], *, can_log_in: bool) -> "Cell":
        if membership is None:
            return cls(held=held)
        can_log_in = can_log_in or not membership.is_active
        return cls(membership.role, membership.is_active, can_log_in, held, membership.permissions)

    @property
    def is_empty(self) -> bool:
        return not self.role and not self.held

    @property
    def is_of_member(self) -> bool:
        """An active one, whether they can log in or not."""
        return bool(self.role) and self.is_active

    @property
    def is_off(self) -> bool:
        return not self.is_empty and not (self.is_active and self.can_log_in)

    @property
    def agrees(self) -> bool:
        return self.held == self.should_hold

    @cached_property
    def marks(self) -> Mapping[str, Mark]:
        held = self.held if self.can_log_in else frozenset()
        return {function: mark_of(function, held) for function in Function}

    @property
    def functions(self) -> list[str]:
        """Those that the person has, in their order."""
        return [function for function, mark in self.marks.items() if mark is not Mark.NO]

    @property
    def picture(self) -> str:
        """Which functions are drawn: cells with the same functions share one drawing."""
        return "m" + "".join("0" if self.marks[function] is Mark.NO else "1" for function in Function)

    @property
    def role_words(self) -> str:
        return str(Role(self.role).label) if self.role else _("No role")

    @property
    def status_words(self) -> str:
        if self.is_empty:
            return ""
        if not self.can_log_in:
            return _("Can't log in")
        return "" if self.is_active else _("Inactive")

    @property
    def function_words(self) -> str:
        return ", ".join(str(Function(function).label) for function in self.functions)

    def words(self, show: str = "") -> str:
        """The whole cell as a sentence: for Excel, phones and those who listen."""
        if self.is_empty:
            return ""
        parts = [str(self.marks[show].label)] if show else [f"{self.role_words}: {self.function_words or '–'}"]
        if self.status_words:
            parts.append(self.status_words)
        if not self.agrees:
            parts.append(_("Does not agree"))
        return ". ".join(parts)


def mark_of(function: str, held: frozenset[str]) -> Mark:
    allowed = FUNCTION_PERMISSIONS[function]
    if allowed <= held:
        return Mark.YES
    # Each part of ordering is of use alone; sending what nobody prepared is not.
    return Mark.PART if allowed & held & {ClinicPermission.PREPARE_ORDER} else Mark.NO
