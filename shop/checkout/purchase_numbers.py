"""What an account asks of its purchase numbers: required, a pattern for the whole number, allowed values.

Staff write the pattern as a regular expression, and customers' input runs through it. Python's `re` can't be stopped,
so a pattern is accepted only when the number of ways it can be tried is small for the longest input there is.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

from django.utils.translation import gettext as _

from permissions.models import Account

logger = logging.getLogger(__name__)

LONGEST_NUMBER = 40
MOST_WAYS = 100_000
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


@dataclass(frozen=True)
class Rules:
    required: bool = False
    pattern: str = ""
    help_text: str = ""
    values: tuple[str, ...] = field(default=())

    @property
    def only_values(self) -> bool:
        """With a pattern beside them, the values are suggestions."""
        return bool(self.values) and not self.pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str] | None:
        """None for none, and for one that got past the back office: it must not stop a clinic's orders."""
        if not self.pattern:
            return None
        if problem := pattern_problem(self.pattern):
            logger.warning("A pattern of purchase numbers is not used: %s", problem)
            return None
        return re.compile(self.pattern)

    def problem(self, number: str) -> str:
        """Why this number can't be used, or an empty string."""
        if not number:
            return _("Your company asks for a purchase number on every order.") if self.required else ""
        if len(number) > LONGEST_NUMBER:
            return _("A purchase number has at most %(count)s characters.") % {"count": LONGEST_NUMBER}
        if number in self.values:
            return ""
        if self.only_values:
            return _("Choose one of your company's purchase numbers.")
        if self._compiled is None or self._compiled.fullmatch(number):
            return ""
        return _("This is not how your company writes its purchase numbers.") + (
            f" {self.help_text}" if self.help_text else ""
        )


def rules_of(account: Account) -> Rules:
    return Rules(
        required=account.purchase_number_required,
        pattern=account.purchase_number_pattern,
        help_text=account.purchase_number_help,
        values=values_of(account.purchase_number_values),
    )


def values_of(text: str) -> tuple[str, ...]:
    """One per line, each once, in the order written."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def pattern_problem(pattern: str) -> str:
    """Why a pattern can't be used, in words for the back office, or an empty string."""
    try:
        tree = parser.parse(pattern)
        re.compile(pattern)
        ways = _ways(tree)
    except (re.error, OverflowError, RecursionError) as error:
        return _("This is not a regular expression: %(error)s.") % {"error": error}
    except _TooManyWays:
        ways = MOST_WAYS + 1
    if ways > MOST_WAYS:
        return _("This pattern can take too long to check. Use fewer repetitions, and none inside another.")
    return ""


class _TooManyWays(Exception):
    pass


def _ways(tree: Iterable) -> int:
    """An upper bound of how many ways the pattern can be tried on the longest number."""
    ways = 1
    for code, argument in tree:
        ways *= _ways_of(code, argument)
        if ways > MOST_WAYS:
            raise _TooManyWays
    return ways


def _ways_of(code: object, argument) -> int:
    if code in REPEATS:
        least, most, body = argument
        inside, most = _ways(body), min(int(most), LONGEST_NUMBER)
        return sum(inside**times for times in range(min(int(least), most), most + 1)) or 1
    if code is codes.BRANCH:
        return sum(_ways(branch) for branch in argument[1])
    if code is codes.SUBPATTERN:
        return _ways(argument[-1])
    if code is codes.ATOMIC_GROUP:
        return _ways(argument)
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return _ways(argument[1])
    if code in (codes.GROUPREF, codes.GROUPREF_EXISTS):
        raise _TooManyWays
    return 1
