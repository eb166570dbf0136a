"""A browser's name and system out of what it says about itself, in words that its owner knows."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

# The first that fits: most browsers claim to be others as well.
BROWSERS = (
    ("Edge", r"\bEdg(e|A|iOS)?/"),
    ("Opera", r"\bOPR/|\bOpera\b"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"(Chrome|\bCriOS|\bChromium)/"),
    ("Safari", r"\bSafari/"),
)
SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)
HAND_HELD = {"iPhone", "iPad", "Android"}


@dataclass(frozen=True)
class Device:
    browser: str
    system: str

    @classmethod
    def of(cls, user_agent: str) -> "Device":
        return cls(_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))

    def __str__(self) -> str:
        if self.browser and self.system:
            return _("%(browser)s on %(system)s") % {"browser": self.browser, "system": self.system}
        return self.browser or self.system or _("Unknown browser")

    @property
    def icon(self) -> str:
        return "smartphone" if self.system in HAND_HELD else "monitor"


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, user_agent)), "")
