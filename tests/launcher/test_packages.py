"""When packages are installed, and when nothing is done."""

import json
import subprocess
from pathlib import Path

import pytest

from launcher import environment
from launcher.browser import ensure_chromium
from launcher.environment import STAMP, ensure_packages
from launcher.places import LauncherError, Places
from launcher.prepare import _is_compiled
from launcher.progress import Stage


class Installer:
    """Stands for venv and pip: remembers what was asked of it."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.done: list[str] = []
        self.fails = False

    def make_venv(self, places: Places, stage: Stage) -> None:
        self.done.append("venv")
        places.python.unlink(missing_ok=True)
        places.python.parent.mkdir(parents=True, exist_ok=True)
        places.python.touch()

    def install(self, places: Places, file: Path, stage: Stage) -> None:
        self.done.append(file.name)
        if self.fails:
            raise LauncherError("no network")

    def run(self, *, dev: bool = False) -> list[str]:
        """What one start does."""
        self.done = []
        ensure_packages(self.places, dev=dev)
        return self.done


@pytest.fixture
def installer(places: Places, monkeypatch: pytest.MonkeyPatch) -> Installer:
    (places.root / "requirements.txt").write_text("django==5.2\n")
    (places.root / "requirements-dev.txt").write_text("-r requirements.txt\npytest==9\n")
    installer = Installer(places)
    monkeypatch.setattr(environment, "_make_venv", installer.make_venv)
    monkeypatch.setattr(environment, "_install", installer.install)
    return installer


def test_the_second_start_installs_nothing(installer: Installer) -> None:
    assert installer.run() == ["venv", "requirements.txt"]
    assert installer.run() == []


def test_a_changed_requirement_is_installed_into_the_same_environment(installer: Installer) -> None:
    installer.run()
    (installer.places.root / "requirements.txt").write_text("django==5.2.1\n")
    assert installer.run() == ["requirements.txt"]


def test_the_tests_packages_include_those_of_the_portal(installer: Installer) -> None:
    installer.run()
    assert installer.run(dev=True) == ["requirements-dev.txt"]
    assert installer.run(dev=True) == []
    assert installer.run() == []


def test_a_half_made_environment_is_made_anew(installer: Installer) -> None:
    installer.fails = True
    with pytest.raises(LauncherError):
        installer.run()
    installer.fails = False
    assert installer.run() == ["venv", "requirements.txt"]


def test_a_moved_clone_makes_a_new_environment(installer: Installer) -> None:
    installer.run()
    stamp = installer.places.venv / STAMP
    moved = json.loads(stamp.read_text()) | {"python": "3.11 x86_64 /elsewhere"}
    stamp.write_text(json.dumps(moved))
    assert installer.run() == ["venv", "requirements.txt"]


def test_a_python_that_has_gone_is_noticed(installer: Installer) -> None:
    installer.run()
    installer.places.python.unlink()
    installer.places.python.symlink_to("/gone/python3")
    assert installer.run() == ["venv", "requirements.txt"]


def test_a_clone_without_requirements_is_reported(places: Places) -> None:
    with pytest.raises(LauncherError, match="does not look like a whole clone"):
        ensure_packages(places)


def test_without_chromium_a_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert ensure_chromium() is None
    assert "apt-get install chromium" in capsys.readouterr().err


def test_a_translation_is_compiled_when_it_is_newer(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    source.touch()
    assert not _is_compiled(source)
    source.with_suffix(".mo").touch()
    assert _is_compiled(source)


def test_what_the_commands_make_is_not_committed() -> None:
    root = Path(__file__).resolve().parents[2]
    made = [".venv/x", ".data/x", ".launcher.lock", "site/locale/sv/LC_MESSAGES/django.mo", "a/__pycache__/b.pyc"]
    kept = ["site/config/urls.py", "site/launcher/commands.py", "fixtures/demo/media/x.svg"]
    done = subprocess.run(["git", "check-ignore", *made, *kept], cwd=root, capture_output=True, text=True)
    assert done.stdout.split() == made
