"""The browser for the browser tests."""

import os
import shutil

from launcher.environment import install_debian_package
from launcher.places import LauncherError
from launcher.progress import say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The path of an installed chromium or chrome."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def ensure_chromium() -> str | None:
    """Install Debian's chromium as root; as an ordinary user say what to install, and let the browser tests fail."""
    if not find_chromium() and os.geteuid() == 0 and shutil.which("apt-get"):
        try:
            install_debian_package("chromium")
        except LauncherError as problem:
            say(str(problem))
    if not find_chromium():
        say("  No chromium here: the browser tests will fail. Install it as root: apt-get install chromium")
    return find_chromium()
