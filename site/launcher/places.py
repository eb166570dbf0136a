"""Where everything of one clone lies, and what the caller asked for."""

import hashlib
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class LauncherError(Exception):
    """Something that the person at the keyboard can put right: shown without a traceback."""


@dataclass(frozen=True)
class Places:
    """Folders of one clone with one data folder; made from the environment that the Makefile passes on."""

    root: Path
    data: Path
    port: int = 8000
    arguments: tuple[str, ...] = ()
    database_url: str = ""
    # Root's servers live outside the clone: their user could not enter a private home.
    system: Path = field(default=Path("/var/lib/bestil"))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], root: Path) -> "Places":
        """Read PORT, DATA_DIR, ARGS and DATABASE_URL."""
        root = root.resolve()
        return cls(
            root=root,
            data=(root / (environment.get("DATA_DIR") or ".data")).resolve(),
            port=_port(environment.get("PORT") or "8000"),
            arguments=_arguments(environment.get("ARGS") or ""),
            database_url=environment.get("DATABASE_URL", ""),
        )

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The Python that has the packages."""
        return self.venv / "bin" / "python"

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def name(self) -> str:
        """Short, and another one for each clone and each data folder."""
        return hashlib.sha256(f"{self.root}\0{self.data}".encode()).hexdigest()[:12]

    def make_data_folder(self) -> None:
        """Private, because database, keys and documents lie in it; a folder that exists is left as it is."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.logs.mkdir(exist_ok=True)


def child_environment(places: Places, **more: str) -> dict[str, str]:
    """The environment for the portal's own processes: the caller's, without what would lead Python elsewhere."""
    foreign = {"PYTHONHOME", "PYTHONPATH", "ARGS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    return environment | {"DATA_DIR": str(places.data), "PYTHONUNBUFFERED": "1"} | more


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise LauncherError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _arguments(text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise LauncherError(f"ARGS cannot be read ({error}): {text}") from None
