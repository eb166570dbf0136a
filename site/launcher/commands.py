"""The commands of the Makefile."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from launcher.browser import ensure_chromium
from launcher.environment import ensure_packages, site_packages
from launcher.lint import lint as run_lint
from launcher.places import LauncherError, Places, child_environment
from launcher.postgres import Cluster
from launcher.prepare import DEV, collect_static, compile_translations, forget, manage, prepare_database
from launcher.processes import AskedToEnd, end_cleanly_when_asked, run_in_front
from launcher.progress import say
from launcher.serve import HOST, Service, Supervisor, check_port, secret_key

LOG_INS = """
  Log in with the password demo-portal-2026 as
    owner@  purchaser@  assistant@  nordhear.example     hearing clinics, Sweden
    owner@  purchaser@  assistant@  fjordlegen.example   medical practices, Norway
    editor@  service@  admin@       bestil.example       the supplier's own people
"""

GUNICORN = ["--pythonpath", "site", "--worker-class", "gthread", "--workers", "2", "--threads", "8",
            "--no-control-socket"]  # fmt: skip
# Above this many at once, the races' own threads would run out of the server's connections.
MOST_PROCESSES = 4
# After these the database is looked at again; before the others it is migrated.
CHANGES_SCHEMA = {"makemigrations", "squashmigrations", "migrate", "flush", "sqlflush", "dbshell", "shell"}


def run(places: Places) -> int:
    """The portal for development, with demo data."""
    check_port(places.port)
    ensure_packages(places)
    with _database(places) as (url, identity):
        compile_translations(places, url)
        prepare_database(places, url, identity, demo=True)
        environment = child_environment(places, **DEV, **_addresses(places, url))
        return _supervise(places, manage(places, "runserver", f"{HOST}:{places.port}"), environment)


def serve(places: Places) -> int:
    """The portal as in production, on this machine only."""
    check_port(places.port)
    ensure_packages(places)
    with _database(places) as (url, identity):
        compile_translations(places, url)
        prepare_database(places, url, identity, demo=True)
        environment = child_environment(
            places,
            DJANGO_SETTINGS_MODULE="config.settings.production",
            SECRET_KEY=secret_key(places),
            ALLOWED_HOSTS=f"localhost,{HOST}",
            BESTIL_PLAIN_HTTP="1",
            **_addresses(places, url),
        )
        environment.pop("DEBUG", None)  # refused by the production settings
        collect_static(places, environment)
        web = [str(places.python), "-m", "gunicorn", *GUNICORN, "--bind", f"{HOST}:{places.port}", "config.wsgi"]
        return _supervise(places, web, environment)


def test(places: Places) -> int:
    """The whole suite on every core, or what ARGS says in one process."""
    every_core = ["--numprocesses", "auto", "--maxprocesses", str(MOST_PROCESSES), "--dist", "loadfile"]
    return _pytest(places, *(places.arguments or every_core))


def bench(places: Places) -> int:
    """The benchmarks."""
    # The suite leaves them out by an option in pyproject.toml, which would hold here too.
    options = ["-o", "addopts=--import-mode=importlib -p no:cacheprovider"]
    return _pytest(places, "tests/benchmarks", "-s", *options, *places.arguments)


def lint(places: Places) -> int:
    """All checks of the code."""
    ensure_packages(places, dev=True)
    with _database(places, quick=True) as (url, _):
        compile_translations(places, url)
        return run_lint(places, url)


def demo(places: Places) -> int:
    """Put the demo data back to its beginning."""
    ensure_packages(places)
    with _database(places) as (url, identity):
        compile_translations(places, url)
        prepare_database(places, url, identity, demo=False)
        return _manage(places, url, "load_demo", "--reset")


def manage_command(places: Places) -> int:
    """Any command of manage.py."""
    if not places.arguments:
        raise LauncherError('Say which command: make manage ARGS="check_access"')
    ensure_packages(places)
    with _database(places) as (url, identity):
        if places.arguments[0] in CHANGES_SCHEMA:
            forget(places)
        else:
            prepare_database(places, url, identity, demo=False)
        return _manage(places, url, *places.arguments)


def stop(places: Places) -> int:
    """Stop servers that nobody uses any more."""
    free = [Cluster(places, quick=quick).stop_unless_used() for quick in (False, True)]
    if not all(free):
        raise LauncherError("PostgreSQL is in use by another command of this clone: end that one first (Ctrl-C).")
    say("No PostgreSQL of this clone is running.")
    return 0


def database_url(places: Places, *, quick: bool) -> int:
    """Print the address of a running server; for a pytest that was started without make."""
    if not places.database_url and not site_packages(places):
        ensure_packages(places, dev=True)
    print(places.database_url or Cluster(places, quick=quick).ensure_running())
    return 0


COMMANDS: dict[str, Callable[[Places], int]] = {
    "run": run, "serve": serve, "test": test, "lint": lint, "bench": bench, "demo": demo, "manage": manage_command,
    "stop": stop, "database-url": lambda places: database_url(places, quick="--test" in places.arguments),
}  # fmt: skip


def main(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> int:
    """Run one command; problems that a person can solve come without a traceback."""
    name, *rest = arguments or [""]
    if name not in COMMANDS:
        say(f"Commands: {', '.join(COMMANDS)}. `make help` explains them.")
        return 2
    end_cleanly_when_asked()
    root = Path(__file__).resolve().parents[2]
    try:
        places = Places.from_environment({**environment, **({"ARGS": " ".join(rest)} if rest else {})}, root)
        return COMMANDS[name](places)
    except LauncherError as problem:
        say(str(problem))
        return 1
    except OSError as error:
        say(f"{error.strerror}: {error.filename}" if error.filename else str(error))
        return 1
    except AskedToEnd as asked:
        say("Ended.")
        return 128 + asked.number


@contextmanager
def _database(places: Places, *, quick: bool = False) -> Iterator[tuple[str, str]]:
    """The address of a running database for the block, and its identity when it is our own."""
    places.make_data_folder()
    if places.database_url:
        yield places.database_url, ""
        return
    cluster = Cluster(places, quick=quick)
    with cluster.in_use() as url:
        yield url, cluster.identity()


def _pytest(places: Places, *arguments: str) -> int:
    ensure_packages(places, dev=True)
    chromium = ensure_chromium()
    with _database(places, quick=True) as (url, _):
        compile_translations(places, url)
        environment = child_environment(places, DATABASE_URL=url, **({"CHROMIUM": chromium} if chromium else {}))
        environment.pop("DJANGO_SETTINGS_MODULE", None)  # the tests' own settings stand in pyproject.toml
        return run_in_front([str(places.python), "-m", "pytest", *arguments], places.root, environment)


def _manage(places: Places, url: str, *arguments: str) -> int:
    environment = DEV | child_environment(places, DATABASE_URL=url)
    return run_in_front(manage(places, *arguments), places.root, environment)


def _addresses(places: Places, url: str) -> dict[str, str]:
    return {"DATABASE_URL": url, "BASE_URL": os.environ.get("BASE_URL") or f"http://localhost:{places.port}"}


def _supervise(places: Places, web: Sequence[str], environment: Mapping[str, str]) -> int:
    check_port(places.port)  # may have been taken while the rest was prepared

    def ready() -> None:
        say(f"\n  The portal is on http://localhost:{places.port}/ (Ctrl-C ends it){LOG_INS}")

    return Supervisor(
        web=Service(web, places.root, environment),
        worker=Service(manage(places, "worker"), places.root, environment),
        ready=ready,
        port=places.port,
    ).run()
