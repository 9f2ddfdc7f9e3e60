"""The hospital that the benches load: 27 wards, 1,332 beds, a stay in every bed, a monitor gateway a ward.

Its database is made with the server's own migrations, and its preload comes in through the server's own ingest,
so that the rows are those that a real history would have left.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from wardlink import topics
from wardlink.clock import SystemClock
from wardlink.ids import new_id
from wardlink.link.port import Incoming
from workbench.bench import floor
from workbench.bench.load import Gateway, vitals_payload

if TYPE_CHECKING:
    from server.db import Database

BEDS_OF_WARD = (50,) * 9 + (49,) * 18
BEDS = sum(BEDS_OF_WARD)
READINGS = 5
"""Values in one message."""

CART = "cart01"
OTHER_CART = "cart02"
"""A cart of the first ward."""
NURSE = "n-bench"

_SECRET = "bench"
SECRET_SHA256 = hashlib.sha256(_SECRET.encode()).hexdigest()
"""Of every device, as the server keeps it."""
_AT_ONCE = 1_000


def gateways(beds_of_ward: Sequence[int] = BEDS_OF_WARD) -> list[Gateway]:
    """One gateway a ward. The ids are always the same, so that a kept database fits."""
    found, number = [], 0
    for index, beds in enumerate(beds_of_ward, 1):
        stays = []
        for bed in range(1, beds + 1):
            number += 1
            stays.append((f"00000000-0000-7000-8000-{number:012x}", f"b{bed:02}"))
        found.append(Gateway(f"w{index:02}", f"gw{index:02}", _SECRET, tuple(stays)))
    return found


@dataclass(frozen=True)
class Preload:
    """A history that lies in the database before the measurement. One message holds `READINGS` values."""

    values: int

    @property
    def messages(self) -> int:
        """How many messages that is."""
        return self.values // READINGS

    def arrivals(self, now: datetime) -> Iterator[list[Incoming]]:
        """The history up to `now`, every bed once a second, in batches."""
        wards = gateways()
        lines = [(new_id(), topics.up(gateway.ward, gateway.device)) for gateway in wards]
        start = now - timedelta(seconds=self.messages / BEDS)
        batch: list[Incoming] = []
        for index in range(self.messages):
            n, ward = divmod(index, len(wards))
            stream, topic = lines[ward]
            stamp = (start + timedelta(seconds=index / BEDS)).isoformat()
            batch.append(Incoming(topic, vitals_payload(wards[ward], new_id(), stream, n + 1, stamp)))
            if len(batch) == _AT_ONCE:
                yield batch
                batch = []
        if batch:
            yield batch


def make_ours(path: Path, preload: Preload, report: Callable[[int], None] = lambda _: None) -> None:
    """The server's database at `path`, with the hospital and its history. `report` hears how much is written."""
    from server.census import Census
    from server.counters import IngestCounters
    from server.db import Database
    from server.inbox import Inbox
    from server.ingest import Ingest
    from server.live import Live
    from server.migrate import upgrade

    class Silent(Live):
        """Nobody listens to a history."""

        def offer(self, batch: object) -> None:
            """Tell nobody."""

    url = f"sqlite:///{path}"
    path.parent.mkdir(parents=True, exist_ok=True)
    upgrade(url)
    db = Database(url)
    try:
        make_people(db)
        silent = Silent(lambda _: None, frozenset)
        ingest = Ingest(db, Inbox(), silent, lambda _: None, SystemClock(), Census(), IngestCounters())
        for batch in preload.arrivals(datetime.now(UTC)):
            ingest.process(batch)
            report(len(batch))
    finally:
        db.close()
    settle(path)


def make_floor(path: Path, preload: Preload, report: Callable[[int], None] = lambda _: None) -> None:
    """The floor's database at `path`, with the same messages in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    db = floor.prepare(path)
    for batch in preload.arrivals(datetime.now(UTC)):
        db.execute("BEGIN")
        db.executemany("INSERT INTO message (topic, payload) VALUES (?, ?)", [(m.topic, m.payload) for m in batch])
        db.execute("COMMIT")
        report(len(batch))
    db.close()
    settle(path)


def settle(path: Path) -> None:
    """Write the log of a database that nobody uses into its file."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def copy(source: Path, target: Path) -> None:
    """A fresh copy of a settled database."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for stale in target.parent.glob(target.name + "*"):
        stale.unlink()
    shutil.copyfile(source, target)


def size_bytes(path: Path) -> int:
    """What a settled database takes on the disk, without free pages."""
    db = sqlite3.connect(path)
    pages, free, page_bytes = (
        db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    db.close()
    return int((pages - free) * page_bytes)


def count(path: Path, table: str) -> int:
    """How many rows a table holds."""
    db = sqlite3.connect(path)
    found = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    db.close()
    return int(found)


def make_people(db: Database, wards: Sequence[Gateway] | None = None) -> None:
    """Wards, beds, devices, a stay in every bed, and a nurse of the first ward, in an empty database."""
    from sqlalchemy import insert

    from server.chain import GENESIS
    from server.identity.models import Device, Staff
    from server.patients.models import Bed, Encounter, Patient, Stay, Ward

    at = datetime.now(UTC) - timedelta(days=3)
    models = (Ward, Bed, Device, Patient, Encounter, Stay, Staff)
    rows: dict[type, list[dict[str, object]]] = {model: [] for model in models}
    enrolled = {"enrolled_at": at, "secret_sha256": SECRET_SHA256, "broker_hash": "", "mosquitto_hash": ""}
    wards = gateways() if wards is None else wards
    first = wards[0].ward
    rows[Device] += [
        enrolled | {"id": name, "kind": "cart", "name": name, "ward": first} for name in (CART, OTHER_CART)
    ]
    nurse = {"id": NURSE, "name": NURSE, "role": "nurse", "badge": NURSE, "pin_hash": "", "wards": [first]}
    rows[Staff].append(nurse | {"active": True})
    for gateway in wards:
        ward = gateway.ward
        rows[Ward].append({"id": ward, "name": ward, "log_id": new_id(), "seq": 0, "head": GENESIS})
        rows[Device].append(enrolled | {"id": gateway.device, "kind": "monitor", "name": gateway.device, "ward": ward})
        for position, (stay, bed) in enumerate(gateway.encounters):
            number = f"{ward}-{bed}"
            rows[Bed].append({"ward": ward, "id": bed, "label": bed, "position": position})
            rows[Patient].append(
                {"id": stay, "mrn": number, "name": number, "sex": "unknown", "birth_on": date(1960, 1, 1)}
            )
            rows[Encounter].append(
                {
                    "id": stay,
                    "admission_no": number,
                    "patient": stay,
                    "ward": ward,
                    "bed": bed,
                    "status": "in-progress",
                    "level": "level2",
                    "diet": "regular",
                    "allergies": [],
                    "spo2_scale": 1,
                    "pregnant": False,
                    "admitted_at": at,
                }
            )
            rows[Stay].append({"encounter": stay, "ward": ward, "bed": bed, "from_at": at})
    with db.write() as conn:
        for model, found in rows.items():
            known = set(model.__table__.c.keys())  # type: ignore[attr-defined]
            conn.execute(
                insert(model), [{name: value for name, value in row.items() if name in known} for row in found]
            )
