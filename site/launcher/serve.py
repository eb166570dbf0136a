"""Web server and task worker, side by side until one is asked to end or the web server dies."""

import errno
import http.client
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from launcher.places import LauncherError, Places
from launcher.processes import AskedToEnd, ends_with_its_parent
from launcher.progress import say

HOST = "127.0.0.1"
PATIENCE = 10
LONGEST_PAUSE = 60.0


def check_port(port: int) -> None:
    """Say what to do about a port that is taken, before anything slow is done."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise LauncherError(f"Port {port} is for root only. Take a higher one: make run PORT=8000") from None
            other = port + 1 if port < 65535 else 8000
            raise LauncherError(
                f"Port {port} is in use by another program. Take another: make run PORT={other}"
            ) from None


def secret_key(places: Places) -> str:
    """A key of this data folder, made once and readable by its owner only."""
    file = places.data / "secret-key"
    if not file.exists():
        fresh = file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(64))
        fresh.replace(file)
    return file.read_text().strip()


@dataclass
class Service:
    """One process with all its children, in a group of its own."""

    command: Sequence[str]
    cwd: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        """In a session of its own: Ctrl-C reaches the launcher only, which ends things in the right order."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=self.cwd,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=ends_with_its_parent(),  # there are no threads here
        )

    @property
    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else None

    def signal(self, number: signal.Signals) -> None:
        """To the whole group."""
        with suppress(ProcessLookupError):
            if self.process:
                os.killpg(self.process.pid, number)


@dataclass
class Supervisor:
    """Keeps the worker alive; the web server's end is the end."""

    web: Service
    worker: Service
    ready: Callable[[], None]
    port: int
    pause: float = 1.0
    _restart_at: float | None = field(default=None)

    def run(self) -> int:
        """Until asked to end (0) or until the web server ends by itself (1)."""
        announced = False
        try:
            self.web.start()
            self.worker.start()
            while self.web.exit_code is None:
                self._look_after_worker()
                if not announced and answers(self.port):
                    announced = True
                    self.ready()
                time.sleep(0.2)
            say(f"\nThe web server {ended(self.web.exit_code)}; its last lines are above. Ending the rest.")
            return 1
        except AskedToEnd:
            say("\nEnding …")
            return 0
        finally:
            stop([self.web, self.worker])

    def _look_after_worker(self) -> None:
        code, now = self.worker.exit_code, time.monotonic()
        if code is None:
            return
        if self._restart_at is None:
            if now - self.worker.started > LONGEST_PAUSE:
                self.pause = 1.0  # it had been well for a while
            say(f"The task worker {ended(code)}; starting it again in {self.pause:.0f} s.")
            self._restart_at = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        elif now >= self._restart_at:
            self._restart_at = None
            self.worker.signal(signal.SIGKILL)  # what it may have left in its group
            self.worker.start()


def stop(services: Sequence[Service]) -> None:
    """End all of them at once; insist after some seconds."""
    running = [service for service in services if service.process]
    for service in running:
        service.signal(signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while any(service.exit_code is None for service in running) and time.monotonic() < deadline:
        time.sleep(0.05)
    for service in running:
        service.signal(signal.SIGKILL)
        if service.process:
            service.process.wait()


def answers(port: int) -> bool:
    """Whether the web server answers at all; what it answers is not our business here."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def ended(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended by itself (exit code {code})"
