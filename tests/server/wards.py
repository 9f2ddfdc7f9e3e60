"""A small ward in a test's database, and devices that speak to its ingest without a broker.

Ward w1 has beds b1 to b4, a patient in b1 and one in b2, two carts, a monitor, and a terminal at b1 and at b2.
Ward w2 has bed b1, nobody in it, and one cart. Time stands still at `NOW` until it is moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import Table, insert, select

from server.chain import GENESIS, verify_changes
from server.core import Core
from server.db import Database
from server.exceptions.models import ExceptionRow
from server.identity.models import Device, Staff
from server.kpis import alert_times, sums
from server.medication import sums as medication_sums
from server.models import ChangeRow, Parked
from server.patients.models import Bed, Ward
from wardlink import topics
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import FixedClock
from wardlink.ids import new_id
from wardlink.link.port import Incoming
from wardlink.messages import commands
from wardlink.messages.base import Actor, Message
from wardlink.messages.commands import Command
from wardlink.messages.encounters import Admit
from wardlink.messages.receipts import Receipt, Receipts, decode
from wardlink.messages.vitals import RecordVitals

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
NURSE = Actor(kind="staff", id="n1")
OTHER_NURSE = Actor(kind="staff", id="n2")
DESK = Actor(kind="system", id="desk")
STAY_1 = "00000000-0000-7000-8000-000000000001"
STAY_2 = "00000000-0000-7000-8000-000000000002"

CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]
PARKED: Table = Parked.__table__  # type: ignore[attr-defined]
EXCEPTION: Table = ExceptionRow.__table__  # type: ignore[attr-defined]


def vitals(pulse_per_min: float = 72, **readings: Any) -> RecordVitals:
    """A set with at least a pulse."""
    return RecordVitals(readings=VitalSet(pulse_per_min=pulse_per_min, **readings))


def admission(no: int, bed: str, **decided: Any) -> Admit:
    """Somebody who is no one."""
    return Admit.model_validate(
        {
            "admission_no": f"ZY{no:04d}",
            "mrn": f"M{no:04d}",
            "name": f"病人{no}",
            "sex": "female",
            "birth_on": date(1950, 1, 1),
            "bed": bed,
        }
        | decided
    )


@dataclass
class Speaker:
    """A device as the ingest hears it: numbers its commands in one stream."""

    id: str
    ward: str
    bed: str | None
    clock: FixedClock
    stream: str = field(default_factory=new_id)
    n: int = 0

    def command(self, kind: str, body: Message | dict[str, Any], **envelope: Any) -> Command:
        """The next command. What `envelope` names replaces what an honest device would say."""
        self.n += 1
        fields = {
            "id": new_id(),
            "kind": kind,
            "ward": self.ward,
            "device": self.id,
            "stream": self.stream,
            "n": self.n,
            "actor": NURSE,
            "bed": self.bed,
            "measured_at": self.clock.now(),
            "entered_at": self.clock.now(),
            "body": body.model_dump(mode="json", exclude_none=True) if isinstance(body, Message) else body,
        }
        return Command.model_validate(fields | envelope)

    def vitals(self, pulse_per_min: float = 72, *, encounter: str | None = STAY_1, **envelope: Any) -> Command:
        """The next command: a set with this pulse."""
        return self.command("vitals.record", vitals(pulse_per_min), encounter=encounter, **envelope)


@dataclass
class Answer:
    """What was said to one device about one message."""

    receipts: dict[str, Receipt]
    expect: dict[str, int]

    def outcomes(self) -> list[str]:
        """The outcomes in the order they were given."""
        return [receipt.outcome for receipt in self.receipts.values()]


class SmallWard:
    """The core of a server on `db`, with the ward set up and nobody listening."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.clock = FixedClock(NOW)
        with db.write() as conn:
            _set_up(conn)
        self.core = Core(db, self.clock)
        self.sent: list[tuple[str, bytes]] = []
        self.core.ingest.send = self.sent.extend
        self.cart = Speaker("c1", "w1", None, self.clock)
        self.cart_2 = Speaker("c2", "w1", None, self.clock)
        self.terminal = Speaker("t1", "w1", "b1", self.clock)
        self.terminal_2 = Speaker("t2", "w1", "b2", self.clock)
        self.monitor = Speaker("m1", "w1", "b1", self.clock)
        self.other_cart = Speaker("x1", "w2", None, self.clock)
        self.admit(1, "b1", STAY_1)
        self.admit(2, "b2", STAY_2)

    def hire(self, people: Iterable[tuple[str, str, str, list[str], bool]]) -> None:
        """These work here as well: id, name, role, wards, and whether they still do. Nobody has a PIN."""
        names = ("id", "name", "role", "wards", "active")
        rows = [dict(zip(names, one, strict=True)) | {"badge": f"b-{one[0]}", "pin_hash": "-"} for one in people]
        with self.db.write() as conn:
            conn.execute(insert(Staff), rows)

    def admit(self, no: int, bed: str, stay: str | None = None, *, ward: str = "w1", **how: Any) -> str:
        """Admit patient `no`; returns the id of the stay."""
        stay = stay or new_id()
        self.core.execute("encounter.admit", admission(no, bed), ward=ward, actor=DESK, encounter=stay, **how)
        return stay

    def take(self, *messages: Command | Incoming | bytes) -> Answer:
        """Let the ingest take these messages as one batch; bytes come on the topic of the first cart."""
        before = len(self.sent)
        self.core.ingest.process([as_incoming(message) for message in messages])
        receipts: dict[str, Receipt] = {}
        expect: dict[str, int] = {}
        for topic, payload in self.sent[before:]:
            told: Receipts = decode(payload)
            receipts |= {receipt.id: receipt for receipt in told.receipts}
            if told.expect is not None:
                expect[topics.parse(topic).name] = told.expect
        return Answer(receipts, expect)

    def answer(self, command: Command) -> Receipt:
        """Let the ingest take this command alone; its receipt."""
        return self.take(command).receipts[command.id]

    def changes(self, kind: str | None = None, ward: str = "w1") -> list[dict[str, Any]]:
        """The change log of a ward, without its admissions; bodies read."""
        with self.db.read() as conn:
            rows = conn.execute(select(CHANGE).where(CHANGE.c.ward == ward).order_by(CHANGE.c.seq))
            found = [row._asdict() | {"body": orjson.loads(row.body)} for row in rows]
        return [row for row in found if (row["kind"] == kind if kind else row["device"] != "server")]

    def parked(self) -> list[Any]:
        """The messages that were put aside."""
        with self.db.read() as conn:
            return list(conn.execute(select(PARKED).order_by(PARKED.c.id)))

    def exceptions(self) -> list[Any]:
        """The exceptions of all wards, oldest first."""
        with self.db.read() as conn:
            return list(conn.execute(select(EXCEPTION).order_by(EXCEPTION.c.opened_at, EXCEPTION.c.id)))

    def check_chains(self) -> None:
        """The logs have no hole and every hash is right, and what is kept beside the facts follows from them."""
        with self.db.read() as conn:
            assert [ward for ward in ("w1", "w2") if not verify_changes(conn, ward).whole] == []
            assert sums.kept(conn) == sums.from_facts(conn)
            assert alert_times.kept(conn) == alert_times.from_records(conn)
            assert medication_sums.kept(conn) == medication_sums.from_facts(conn)


