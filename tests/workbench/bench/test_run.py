"""Every measurement runs, in its shortest form: shapes and counts, never speed."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
from pathlib import Path

import pytest

from workbench.bench import hospital, load, load_http, report
from workbench.bench.brokers import listens
from workbench.bench.ingest import Order, measure
from workbench.bench.raw_mqtt import publish_packet, topic_field
from workbench.bench.rounds import NotStored, play
from workbench.bench.sides import Floor


@pytest.mark.slow
def test_the_ingest_is_measured_against_the_floor(tmp_path: Path) -> None:
    """One short round of everything: each side stores what it answers, on a preload of 1,000 values."""
    result = measure(Order(tmp_path, rounds=1, seconds=0.3, preloads=(1_000,)))

    told = json.loads(report.as_json(result))
    quick, slow = told["found"]
    assert (quick["preload_values"], quick["commit_delay_ms"], slow["commit_delay_ms"]) == (1_000, 0.0, 5.0)
    assert (list(quick["loads"]), list(slow["loads"])) == (["closed", "1332", "4000"], ["1332", "4000"])
    assert quick["loads"]["1332"]["p99_ms"]["ours"] > 0
    assert slow["loads"]["1332"]["p50_ms"]["floor"] >= 5
    assert quick["bytes_a_message"]["floor"] > 400
    assert told["ratio"] > 0


def test_a_side_that_answers_what_it_does_not_store_is_found_out(tmp_path: Path, broker_port: int) -> None:
    """Receipts are compared with rows."""

    class Forgetful(Floor):
        def rows(self) -> int:
            return min(super().rows(), 1)

    side = Forgetful(tmp_path, _Broker(broker_port))  # type: ignore[arg-type]
    hospital.make_floor(side.database, hospital.Preload(0))

    with pytest.raises(NotStored):
        play(side, hospital.gateways()[:2], [], seconds=0.2)


class _Broker:
    """A broker that runs already."""

    def __init__(self, port: int) -> None:
        self.port = port


@pytest.fixture
def broker_port(tmp_path: Path) -> object:
    """A broker with the accounts of the benches."""
    from workbench.bench.brokers import RunningBroker
    from workbench.bench.sides import ACCOUNT

    accounts = [ACCOUNT, *(gateway.device for gateway in hospital.gateways())]
    with RunningBroker("nats", tmp_path / "broker", accounts) as broker:
        yield broker.port


def test_a_message_of_the_load_is_a_plain_one() -> None:
    """The server reads it, and the floor finds its id where it looks for it."""
    from server.quick import recognise

    gateway = hospital.gateways()[0]
    command, stream = "01a214f7-db90-7243-8968-4c4d1e0c3f18", "01a214f7-db90-7243-8968-4c4eeed283ea"
    payload = load.vitals_payload(gateway, command, stream, 3, "2026-11-24T08:00:00.123456+00:00")
    plain = recognise(f"wardlink/v1/{gateway.ward}/up/{gateway.device}", payload)

    assert plain is not None
    assert (plain[0]["id"], plain[0]["n"], len(plain[0]["body"]["readings"])) == (command, 3, hospital.READINGS)
    assert payload[13:49].decode() == command
    assert publish_packet(topic_field("t"), b"x", 1) == b"\x32\x06\x00\x01t\x00\x01x"


def test_the_preload_is_a_history_of_the_server_itself(tmp_path: Path) -> None:
    """Every message is one set and one change of a whole chain."""
    path = tmp_path / "ward.db"
    written: list[int] = []
    hospital.make_ours(path, hospital.Preload(500), written.append)

    from server.chain import verify_changes
    from server.db import Database

    db = Database(f"sqlite:///{path}")
    with db.read() as conn:
        checks = [verify_changes(conn, gateway.ward) for gateway in hospital.gateways()]
    db.close()
    assert sum(written) == 100
    assert (hospital.count(path, "vitals"), hospital.count(path, "change")) == (100, 100)
    assert all(check.whole for check in checks)
    assert sum(check.rows for check in checks) == 100


def test_the_http_peer_stores_what_it_answers(tmp_path: Path) -> None:
    """The peer of the tutorial, loaded for a moment."""
    import uvicorn

    from workbench.bench import peer_api

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    peer_api.app.state.engine = peer_api.database(tmp_path / "peer.db")
    server = uvicorn.Server(uvicorn.Config(peer_api.app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    from tests.waiting import wait_until

    wait_until(lambda: listens(port), "the peer takes connections")
    outcome = load_http.run(hospital.gateways()[:3], "127.0.0.1", port, seconds=0.3)
    server.should_exit = True
    thread.join(timeout=10)
    peer_api.app.state.engine.dispose()

    with sqlite3.connect(tmp_path / "peer.db") as db:
        stored = db.execute("SELECT count(*), count(DISTINCT command) FROM vitalsign").fetchone()
    assert stored == (outcome.receipted, outcome.receipted)
    assert outcome.receipted >= 3
