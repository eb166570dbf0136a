"""A folder for the server's socket: its path has to be short, so it cannot lie in the clone."""

import hashlib
import stat
from pathlib import Path

from launcher.places import LauncherError
from launcher.programs import ServerUser

PORT = 5432  # only part of the socket's name
BASE = Path("/tmp")  # noqa: S108 - what others put there is passed over


def socket_folder(cluster: Path, user: ServerUser, base: Path = BASE) -> Path:
    """One that only the server's user may enter. Names that another local user took first are passed over."""
    name = f"bestil-{user.uid}-{hashlib.sha256(str(cluster).encode()).hexdigest()[:12]}"
    for attempt in range(100):
        folder = base / (f"{name}-{attempt}" if attempt else name)
        try:
            folder.mkdir(0o700)  # fails on a link as well
        except FileExistsError:
            if _is_private(folder, user):
                return folder
        else:
            user.give(folder)
            return folder
    raise LauncherError(f"Someone has taken all names {base}/{name}…: remove those folders.")


def clear(folder: Path) -> None:
    """Remove what a killed server left; call it only when none runs there."""
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (folder / name).unlink(missing_ok=True)


def _is_private(folder: Path, user: ServerUser) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == user.uid and not found.st_mode & 0o077
