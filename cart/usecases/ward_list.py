"""The ward at a glance: a row a bed, with the age of what it shows."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from cart.usecases.calls import open_calls
from cart.usecases.due import due_now, records_by_stay
from cart.usecases.readings import Shown, show
from cart.usecases.tasks_mine import assignments
from wardlink.clinical.names import same_or_similar_names
from wardlink.record.assessments import ASSESSMENT
from wardlink.record.due.all import due_of
from wardlink.record.due.due import Due, Facts
from wardlink.record.due.measured import LOOK_BACK, Measured, learn
from wardlink.record.isolations import ISOLATION
from wardlink.record.risks import Risk, risks_of
from wardlink.record.skin_tests import SKIN_TEST

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.scores import Scored
    from wardlink.device import Latest
    from wardlink.messages.assignments import AssignmentView
    from wardlink.messages.changes import BedView
    from wardlink.messages.encounters import EncounterView

RECENT_SETS = 20
VITAL = frozenset({"temp_c", "pulse_per_min", "hr_per_min", "rr_per_min", "sbp_mmhg", "abp_sbp_mmhg", "spo2_pct"})
"""The readings by which a row is old or young."""


class Order(Enum):
    """How the rows follow each other."""

    BED = "bed"
    URGENT = "urgent"  # calls first, then the score
    DUE = "due"  # what is due first; empty beds last

    def next(self) -> Order:
        """The order after this one, round and round."""
        orders = list(Order)
        return orders[(orders.index(self) + 1) % len(orders)]


@dataclass(frozen=True)
class Row:
    """One bed. Without `stay` it is empty. `due`: what is due there; `risks`: the patient's; `taken`: by whom it is."""

    bed: BedView
    stay: EncounterView | None = None
    readings: Mapping[str, Shown] | None = None
    score: Scored | None = None
    due: tuple[Due, ...] = ()
    risks: tuple[Risk, ...] = ()
    taken: AssignmentView | None = None
    alike: bool = False
    call: str | None = None

    @property
    def key(self) -> str:
        """What the row is chosen by: the stay, or the empty bed."""
        return self.stay.id if self.stay is not None else f"bed:{self.bed.id}"

    @property
    def newest_at(self) -> datetime | None:
        """When the newest of its readings was measured."""
        return max((shown.measured_at for shown in self.vital), default=None)

    @property
    def vital(self) -> tuple[Shown, ...]:
        """The readings that the row shows."""
        return tuple(shown for key, shown in (self.readings or {}).items() if key in VITAL)

    @property
    def next_at(self) -> datetime | None:
        """When the first thing there is due."""
        return min((one.due_at for one in self.due), default=None)

    def overdue_since(self, now: datetime) -> datetime | None:
        """Since when the oldest thing there is overdue; None if nothing is."""
        since = [at for one in self.due if (at := one.overdue_since(now)) is not None]
        return min(since, default=None)

    def todo(self, now: datetime) -> list[Due]:
        """What should be done there by now."""
        return due_now(self.due, now)


