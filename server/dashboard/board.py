"""The board of one ward: who lies where, what was measured, who calls, what collided. Pure; fed by `feed.py`.

Filled once from the database, then kept by the ward's changes in their order. Applying every change one by one
ends where loading at the end would.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from server.vitals.latest import LatestOfStay
from server.wards.closures import Closure
from wardlink.messages.calls import CallChanged
from wardlink.messages.encounters import EncounterView
from wardlink.messages.exceptions import ExceptionView
from wardlink.messages.isolations import IsolationView
from wardlink.messages.vitals import VitalsRecorded, VitalsStruck
from wardlink.record.attributions import ATTRIBUTION
from wardlink.record.isolations import ISOLATION, holding

CLOSED_CALLS = frozenset({"resolved", "cancelled"})


class Gap(Exception):
    """Changes are missing between what the board holds and what it was given: load it anew."""


@dataclass(slots=True)
class Touched:
    """What a change moved: `beds` to draw anew, and `stays` whose readings must be read from the database."""

    beds: set[str] = field(default_factory=set)
    stays: set[str] = field(default_factory=set)

    def add(self, other: Touched) -> None:
        """Remember both."""
        self.beds |= other.beds
        self.stays |= other.stays


@dataclass
class Board:
    """One ward as of the change `seq`. `beds` holds the labels in the ward's order; `stays` those in progress here;
    `closures` when a bed is out of service, now or later; `by_family`: open
    calls that family pressed first."""

    ward: str
    ward_name: str
    seq: int
    beds: dict[str, str]
    stays: dict[str, EncounterView]
    latest: dict[str, LatestOfStay]
    calls: dict[str, CallChanged]
    exceptions: dict[str, ExceptionView]
    isolations: dict[str, IsolationView] = field(default_factory=dict)
    closures: dict[str, list[Closure]] = field(default_factory=dict)
    by_family: set[str] = field(default_factory=set)
    _in_bed: dict[str, set[str]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for stay in self.stays.values():
            self._in_bed.setdefault(stay.bed, set()).add(stay.id)

    def all_beds(self) -> list[str]:
        """Every bed of the ward in its order, and after them beds that only a stay or a call names."""
        named = {stay.bed for stay in self.stays.values()} | {call.bed for call in self.calls.values()}
        return [*self.beds, *sorted(named - self.beds.keys())]

    def stays_in(self, bed: str) -> list[EncounterView]:
        """Who lies there: nobody, one, or two where two stories do not fit."""
        lying = [self.stays[stay] for stay in self._in_bed.get(bed, ())]
        return sorted(lying, key=lambda stay: (stay.admitted_at, stay.id))

    def bed_of(self, found: ExceptionView) -> str | None:
        """The bed at which an exception is shown: where its patient lies now, or else the one that it names."""
        stay = self._stay_of(found.encounter)
        return found.bed if stay is None else stay.bed

    def isolations_of(self, stay: str) -> list[IsolationView]:
        """How this patient is isolated now, the strictest first."""
        return holding(view for view in self.isolations.values() if view.encounter == stay)

    def apply(self, rows: Iterable[Mapping[str, Any]]) -> Touched:
        """Take in rows of the change log, in their order. Rows that the board already holds change nothing.

        Raises:
            Gap: a number is missing; the board stands before it.
        """
        touched = Touched()
        for row in rows:
            if row["seq"] <= self.seq:
                continue
            if row["seq"] != self.seq + 1:
                raise Gap
            take = _TAKE.get(row["kind"])
            if take is not None:
                touched.add(take(self, row))
            self.seq = row["seq"]
        return touched

    def _stay_of(self, encounter: str | None) -> EncounterView | None:
        return None if encounter is None else self.stays.get(encounter)

    def _recorded(self, row: Mapping[str, Any]) -> Touched:
        stay = self._stay_of(row["encounter"])
        if stay is None:
            return Touched()
        try:
            found = VitalsRecorded.model_validate_json(row["body"])
        except ValidationError:
            # An old row of another version: the database has what can be read of it.
            return Touched({stay.bed}, {stay.id})
        self.latest.setdefault(stay.id, LatestOfStay()).take(found)
        return Touched({stay.bed})

    def _struck(self, row: Mapping[str, Any]) -> Touched:
        stay = self._stay_of(row["encounter"])
        struck = VitalsStruck.model_validate_json(row["body"])
        if stay is None or not self.latest.setdefault(stay.id, LatestOfStay()).shows(struck.id):
            return Touched()
        # What stood behind the struck set is not kept here.
        return Touched({stay.bed}, {stay.id})

    def _attributed(self, row: Mapping[str, Any]) -> Touched:
        stay = self._stay_of(row["encounter"])
        # What was measured long ago is given to it, or taken away from it: the database knows what stands now.
        return Touched() if stay is None else Touched({stay.bed}, {stay.id})

    def _isolated(self, row: Mapping[str, Any]) -> Touched:
        view = IsolationView.model_validate_json(row["body"])
        stay = self._stay_of(view.encounter)
        self.isolations.pop(view.id, None)
        if stay is None:
            return Touched()
        if view.holds:
            self.isolations[view.id] = view
        return Touched({stay.bed})

    def _moved(self, row: Mapping[str, Any]) -> Touched:
        stay = EncounterView.model_validate_json(row["body"])
        before = self.stays.pop(stay.id, None)
        touched = Touched()
        if before is not None:
            self._in_bed[before.bed].discard(before.id)
            touched.beds.add(before.bed)
        if stay.ward == self.ward and stay.status == "in-progress":
            self.stays[stay.id] = stay
            self._in_bed.setdefault(stay.bed, set()).add(stay.id)
            touched.beds.add(stay.bed)
            if before is None:
                # It may bring readings from another ward.
                touched.stays.add(stay.id)
        else:
            self.latest.pop(stay.id, None)
            self.isolations = {key: view for key, view in self.isolations.items() if view.encounter != stay.id}
        return touched

    def _called(self, row: Mapping[str, Any]) -> Touched:
        call = CallChanged.model_validate_json(row["body"])
        if call.state in CLOSED_CALLS:
            self.calls.pop(call.id, None)
            self.by_family.discard(call.id)
        else:
            self.calls[call.id] = call
            # The change that a call's own command caused names who pressed.
            if row["command"] == call.id and (row["actor"] or "").startswith("family:"):
                self.by_family.add(call.id)
        return Touched({call.bed})

    def _collided(self, row: Mapping[str, Any]) -> Touched:
        found = ExceptionView.model_validate_json(row["body"])
        before = self.exceptions.pop(found.id, None)
        if found.closed_at is None:
            self.exceptions[found.id] = found
        return Touched({self.bed_of(told) for told in (found, before or found)} - {None})  # type: ignore[arg-type]


_TAKE = {
    "vitals.recorded": Board._recorded,
    "vitals.struck": Board._struck,
    ATTRIBUTION.change: Board._attributed,
    ISOLATION.change: Board._isolated,
    "encounter.changed": Board._moved,
    "call.changed": Board._called,
    "exception.opened": Board._collided,
    "exception.closed": Board._collided,
}
