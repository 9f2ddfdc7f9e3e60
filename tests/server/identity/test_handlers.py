"""What devices report for the audit: written down once, with when it happened, and never refused."""

from __future__ import annotations

from datetime import timedelta

from server.identity import audit
from tests.server.hospital import NOW, Hospital
from wardlink import topics
from wardlink.ids import new_id
from wardlink.link.port import Incoming
from wardlink.messages import commands
from wardlink.messages.base import Actor
from wardlink.messages.commands import Command

STREAM = new_id()


def _event(
    n: int, device: str = "cart-1", kind: str = "audit.event", body: dict[str, object] | None = None, **fields: object
) -> Incoming:
    happened_at = NOW - timedelta(hours=3)
    command = Command(
        id=new_id(),
        kind=kind,
        ward="w3",
        device=device,
        stream=STREAM,
        n=n,
        actor=Actor(kind="staff", id="n-lijing"),
        bed="1",
        measured_at=happened_at,
        entered_at=happened_at,
        body=body or {"action": "view", "what": "screen vitals", **fields},
    )
    return Incoming(topics.up("w3", device), commands.encode(command))


def test_an_event_stands_in_the_audit_once(hospital: Hospital) -> None:
    """Sent three times in two batches it is one line, at the time at which it happened."""
    event = _event(1)
    hospital.core.ingest.process([event, event])
    hospital.core.ingest.process([event])

    with hospital.core.db.read() as conn:
        [line] = audit.search(conn, audit.Search(action="view"), 10)
        assert audit.verify(conn).whole
    assert (line.actor, line.device, line.at) == ("staff:n-lijing", "cart-1", NOW - timedelta(hours=3))
    assert line.detail == {"received_at": NOW.isoformat(), "bed": "1"}


def test_events_of_one_batch_keep_their_order(hospital: Hospital) -> None:
    """A hundred events from hours without network are a hundred links of the chain."""
    hospital.core.ingest.process([_event(n, what=f"screen {n}") for n in range(1, 101)])

    with hospital.core.db.read() as conn:
        found = audit.search(conn, audit.Search(action="view"), 200)
        assert audit.verify(conn).whole
    assert [line.what for line in reversed(found)] == [f"screen {n}" for n in range(1, 101)]


def test_a_monitor_has_nothing_to_report(hospital: Hospital) -> None:
    """Its event is parked and opens nothing; the next one of a cart goes on."""
    hospital.core.ingest.process([_event(1, device="m-1")])

    assert ("staff:n-lijing", "view", "screen vitals") not in hospital.audited()
    assert hospital.core.counters.parked == 1


def test_a_refused_scan_is_counted_by_reason_bed_and_person(hospital: Hospital) -> None:
    """Two of one kind and one of another, one of them sent twice; what was scanned stands nowhere."""
    damaged = {"code": "wristband", "reason": "damaged", "screen": "PatientScreen"}
    other = {"code": "drug", "reason": "expired", "screen": "WardScreen"}
    first = _event(1, kind="scan.refused", body=damaged)
    hospital.core.ingest.process([first, _event(2, kind="scan.refused", body=damaged), first])
    hospital.core.ingest.process([_event(3, kind="scan.refused", body=other)])

    with hospital.core.db.read() as conn:
        counted = audit.refused_scans(conn, NOW - timedelta(hours=4), NOW)
        before = audit.refused_scans(conn, NOW - timedelta(hours=9), NOW - timedelta(hours=4))
    assert counted == [
        audit.RefusedScans("wristband", "damaged", "w3", "1", "staff:n-lijing", 2),
        audit.RefusedScans("drug", "expired", "w3", "1", "staff:n-lijing", 1),
    ]
    assert before == []
