"""A small invented ward behind the cart's port, in memory: for pictures, tests and trying the screens.

Nobody in it is real. Commands take effect at once, as pending, until `deliver` says that the server has them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from cart.sample_assessments import sample_assessments
from cart.sample_cards import card_found
from cart.sample_ecg import sample_strips
from cart.sample_measured import sample_measured
from cart.sample_orders import sample_records
from cart.sample_rounds import sample_rounds
from cart.sample_stays import BEDS, DOCTOR, NURSE, SECOND_NURSE, WARD, recorded, sample_sets, sample_stays
from wardlink.clock import Clock
from wardlink.codes.cards import ShownCard
from wardlink.device import (
    Applied,
    CallHeard,
    CardFound,
    Connection,
    DeviceEvent,
    Latest,
    OutboxEntry,
    Settled,
    SignedIn,
    SyncStatus,
)
from wardlink.errors import NotFound, SignInFailed, Unreachable
from wardlink.ids import new_id
from wardlink.messages.base import Actor, Message
from wardlink.messages.calls import AcknowledgeCall, ArriveAtCall, CallChanged, CallNotice, ResolveCall
from wardlink.messages.changes import BedView, StaffView
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView
from wardlink.messages.exceptions import CloseException, ExceptionView
from wardlink.messages.records import RecordView
from wardlink.messages.vitals import RecordVitals, StrikeVitals, VitalsRecorded
from wardlink.record.kind import Kind, Said
from wardlink.record.kinds import BY_COMMAND

V = TypeVar("V", bound=RecordView)

BADGE, PIN = "N1001", "2580"
SAMPLE_LOG = "00000000-0000-7000-8000-00000000106f"
SECOND_BADGE, SECOND_PIN = "N1002", "1470"


class SampleWard:
    """The port of `cart.ports.Ward`, on an invented ward. `online` and `server_alive` may be set at any time."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.online = True
        self.server_alive = True
        self.clock_offset_s: float | None = 0.4
        self.fails_with: Exception | None = None
        self.recorded: list[Command] = []
        self._entries: list[OutboxEntry] = []
        self._listeners: list[Callable[[DeviceEvent], None]] = []
        self._began_at = clock.now()
        self.replica = SampleBoard(clock.now())
        self.outbox = SampleOutbox(self)

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""

    def record(
        self,
        kind: str,
        body: Message,
        *,
        actor: Actor,
        encounter: str | None = None,
        bed: str | None = None,
        measured_at: datetime | None = None,
    ) -> Command:
        """Take a command into the invented ward, as pending."""
        if self.fails_with is not None:
            raise self.fails_with
        now = self.clock.now()
        command = Command(
            id=new_id(),
            kind=kind,
            ward=WARD,
            device="c2",
            stream="00000000-0000-7000-8000-0000000000c2",
            n=len(self.recorded) + 1,
            actor=actor,
            encounter=encounter,
            bed=bed,
            measured_at=measured_at or now,
            entered_at=now,
            body=body.model_dump(mode="json", exclude_none=True),
        )
        self.recorded.append(command)
        self._entries.append(OutboxEntry(command.id, command.n, kind, encounter, now, "waiting", 0))
        self.replica.apply(command, body)
        return command

    def deliver(self) -> None:
        """The server answers everything that waits."""
        waiting = [entry.id for entry in self._entries if entry.state in ("waiting", "sent")]
        self._entries = [entry for entry in self._entries if entry.id not in waiting]
        self.replica.confirm(waiting, self.clock.now())
        self._tell(Settled(tuple(waiting), ()))

    def refuse(self, command_id: str, reason_zh: str, reason_en: str) -> None:
        """The server refuses one command."""
        self._entries = [
            replace(e, state="refused", tries=1, code="refused", reason_zh=reason_zh, reason_en=reason_en)
            if e.id == command_id
            else e
            for e in self._entries
        ]
        self._tell(Settled((command_id,), (command_id,)))

    def entries(self) -> list[OutboxEntry]:
        """What the outbox holds."""
        return list(self._entries)

    def acknowledge_refused(self, command_id: str, *, by: Actor, note: str) -> None:
        """A person has dealt with it.

        Raises:
            NotFound: nothing of that id waits for a person.
        """
        if not any(e.id == command_id and e.state in ("refused", "parked") for e in self._entries):
            raise NotFound(what="entry", name=command_id)
        self._entries = [entry for entry in self._entries if entry.id != command_id]

    def sign_in(self, badge: str, pin: str) -> SignedIn:
        """Let 李静 in, and 王芳 while the server answers.

        Raises:
            SignInFailed: another badge or PIN.
            Unreachable: the server is away and the badge is another one.
        """
        if not self.server_alive and badge != BADGE:
            raise Unreachable
        if (badge, pin) not in ((BADGE, PIN), (SECOND_BADGE, SECOND_PIN)):
            raise SignInFailed
        staff = NURSE if badge == BADGE else SECOND_NURSE
        return SignedIn(staff, None, not self.server_alive, self._began_at)

    def find_by_card(self, card: ShownCard, *, by: Actor) -> CardFound:
        """The sample's own cards. Raises `Unreachable` while the server is away."""
        return card_found(card, self.replica.stays, server_alive=self.server_alive)

    def status(self) -> SyncStatus:
        """As it was set."""
        waiting = [entry for entry in self._entries if entry.state in ("waiting", "sent")]
        up = self.online and self.server_alive
        return SyncStatus(
            online=self.online,
            server_alive=up,
            credential_refused=False,
            synced_at=self.clock.now() if up else self._began_at,
            seq=len(self.recorded),
            outbox=len(waiting),
            refused=len(self._entries) - len(waiting),
            oldest_unsent_at=waiting[0].entered_at if waiting else None,
            clock_offset_s=self.clock_offset_s,
            offline_since=None if up else self._began_at,
        )

    def subscribe(self, listener: Callable[[DeviceEvent], None]) -> Callable[[], None]:
        """Call `listener` with everything that happens."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def connect(self, *, online: bool, server_alive: bool) -> None:
        """Let broker and server come or go."""
        self.online, self.server_alive = online, server_alive
        self._tell(Connection(online, server_alive))

    def ring(self, bed: str, cls: Any, reason: str | None = None) -> CallNotice:
        """A bed calls, heard by its own notice."""
        notice = CallNotice(id=new_id(), bed=bed, cls=cls, reason=reason, raised_at=self.clock.now())
        self.replica.hear(notice)
        self._tell(CallHeard(notice))
        return notice

    def open_case(self, case: ExceptionView) -> None:
        """Something collided."""
        self.replica.cases.append(case)
        self._tell(Applied(frozenset({"exception.opened"}), frozenset()))

    def change(self, kind: Kind[V], view: V) -> None:
        """The server tells that something of the ward record is like this now."""
        self.replica.held[kind.name, view.id] = view
        self._tell(Applied(frozenset({kind.change}), frozenset({view.encounter or ""})))

    def add_sets(self, sets: Sequence[VitalsRecorded]) -> None:
        """Others have measured."""
        self.replica.sets += sets
        stays = frozenset(found.encounter for found in sets if found.encounter is not None)
        self._tell(Applied(frozenset({"vitals.recorded"}), stays))

    def _tell(self, event: DeviceEvent) -> None:
        for listener in list(self._listeners):
            listener(event)


class SampleOutbox:
    """The outbox of the sample."""

    def __init__(self, ward: SampleWard) -> None:
        self._ward = ward

    def entries(self) -> list[OutboxEntry]:
        """Everything without a receipt, and what was refused."""
        return self._ward.entries()

    def command(self, command_id: str) -> Command | None:
        """One command, whole."""
        return next((command for command in self._ward.recorded if command.id == command_id), None)


class SampleBoard:
    """The replica of the sample."""

    def __init__(self, now: datetime) -> None:
        self.ward_name: str | None = "3 病区"
        self.log: str | None = SAMPLE_LOG
        self.stays = sample_stays(now)
        self.sets = [found for stay in self.stays for found in sample_sets(stay, now)]
        self.open_calls: list[CallChanged] = []
        self.cases: list[ExceptionView] = []
        self.held = sample_records(self.stays, now) | sample_rounds(self.stays, now)
        self.held |= sample_measured(self.stays, now)
        self.held |= {("assessment", made.id): made for made in sample_assessments(self.stays, now)}
        self.held |= sample_strips(self.stays, now)

    def records(
        self,
        kind: Kind[V],
        *,
        encounter: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[V]:
        """Things of one kind in their order."""
        views = [kind.view.model_validate(v.model_dump()) for (name, _), v in self.held.items() if name == kind.name]
        found = [v for v in views if encounter in (None, v.encounter)]
        found = [v for v in found if (since is None or kind.at(v) >= since) and (until is None or kind.at(v) < until)]
        return sorted(found, key=lambda v: (kind.at(v), v.id))

    def record(self, kind: Kind[V], record: str) -> V | None:
        """One thing of the ward record."""
        return next((view for view in self.records(kind) if view.id == record), None)

    def unsent_records(self, kind: Kind[V]) -> frozenset[str]:
        """Nothing: the sample does not tell."""
        return frozenset()

    def beds(self) -> list[BedView]:
        """Twelve beds."""
        return list(BEDS)

    def staff(self) -> dict[str, StaffView]:
        """Three members of staff."""
        return {staff.id: staff for staff in (NURSE, SECOND_NURSE, DOCTOR)}

    def name_of(self, actor: Actor) -> str | None:
        """What a member of staff is called."""
        staff = self.staff().get(actor.id)
        return staff.name if staff is not None else None

    def encounters(self) -> list[EncounterView]:
        """All stays."""
        return list(self.stays)

    def encounter(self, encounter: str) -> EncounterView | None:
        """One stay."""
        return next((stay for stay in self.stays if stay.id == encounter), None)

    def departed(self) -> list[str]:
        """Nobody has left."""
        return []

    def in_bed(self, bed: str) -> EncounterView:
        """The stay in a bed that has one."""
        return next(stay for stay in self.stays if stay.bed == bed)

    def vitals(
        self, encounter: str, *, since: datetime | None = None, limit: int = 500, source: str | None = None
    ) -> list[VitalsRecorded]:
        """The newest sets of a stay, oldest first."""
        found = [s for s in self.sets if s.encounter == encounter and (since is None or s.measured_at >= since)]
        found = [s for s in found if source in (None, s.source)]
        return sorted(found, key=lambda s: (s.measured_at, s.id))[-limit:]

    def nobodys(self, monitor: str) -> list[VitalsRecorded]:
        """A monitor's sets that are no patient's, oldest first."""
        found = [s for s in self.sets if s.encounter is None and s.device == monitor and s.struck_at is None]
        return sorted(found, key=lambda s: (s.measured_at, s.id))

    def latest(self, encounter: str) -> dict[str, Latest]:
        """The newest unstruck value of every reading."""
        found: dict[str, Latest] = {}
        for s in self.vitals(encounter, limit=len(self.sets)):
            if s.struck_at is not None:
                continue
            for key, value in s.readings.readings().items():
                found[key] = Latest(value, s.measured_at, s.source, s.id, s.received_at is None)
            for key in s.lead_off:
                if key in found:
                    found[key] = replace(found[key], lead_off_at=s.measured_at)
        return found

    def latest_of_all(self) -> dict[str, dict[str, Latest]]:
        """`latest` of every stay."""
        return {stay.id: self.latest(stay.id) for stay in self.stays}

    def leads_off(self, encounter: str) -> dict[str, datetime]:
        """Readings whose lead is off."""
        off: dict[str, datetime] = {}
        for s in self.vitals(encounter, limit=len(self.sets)):
            off = {key: at for key, at in off.items() if key not in s.readings.readings()}
            off |= dict.fromkeys(s.lead_off, s.measured_at)
        return off

    def calls(self) -> list[CallChanged]:
        """All calls."""
        return list(self.open_calls)

    def exceptions(self) -> list[ExceptionView]:
        """All cases."""
        return list(self.cases)

    def hear(self, notice: CallNotice) -> None:
        """Take a call's own notice."""
        stay = next((stay.id for stay in self.stays if stay.bed == notice.bed), None)
        call = CallChanged(
            id=notice.id,
            bed=notice.bed,
            encounter=stay,
            reason=notice.reason,
            cls=notice.cls,
            state="raised",
            raised_at=notice.raised_at,
        )
        self.open_calls = [c for c in self.open_calls if c.id != call.id] + [call]

    def apply(self, command: Command, body: Message) -> None:
        """What a command of this cart changes, before the server has it."""
        match body:
            case RecordVitals():
                self.sets.append(recorded(command, body))
            case StrikeVitals():
                mark = {
                    "struck_at": command.entered_at,
                    "struck_by": command.actor,
                    "struck_reason": body.reason,
                }
                self.sets = [s.model_copy(update=mark) if s.id == body.vitals else s for s in self.sets]
            case AcknowledgeCall():
                self._call(
                    body.call,
                    state="acknowledged",
                    acknowledged_at=command.entered_at,
                    acknowledged_name=NURSE.name,
                    eta_min=body.eta_min,
                )
            case ArriveAtCall():
                self._call(body.call, state="arrived", arrived_at=command.entered_at, arrived_name=NURSE.name)
            case ResolveCall():
                self._call(body.call, state="resolved", closed_at=command.entered_at, outcome=body.outcome)
            case _ if command.kind in BY_COMMAND:
                kind = BY_COMMAND[command.kind]
                place = (kind.name, kind.target(command, body))
                view = kind.fold(self.held.get(place), Said(command, body, self.name_of(command.actor)))
                if view is not None:
                    self.held[place] = view
            case CloseException():
                mark = {"closed_at": command.entered_at, "closed_by": command.actor, "closed_reason": body.reason}
                self.cases = [c.model_copy(update=mark) if c.id == body.exception else c for c in self.cases]

    def confirm(self, command_ids: Sequence[str], at: datetime) -> None:
        """The server has these sets."""
        self.sets = [s.model_copy(update={"received_at": at}) if s.id in command_ids else s for s in self.sets]

    def _call(self, call_id: str, **mark: object) -> None:
        self.open_calls = [c.model_copy(update=mark) if c.id == call_id else c for c in self.open_calls]