class WardList:
    """Builds the rows and remembers, per stay, what its older sets said. Workers may share it."""

    def __init__(self, ward: Ward) -> None:
        self._ward = ward
        self._measured: dict[str, Measured] = {}
        self._told: dict[str, tuple[Hashable, tuple[Due, ...], tuple[Risk, ...]]] = {}
        self._remembering = threading.Lock()

    def forget(self, encounters: Iterable[str]) -> None:
        """Read these stays' sets anew the next time: one of them was struck out, or everything was replaced."""
        with self._remembering:
            for encounter in encounters:
                self._measured.pop(encounter, None)

    def forget_all(self) -> None:
        """Read everything anew the next time."""
        with self._remembering:
            self._measured.clear()
        self.read_again()

    def read_again(self, encounters: Iterable[str] | None = None) -> None:
        """Look anew the next time at what is due about these stays, or all: something was entered or told about them.

        A monitor speaks every second; to read the records of forty beds each time would keep a small cart busy.
        """
        with self._remembering:
            if encounters is None:
                self._told.clear()
            for encounter in encounters or ():
                self._told.pop(encounter, None)

    def rows(self, now: datetime) -> tuple[Row, ...]:
        """The ward as it is held now. Reads the disk, so it is called from a worker."""
        board = self._ward.replica
        stays = board.encounters()
        latest = board.latest_of_all()
        alike = same_or_similar_names({stay.id: stay.name for stay in stays})
        # Of several calls of a bed the weightiest stands, so it is put last.
        calling = {call.bed: call.cls for call in sorted(open_calls(board.calls()), key=lambda c: c.cls, reverse=True)}
        taken = assignments(board, now)
        by_bed: dict[str, list[Row]] = {}
        beds = {bed.id: bed for bed in board.beds()}
        for stay in stays:
            row = self._row(stay, latest.get(stay.id, {}), now)
            row = replace(
                row,
                bed=beds.get(stay.bed) or _unlisted(stay.bed),
                alike=bool(alike.get(stay.id)),
                call=calling.get(stay.bed),
                taken=taken.get(stay.bed),
            )
            by_bed.setdefault(stay.bed, []).append(row)
        rows = [row for bed in beds.values() for row in by_bed.pop(bed.id, [Row(bed, call=calling.get(bed.id))])]
        return (*rows, *(row for found in by_bed.values() for row in found))

    def measured(self, stay: EncounterView, now: datetime) -> Measured:
        """What is remembered of a stay, brought up to date."""
        board = self._ward.replica
        with self._remembering:
            before = self._measured.get(stay.id)
            if before is None:
                sets = board.vitals(stay.id, since=now - LOOK_BACK)
            else:
                sets = board.vitals(stay.id, limit=RECENT_SETS)
            known = self._measured[stay.id] = learn(before or Measured(), sets, stay)
        return known

    def due(self, stay: EncounterView, now: datetime) -> tuple[Due, ...]:
        """What is due about a stay, the earliest first; computed anew when something has changed, and each minute."""
        return self._told_by(stay, self.measured(stay, now), now)[0]

    def risks(self, stay: EncounterView, now: datetime) -> tuple[Risk, ...]:
        """What a stay is at risk of, and how it is isolated: what `due` was computed with."""
        return self._told_by(stay, self.measured(stay, now), now)[1]

    def _told_by(
        self, stay: EncounterView, measured: Measured, now: datetime
    ) -> tuple[tuple[Due, ...], tuple[Risk, ...]]:
        """What the record of a stay asks for, and what it warns of."""
        key = (stay, _says(measured), int(now.timestamp()) // 60)
        with self._remembering:
            before = self._told.get(stay.id)
            if before is not None and before[0] == key:
                return before[1:]
            # Of one stay after the other, and not kept: the record of a whole ward at once is a hundred megabytes.
            records = records_by_stay(self._ward.replica, stay.id).get(stay.id, {})
            facts = Facts(stay, measured, records)
            told = (
                due_of(facts, now),
                risks_of(stay.allergies, facts.of(ASSESSMENT), facts.of(SKIN_TEST), facts.of(ISOLATION)),
            )
            self._told[stay.id] = (key, *told)
        return told

    def _row(self, stay: EncounterView, latest: Mapping[str, Latest], now: datetime) -> Row:
        measured = self.measured(stay, now)
        score = measured.score
        due, risks = self._told_by(stay, measured, now)
        return Row(
            bed=_unlisted(stay.bed),
            stay=stay,
            readings=show(latest, self._ward.replica.leads_off(stay.id), now, score.assessment if score else None),
            score=score,
            due=due,
            risks=risks,
        )


def _says(measured: Measured) -> Hashable:
    """What of it makes something due: a monitor's sets of one kind after the other do not change it."""
    newest = measured.newest.found if measured.newest is not None else None
    return (
        measured.round_id,
        measured.whole.found.id if measured.whole is not None else None,
        newest.id if newest is not None and newest.source == "manual" else None,
        measured.score.text if measured.score is not None else None,
        measured.score.band if measured.score is not None else None,
        measured.fevers,
        measured.pain_at,
        measured.temp_at,
    )


def ordered(rows: Iterable[Row], order: Order, now: datetime) -> list[Row]:
    """The rows in this order; those that are equal stay in the order of the beds."""
    match order:
        case Order.URGENT:
            return sorted(rows, key=lambda row: _urgency(row, now))
        case Order.DUE:
            return sorted(rows, key=lambda row: _waiting(row, now))
        case _:
            return list(rows)


_NEVER = datetime.max.replace(tzinfo=UTC)
_BANDS = ("high", "medium", "low-medium", "low", None)


def _urgency(row: Row, now: datetime) -> tuple[str, int, int]:
    score = row.score
    # An old score stands behind every fresh one of its band: nobody knows whether it still holds.
    is_old = score is not None and score.is_old(now)
    band = _BANDS.index(score.band) if score is not None else len(_BANDS)
    return row.call or "P9", band, int(is_old)


def _waiting(row: Row, now: datetime) -> tuple[datetime, datetime]:
    # What is overdue longest comes first; what is due but not yet late stands behind it, by its time.
    return row.overdue_since(now) or _NEVER, row.next_at or _NEVER


def matches(row: Row, typed: str) -> bool:
    """Whether the row answers to what was typed: its bed, a part of the name, or of the admission number."""
    wanted = typed.strip().casefold()
    if not wanted:
        return True
    if row.stay is None:
        return row.bed.id.casefold() == wanted
    return (
        row.bed.id.casefold().startswith(wanted)
        or wanted in row.stay.name.casefold()
        or (len(wanted) >= 3 and wanted in row.stay.admission_no.casefold())
    )


def _unlisted(bed: str) -> BedView:
    from wardlink.messages.changes import BedView

    return BedView(id=bed, label=bed)
