"""`wardlink server` as a process: says in a line what runs where, and ends as it should whatever happens."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from server.running import read_addresses
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]


def _command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from commands.main import main; main()", "--lang", "en", "server", *words]


def _environment(**more: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)} | more


class Server:
    """A server of this test, started and ready."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._out, self._err = folder / "out", folder / "err"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                _command("--data", str(self.data), "--port", "0", "--broker-port", "0", "--no-pages", *words),
                stdout=out,
                stderr=err,
                env=_environment(),
            )
        wait_until(lambda: "is ready" in self.said or self.process.poll() is not None, "the server", timeout_s=60)

    @property
    def said(self) -> str:
        return self._out.read_text()

    @property
    def logged(self) -> str:
        return self._err.read_text()

    def ends(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_runs_and_ends_cleanly(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """One line says where everything is; asked to end, it ends with its broker and says nothing wrong."""
    server = Server(tmp_path)
    found = read_addresses(server.data)
    with urllib.request.urlopen(f"{found.server_url}/api/v1/time") as answer:
        assert "at" in json.load(answer)

    assert server.ends(number) == code
    first, second = server.said.splitlines()
    assert found.server_url in first
    assert f"127.0.0.1:{found.broker_port}" in first
    assert str(server.data) in first
    assert second.startswith("Nobody works here yet. Sign in as the first administrator")
    assert all(json.loads(line)["level"] == "info" for line in server.logged.splitlines())
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", found.broker_port)) != 0


def test_the_first_administrator_gets_in_and_is_made_once(tmp_path: Path) -> None:
    """The file is for this user only; at the second start somebody works here, and nothing is made."""
    server = Server(tmp_path)
    path = server.data / "first-sign-in.txt"
    badge, pin = (line.split()[1] for line in path.read_text().splitlines())
    question = urllib.request.Request(
        f"{read_addresses(server.data).server_url}/api/v1/sign-in",
        data=json.dumps({"badge": badge, "pin": pin}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(question) as answer:
        role = json.load(answer)["staff"]["role"]
    server.ends(signal.SIGTERM)
    kept = path.read_text()
    again = Server(tmp_path)
    again.ends(signal.SIGTERM)

    assert role == "admin"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(again.said.splitlines()) == 1
    assert path.read_text() == kept


def test_a_busy_port_is_said(tmp_path: Path) -> None:
    """Exit code 5 and a sentence that says which port and what to do; nothing is made on disk."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = _ended("--data", str(tmp_path / "data"), "--port", str(port))

    assert (ended.returncode, ended.stderr) == (
        5,
        f"wardlink: Port {port} at 127.0.0.1 is used by another program. End it, or choose another port with --port.\n",
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.slow
def test_a_busy_broker_port_is_said(tmp_path: Path) -> None:
    """Exit code 5, one sentence, no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = _ended("--data", str(tmp_path), "--port", "0", "--broker-port", str(port), "--no-pages")

    assert ended.returncode == 5
    assert ended.stderr.startswith(f"wardlink: Port {port} on 127.0.0.1 is used by another program")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "environment", "code", "said"),
    [
        (("--database", "nonsense"), {}, 4, "nonsense is not the address of a database."),
        (("--database", "postgresql+psycopg://a:b@127.0.0.1:1/c"), {}, 5, "a:***@127.0.0.1:1/c cannot be opened"),
        ((), {"WARDLINK_PORT": "many"}, 4, "These settings are not valid: port (int_parsing)."),
        ((), {"WARDLINK_BROKER": "pigeons"}, 4, "These settings are not valid: broker (literal_error)."),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, words: tuple[str, ...], environment: dict[str, str], code: int, said: str
) -> None:
    """With the exit code of its kind."""
    ended = _ended("--data", str(tmp_path / "data"), *words, port="0", **environment)

    assert ended.returncode == code
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def _ended(*words: str, port: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    more = () if port is None or "WARDLINK_PORT" in environment else ("--port", port)
    return subprocess.run(
        _command(*words, *more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=_environment(**environment),
    )
