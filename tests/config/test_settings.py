"""Production starts with good values only and names every other one; development stays on one's own machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connections

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION, DEVELOPMENT = "config.settings.production", "config.settings.dev"
GOOD = {
    "SECRET_KEY": "9fK2-vQ7wXz_41bTnYc8RmLsEjHuAo3PdGiW6eV0xNtBrZqSyM5kUhJl",
    "PATIENT_MASTER_KEY": "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=",
    "ALLOWED_HOSTS": "bestil.example,www.bestil.example",
    "DATABASE_URL": "postgres://bestil:secret@database.example/bestil",
    "EMAIL_URL": "smtp+tls://bestil:secret@mail.example:587",
    "BASE_URL": "https://bestil.example",
    "DEFAULT_FROM_EMAIL": "Bestil <no-reply@bestil.example>",
    "SUPPORT_PHONE": "+46 10 555 01 99",
    "SUPPORT_EMAIL": "help@bestil.example",
    "MEDIA_ROOT": "/srv/bestil/media",
    "PRIVATE_ROOT": "/srv/bestil/private",
    "STATIC_ROOT": "/srv/bestil/static",
    "TRUSTED_PROXIES": "10.0.0.0/8,127.0.0.1",
}
LOCAL = {name: GOOD[name] for name in ("SECRET_KEY", "DATABASE_URL")} | {
    "BESTIL_PLAIN_HTTP": "1",
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
}


def run(*command: str, env: dict[str, str]) -> subprocess.CompletedProcess:
    """In a process of its own that sees nothing of this one's environment."""
    inherited = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=inherited | env, capture_output=True, text=True, timeout=300
    )


def start(env: dict[str, str], settings: str = PRODUCTION) -> subprocess.CompletedProcess:
    return run("-c", f"import sys; sys.path.insert(0, 'site'); import {settings}", env=env)


def names_said(done: subprocess.CompletedProcess) -> set[str]:
    lines = done.stderr.partition("The portal does not start:")[2].splitlines()
    return {line.strip(" -").partition(":")[0] for line in lines if line.startswith("  - ")}


# --- Production -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("env", [GOOD, LOCAL], ids=["behind TLS", "on one's own machine"])
def test_it_starts_with_good_values(env):
    done = start(env)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_names_everything_that_is_missing_at_once():
    done = start({})
    assert done.returncode != 0
    assert names_said(done) == set(GOOD)


@pytest.mark.parametrize("name", GOOD)
def test_it_names_the_one_that_is_missing(name):
    done = start({other: value for other, value in GOOD.items() if other != name})
    assert done.returncode != 0
    assert names_said(done) == {name}


@pytest.mark.parametrize(
    ("name", "unsafe"),
    [
        ("SECRET_KEY", "for-development-only-but-made-much-longer-than-fifty-characters"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "abab" * 20),
        ("PATIENT_MASTER_KEY", "not base64"),
        ("PATIENT_MASTER_KEY", "c2hvcnQ="),
        ("PATIENT_MASTER_KEY", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="),
        ("PATIENT_MASTER_KEY", f"{GOOD['PATIENT_MASTER_KEY']},c2hvcnQ="),
        ("PATIENT_MASTER_KEY", "Zm9yLWRldmVsb3BtZW50LW9ubHktZm9yLWRldi1vbmw="),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "bestil.example,*"),
        ("BASE_URL", "http://bestil.example"),
        ("BASE_URL", "bestil.example"),
        ("DEBUG", "1"),
        ("DEBUG", "true"),
        ("EMAIL_URL", "smtp://bestil:secret@mail.example:25"),
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "filemail:///tmp/mail"),
        ("EMAIL_URL", "dummymail://"),
        ("DATABASE_URL", "sqlite:///bestil.db"),
        ("DATABASE_URL", "nonsense"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/99"),
        ("BESTIL_PLAIN_HTTP", "1"),
    ],
)
def test_it_names_an_unsafe_value(name, unsafe):
    done = start({**GOOD, name: unsafe})
    assert done.returncode != 0
    assert names_said(done) == {name}


def test_a_new_master_key_may_stand_before_the_old():
    keys = f"r83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=, {GOOD['PATIENT_MASTER_KEY']}"
    assert start({**GOOD, "PATIENT_MASTER_KEY": keys}).returncode == 0


def test_it_never_shows_a_secret_in_what_it_says():
    done = start({**GOOD, "DEBUG": "1", "SECRET_KEY": "short-and-secret"})
    assert "short-and-secret" not in done.stderr
    assert "bestil:secret" not in done.stderr


def test_plain_http_is_for_ones_own_machine():
    assert names_said(start({**LOCAL, "ALLOWED_HOSTS": "localhost,bestil.example"})) == {"BESTIL_PLAIN_HTTP"}


@pytest.fixture(scope="module")
def database_url(django_db_setup) -> str:
    from tests.databases import database_url

    return database_url(connections["default"].settings_dict["NAME"])


def test_the_deployment_check_has_nothing_to_say(database_url):
    env = {**GOOD, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": PRODUCTION}
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", env=env)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("command", [["load_demo"], ["load_demo", "--reset"], ["load_demo", "--if-empty"]])
def test_production_takes_no_demo(database_url, command):
    """Its people have a password that stands in the README."""
    env = {**GOOD, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": PRODUCTION}
    done = run("manage.py", *command, env=env)
    assert done.returncode != 0
    assert "never loaded in production" in done.stderr


def test_production_hides_and_protects():
    code = (
        "import json, sys; sys.path.insert(0, 'site')\n"
        "from config.settings import production as s\n"
        "print(json.dumps({n: v for n, v in vars(s).items() if n.isupper() and isinstance(v, (bool, int))}))"
    )
    said = json.loads(run("-c", code, env=GOOD).stdout)
    for name in ("SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
        assert said[name] is True
    assert said["SECURE_HSTS_SECONDS"] >= 60 * 60 * 24 * 365
    assert (said["DEBUG"], said["DEMO_ALLOWED"]) == (False, False)
    assert said["OSCAR_SAVE_SENT_EMAILS_TO_DB"] is False


# --- Development ------------------------------------------------------------------------------------------------


def test_development_needs_nothing():
    done = start({}, DEVELOPMENT)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_web_server_takes_productions_settings_unless_told_otherwise():
    """`gunicorn config.wsgi` on a machine where nobody set anything must refuse, not show debug pages."""
    bare = run("-c", "import sys; sys.path.insert(0, 'site'); import config.wsgi", env={})
    assert bare.returncode != 0
    assert names_said(bare) == set(GOOD)
    assert "settings.dev" not in (ROOT / "site" / "config" / "wsgi.py").read_text()


def test_developments_key_is_refused_in_production():
    """Copied over, it would let anyone sign a session or a reset link."""
    from config.settings import dev

    assert names_said(start({**GOOD, "SECRET_KEY": dev.SECRET_KEY})) == {"SECRET_KEY"}
    assert names_said(start({**GOOD, "PATIENT_MASTER_KEY": dev.PATIENT_MASTER_KEY})) == {"PATIENT_MASTER_KEY"}


def test_pytest_without_make_starts_a_database_itself():
    one = "tests/permissions/test_services.py::TestFunctions::test_a_function_that_is_off_takes_its_rights"
    own = {name: os.environ[name] for name in ("DATA_DIR", "HOME") if name in os.environ}
    done = run("-m", "pytest", one, env=own)
    assert done.returncode == 0, done.stdout[-2000:]
