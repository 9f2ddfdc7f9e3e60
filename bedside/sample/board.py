"""What the screen of the invented bed reads: the stay, its vital signs, its calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from bedside.sample.readings import sample_sets
from bedside.sample.records import sample_records
from bedside.sample.stay import PLACE, sample_stay
from wardlink.clinical.call_reasons import class_of, refined_class, refined_reason
from wardlink.device import Latest
from wardlink.messages.base import Message
from wardlink.messages.calls import CallChanged, CancelCall, RaiseCall, RefineCall
from wardlink.messages.changes import BedView
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView
from wardlink.messages.records import RecordView
from wardlink.messages.vitals import VitalsRecorded
from wardlink.record.kind import Kind, Said
from wardlink.record.kinds import BY_COMMAND

if TYPE_CHECKING:
    from bedside.sample.terminal import SampleTerminal

V = TypeVar("V", bound=RecordView)


class SampleBoard:
    """The replica of the sample."""

    def __init__(self, terminal: SampleTerminal) -> None:
        now = terminal.clock.now()
        self._terminal = terminal
        self.log: str | None = "00000000-0000-7000-8000-00000000106f"
        self.ward_name: str | None = "3 病区"
        self.stay: EncounterView | None = sample_stay(now)
        self.left: list[EncounterView] = []
        self.sets = sample_sets(self.stay, now) if self.stay else []
        self.held_calls: list[CallChanged] = []
        self.kept = sample_records(self.stay, now) if self.stay else {}

    def beds(self) -> list[BedView]:
        """This bed."""
        return [BedView(id=PLACE.bed, label="12 床")]

    def encounter(self, encounter: str) -> EncounterView | None:
        """One stay."""
        known = [*self.left, *([self.stay] if self.stay else [])]
        return next((stay for stay in known if stay.id == encounter), None)

    def encounter_in(self, bed: str) -> EncounterView | None:
        """Who lies here."""
        return self.stay if bed == PLACE.bed else None

    def departed(self) -> list[str]:
        """Who has left and is not wiped."""
        return [stay.id for stay in self.left]

    def vitals(self, encounter: str, *, since: datetime | None = None, limit: int = 500) -> list[VitalsRecorded]:
        """The newest sets of a stay, oldest first."""
        found = [s for s in self.sets if s.encounter == encounter and (since is None or s.measured_at >= since)]
        return sorted(found, key=lambda s: (s.measured_at, s.id))[-limit:]

    def latest(self, encounter: str) -> dict[str, Latest]:
        """The newest unstruck value of every reading."""
        found: dict[str, Latest] = {}
        for s in self.vitals(encounter, limit=len(self.sets)):
            for key, value in s.readings.readings().items():
                found[key] = Latest(value, s.measured_at, s.source, s.id, pending=False)
            for key in s.lead_off:
                if key in found and found[key].lead_off_at is None:
                    found[key] = replace(found[key], lead_off_at=s.measured_at)
        return found

    def leads_off(self, encounter: str) -> dict[str, datetime]:
        """Readings whose lead is off."""
        off: dict[str, datetime] = {}
        for s in self.vitals(encounter, limit=len(self.sets)):
            off = {key: at for key, at in off.items() if key not in s.readings.readings()}
            off |= dict.fromkeys(s.lead_off, s.measured_at)
        return off

    def calls(self) -> list[CallChanged]:
        """All calls."""
        if self._terminal.answers:
            self._terminal.answer()
        return list(self.held_calls)

    def records(self, kind: Kind[V], *, encounter: str | None = None) -> list[V]:
        """Things of one kind."""
        found = [view for view in self.kept.values() if isinstance(view, kind.view)]
        return sorted((view for view in found if encounter in (None, view.encounter)), key=kind.at)

    def record(self, kind: Kind[V], record: str) -> V | None:
        """One of them."""
        found = self.kept.get((kind.name, record))
        return found if isinstance(found, kind.view) else None

    def unsent_records(self, kind: Kind[V]) -> frozenset[str]:
        """Those that the server has not confirmed."""
        return self._terminal.unsent_targets(kind)

    def apply(self, command: Command, body: Message) -> None:
        """What a command of this terminal changes, before the server has it."""
        kind = BY_COMMAND.get(command.kind)
        if kind is not None:
            target = (kind.name, kind.target(command, body))
            view = kind.fold(self.kept.get(target), Said(command, body))
            if view is not None:
                self.kept[target] = view
        match body:
            case RaiseCall():
                self.held_calls.append(
                    CallChanged(
                        id=command.id,
                        bed=command.bed or "",
                        encounter=command.encounter,
                        reason=body.reason,
                        cls=class_of(body.reason),
                        state="raised",
                        raised_at=command.measured_at,
                    )
                )
            case RefineCall():
                call = next(call for call in self.held_calls if call.id == body.call)
                cls = refined_class(call.cls, body.reason, former=call.reason, count=call.count)
                reason = refined_reason(cls, body.reason, former=call.reason)
                self._terminal.mark(body.call, reason=reason, cls=cls)
            case CancelCall():
                self._terminal.mark(body.call, state="cancelled", closed_at=command.measured_at)
