"""Server processes, also those that a kill left behind, and pid files that outlived their process.

Process ids are used again, so a pid file alone proves nothing: a PostgreSQL process works inside its data folder.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from launcher.sockets import PORT

PROCESSES = Path("/proc")
# A fast stop, which writes everything down; one that leaves that to the next start; and the last resort.
WAYS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
ORPHANS_PATIENCE = 3.0


def runs_in(data: Path, pid: int) -> bool:
    """Whether this process is one of a server of this data folder."""
    if _can_look():
        return _line(pid, "comm") == "postgres" and _works_in(pid) in (str(data), f"{data} (deleted)")
    return _exists(pid)


def first_number(file: Path) -> int | None:
    """The process id that a pid or lock file begins with."""
    try:
        return int(file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def end_all(data: Path, sockets: Path | None = None) -> None:
    """End what works in the data folder, and a server of an earlier, removed one that holds our socket."""
    for number, patience in WAYS:
        pids = _processes_of(data, sockets)
        servers = {pid for pid in pids if not _line(pid, "cmdline").startswith("postgres:")}
        # Backends whose server is dead go by themselves, unless they are in the middle of something.
        for pid in servers or (pids if number != signal.SIGINT else ()):
            with suppress(OSError):
                os.kill(pid, number)
        deadline = time.monotonic() + (patience if servers else ORPHANS_PATIENCE)
        while pids and time.monotonic() < deadline:
            time.sleep(0.03)
            pids = {pid for pid in pids if _exists(pid)}
        if not pids:
            return


def forget_dead_server(data: Path) -> None:
    """Remove the pid file if its number is in use, but not by a server of ours: PostgreSQL would believe it is.

    A number that is free is left to PostgreSQL itself, which then also looks after the dead server's memory.
    """
    file = data / "postmaster.pid"
    pid = first_number(file)
    if pid is None or (_is_taken(pid) and not runs_in(data, pid)):
        file.unlink(missing_ok=True)


def machine_stopped_since(file: Path) -> bool:
    """Whether a file that a clean stop removes is older than the machine's last start."""
    try:
        return file.stat().st_mtime < time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    except (OSError, AttributeError):
        return False


def _processes_of(data: Path, sockets: Path | None) -> set[int]:
    if not _can_look():
        pid = first_number(data / "postmaster.pid")
        return {pid} if pid and _exists(pid) else set()
    found = {int(entry.name) for entry in PROCESSES.iterdir() if entry.name.isdigit()}
    found = {pid for pid in found if runs_in(data, pid)}
    holder = first_number(sockets / f".s.PGSQL.{PORT}.lock") if sockets else None
    return found | {holder} if holder and _line(holder, "comm") == "postgres" else found


def _can_look() -> bool:
    return (PROCESSES / "self").exists()


def _line(pid: int, name: str) -> str:
    try:
        return (PROCESSES / str(pid) / name).read_text(errors="replace").strip()
    except OSError:
        return ""


def _works_in(pid: int) -> str:
    try:
        return str((PROCESSES / str(pid) / "cwd").readlink())
    except OSError:
        return ""


def _exists(pid: int) -> bool:
    """Alive; one that has ended and only waits for its parent to notice is not."""
    return _is_taken(pid) and not (_can_look() and ") Z " in _line(pid, "stat"))


def _is_taken(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
