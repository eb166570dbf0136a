"""Child processes of ours: how they end when we are asked to end, and when we are killed."""

import ctypes
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from launcher.places import LauncherError
from launcher.progress import Stage

TAIL = 30
PR_SET_PDEATHSIG = 1


class AskedToEnd(KeyboardInterrupt):
    """Ctrl-C, SIGTERM or a closed terminal."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def end_cleanly_when_asked() -> None:
    """Turn the first signal into an exception; later ones must not disturb the cleaning up."""
    asked = False

    def ask(number: int, _: FrameType | None) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise AskedToEnd(number)

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup
        signal.signal(signal.SIGHUP, ask)


def run_in_front(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str], *, must_succeed: bool = False
) -> int:
    """Run a command that talks to the terminal itself; Ctrl-C reaches it there, so it is only waited for."""
    child = subprocess.Popen(command, cwd=cwd, env=environment, preexec_fn=ends_with_its_parent())
    try:
        code = child.wait()
    except AskedToEnd as asked:
        if asked.number == signal.SIGINT:
            child.wait()
        else:
            end_child(child)
        raise
    if code and must_succeed:
        raise LauncherError(f"{Path(command[1]).name} {command[2]} failed; what it said is above.")
    return code


def run_noted(
    stage: Stage,
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    read: Callable[[str], str | None],
    log: Path | None = None,
) -> None:
    """Run a wordy command: `read` makes a note of a line of its output, or None; a failure shows the last lines."""
    tail: deque[str] = deque(maxlen=TAIL)
    child = subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        preexec_fn=ends_with_its_parent(),
    )
    try:
        with (log or Path(os.devnull)).open("w", encoding="utf-8") as record:
            for line in child.stdout or ():
                tail.append(line.rstrip())
                record.write(line)
                if text := read(line.strip()):
                    stage.note(text)
        child.wait()
    except BaseException:
        end_child(child)
        raise
    if child.returncode:
        raise LauncherError("\n".join([*tail, f"{stage.title} failed; the last lines are above."]))


def end_child(child: subprocess.Popen[str] | subprocess.Popen[bytes], patience: float = 10) -> None:
    """Ask a child to end, and insist after some seconds."""
    child.terminate()
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def ends_with_its_parent() -> Callable[[], None] | None:
    """For a child's start: the kernel ends it when the launcher is killed, so that none keeps the port."""
    if not sys.platform.startswith("linux"):
        return None
    control, parent = ctypes.CDLL(None, use_errno=True).prctl, os.getpid()

    def prepare() -> None:
        control(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return prepare
