"""The short way through the ingest for plain sets of monitors that fit what we know.

A message takes it wholly or not at all, and leaves the same rows, changes and receipts as the
long way would: the message is the next of its stream, its device is enrolled in its ward, its stay lies in its bed,
and its clock is right. A test compares the two ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Table

from server.answers import Answers, receipt
from server.batch import Batch
from server.census import Census, Resident
from server.gate import Cursors
from server.quick import Plain
from server.record.collisions import AHEAD
from server.vitals.handlers import HANDLERS
from server.vitals.models import VitalsRow
from server.vitals.scoring import score_of_numbers
from server.writing import Columns

_VITALS: Table = VitalsRow.__table__  # type: ignore[attr-defined]
_KINDS = HANDLERS["vitals.record"].devices


@dataclass
class Lane:
    """Applies plain messages inside somebody else's transaction. Asks the database nothing: what is not known yet
    takes the long way, which makes it known."""

    census: Census
    cursors: Cursors

    def stay_of(self, batch: Batch, plain: Plain) -> Resident | None:
        """The stay that this message belongs to, or None: then it must take the long way."""
        fields, measured_at, _ = plain
        name, n = fields["device"], fields["n"]
        # The first of a stream may be known from another one, and so may what a device has let go of.
        if self.cursors.known((name, fields["stream"])) != n or n == 1 or fields["base"] > n:
            return None
        device = self.census.known_device(name)
        if device is None or device.revoked or device.ward != fields["ward"] or device.kind not in _KINDS:
            return None
        stay = self.census.known_resident(fields["encounter"])
        if stay is None or not stay.active or stay.discharged_at is not None:
            return None
        if stay.ward != device.ward or stay.bed != fields["bed"] or measured_at > batch.now + AHEAD:
            return None
        return stay

    def apply(self, batch: Batch, answers: Answers, plain: Plain, stay: Resident) -> None:
        """Apply one plain message that belongs to `stay`. Raises nothing: everything has been looked at."""
        fields, measured_at, entered_at = plain
        ward, name, n, encounter = fields["ward"], fields["device"], fields["n"], fields["encounter"]
        body = fields["body"]
        score = score_of_numbers(body["readings"], stay, measured_at)
        told: dict[str, Any] = {
            "id": fields["id"],
            "encounter": encounter,
            "measured_at": measured_at,
            "entered_at": entered_at,
            "received_at": batch.now,
            "device": name,
            "actor": fields["actor"],
            **body,
        }
        if score.told is not None:
            told["news2"] = score.told
        seq = batch.link(
            ward, "vitals.recorded", told, fields["id"], n, name, "device:" + name, encounter, stay.bed, True
        )
        readings = body["readings"]
        interval_s = body.get("interval_s")
        row = (
            *(ward, seq, encounter, batch.form.instant(measured_at), body["source"], *readings.values()),
            None if interval_s is None else batch.form.json({"interval_s": interval_s}),
            *score.columns,
        )
        batch.add_ready(_VITALS, _columns(tuple(readings)), row)
        self.cursors.move((name, fields["stream"]), n + 1)
        answers.add(ward, name, fields["stream"], receipt(fields["id"], "applied", seq))


@lru_cache(maxsize=1_000)
def _columns(readings: tuple[str, ...]) -> Columns:
    known = ("ward", "seq", "encounter", "measured_at", "source", *readings)
    return (*known, "extra", "news2_total", "news2_band", "news2_scale")
