"""An invented strip goes to a real server from the command line, once, and every ending has its code."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn

from commands.main import run
from server.app import create_app
from server.config import Settings
from server.core import Core
from server.record.service import records_of
from tests.waiting import wait_until
from wardlink import credential as credentials
from wardlink.clinical.ecg.sample import sample_strip
from wardlink.credential import Credential
from wardlink.errors import InvalidInput, NotAllowed, Unreachable
from wardlink.ids import new_id
from wardlink.messages.ecg import EcgView
from wardlink.record.ecg import ECG
from workbench import ward
from workbench.demo import strips
from workbench.demo.plan import CART, ROOM, sample_ward
from workbench.ecg.sending import TRIES, send, upload

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)


@dataclass
class Served:
    """A server on this machine with the sample ward, and the credentials of its devices as files."""

    core: Core
    folder: Path
    built: ward.BuiltWard

    def kept(self) -> list[EcgView]:
        """Every strip that it holds."""
        with self.core.db.read() as conn:
            return records_of(conn, ECG, limit=100)

    def credential(self, device: str) -> Credential:
        """What this device sends with."""
        return self.built.credentials[device]

    def push(self, *words: str, device: str = ROOM) -> int:
        """`wardlink ecg push` as this device; returns the exit code."""
        return run(["--lang", "en", "ecg", "push", "--credential", str(self.folder / f"{device}.json"), *words])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server, until the tests of this module are over."""
    folder = tmp_path_factory.mktemp("ecg")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    app = create_app(Settings(data_dir=folder, port=port, broker="external", broker_port=1, pages=False))
    core: Core = app.state.core
    addresses = ward.Addresses("127.0.0.1", 1, f"http://127.0.0.1:{port}")
    built = ward.build(core, sample_ward().plan(core.clock.now()), addresses)
    for name, credential in built.credentials.items():
        credentials.write(credential, folder / f"{name}.json")
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started, "the server listens", timeout_s=30)
    yield Served(core, folder, built)
    server.should_exit = True
    thread.join(timeout=15)
    core.db.close()


def test_the_sample_ward_begins_with_strips(served: Served) -> None:
    """Invented ones, with beats that were found, one critical, one that a doctor reported; the next start adds none."""
    name = sample_ward().ward

    made = [strips.take(served.core, name, served.built.stays, {"12": "d-zhoutao"}) for _ in range(2)]

    kept = served.kept()
    assert made == [3, 0]
    assert all("样例" in (view.place or "") for view in kept)
    assert all(view.beats and view.beats_by == "server" for view in kept)
    assert [view.is_critical for view in kept].count(True) == 1
    assert [report.by_name for view in kept for report in view.reports if report.by is not None] == ["周涛"]


def test_an_invented_strip_is_marked_and_kept_once(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """By admission number; the same id again changes nothing, and both times it is said."""
    stay = served.built.stays["12"]
    number, strip_id, before = served.built.admission_nos[stay], new_id(), len(served.kept())
    words = ("--sample", "--admission-no", number, "--id", strip_id, "--taken", "2026-11-20T10:00:00")

    codes = [served.push(*words) for _ in range(2)]

    assert codes == [0, 0]
    assert len(served.kept()) == before + 1
    (view,) = [view for view in served.kept() if view.id == strip_id]
    assert (view.encounter, view.source, len(view.leads)) == (stay, "room", 12)
    assert "SAMPLE" in view.reports[0].text
    assert f"Kept as {strip_id}: 13 beats." in capsys.readouterr().out


def test_a_strip_of_nobody_is_kept_and_said(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """It waits for a person."""
    assert served.push("--sample", "--admission-no", "ZZ-NOBODY") == 0
    assert "exceptions" in capsys.readouterr().out


def test_every_wrong_use_ends_with_two_and_a_sentence(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to send, both, nobody to send it for, no such file, what the server finds wrong."""
    before = len(served.kept())
    wrong = [
        ("--admission-no", "1"),
        ("x.hea", "--sample", "--admission-no", "1"),
        ("--sample",),
        ("x.hea", "--admission-no", "1"),
        ("--sample", "--admission-no", "1", "--seconds", "30"),
    ]

    codes = [served.push(*words) for words in wrong]

    said = capsys.readouterr().err
    assert codes == [2] * len(wrong)
    assert "either a recording or --sample" in said
    assert "at most 150000 samples" in said
    assert len(served.kept()) == before


def test_who_may_not_send_is_told(served: Served) -> None:
    """A cart is no examination room; nor is a device with another secret."""
    body = upload(sample_strip(AT, seconds=2)[0], new_id(), encounter=served.built.stays["12"])

    with pytest.raises(NotAllowed):
        send(served.credential(CART), sample_ward().ward, body)
    with pytest.raises(InvalidInput):
        send(served.credential(ROOM), sample_ward().ward, body | {"rate_hz": 1})


def test_without_an_answer_it_is_tried_again_and_given_up(served: Served, tmp_path: Path) -> None:
    """With a wait between; the command then ends with 5, a credential that is not there with 4."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    nowhere = served.credential(ROOM).model_copy(update={"server_url": f"http://127.0.0.1:{port}"})
    tried, waited = list[int](), list[float]()

    with pytest.raises(Unreachable):
        send(nowhere, "w3", {"id": new_id()}, report=tried.append, wait=waited.append)

    assert tried == list(range(1, TRIES + 1))
    assert len(waited) == TRIES - 1
    assert run(["ecg", "push", "--sample", "--credential", str(tmp_path / "none.json"), "--encounter", new_id()]) == 4
