"""The newest of everything about one stay: what the board shows, kept in memory and read from the database.

Sets may arrive in any order and more than once; the newest by their time of measuring stands, and of two sets
of one instant the one made later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Table, bindparam, select, text

from server.models import ChangeRow
from server.vitals.models import VitalsRow, is_told_by
from wardlink.clinical.freshness import manual_expected_every, monitor_expected_every
from wardlink.clinical.news2_chart import SOURCES
from wardlink.clinical.vitals import VitalSet
from wardlink.messages.encounters import EncounterView
from wardlink.messages.scored import Assessment, Scored, scored, to_show
from wardlink.messages.vitals import Source, VitalsRecorded

_CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_VITALS: Table = VitalsRow.__table__  # type: ignore[attr-defined]

LOOK_BACK = timedelta(days=7)
"""As long as any reading of the board stays fresh; what is older is not looked for."""

CUFF_BACK = timedelta(hours=2)
"""The same for the pressures of a monitor's cuff."""

NEWEST_SETS = 120
NEWEST_MANUAL_SETS = 60

_SCORED = tuple(name for names in SOURCES.values() for name in names)


class Said(NamedTuple):
    """When a set spoke, and which: its order among all of them."""

    measured_at: datetime
    set_id: str


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest unstruck value of one reading, in the unit of its name."""

    value: Any
    said: Said
    source: Source
    interval_s: float | None

    @property
    def measured_at(self) -> datetime:
        """When it was measured."""
        return self.said.measured_at

    def expected_every(self, key: str, assessment: Assessment | None) -> timedelta:
        """How long it stays fresh, by the rule for its source."""
        if self.source == "manual":
            return manual_expected_every(key, assessment)
        return monitor_expected_every(self.interval_s, key)


@dataclass(slots=True)
class LatestOfStay:
    """What is known of a stay's vital signs. `wholes`: the newest two sets with a whole score, newest first."""

    values: dict[str, Newest] = field(default_factory=dict)
    off: dict[str, Said] = field(default_factory=dict)
    wholes: tuple[VitalsRecorded, ...] = ()
    newest: VitalsRecorded | None = None

    def take(self, found: VitalsRecorded) -> None:
        """Learn what one set says; a struck one says nothing."""
        if found.struck_at is not None:
            return
        said = Said(found.measured_at, found.id)
        for key, value in found.readings.readings().items():
            before = self.values.get(key)
            if before is None or said >= before.said:
                self.values[key] = Newest(value, said, found.source, found.interval_s)
        for key in found.lead_off:
            if key not in self.off or said >= self.off[key]:
                self.off[key] = said
        if found.news2 is not None and found.news2.total is not None:
            others = [known for known in self.wholes if known.id != found.id]
            self.wholes = tuple(sorted([*others, found], key=_said, reverse=True)[:2])
        if any(getattr(found.readings, key) is not None for key in _SCORED) and (
            self.newest is None or said >= _said(self.newest)
        ):
            self.newest = found

    def shows(self, set_id: str) -> bool:
        """Whether anything known comes from this set: then striking it changes the picture."""
        return (
            any(known.said.set_id == set_id for known in self.values.values())
            or any(said.set_id == set_id for said in self.off.values())
            or any(known.id == set_id for known in self.wholes)
            or (self.newest is not None and self.newest.id == set_id)
        )

    def off_since(self, key: str) -> datetime | None:
        """Since when this lead is off; None while its newest word is a value."""
        said, known = self.off.get(key), self.values.get(key)
        return None if said is None or (known is not None and known.said >= said) else said.measured_at

    def score(self, stay: EncounterView) -> Scored | None:
        """The score that stands for the stay."""
        whole = scored(self.wholes[0], stay) if self.wholes else None
        if whole is not None and self.newest is not None and _asks_for_nothing(self.newest):
            return whole
        return to_show(whole, None if self.newest is None else scored(self.newest, stay))

    def score_before(self, stay: EncounterView) -> Scored | None:
        """The whole score before the newest whole one."""
        return scored(self.wholes[1], stay) if len(self.wholes) > 1 else None


def _asks_for_nothing(found: VitalsRecorded) -> bool:
    # A monitor's set every second: its summary tells what scoring it anew would tell.
    return found.news2 is not None and found.news2.total is None and found.news2.band is None


def _said(found: VitalsRecorded) -> Said:
    return Said(found.measured_at, found.id)


def latest_of(sets: Iterable[VitalsRecorded]) -> LatestOfStay:
    """What these sets say together."""
    latest = LatestOfStay()
    for found in sets:
        latest.take(found)
    return latest


def read_latest(conn: Connection, encounter: str, now: datetime) -> LatestOfStay:
    """What the database knows of a stay.

    Its newest sets; a nurse's among them, however many a monitor has made since; and the last time that the
    monitor's cuff inflated, which may be thousands of sets ago.
    """
    bodies: set[str] = set()
    for query, back in ((_NEWEST, LOOK_BACK), (_MANUAL, LOOK_BACK), (_CUFF, CUFF_BACK)):
        bodies.update(row.body for row in conn.execute(query, {"stay": encounter, "since": now - back}))
    return latest_of(VitalsRecorded.model_validate_json(body) for body in bodies)


def numbers_of(conn: Connection, encounter: str, now: datetime) -> Iterator[tuple[str | None, dict[str, float]]]:
    """The band and the numbers of the same sets that `read_latest` reads, without reading the sets themselves.

    For who only asks whether anything in them is worth a look.
    """
    for query in (_NUMBERS.limit(NEWEST_SETS), _NUMBERS.where(_IS_MANUAL).limit(NEWEST_MANUAL_SETS)):
        for band, *values in conn.execute(query, {"stay": encounter, "since": now - LOOK_BACK}):
            yield band, {key: value for key, value in zip(_NUMBERED, values, strict=True) if value is not None}


# Built once: a ward's board asks each of them for every bed.
_UNSTRUCK: Select[Any] = (
    select(_CHANGE.c.body)
    .join_from(_VITALS, _CHANGE, is_told_by())
    .where(
        _VITALS.c.encounter == bindparam("stay"),
        _VITALS.c.measured_at >= bindparam("since"),
        _VITALS.c.struck_at.is_(None),
    )
    .order_by(_VITALS.c.measured_at.desc())
)
_NEWEST = _UNSTRUCK.limit(NEWEST_SETS)
_IS_MANUAL = _VITALS.c.source == text("'manual'")
_MANUAL = _UNSTRUCK.where(_IS_MANUAL).limit(NEWEST_MANUAL_SETS)
_CUFF = _UNSTRUCK.where(_VITALS.c.source == text("'monitor'"), _VITALS.c.sbp_mmhg.is_not(None)).limit(1)

_NUMBERED = tuple(
    name for name, field in VitalSet.model_fields.items() if field.annotation == float | None and name in _VITALS.c
)
_NUMBERS: Select[Any] = (
    select(_VITALS.c.news2_band, *(_VITALS.c[name] for name in _NUMBERED))
    .where(
        _VITALS.c.encounter == bindparam("stay"),
        _VITALS.c.measured_at >= bindparam("since"),
        _VITALS.c.struck_at.is_(None),
    )
    .order_by(_VITALS.c.measured_at.desc())
)
