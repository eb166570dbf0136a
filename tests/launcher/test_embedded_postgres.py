"""The embedded server's life: started, shared, killed, found again."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import environ
import psycopg
import pytest

from launcher.locks import Lock
from launcher.places import LauncherError, Places
from launcher.postgres import Cluster
from launcher.programs import ServerUser
from launcher.sockets import PORT, socket_folder

LOCK = f".s.PGSQL.{PORT}.lock"


def connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    """As Django does: with what django-environ reads from the URL."""
    found = environ.Env.db_url_config(url)
    return psycopg.connect(host=found["HOST"], user=found["USER"], dbname=found["NAME"], autocommit=True)


def ask(url: str, query: str) -> object:
    with connect(url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def server_pid(cluster: Cluster) -> int | None:
    try:
        return int((cluster.data / "postmaster.pid").read_text().split()[0])
    except OSError:
        return None


def kill_server(cluster: Cluster) -> None:
    pid = server_pid(cluster)
    assert pid
    os.kill(pid, signal.SIGKILL)
    while _lives(pid):
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def test_the_server_answers_and_stops_with_its_last_user(cluster: Cluster) -> None:
    with cluster.in_use() as url:
        assert ask(url, "SELECT current_database()") == "bestil"
        with cluster.in_use() as same:
            assert same == url
        assert ask(url, "SELECT 1") == 1, "the first user still has it"
    assert server_pid(cluster) is None


def test_a_server_left_by_a_killed_launcher_is_reused(cluster: Cluster) -> None:
    cluster.ensure_running()
    before = server_pid(cluster)
    with cluster.in_use():
        assert server_pid(cluster) == before
    assert server_pid(cluster) is None


def test_a_killed_server_starts_again_with_its_data(cluster: Cluster) -> None:
    with connect(cluster.ensure_running()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    kill_server(cluster)
    with cluster.in_use() as url:
        assert ask(url, "SELECT answer FROM kept") == 42


def test_a_pid_file_whose_number_is_another_process_now_is_no_obstacle(cluster: Cluster) -> None:
    cluster.ensure_running()
    kill_server(cluster)
    stranger = subprocess.Popen(["sleep", "60"], **cluster.user.process_options())
    try:
        for file in (cluster.data / "postmaster.pid", socket_folder(cluster.folder, cluster.user) / LOCK):
            lines = file.read_text().splitlines(keepends=True)
            file.write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
        with cluster.in_use() as url:
            assert ask(url, "SELECT 1") == 1
        assert stranger.poll() is None, "a stranger is left alone"
    finally:
        stranger.kill()
        stranger.wait()


def test_a_killed_server_that_its_parent_has_not_noticed_is_no_obstacle(cluster: Cluster) -> None:
    """As in containers whose first process looks after no orphans."""
    cluster.ensure_running()
    file = cluster.data / "postmaster.pid"
    kill_server(cluster)
    zombie = subprocess.Popen(["true"], **cluster.user.process_options())
    while "Z" not in Path(f"/proc/{zombie.pid}/stat").read_text():
        time.sleep(0.02)
    file.write_text("".join([f"{zombie.pid}\n", *file.read_text().splitlines(keepends=True)[1:]]))
    with cluster.in_use() as url:
        assert ask(url, "SELECT 1") == 1
    zombie.wait()


def test_a_half_made_data_folder_is_made_anew(cluster: Cluster) -> None:
    half_made = cluster.folder / "half-made-1"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    with cluster.in_use() as url:
        assert ask(url, "SELECT 1") == 1
    assert not half_made.exists()


def test_a_removed_data_folder_is_a_new_beginning(cluster: Cluster) -> None:
    """Also while the old folder's server still runs."""
    cluster.ensure_running()
    old = server_pid(cluster)
    subprocess.run(["rm", "-r", cluster.data], check=True)
    with cluster.in_use() as url:
        assert server_pid(cluster) != old
        assert ask(url, "SELECT 1") == 1
    assert old
    assert not _lives(old)


def test_a_lost_socket_is_made_again(cluster: Cluster) -> None:
    cluster.ensure_running()
    (socket_folder(cluster.folder, cluster.user) / f".s.PGSQL.{PORT}").unlink()
    with cluster.in_use() as url:
        assert ask(url, "SELECT 1") == 1


