"""The ward at a glance: a row a bed, with the age of what it shows."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cart.usecases.history import LATE_AFTER, History, learn, next_due_at
from cart.usecases.readings import Shown, show
from wardlink.clinical.names import same_or_similar_names

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.scores import Scored
    from wardlink.device import Latest
    from wardlink.messages.changes import BedView
    from wardlink.messages.encounters import EncounterView

LOOK_BACK = timedelta(days=3)
RECENT_SETS = 20
VITAL = frozenset({"temp_c", "pulse_per_min", "hr_per_min", "rr_per_min", "sbp_mmhg", "abp_sbp_mmhg", "spo2_pct"})
"""The readings by which a row is old or young."""


@dataclass(frozen=True)
class Row:
    """One bed. Without `stay` it is empty."""

    bed: BedView
    stay: EncounterView | None = None
    readings: Mapping[str, Shown] | None = None
    score: Scored | None = None
    due_at: datetime | None = None
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

    def is_late(self, now: datetime) -> bool:
        """Whether the next round should have been a while ago."""
        return self.due_at is not None and now - self.due_at >= LATE_AFTER


class WardList:
    """Builds the rows and remembers, per stay, what its older sets said. Workers may share it."""

    def __init__(self, ward: Ward) -> None:
        self._ward = ward
        self._histories: dict[str, History] = {}
        self._remembering = threading.Lock()

    def forget(self, encounters: Iterable[str]) -> None:
        """Read these stays' sets anew the next time: one of them was struck out, or everything was replaced."""
        with self._remembering:
            for encounter in encounters:
                self._histories.pop(encounter, None)

    def forget_all(self) -> None:
        """Read everything anew the next time."""
        with self._remembering:
            self._histories.clear()

    def rows(self, now: datetime) -> tuple[Row, ...]:
        """The ward as it is held now. Reads the disk, so it is called from a worker."""
        board = self._ward.replica
        stays = board.encounters()
        latest = board.latest_of_all()
        alike = same_or_similar_names({stay.id: stay.name for stay in stays})
        calling = {call.bed: call.cls for call in board.calls() if call.state not in ("resolved", "cancelled")}
        by_bed: dict[str, list[Row]] = {}
        beds = {bed.id: bed for bed in board.beds()}
        for stay in stays:
            row = self._row(stay, latest.get(stay.id, {}), now, beds, bool(alike.get(stay.id)), calling.get(stay.bed))
            by_bed.setdefault(stay.bed, []).append(row)
        rows = [row for bed in beds.values() for row in by_bed.pop(bed.id, [Row(bed, call=calling.get(bed.id))])]
        return (*rows, *(row for found in by_bed.values() for row in found))

    def history(self, stay: EncounterView, now: datetime) -> History:
        """What is remembered of a stay, brought up to date."""
        board = self._ward.replica
        with self._remembering:
            before = self._histories.get(stay.id)
            if before is None:
                sets = board.vitals(stay.id, since=now - LOOK_BACK)
            else:
                sets = board.vitals(stay.id, limit=RECENT_SETS)
            known = self._histories[stay.id] = learn(before or History(), sets, stay)
        return known

    def _row(
        self,
        stay: EncounterView,
        latest: Mapping[str, Latest],
        now: datetime,
        beds: Mapping[str, BedView],
        alike: bool,
        call: str | None,
    ) -> Row:
        history = self.history(stay, now)
        score = history.score
        return Row(
            bed=beds.get(stay.bed) or _unlisted(stay.bed),
            stay=stay,
            readings=show(latest, self._ward.replica.leads_off(stay.id), now, score.assessment if score else None),
            score=score,
            due_at=next_due_at(history, stay, now),
            alike=alike,
            call=call,
        )


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
