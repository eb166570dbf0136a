"""All checks of `make lint`: every one runs, each is named with its result."""

import subprocess
import time
from collections.abc import Sequence

from launcher.places import Places, child_environment
from launcher.progress import say

# Made up, and safe: what a real installation sets.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "made-up-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "PATIENT_MASTER_KEY": "bWFkZS11cC1mb3ItdGhlLWRlcGxveW1lbnQtY2hlY2s=",
    "ALLOWED_HOSTS": "portal.example",
    "BASE_URL": "https://portal.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    "DEFAULT_FROM_EMAIL": "Portal <no-reply@portal.example>",
    "SUPPORT_PHONE": "+46 10 555 01 00",
    "SUPPORT_EMAIL": "service@portal.example",
    "MEDIA_ROOT": "/srv/portal/media",
    "PRIVATE_ROOT": "/srv/portal/private",
    "STATIC_ROOT": "/srv/portal/static",
    "TRUSTED_PROXIES": "127.0.0.1",
}
DEV = {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}
IMPORT_LINTER = "from importlinter.cli import lint_imports_command; lint_imports_command()"

Check = tuple[str, Sequence[str], dict[str, str]]
CHECKS: tuple[Check, ...] = (
    ("ruff check", ("-m", "ruff", "check", "."), {}),
    ("ruff format", ("-m", "ruff", "format", "--check", "."), {}),
    ("djhtml", ("-m", "djhtml", "--check", "templates"), {}),
    ("import-linter", ("-c", IMPORT_LINTER), {"PYTHONPATH": "site:."}),
    ("mypy", ("-m", "mypy"), {}),
    ("translations", ("manage.py", "update_translations", "--check"), DEV),
    ("migrations", ("manage.py", "makemigrations", "--check", "--dry-run"), DEV),
    ("deployment", ("manage.py", "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
)


def lint(places: Places, url: str) -> int:
    """Run all; 1 if any failed."""
    failed = [name for name, command, more in CHECKS if not _passes(places, name, command, more, url)]
    say(f"FAILED: {', '.join(failed)}" if failed else "All ok.")
    return 1 if failed else 0


def _passes(places: Places, name: str, command: Sequence[str], more: dict[str, str], url: str) -> bool:
    began = time.monotonic()
    environment = child_environment(places, DATABASE_URL=url, **more)
    for foreign in ("DEBUG", "BESTIL_PLAIN_HTTP"):
        environment.pop(foreign, None)
    done = subprocess.run(
        [str(places.python), *command], cwd=places.root, env=environment, capture_output=True, text=True, check=False
    )
    say(f"  {name:<14} {'FAILED' if done.returncode else 'ok':<7} {time.monotonic() - began:5.1f} s")
    if done.returncode:
        say((done.stdout + done.stderr).rstrip() + "\n")
    return not done.returncode
