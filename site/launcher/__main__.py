"""Entry of `python3 site/launcher COMMAND`. Written so that an old Python can still say what it lacks."""

import os
import shutil
import sys
from pathlib import Path

OLDEST = (3, 11)


def move_to_newer_python() -> None:
    """Run again under the newest Python found, when `python3` is too old."""
    for minor in range(20, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            os.execv(found, [found, *sys.argv])  # noqa: S606
    have = ".".join(map(str, sys.version_info[:2]))
    sys.exit(f"Python 3.11 or newer is needed; this is {have}. Say where it is: make run PYTHON=/path/to/python3.11")


if __name__ == "__main__":
    if sys.version_info[:2] < OLDEST:
        move_to_newer_python()
    here = Path(__file__).resolve().parent
    # The folder above, so that the modules are `launcher.…` and none can hide one of the standard library.
    sys.path[:] = [str(here.parent)] + [entry for entry in sys.path if Path(entry).resolve() != here]
    from launcher.commands import main

    sys.exit(main(sys.argv[1:]))
