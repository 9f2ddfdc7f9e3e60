"""The short way through the ingest leaves what the long way leaves."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server.answers import Answers
from server.batch import Batch
from server.census import Resident
from server.gate import Cursors
from server.identity.models import DeviceCursor
from server.lane import Lane
from server.quick import Plain
from server.vitals.models import VitalsRow
from tests.server.test_ingest_properties import sqlite_ward
from tests.server.wards import DESK, STAY_1, STAY_2, SmallWard, Speaker
from wardlink.errors import WardlinkError
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.commands import Command
from wardlink.messages.encounters import Discharge, Transfer, UpdateEncounter

MONITOR = Actor(kind="device", id="m1")
READINGS = {"hr_per_min": 72, "rr_per_min": 14.5, "spo2_pct": 97, "sbp_mmhg": 118, "dbp_mmhg": 71}


class LongWay(Lane):
    """A lane that nobody may take."""

    def stay_of(self, batch: Batch, plain: Plain) -> Resident | None:
        """Never."""
        return None


class Counting(Lane):
    """A lane that counts who took it."""

    taken = 0

    def apply(self, batch: Batch, answers: Answers, plain: Plain, stay: Resident) -> None:
        """Take it, and count it."""
        self.taken += 1
        super().apply(batch, answers, plain, stay)


def with_lane(ward: SmallWard, lane: type[Lane]) -> Any:
    """The same ward with another lane."""
    ingest = ward.core.ingest
    cursors: Cursors = ingest._cursors
    ingest._lane = lane(ward.core.census, cursors)
    return ingest._lane


def plain(device: Speaker, **envelope: Any) -> Command:
    """The next message of a monitor as nearly all are."""
    body = {"readings": READINGS, "source": "monitor", "interval_s": 1}
    return device.command(
        "vitals.record", envelope.pop("body", body), **{"encounter": STAY_1, "actor": MONITOR, "bed": "b1"} | envelope
    )


def left(ward: SmallWard) -> dict[str, Any]:
    """Everything that a batch leaves in the database."""
    with ward.db.read() as conn:
        table = VitalsRow.__table__
        vitals = [tuple(row) for row in conn.execute(select(table).order_by(table.c.ward, table.c.seq))]
        cursors = [tuple(row) for row in conn.execute(select(DeviceCursor.__table__).order_by(DeviceCursor.device))]
    changes = [(row["seq"], row["kind"], row["command"], row["bed"], row["at"], row["n"]) for row in ward.changes()]
    return {
        "changes": changes,
        "told": [row["body"] for row in ward.changes("vitals.recorded")],
        "vitals": vitals,
        "cursors": cursors,
        "exceptions": [(row.kind, row.device, row.bed, row.encounter) for row in ward.exceptions()],
        "parked": [(row.command, row.code) for row in ward.parked()],
    }


@dataclass(frozen=True)
class Step:
    """What the monitor sends next, or what happens in the ward between two batches."""

    what: str

    def make(self, monitor: Speaker, cart: Speaker) -> Command:
        """The message."""
        ahead = monitor.clock.now() + timedelta(minutes=6)
        match self.what:
            case "half":
                return plain(monitor, body={"readings": {"hr_per_min": 60}, "source": "monitor"})
            case "odd":
                return plain(monitor, body={"readings": {"hr_per_min": 999}, "source": "monitor"})
            case "lead off":
                return plain(
                    monitor, body={"readings": {"hr_per_min": 60}, "source": "monitor", "lead_off": ["spo2_pct"]}
                )
            case "other stay":
                return plain(monitor, encounter=STAY_2, bed="b2")
            case "other bed":
                return plain(monitor, bed="b2")
            case "nobody":
                return plain(monitor, encounter="00000000-0000-7000-8000-00000000ffff")
            case "no stay":
                return plain(monitor, encounter=None)
            case "ahead":
                return plain(monitor, measured_at=ahead)
            case "other actor":
                return plain(monitor, actor=Actor(kind="staff", id="n1"))
            case "skip":
                monitor.n += 1
                return plain(monitor)
            case "lost":
                monitor.n += 2
                return plain(monitor, base=monitor.n + 1)
            case "again":
                monitor.n = max(0, monitor.n - 1)
                return plain(monitor)
            case "new stream":
                monitor.stream, monitor.n = new_id(), 0
                return plain(monitor)
            case "cart":
                return cart.vitals(80)
            case _:
                return plain(monitor)


WHAT = ["plain"] * 6 + [
    *("half", "odd", "lead off", "other stay", "other bed", "nobody", "no stay", "ahead", "other actor"),
    *("skip", "lost", "again", "new stream", "cart"),
]
BETWEEN = ["nothing"] * 4 + ["discharge", "transfer", "scale", "send all again"]
WALKS = st.lists(
    st.tuples(st.lists(st.sampled_from(WHAT).map(Step), min_size=1, max_size=6), st.sampled_from(BETWEEN)),
    min_size=1,
    max_size=5,
)


def walk(ward: SmallWard, batches: list[tuple[list[Command], str]]) -> list[Any]:
    """Let the ingest take these batches, with what happens between them; every answer."""
    said = []
    sent: list[Command] = []
    for batch, between in batches:
        sent += batch
        answer = ward.take(*(sent if between == "send all again" else batch))
        said.append(({id_: (r.outcome, r.seq, r.code) for id_, r in answer.receipts.items()}, answer.expect))
        happen(ward, between)
    return said


def happen(ward: SmallWard, what: str) -> None:
    """Something that the desk does meanwhile; it may have been done before."""
    bodies = {
        "discharge": ("encounter.discharge", Discharge()),
        "transfer": ("encounter.transfer", Transfer(ward="w1", bed="b3")),
        "scale": ("encounter.update", UpdateEncounter(spo2_scale=2, spo2_scale_reason="COPD")),
    }
    if what in bodies:
        kind, body = bodies[what]
        with suppress(WardlinkError):
            ward.core.execute(kind, body, ward="w1", actor=DESK, encounter=STAY_1)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(WALKS)
@example([([Step("plain")] * 3, "transfer"), ([Step("plain")] * 3, "send all again"), ([Step("plain")], "nothing")])
@example([([Step("plain")] * 3, "nothing"), ([Step("plain"), Step("cart"), Step("again"), Step("plain")], "nothing")])
def test_both_ways_leave_the_same(sqlite_template: Path, steps: list[tuple[list[Step], str]]) -> None:
    """Rows, numbers, exceptions, receipts and what is asked for again, whatever a monitor sends and a ward does."""
    with sqlite_ward(sqlite_template) as short, sqlite_ward(sqlite_template) as long:
        batches = [([step.make(short.monitor, short.cart) for step in batch], between) for batch, between in steps]
        with_lane(long, LongWay)

        assert walk(short, batches) == walk(long, batches)
        assert left(short) == left(long)
        short.check_chains()
        long.check_chains()


@pytest.mark.parametrize("what", ["plain", "half", "other stay"])
def test_what_is_plain_takes_the_short_way(ward: SmallWard, what: str) -> None:
    """Once stream, stay and device are known; so that the comparison above compares something."""
    lane = with_lane(ward, Counting)
    first, *rest = [Step(what).make(ward.monitor, ward.cart) for _ in range(4)]
    ward.take(first)

    answer = ward.take(*rest)

    assert lane.taken == 3
    assert answer.outcomes() == ["applied"] * 3
    assert [row["command"] for row in ward.changes("vitals.recorded")] == [c.id for c in [first, *rest]]


@pytest.mark.parametrize("what", ["odd", "lead off", "other bed", "nobody", "no stay", "ahead", "other actor", "skip"])
def test_what_is_not_plain_takes_the_long_way(ward: SmallWard, what: str) -> None:
    """Each for a reason of its own."""
    lane = with_lane(ward, Counting)
    ward.take(*(Step("plain").make(ward.monitor, ward.cart) for _ in range(2)))
    before = lane.taken

    ward.take(Step(what).make(ward.monitor, ward.cart))

    assert lane.taken == before
