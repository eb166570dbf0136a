"""How a postcode is written in the countries we sell in."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

EXAMPLES = {"SE": "903 25", "NO": "0150", "DK": "2100"}
# With the letters that once stood in front of it.
SHAPES = {
    "SE": re.compile(r"(?:SE?)?([1-9][0-9]{2})([0-9]{2})"),
    "NO": re.compile(r"(?:NO?)?([0-9]{4})"),
    "DK": re.compile(r"(?:DK)?([0-9]{4})"),
}


def postcode(country: str, typed: str) -> str:
    """As it stands on an envelope. Raises ValidationError with an example."""
    found = SHAPES[country].fullmatch(re.sub(r"[\s-]", "", typed).upper())
    if not found or not "".join(found.groups()).strip("0"):
        raise ValidationError(_("Write the postcode as in %(example)s.") % {"example": EXAMPLES[country]})
    return " ".join(found.groups())
