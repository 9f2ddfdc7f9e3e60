"""Health, readiness and metrics say how the server is, and nothing about patients."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from server.db import Database
from server.ops import health
from tests.server.hospital import PATIENT, Hospital, found, open_hospital
from wardlink.link.loopback import LoopbackBroker, LoopbackLink
from wardlink.link.port import Incoming, LinkSettings
from wardlink.messages import status


@pytest.fixture
def hospital(sqlite_url: str, tmp_path: Path) -> Iterator[Hospital]:
    """A hospital whose routes can be asked; its parts do not run yet."""
    made = open_hospital(tmp_path, sqlite_url, found(sqlite_url))
    yield made
    made.core.db.close()


def _ready(hospital: Hospital) -> tuple[int, dict[str, bool]]:
    answer = hospital.http.get("/health/ready")
    return answer.status_code, {name: check["ok"] for name, check in answer.json()["checks"].items()}


def _metrics(hospital: Hospital) -> dict[tuple[str, ...], float]:
    text = hospital.http.get("/metrics").text
    return {
        (sample.name, *(label for _, label in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_server_that_runs_is_alive_and_ready(hospital: Hospital) -> None:
    """With its broker and its ingest at work both answers are 200."""
    hospital.core.start(LoopbackLink(LoopbackBroker(), LinkSettings("127.0.0.1", 1, "server")))
    try:
        assert hospital.http.get("/health/live").status_code == 200
        assert _ready(hospital) == (200, {"database": True, "broker": True, "ingest": True, "disk": True})
    finally:
        hospital.core.stop()


def test_a_server_whose_parts_do_not_run_is_not_ready(hospital: Hospital) -> None:
    """503, and the body says which part: a supervisor and a person know what to do."""
    assert hospital.http.get("/health/live").status_code == 503
    assert _ready(hospital) == (503, {"database": True, "broker": False, "ingest": False, "disk": True})


def test_the_disk_of_the_database_is_watched_where_it_is_ours(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte too little is not well; nobody looks at a disk of another machine."""
    file = hospital.core.db.file
    assert file is not None
    for free, ok in ((health.LEAST_DISK_BYTES, True), (health.LEAST_DISK_BYTES - 1, False)):
        monkeypatch.setattr(health, "free_bytes", {file.parent: free}.__getitem__)
        assert health.working(hospital.core)["disk"].ok == ok
    away = Database("postgresql+psycopg://db.example/ward")
    assert away.file is None


def test_a_database_that_is_away_makes_it_unready(hospital: Hospital) -> None:
    """The tables are gone; the answer names the error and nothing of what was asked."""
    with hospital.core.db.write() as conn:
        conn.exec_driver_sql("ALTER TABLE ward RENAME TO gone")

    assert _ready(hospital)[1]["database"] is False


def test_messages_that_wait_too_long_make_it_unready(hospital: Hospital) -> None:
    """An inbox that nobody empties is a lag, whatever the number of messages."""
    hospital.core.inbox.put([Incoming("wardlink/v1/w3/up/cart-1", b"{}")])

    assert health.ready(hospital.core, Path())["ingest"].ok is False
    assert hospital.core.inbox.lag_s() >= 0
    hospital.core.inbox.take(10)
    assert hospital.core.inbox.lag_s() == 0


def test_metrics_count_what_came_in(hospital: Hospital) -> None:
    """A message that is none of ours is one message, one batch, one parked, and waits for an operator."""
    hospital.core.ingest.process([Incoming("wardlink/v1/w3/up/cart-1", b"no message")])

    found = _metrics(hospital)

    assert found["wardlink_ingest_messages_total",] == 1
    assert found["wardlink_ingest_batch_messages_count",] == found["wardlink_ingest_batch_messages_sum",] == 1
    assert found["wardlink_ingest_batch_seconds_sum",] > 0
    assert found["wardlink_ingest_parked_total",] == 1
    assert found["wardlink_open_parked",] == 1
    assert found["wardlink_changes_total", "w3"] == 2
    assert found["wardlink_open_calls", "w4"] == 0
    assert found["wardlink_broker_connected",] == 0


def test_metrics_know_the_devices(hospital: Hospital) -> None:
    """Whether each is heard, and how much waits on it; a device that fell silent is down."""
    said = status.DeviceStatus(online=True, outbox=12)
    hospital.core.fleet.hear(Incoming("wardlink/v1/w3/status/cart-1", status.encode(said)))
    heard = _metrics(hospital)
    hospital.clock.advance(status.SILENT_AFTER_S + 1)
    silent = _metrics(hospital)

    assert heard["wardlink_device_up", "cart-1", "w3"] == 1
    assert heard["wardlink_device_outbox_commands", "cart-1", "w3"] == 12
    assert silent["wardlink_device_up", "cart-1", "w3"] == 0


def test_metrics_and_health_hold_nothing_of_patients(hospital: Hospital) -> None:
    """No name, no admission number, no id of a stay."""
    text = hospital.http.get("/metrics").text + hospital.http.get("/health/ready").text

    for secret in (PATIENT.name, PATIENT.admission_no, PATIENT.mrn, *hospital.stays.values()):
        assert secret not in text


def test_every_metric_has_its_help_and_our_prefix(hospital: Hospital) -> None:
    """As Prometheus wants it: a help text for each, counters end in _total."""
    text = hospital.http.get("/metrics").text

    families = [f for f in text_string_to_metric_families(text) if not f.name.startswith("process_")]
    assert len(families) > 12
    assert all(family.name.startswith("wardlink_") and family.documentation for family in families)
