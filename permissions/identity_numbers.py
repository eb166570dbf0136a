"""National identity numbers are never kept: whoever writes one in a free text is told so before it is stored.

Found as people write them: bare, in pairs, with a hyphen, a plus or blanks, between other characters. Swedish and
Norwegian numbers prove themselves by check digits. Danish ones no longer do, so what else looks like a date with four
digits behind it is refused as well; only bare ten digits glued to letters (a serial number), or that may be a Swedish
telephone number, need the check digit or a 1 January, the one birthday of which there are numbers without it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import luhn
from stdnum.dk import cpr
from stdnum.no import fodselsnummer

LONGEST = 12
# What stands between the groups of one number; three, for " - ".
SEPARATOR = re.compile(r"[\s\-‐‑‒–—−+./_]{1,3}")
GROUP = re.compile(r"[0-9]+")
# Where the groups of a number end, counted in digits. The last four of a Swedish number may stand in pairs.
BARE: frozenset[int] = frozenset()
DATE_AND_REST = frozenset({6})
PAIRS_AND_REST = frozenset({2, 4, 6})
# Dialling codes that could be a day and a month: 010 for companies, 070 for mobiles.
LIKE_A_TELEPHONE = re.compile(r"0[17]0[0-9]{7}")


@dataclass(frozen=True)
class Candidate:
    """Ten to twelve digits that stand together in a text."""

    digits: str
    cuts: frozenset[int]
    only_blanks: bool
    glued: bool


def contains_identity_number(text: str) -> bool:
    return any(_is_identity_number(candidate) for candidate in _candidates(_plain(text)))


def refuse_identity_numbers(value: object) -> None:
    """Validator of every free text that customers can fill."""
    if contains_identity_number(str(value)):
        raise ValidationError(
            _(
                "This looks like a national identity number, which must not be stored here. Write your own reference "
                "instead. A telephone number can be written as 070-123 45 67."
            ),
            code="identity_number",
        )


def _plain(text: str) -> str:
    """Digits of any script as 0–9, and no invisible characters between them."""
    visible = (char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in visible)


def _candidates(text: str) -> Iterator[Candidate]:
    groups = list(GROUP.finditer(text))
    for first in range(len(groups)):
        digits, cuts, separators = "", [], ""
        for last in range(first, len(groups)):
            if last > first:
                between = text[groups[last - 1].end() : groups[last].start()]
                if not SEPARATOR.fullmatch(between):
                    break
                cuts.append(len(digits))
                separators += between
            digits += groups[last].group()
            if len(digits) > LONGEST:
                break
            glued = _is_letter(text[groups[first].start() - 1 : groups[first].start()]) or _is_letter(
                text[groups[last].end() : groups[last].end() + 1]
            )
            yield Candidate(digits, frozenset(cuts), not separators.strip(), glued)


def _is_letter(char: str) -> bool:
    return char.isalpha()


def _is_identity_number(candidate: Candidate) -> bool:
    checks: dict[int, tuple[Callable[[Candidate], bool], ...]] = {
        10: (_is_swedish, _is_danish),
        11: (_is_norwegian,),
        12: (_is_swedish,),
    }
    return any(check(candidate) for check in checks.get(len(candidate.digits), ()))


def _is_swedish(candidate: Candidate) -> bool:
    """Personnummer and samordningsnummer (60 is added to the day), with or without the century."""
    year, rest = candidate.digits[:-8], candidate.digits[-8:]
    end = len(candidate.digits) - 4
    within = candidate.cuts - {end + 2} if candidate.only_blanks else candidate.cuts
    if candidate.cuts and not (within <= {2, 4, 6, 8} and max(within) == end):
        return False
    month, day = int(rest[:2]), int(rest[2:4])
    day = day - 60 if day > 60 else day
    if len(year) == 4:
        dated = year >= "1800" and _is_past(int(year), month, day)
    else:  # of which century, nobody can tell: 2000 had a 29 February
        dated = _is_past(2000, month, day) if year == "00" else _is_past(1900 + int(year), month, day)
    return dated and luhn.is_valid(candidate.digits[-10:])


def _is_norwegian(candidate: Candidate) -> bool:
    """Fødselsnummer, D-number and H-number. A bank account is written 1234 56 78901, which is none."""
    within = candidate.cuts - {9}
    return within in (BARE, DATE_AND_REST, PAIRS_AND_REST) and fodselsnummer.is_valid(candidate.digits)


def _is_danish(candidate: Candidate) -> bool:
    """Numbers given since 2007 may lack the check digit; so far all of them to people born on a 1 January."""
    if candidate.cuts not in (BARE, DATE_AND_REST, PAIRS_AND_REST) or not cpr.is_valid(candidate.digits):
        return False
    if candidate.digits.startswith("0101") or cpr.checksum(candidate.digits) == 0:
        return True
    return bool(candidate.cuts) or not (candidate.glued or LIKE_A_TELEPHONE.fullmatch(candidate.digits))


def _is_past(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day) <= date.today()
    except ValueError:
        return False
