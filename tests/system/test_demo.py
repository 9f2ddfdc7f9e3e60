"""`wardlink demo` from outside: it starts, shows and checks itself, ends in every way, and goes on with its ward."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.waiting import wait_until
from wardlink.process.child import free_port
from workbench.demo.ports import COUNT, is_free

ENDS_WITHIN_S = 120
READY_WITHIN_S = 90
"""What a machine that does a lot else may take; on a free one it is under fifteen."""


def port_base() -> int:
    """Free ports in a row, as many as a demo wants."""
    return wait_until(lambda: _row(free_port()), "enough free ports in a row were found")


def _row(base: int) -> int | None:
    return base if base < 65_500 and all(is_free("127.0.0.1", port) for port in range(base, base + COUNT)) else None


def command(folder: Path, *more: str) -> list[str]:
    """The command line of a demo."""
    return [sys.executable, "-m", "commands", "--lang", "en", "demo", "--data", str(folder), *more]


def run(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run a demo to its end."""
    return subprocess.run(command(folder, *more), capture_output=True, text=True, timeout=ENDS_WITHIN_S, check=False)


def processes(folder: Path) -> list[psutil.Process]:
    """Every process of the demo in a folder, whoever started it."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if any(str(folder) in word for word in process.info["cmdline"] or ()):
            found.append(process)
    return found


@dataclass
class Running:
    """A demo that is ready, and what it prints."""

    process: subprocess.Popen[str]
    folder: Path
    said: Path

    def end(self, number: signal.Signals) -> int:
        """Send a signal, wait until the demo is gone, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(ENDS_WITHIN_S)


@contextmanager
def ready(folder: Path, tmp_path: Path) -> Iterator[Running]:
    """A demo that runs until it is ended, in the background like one that a script has started."""
    said = tmp_path / "said"
    with said.open("w") as output:
        process = subprocess.Popen(
            command(folder, "--port-base", str(port_base())), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_until(
            lambda: "Ready after" in said.read_text() or process.poll() is not None,
            "the demo is ready",
            timeout_s=READY_WITHIN_S,
            every_s=0.2,
        )
        assert process.poll() is None, said.read_text()
        yield Running(process, folder, said)
    finally:
        process.kill()
        process.wait()


def sets_in(folder: Path) -> int:
    """How many sets of vital signs the ward's server holds."""
    from workbench.demo.health import Books

    path = folder / "server" / "ward.db"
    assert path.exists()
    books = Books(f"sqlite:///{path}", "w3")
    try:
        return sum(books.sets_by_monitor().values())
    finally:
        books.close()


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The folder of a demo that ran for eight seconds, and what it said."""
    folder = tmp_path_factory.mktemp("demo") / "ward"
    return folder, run(folder, "--seconds", "8", "--port-base", str(port_base()))


@pytest.mark.slow
def test_a_timed_demo_shows_the_ways_in_checks_itself_and_ends(
    old: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    """Addresses and logins are printed, every check is well, and nothing runs on."""
    folder, done = old

    assert done.returncode == 0, done.stdout + done.stderr
    assert float(re.findall(r"Ready after ([0-9.]+) seconds", done.stdout)[0]) < READY_WITHIN_S
    assert len(re.findall(r"http://127\.0\.0\.1:\d+/", done.stdout)) == 5
    for typed in (
        "badge N1001, PIN 2580",
        "badge M0001, PIN 9517",
        "badge K1001, PIN 1593",
        "admission number 26110012",
        "4827",
    ):
        assert typed in done.stdout
    assert "✗" not in done.stdout
    assert done.stdout.count("✓") >= 10
    assert processes(folder) == []


@pytest.mark.slow
def test_the_first_start_has_a_history(old: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """A day of each monitor is there, measured earlier, before anybody has waited for it."""
    assert sets_in(old[0]) > 10 * 250


@pytest.mark.slow
def test_killed_it_leaves_nothing_running_and_goes_on_with_its_ward(
    old: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """The next start has the old ward and more, with the same secrets; kill -9 takes every process with it."""
    folder, _ = old
    before, secrets = sets_in(folder), kept_secrets(folder)

    with ready(folder, tmp_path) as demo:
        assert len(processes(folder)) >= 6
        demo.end(signal.SIGKILL)

        wait_until(lambda: not processes(folder), "every process of the killed demo is gone", timeout_s=20)
    assert sets_in(folder) > before
    assert kept_secrets(folder) == secrets


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_asked_to(
    old: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path, number: signal.Signals
) -> None:
    """Ctrl-C and SIGTERM end every process in order; the exit code says that all was well."""
    folder, _ = old
    with ready(folder, tmp_path) as demo:
        code = demo.end(number)

        assert code == 0
        assert "Ended. The ward is kept in" in demo.said.read_text()
        assert "Traceback" not in demo.said.read_text()
        assert processes(folder) == []


def kept_secrets(folder: Path) -> dict[str, str]:
    """The secret of every device; each file can be read by this user only."""
    from wardlink import credential

    return {
        path.stem: credential.read(path).secret.get_secret_value() for path in (folder / "credentials").glob("*.json")
    }


def test_a_busy_port_is_named_in_a_sentence(tmp_path: Path) -> None:
    """Exit code 5, the port and what to do; nothing is started and nothing written."""
    base = port_base()
    with socket.create_server(("127.0.0.1", base + 2)):
        done = run(tmp_path / "ward", "--port-base", str(base))

    assert done.returncode == 5
    assert str(base + 2) in done.stderr
    assert "--port-base" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "ward").exists()


@pytest.mark.parametrize("more", [[], ["--fresh"]])
def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, more: list[str]) -> None:
    """A folder that holds no demo is neither used nor emptied."""
    (tmp_path / "thesis.txt").write_text("years of work")

    done = run(tmp_path, "--port-base", str(port_base()), *more)

    assert done.returncode == 4
    assert str(tmp_path) in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_two_demos_do_not_share_a_folder(tmp_path: Path) -> None:
    """The second one says that the first one runs there."""
    from wardlink.clock import SystemClock
    from workbench.demo.folder import DemoFolder

    folder = DemoFolder(tmp_path / "ward")
    folder.card(SystemClock().now())

    done = run(tmp_path / "ward", "--port-base", str(port_base()), "--fresh")

    folder.close()
    assert done.returncode == 1
    assert "Another demo" in done.stderr
    assert os.listdir(tmp_path / "ward")
