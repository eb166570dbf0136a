"""The folder `site/` has the name of a module of Python's own: it must never become a package."""

import os
import site
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connections

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("config", "config.settings.base", "outbox.models", "shop", "content", "permissions")


def python(*arguments: str, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_site_is_pythons_own():
    assert Path(site.__file__).parent == Path(sysconfig.get_paths()["stdlib"])


def test_the_folder_is_no_package():
    assert (ROOT / "site" / "config").is_dir()
    assert not (ROOT / "site" / "__init__.py").exists()
    assert not list((ROOT / "site").glob("*.pth"))


@pytest.mark.parametrize("options", [[], ["-X", "frozen_modules=off"], ["-B"]])
@pytest.mark.parametrize("pythonpath", ["", str(ROOT), os.pathsep.join([str(ROOT / "site"), str(ROOT)])])
def test_pythons_own_is_found_from_the_root_whatever_the_path(options, pythonpath):
    done = python(*options, "-c", "import site, django; print(site.__file__)", PYTHONPATH=pythonpath)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).parent == Path(sysconfig.get_paths()["stdlib"])


def test_git_does_not_ignore_it():
    """Ready-made lists of what to ignore hold `/site`, where a documentation tool writes."""
    ignored = (ROOT / ".gitignore").read_text().split()
    assert not {"site", "site/", "/site", "/site/"} & set(ignored)


@pytest.mark.parametrize("folder", [ROOT, ROOT / "tests", Path("/")])
def test_manage_py_works_from_any_folder(folder):
    done = python(str(ROOT / "manage.py"), "version", cwd=folder)
    assert done.returncode == 0, done.stderr


def test_the_web_server_finds_the_portal(django_db_setup):
    """From the root as from elsewhere: what starts it in production says `--pythonpath site config.wsgi`."""
    from tests.databases import database_url

    url = database_url(connections["default"].settings_dict["NAME"])
    assert asked_of_gunicorn(ROOT, "site", url) == '{"status": "ok"}'
    assert asked_of_gunicorn(Path("/"), str(ROOT / "site"), url) == '{"status": "ok"}'


def asked_of_gunicorn(cwd: Path, pythonpath: str, url: str) -> str:
    """What a web server of its own answers at /healthz, with production's settings."""
    with tempfile.TemporaryDirectory() as folder:  # a short path: a socket's name may have about 100 characters
        address = f"{folder}/web"
        command = ["-m", "gunicorn", "--pythonpath", pythonpath, "--bind", f"unix:{address}", "config.wsgi"]
        env = {"DATABASE_URL": url, "SECRET_KEY": "9fK2-vQ7wXz_41bTnYc8RmLsEjHuAo3PdGiW6eV0xNtBrZqSyM5kUhJl"}
        local = {"BESTIL_PLAIN_HTTP": "1", "ALLOWED_HOSTS": "localhost", "DJANGO_SETTINGS_MODULE": ""}
        environment = {name: value for name, value in {**os.environ, **env, **local}.items() if value}
        with subprocess.Popen([sys.executable, *command], cwd=cwd, env=environment, stderr=subprocess.PIPE) as server:
            try:
                return healthz(address, server)
            finally:
                server.terminate()


def healthz(address: str, server: subprocess.Popen) -> str:
    for _tenth_of_a_second in range(600):
        assert server.poll() is None, server.stderr.read().decode()
        with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
            client.connect(address)
            client.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return client.makefile().read().rpartition("\n")[2]
        time.sleep(0.1)
    raise TimeoutError(address)


@pytest.mark.parametrize("module", PLACES)
def test_the_parts_are_imported_by_the_names_that_the_documents_use(module):
    done = python(
        "-c", f"import importlib.util as u; print(bool(u.find_spec({module!r})))", PYTHONPATH=f"site{os.pathsep}."
    )
    assert done.stdout.strip() == "True", done.stderr