def as_incoming(message: Command | Incoming | bytes) -> Incoming:
    """A command as the wire brings it."""
    if isinstance(message, Incoming):
        return message
    if isinstance(message, bytes):
        return Incoming(topics.up("w1", "c1"), message)
    return Incoming(topics.up(message.ward, message.device), commands.encode(message))


def _set_up(conn: Any) -> None:
    conn.execute(
        insert(Ward),
        [{"id": ward, "name": ward, "log_id": new_id(), "seq": 0, "head": GENESIS} for ward in ("w1", "w2")],
    )
    beds = [("w1", f"b{i}", i) for i in range(1, 5)] + [("w2", "b1", 1)]
    conn.execute(insert(Bed), [{"ward": w, "id": b, "label": b.upper(), "position": i} for w, b, i in beds])
    staff = [("n1", "李静", "nurse", ["w1"]), ("n2", "王芳", "nurse", ["w1"]), ("d1", "赵医生", "doctor", ["w1", "w2"])]
    conn.execute(
        insert(Staff),
        [
            {"id": i, "name": name, "role": role, "badge": f"badge-{i}", "pin_hash": "-", "wards": wards}
            for i, name, role, wards in staff
        ],
    )
    devices = [
        ("c1", "cart", "w1", None),
        ("c2", "cart", "w1", None),
        ("m1", "monitor", "w1", "b1"),
        ("t1", "terminal", "w1", "b1"),
        ("t2", "terminal", "w1", "b2"),
        ("x1", "cart", "w2", None),
    ]
    conn.execute(
        insert(Device),
        [
            {"id": i, "kind": k, "name": i, "ward": w, "bed": b, "secret_sha256": "-", "broker_hash": "-"}
            | {"mosquitto_hash": "-", "enrolled_at": NOW}
            for i, k, w, b in devices
        ],
    )
