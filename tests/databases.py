"""The suite's databases: copied from one that is migrated already, because migrating takes a minute."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connections
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]


def migrated_template() -> str:
    """Name of a migrated, empty database; made anew when a migration or a package changes."""
    name = f"bestil_template_{_fingerprint()}"
    with _server() as server:
        # Two suites at once: the second waits for the first one's template.
        server.execute("SELECT pg_advisory_lock(7210)")
        if not _exists(server, name):
            _drop_old_templates(server)
            building = f"{name}_building"
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(building)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
            _migrate(building)
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            server.execute(rename.format(sql.Identifier(building), sql.Identifier(name)))
        server.execute("SELECT pg_advisory_unlock(7210)")
    return name


@contextmanager
def copied_database(template: str, label: str) -> Iterator[str]:
    """A database of one's own, a copy of the template; every new connection goes there until it is dropped."""
    name = f"test_{label}_{os.getpid()}"
    config = connections["default"].settings_dict
    before = config["NAME"]
    with _server() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        server.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
    connections["default"].close()
    config["NAME"] = name
    try:
        yield name
    finally:
        connections["default"].close()
        config["NAME"] = before
        with _server() as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def database_url(name: str) -> str:
    """DATABASE_URL of a database beside the suite's, for a process of its own."""
    config = connections["default"].settings_dict
    host = config["HOST"].replace("/", "%2F")
    password = f":{config['PASSWORD']}" if config["PASSWORD"] else ""
    port = f":{config['PORT']}" if config["PORT"] else ""
    return f"postgres://{config['USER']}{password}@{host}{port}/{name}"


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    config = connections["default"].settings_dict
    options = {
        "host": config["HOST"] or None,
        "port": config["PORT"] or None,
        "user": config["USER"],
        "password": config["PASSWORD"] or None,
    }
    with psycopg.connect(dbname="postgres", autocommit=True, **options) as connection:
        yield connection


def _exists(server: psycopg.Connection, name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _drop_old_templates(server: psycopg.Connection) -> None:
    """All but the newest few: another checkout may be copying its own at this moment."""
    query = "SELECT datname FROM pg_database WHERE datname LIKE 'bestil_template_%%' ORDER BY oid DESC OFFSET 3"
    for (name,) in server.execute(query).fetchall():
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _fingerprint() -> str:
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for folder in ("permissions", "shop", "content", "site"):
        for path in sorted((ROOT / folder).rglob("migrations/*.py")):
            digest.update(path.read_bytes())
    for name in ("roles.py", "staff.py", "apps.py"):  # migrate makes the permissions and groups named there
        digest.update((ROOT / "permissions" / name).read_bytes())
    return digest.hexdigest()[:16]


def _migrate(name: str) -> None:
    print("Migrating the suite's template database (once, about a minute) …", file=sys.stderr, flush=True)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(name), "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        check=True,
    )
