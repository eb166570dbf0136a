"""What may stand in a person's name. It is the first word of our mails to people who never heard of them."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from permissions.identity_numbers import refuse_identity_numbers
from permissions.requests.typed_text import LineField

LETTERS_AND_MARKS = ("L", "M")
# Among them what people type for an apostrophe or a hyphen, and the point in the middle of Catalan names.
OTHER_SIGNS = frozenset(" '’‘`´-‐‑–.,()·")
# Mail programs make links of such words.
LIKE_AN_ADDRESS = re.compile(r"\bwww\.|[^\W\d_]{2,}\.[^\W\d_]{2,}", re.IGNORECASE)


def refuse_what_is_no_name(value: str) -> None:
    """Validator of names: no digits, no addresses."""
    refuse_identity_numbers(value)
    if LIKE_AN_ADDRESS.search(value) or not all(_is_part_of_a_name(sign) for sign in value):
        raise ValidationError(
            _(
                "Write the name alone, in letters: no digits and no web or e-mail address. Hyphens, apostrophes, dots, "
                "commas and brackets are fine."
            ),
            code="name",
        )


def _is_part_of_a_name(sign: str) -> bool:
    return sign in OTHER_SIGNS or unicodedata.category(sign).startswith(LETTERS_AND_MARKS)


class NameField(LineField):
    """A first or last name, in every form that takes one."""

    default_validators = [refuse_what_is_no_name]
