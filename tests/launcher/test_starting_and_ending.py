"""What a person meets at the start, and how web server and worker end."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import commands
from launcher.places import LauncherError, Places
from launcher.processes import AskedToEnd
from launcher.serve import Service, Supervisor, check_port, ended, secret_key, stop

ROOT = Path(__file__).resolve().parents[2]
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def service(*command: str) -> Service:
    return Service(command, ROOT, dict(os.environ))


def supervisor(web: Service, worker: Service, port: int = 1) -> Supervisor:
    return Supervisor(web=web, worker=worker, ready=lambda: None, port=port, pause=0.1)


def launch(**environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "site/launcher", "run"]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=60)


def test_a_busy_port_is_reported_with_what_to_do(busy_port: int) -> None:
    done = launch(PORT=str(busy_port))
    assert done.returncode == 1
    assert re.fullmatch(rf"Port {busy_port} is in use .* make run PORT=\d+\n", done.stderr)


@pytest.mark.parametrize("port", ["x", "0", "70000", "²"])
def test_a_port_that_is_none_is_reported(port: str) -> None:
    done = launch(PORT=port)
    assert done.returncode == 1
    assert done.stderr == f"PORT must be a number from 1 to 65535, not {port!r}.\n"


def test_a_free_port_is_fine() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    check_port(port)


def test_arguments_are_read_as_a_shell_reads_them() -> None:
    read = Places.from_environment({"ARGS": "-k 'basket and price' -x"}, ROOT)
    assert read.arguments == ("-k", "basket and price", "-x")
    with pytest.raises(LauncherError, match="ARGS cannot be read"):
        Places.from_environment({"ARGS": "-k 'basket"}, ROOT)


def test_clones_and_data_folders_have_names_of_their_own(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    clones = [Places(a, a / ".data"), Places(a, a / "else"), Places(b, b / ".data")]
    assert len({clone.name for clone in clones}) == 3


def test_the_secret_key_is_kept_and_private(places: Places) -> None:
    places.make_data_folder()
    key = secret_key(places)
    assert len(key) >= 50
    assert secret_key(places) == key
    assert (places.data / "secret-key").stat().st_mode & 0o777 == 0o600


def test_an_existing_data_folder_keeps_its_mode(places: Places) -> None:
    places.data.mkdir(mode=0o751)
    places.data.chmod(0o751)
    places.make_data_folder()
    assert places.data.stat().st_mode & 0o777 == 0o751


def test_a_database_url_needs_no_server(places: Places) -> None:
    with commands._database(Places(places.root, places.data, database_url="postgres://elsewhere/x")) as (url, identity):
        assert (url, identity) == ("postgres://elsewhere/x", "")
    assert not (places.data / "postgres").exists()


def test_the_end_of_the_web_server_ends_the_worker(capfd: pytest.CaptureFixture[str]) -> None:
    worker = service(*SLEEP)
    assert supervisor(service(sys.executable, "-c", "raise SystemExit(3)"), worker).run() == 1
    assert worker.exit_code == -signal.SIGTERM
    assert "The web server ended by itself (exit code 3)" in capfd.readouterr().err


def test_a_dead_worker_is_started_again_ever_later(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "starts"
    worker = service("/bin/sh", "-c", f"echo x >> '{log}'; exit 4")
    supervisor(service("/bin/sh", "-c", "sleep 2"), worker).run()
    assert 2 <= len(log.read_text().split()) <= 5
    assert "The task worker ended by itself (exit code 4); starting it again" in capfd.readouterr().err


def test_being_asked_to_end_is_a_clean_end() -> None:
    web, worker = service(*SLEEP), service(*SLEEP)
    main = supervisor(web, worker)

    def ask(number: int, _: object) -> None:
        raise AskedToEnd(number)

    before = signal.signal(signal.SIGALRM, ask)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        assert main.run() == 0
    finally:
        signal.signal(signal.SIGALRM, before)
    assert (web.exit_code, worker.exit_code) == (-signal.SIGTERM, -signal.SIGTERM)


def test_a_process_that_will_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.serve.PATIENCE", 0.2)
    deaf = service("/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done")
    deaf.start()
    time.sleep(0.3)
    stop([deaf])
    assert deaf.exit_code == -signal.SIGKILL
    assert ended(deaf.exit_code) == "was killed by SIGKILL"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends children with their parent")
def test_a_killed_launcher_takes_its_children_along(tmp_path: Path) -> None:
    code = (
        "import sys, time; sys.path.insert(0, 'site')\n"
        "from launcher.serve import Service; from pathlib import Path; import os\n"
        f"service = Service({SLEEP!r}, Path('.'), dict(os.environ)); service.start()\n"
        "print(service.process.pid, flush=True); time.sleep(60)"
    )
    launcher = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert launcher.stdout
    child = int(launcher.stdout.readline())
    launcher.kill()
    launcher.communicate()
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or ") Z " in Path(f"/proc/{child}/stat").read_text():
            return
        time.sleep(0.05)
    pytest.fail("the child lives on")


def test_help_names_every_command() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = set(re.findall(r"^make (\S+)", listed, re.MULTILINE))
    assert names == {*commands.COMMANDS, "help"} - {"database-url"}
