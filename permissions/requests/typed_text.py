"""What strangers type, without what would show differently from how it reads."""

import unicodedata

from django import forms

INVISIBLE = ("Cc", "Cf")  # control characters, and those that turn the direction of reading


def one_line(text: str) -> str:
    """Line breaks would let a name write lines of its own into a mail."""
    return " ".join(_visible(text.replace("\n", " ").replace("\t", " ")).split())


def several_lines(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_visible(line).rstrip() for line in lines).strip()


def _visible(text: str) -> str:
    return "".join(character for character in text if unicodedata.category(character) not in INVISIBLE)


class LineField(forms.CharField):
    """Asked for again when nothing visible was typed."""

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        return text if "\x00" in text else one_line(text)  # that one is refused, as in every other field
