"""A small invented ward behind the cart's port, in memory: for pictures, tests and trying the screens.

Nobody in it is real. Commands take effect at once, as pending, until `deliver` says that the server has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from wardlink.clock import Clock
from wardlink.device import (
    Applied,
    CallHeard,
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
from wardlink.messages.vitals import RecordVitals, StrikeVitals, VitalsRecorded

WARD = "w3"
BADGE, PIN = "N1001", "2580"
NURSE = StaffView(id="n-lijing", name="李静", role="nurse")
DOCTOR = StaffView(id="d-zhoutao", name="周涛", role="doctor")

# Bed, name, sex, born, level, diet, allergies, scale.
_STAYS: tuple[tuple[str, str, Any, date, Any, str, tuple[str, ...], Any], ...] = (
    ("1", "陈建国", "male", date(1957, 3, 8), "level2", "regular", (), 1),
    ("2", "林桂芳", "female", date(1949, 7, 21), "level2", "low-salt", ("青霉素",), 1),
    ("3", "王秀兰", "female", date(1961, 1, 30), "level3", "regular", (), 1),
    ("5", "欧阳文静", "female", date(1990, 12, 2), "level3", "soft", (), 1),
    ("6", "黄志明", "male", date(1944, 5, 17), "level1", "liquid", (), 2),
    ("8", "周小燕", "female", date(1972, 9, 9), "level2", "low-fat", (), 1),
    ("9", "Anna Schmidt", "female", date(1985, 4, 4), "level2", "regular", ("Latex",), 1),
    ("10", "赵强", "male", date(1968, 2, 14), "level1", "regular", (), 1),
    ("11", "钱玉珍", "female", date(1939, 10, 1), "special", "nil-by-mouth", (), 1),
    ("12", "王秀英", "female", date(1959, 6, 26), "level2", "low-salt", ("头孢类",), 1),
)
_BEDS = tuple(BedView(id=str(n), label=f"{n} 床") for n in range(1, 13))

_FULL = ("temp_c", "pulse_per_min", "rr_per_min", "sbp_mmhg", "dbp_mmhg", "spo2_pct", "o2_mode", "acvpu")
# Bed: hours ago, and the values of _FULL. Axillary temperatures, by hand.
_ROUNDS: Mapping[str, tuple[tuple[float, tuple[Any, ...]], ...]] = {
    "1": ((20.6, (36.6, 70, 16, 130, 82, 98, "air", "A")), (0.6, (36.7, 74, 16, 128, 80, 98, "air", "A"))),
    "2": ((2.2, (36.9, 88, 18, 148, 90, 96, "air", "A")),),
    "3": ((1.6, (36.5, 66, 14, 118, 72, 99, "air", "A")),),
    "5": ((20.6, (36.8, 78, 16, 112, 70, 98, "air", "A")),),
    "6": ((5.0, (37.0, 90, 22, 136, 78, 90, "nasal", "A")), (0.5, (37.1, 88, 20, 130, 76, 90, "nasal", "A"))),
    "8": ((27.0, (36.4, 72, 16, 120, 76, 97, "air", "A")),),
    "9": ((3.0, (37.4, 84, 17, 124, 78, 97, "air", "A")),),
    "10": (
        (20.0, (36.9, 86, 18, 124, 76, 96, "air", "A")),
        (8.2, (37.8, 98, 20, 116, 70, 95, "air", "A")),
        (4.4, (38.2, 106, 22, 108, 66, 93, "air", "A")),
        (0.4, (38.6, 112, 25, 100, 62, 91, "air", "A")),
    ),
    "12": (
        (44.6, (37.1, 80, 18, 136, 84, 97, "air", "A")),
        (20.6, (36.9, 76, 17, 126, 80, 97, "air", "A")),
        (0.7, (36.8, 72, 16, 122, 78, 98, "air", "A")),
    ),
}


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
        """Let 李静 in.

        Raises:
            SignInFailed: another badge or PIN.
            Unreachable: the server is away and the badge is another one.
        """
        if not self.server_alive and badge != BADGE:
            raise Unreachable
        if (badge, pin) != (BADGE, PIN):
            raise SignInFailed
        return SignedIn(NURSE, None, not self.server_alive, self._began_at)

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
        self.stays = [_stay(number, row, now) for number, row in enumerate(_STAYS, 1)]
        self.sets = [found for stay in self.stays for found in _sets(stay, now)]
        self.open_calls: list[CallChanged] = []
        self.cases: list[ExceptionView] = []

    def beds(self) -> list[BedView]:
        """Twelve beds."""
        return list(_BEDS)

    def staff(self) -> dict[str, StaffView]:
        """Two members of staff."""
        return {NURSE.id: NURSE, DOCTOR.id: DOCTOR}

    def encounters(self) -> list[EncounterView]:
        """All stays."""
        return list(self.stays)

    def encounter(self, encounter: str) -> EncounterView | None:
        """One stay."""
        return next((stay for stay in self.stays if stay.id == encounter), None)

    def in_bed(self, bed: str) -> EncounterView:
        """The stay in a bed that has one."""
        return next(stay for stay in self.stays if stay.bed == bed)

    def vitals(self, encounter: str, *, since: datetime | None = None, limit: int = 500) -> list[VitalsRecorded]:
        """The newest sets of a stay, oldest first."""
        found = [s for s in self.sets if s.encounter == encounter and (since is None or s.measured_at >= since)]
        return sorted(found, key=lambda s: (s.measured_at, s.id))[-limit:]

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
                self.sets.append(_recorded(command, body))
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
            case CloseException():
                mark = {"closed_at": command.entered_at, "closed_by": command.actor, "closed_reason": body.reason}
                self.cases = [c.model_copy(update=mark) if c.id == body.exception else c for c in self.cases]

    def confirm(self, command_ids: Sequence[str], at: datetime) -> None:
        """The server has these sets."""
        self.sets = [s.model_copy(update={"received_at": at}) if s.id in command_ids else s for s in self.sets]

    def _call(self, call_id: str, **mark: object) -> None:
        self.open_calls = [c.model_copy(update=mark) if c.id == call_id else c for c in self.open_calls]


def _recorded(command: Command, body: RecordVitals) -> VitalsRecorded:
    return VitalsRecorded(
        id=command.id,
        encounter=command.encounter,
        measured_at=command.measured_at,
        entered_at=command.entered_at,
        device=command.device,
        actor=command.actor,
        actor_name=NURSE.name,
        news2=body.seen,
        **{name: getattr(body, name) for name in RecordVitals.model_fields if name != "seen"},
    )


def _stay(number: int, row: tuple[Any, ...], now: datetime) -> EncounterView:
    bed, name, sex, birth_on, level, diet, allergies, scale = row
    return EncounterView(
        id=f"00000000-0000-7000-8000-{number:012d}",
        admission_no=f"2026{1100 + number}",
        mrn=f"M{88000 + number}",
        name=name,
        sex=sex,
        birth_on=birth_on,
        ward=WARD,
        bed=bed,
        status="in-progress",
        level=level,
        diet=diet,
        allergies=allergies,
        spo2_scale=scale,
        nurse=NURSE.id,
        nurse_name=NURSE.name,
        doctor=DOCTOR.id,
        doctor_name=DOCTOR.name,
        admitted_at=now - timedelta(days=5, hours=number),
    )


def _sets(stay: EncounterView, now: datetime) -> list[VitalsRecorded]:
    if stay.bed == "11":
        return _monitor_sets(stay, now)
    found = []
    for index, (hours, values) in enumerate(_ROUNDS.get(stay.bed, ())):
        readings = dict(zip(_FULL, values, strict=True)) | {"temp_method": "axillary", "o2_on": values[6] != "air"}
        at = now - timedelta(hours=hours)
        found.append(_set(stay, index, at, source="manual", readings=readings))
    return found


def _monitor_sets(stay: EncounterView, now: datetime) -> list[VitalsRecorded]:
    """Seven hours of a monitor, a set in five minutes; the oxygen clip was off twice, the second time until now."""
    found = []
    for index in range(84):
        at = now - timedelta(minutes=5 * (83 - index))
        off = 30 <= index < 42 or index >= 80
        readings: dict[str, Any] = {
            "hr_per_min": 84.0 + (index * 7 % 11) + (12 if 50 < index < 62 else 0),
            "rr_per_min": 16.0 + (index * 5 % 4),
            "abp_sbp_mmhg": 118.0 - (index * 3 % 9),
            "abp_dbp_mmhg": 64.0 - (index * 3 % 7),
        }
        if not off:
            readings["spo2_pct"] = 95.0 + (index * 3 % 4)
        found.append(_set(stay, index, at, source="monitor", readings=readings, lead_off=("spo2_pct",) if off else ()))
    by_hand = dict(zip(_FULL, (36.2, 88, 18, 116, 62, 96, "mask", "V"), strict=True))
    by_hand |= {"temp_method": "axillary", "o2_on": True}
    found.append(_set(stay, 999, now - timedelta(hours=3), source="manual", readings=by_hand))
    return found


def _set(
    stay: EncounterView, index: int, at: datetime, *, source: Any, readings: dict[str, Any], lead_off: Any = ()
) -> VitalsRecorded:
    number = int(stay.id[-12:])
    by_hand = source == "manual"
    return VitalsRecorded.model_validate(
        {
            "id": f"00000000-0000-7000-9{number:03d}-{index:012d}",
            "encounter": stay.id,
            "measured_at": at.astimezone(UTC),
            "entered_at": at.astimezone(UTC),
            "received_at": at.astimezone(UTC),
            "device": "c1" if by_hand else "m11",
            "actor": {"kind": "staff", "id": NURSE.id} if by_hand else {"kind": "device", "id": "m11"},
            "actor_name": NURSE.name if by_hand else None,
            "source": source,
            "readings": readings,
            "lead_off": lead_off,
            "interval_s": None if by_hand else 300.0,
        }
    )
