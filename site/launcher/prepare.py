"""What has to be done to the database and the files before the portal can start. Stamps say what is done already."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from launcher.locks import alone
from launcher.places import Places, child_environment
from launcher.processes import run_in_front, run_noted
from launcher.progress import Stage

DEV = {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}
STAMP = "prepared.json"


def manage(places: Places, *arguments: str) -> list[str]:
    """The command line of a manage.py command."""
    return [str(places.python), "manage.py", *arguments]


def prepare_database(places: Places, url: str, identity: str, *, demo: bool) -> None:
    """Migrate, and load the demo into an empty database. `identity` is empty for a database that is not ours."""
    with alone(places.data / "prepare.lock", "is preparing the database"):
        _migrate(places, url, identity)
        if demo and (not identity or _read(places).get("demo") != identity):
            environment = child_environment(places, **DEV, DATABASE_URL=url)
            run_in_front(manage(places, "load_demo", "--if-empty"), places.root, environment, must_succeed=True)
            _write(places, demo=identity)


def forget(places: Places) -> None:
    """Someone is about to change the database by hand: look at everything again next time."""
    (places.data / STAMP).unlink(missing_ok=True)


def compile_translations(places: Places, url: str) -> None:
    """Compile the .po files that are newer than what was made of them."""
    with alone(places.root / ".launcher.lock", "is preparing the clone"):
        if all(_is_compiled(source) for source in _files(places, ".po")):
            return
        with Stage("Translations") as stage:
            stage.note("compiling")
            environment = child_environment(places, **DEV, DATABASE_URL=url)
            command = manage(places, "compile_translations")
            run_noted(stage, command, cwd=places.root, environment=environment, read=lambda line: None)
            stage.result = "compiled"


def collect_static(places: Places, environment: dict[str, str]) -> None:
    """Gather the static files under hashed names, when one of them or a package has changed."""
    with alone(places.data / "prepare.lock", "is preparing the database"), Stage("Static files") as stage:
        digest = _digest_of_state([*_files(places, ""), places.root / "requirements.txt"], within="static")
        if _read(places).get("static") == digest and (places.data / "static").is_dir():
            stage.result = "up to date"
            return
        stage.note("collecting")
        command = manage(places, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
        run_noted(stage, command, cwd=places.root, environment=environment, read=lambda line: None)
        _write(places, static=digest)
        stage.result = "collected"


def _migrate(places: Places, url: str, identity: str) -> None:
    with Stage("Migrations") as stage:
        wanted = f"{identity} {_digest_of_migrations(places)}"
        if identity and _read(places).get("schema") == wanted:
            stage.result = "up to date"
            return
        stage.note("looking for new ones")
        environment = child_environment(places, **DEV, DATABASE_URL=url)
        run_noted(stage, manage(places, "migrate", "--noinput"), cwd=places.root, environment=environment,
                  read=lambda line: line.removesuffix("... OK") if line.startswith("Applying") else None)  # fmt: skip
        _write(places, schema=wanted)
        stage.result = "applied"


def _is_compiled(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime


def _digest_of_migrations(places: Places) -> str:
    digest = hashlib.sha256((places.root / "requirements.txt").read_bytes())
    for file in sorted(_files(places, ".py")):
        if file.parent.name == "migrations":
            digest.update(f"\0{file.relative_to(places.root)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _digest_of_state(files: list[Path], within: str) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        if within in file.parts or file.suffix == ".txt":
            found = file.stat()
            digest.update(f"{file}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _files(places: Places, ending: str) -> Iterator[Path]:
    """The clone's own files, without hidden folders and the data folder."""
    for folder, children, names in os.walk(places.root):
        children[:] = [name for name in children if name[0] != "." and Path(folder, name) != places.data]
        yield from (Path(folder, name) for name in names if name.endswith(ending))


def _read(places: Places) -> dict[str, str]:
    try:
        stamps = json.loads((places.data / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _write(places: Places, **stamps: str) -> None:
    fresh = places.data / (STAMP + ".new")
    fresh.write_text(json.dumps(_read(places) | stamps))
    fresh.replace(places.data / STAMP)
