"""A clone of its own for each test, with the real PostgreSQL programs."""

import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

SITE = Path(__file__).resolve().parents[2] / "site"
if str(SITE) not in sys.path:
    sys.path.insert(0, str(SITE))

from launcher import postgres  # noqa: E402
from launcher.places import Places  # noqa: E402
from launcher.postgres import Cluster  # noqa: E402


def make_clone(folder: Path, system: Path) -> Places:
    """What the launcher needs of a clone."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (folder / ".venv" / "lib" / version).mkdir(parents=True)
    (folder / ".venv" / "lib" / version / "site-packages").symlink_to(sysconfig.get_paths()["platlib"])
    return Places(root=folder, data=folder / ".data", system=system)


@pytest.fixture
def system() -> Iterator[Path]:
    """Stands for /var/lib/bestil. Not below pytest's own folder: that one is private to its user."""
    folder = Path(tempfile.mkdtemp(prefix="bestil-system-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests write may be lost in a power cut."""
    monkeypatch.setitem(postgres.SETTINGS, "fsync", "off")


@pytest.fixture
def places(tmp_path: Path, system: Path) -> Places:
    """In a path with a space, below a folder that only its owner may enter."""
    home = tmp_path / "private home"
    home.mkdir(mode=0o700)
    return make_clone(home / "clone", system)


@pytest.fixture
def other_places(tmp_path: Path, system: Path) -> Places:
    """A second clone on the same machine."""
    return make_clone(tmp_path / "other", system)


@pytest.fixture
def cluster(places: Places) -> Iterator[Cluster]:
    """The clone's server, not yet started; stopped in any case."""
    cluster = Cluster(places)
    yield cluster
    cluster.stop_unless_used()