def test_a_damaged_server_says_why_it_does_not_start(cluster: Cluster) -> None:
    with cluster.in_use():
        pass
    (cluster.data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(LauncherError, match=r"(?s)database files are incompatible.*ended at once"), cluster.in_use():
        pass


def test_damaged_test_data_is_made_anew(places: Places) -> None:
    cluster = Cluster(places, quick=True)
    with cluster.in_use():
        pass
    (cluster.data / "PG_VERSION").write_text("9.6\n")
    with cluster.in_use() as url:
        assert ask(url, "SHOW fsync") == "off"


def test_tests_and_portal_have_servers_of_their_own(places: Places, cluster: Cluster) -> None:
    with cluster.in_use() as url, Cluster(places, quick=True).in_use() as test_url:
        assert url != test_url
        assert ask(url, "SHOW full_page_writes") == "on"
        assert ask(test_url, "SHOW full_page_writes") == "off"


def test_the_tests_server_stays_while_someone_is_connected(places: Places) -> None:
    cluster = Cluster(places, quick=True)
    with connect(cluster.ensure_running()) as connection:
        with cluster.in_use():
            pass
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert cluster.stop_unless_used()


def test_a_server_in_use_is_not_stopped(cluster: Cluster) -> None:
    with cluster.in_use() as url:
        assert not cluster.stop_unless_used()
        assert ask(url, "SELECT 1") == 1
    assert cluster.stop_unless_used()


def test_two_clones_run_side_by_side(cluster: Cluster, other_places: Places) -> None:
    other = Cluster(other_places)
    with cluster.in_use() as url, other.in_use() as other_url:
        assert ask(url, "SHOW data_directory") == str(cluster.data)
        assert ask(other_url, "SHOW data_directory") == str(other.data)


def test_two_starts_at_once_make_one_server(cluster: Cluster, places: Places) -> None:
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from launcher.places import Places; from launcher.postgres import Cluster\n"
        "places = Places(*map(Path, sys.argv[2:4]), system=Path(sys.argv[4]))\n"
        "print(Cluster(places).ensure_running())"
    )
    site = Path(sys.modules["launcher"].__path__[0]).parent
    command = [sys.executable, "-c", code, site, places.root, places.data, places.system]
    starts = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    urls = {start.communicate(timeout=60)[0] for start in starts}
    assert [start.returncode for start in starts] == [0, 0, 0]
    assert urls == {cluster.ensure_running() + "\n"}


def test_no_foreign_folder_changes_its_mode(cluster: Cluster, places: Places) -> None:
    def modes() -> list[tuple[int, int]]:
        found = [folder.stat() for folder in (places.root, *places.root.parents, places.system.parent)]
        return [(folder.st_mode, folder.st_uid) for folder in found]

    before = modes()
    with cluster.in_use():
        pass
    assert modes() == before


def test_the_socket_is_private(cluster: Cluster) -> None:
    with cluster.in_use() as url:
        found = Path(environ.Env.db_url_config(url)["HOST"]).lstat()
        assert (stat.S_IMODE(found.st_mode), found.st_uid) == (0o700, cluster.user.uid)


@pytest.fixture
def taken(cluster: Cluster, tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A base folder, and in it the name of our socket folder."""
    base = tmp_path / "base"
    base.mkdir()
    first = socket_folder(cluster.folder, cluster.user, base)
    first.rmdir()
    yield base, first


def test_a_socket_folder_that_others_may_enter_is_passed_over(cluster: Cluster, taken: tuple[Path, Path]) -> None:
    base, first = taken
    first.mkdir()
    first.chmod(0o777)
    assert socket_folder(cluster.folder, cluster.user, base) == Path(f"{first}-1")


def test_a_link_in_the_place_of_the_socket_folder_is_passed_over(cluster: Cluster, taken: tuple[Path, Path]) -> None:
    base, first = taken
    aim = base / "aim"
    aim.mkdir(mode=0o700)
    cluster.user.give(aim)
    first.symlink_to(aim)
    assert socket_folder(cluster.folder, cluster.user, base) == Path(f"{first}-1")


def test_nordic_letters_are_letters(cluster: Cluster) -> None:
    with cluster.in_use() as url, connect(url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT 'ÅRE' ILIKE 'åre', upper('æøå'), cardinality(show_trgm('ÅÄÖ'))").fetchone()
    assert row == (True, "ÆØÅ", 4)


def test_the_log_names_no_customer(cluster: Cluster) -> None:
    with cluster.in_use() as url, connect(url) as connection:
        connection.execute("CREATE TABLE patient (name text UNIQUE)")
        connection.execute("INSERT INTO patient VALUES ('Astrid')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO patient VALUES (%s)", ["Astrid"])
    log = cluster.log.read_text()
    assert "duplicate key" in log
    assert "Astrid" not in log


def test_root_never_runs_the_server_itself() -> None:
    user = ServerUser.of_this_process()
    assert user.uid != 0
    assert user.is_other == (os.geteuid() == 0)


def test_a_lock_ends_with_its_holder(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock")
    child = os.fork()
    if not child:
        Lock(tmp_path / "lock").take()
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert lock.try_take()
    lock.close()
