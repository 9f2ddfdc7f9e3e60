"""The port on the invented bed: what its screen does, and what others in the ward do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from bedside.sample.bills import SampleBills
from bedside.sample.board import SampleBoard
from bedside.sample.consults import SampleConsultTimes
from bedside.sample.ecg import SampleEcg
from bedside.sample.family import SampleFamily
from bedside.sample.records import sample_records
from bedside.sample.results import SampleResults
from bedside.sample.stay import BIRTHDAY, LAST4, NURSE_ID, NURSE_NAME, PLACE, VOUCHER
from bedside.sample.till import SampleTill
from bedside.sample.voice import SampleVoice
from wardlink.clock import Clock
from wardlink.codes.cards import ShownCard
from wardlink.device import Applied, Connection, DeviceEvent, OutboxEntry, Replaced, Settled, SyncStatus
from wardlink.errors import SignInFailed, Unreachable, WardlinkError
from wardlink.ids import new_id
from wardlink.messages.base import Actor, Message
from wardlink.messages.bodies import parse_body
from wardlink.messages.calls import CallNotice
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView
from wardlink.messages.records import RecordView
from wardlink.record.consults import CONSULT
from wardlink.record.kind import Kind, Said
from wardlink.record.meals import MEAL
from wardlink.record.requests import REQUEST

_FIRST, _STEP = 48_271_046, 7_310_397
"""Of the ids of its commands: the same in every picture, and apart from each other as invented numbers are."""

V = TypeVar("V", bound=RecordView)


class SampleTerminal:
    """The port of `bedside.ports.Terminal`, on an invented bed. `online` and `server_alive` may be set at any time.

    `answers`: a nurse who is always there takes every call, comes, and finishes.
    """

    def __init__(self, clock: Clock, *, answers: bool = False) -> None:
        self.clock = clock
        self.answers = answers
        self.online = True
        self.server_alive = True
        self.refused_credential = False
        self.fails_with: WardlinkError | None = None
        self.opening_fails_with: WardlinkError | None = None
        self.recorded: list[Command] = []
        self.rung: list[CallNotice] = []
        self.wiped = 0
        self.told = 0
        self._entries: list[OutboxEntry] = []
        self._listeners: list[Callable[[DeviceEvent], None]] = []
        self._began_at = clock.now()
        self.replica = SampleBoard(self)
        self.outbox = SampleOutbox(self)
        self.till = SampleTill(self)
        self.bills = SampleBills(self)
        self.voice = SampleVoice(self)
        self.consult_times = SampleConsultTimes(self)
        self.results = SampleResults(self)
        self.ecg = SampleEcg(self)
        self.family = SampleFamily(self)

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
        """Take a command into the invented bed, as unsent."""
        if self.fails_with is not None:
            raise self.fails_with
        now = self.clock.now()
        command = Command(
            id=f"00000000-0000-7000-8000-{_FIRST + len(self.recorded) * _STEP:012x}",
            kind=kind,
            ward=PLACE.ward,
            device=PLACE.device,
            stream="00000000-0000-7000-8000-0000000000b2",
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

    def notify_call(self, notice: CallNotice) -> bool:
        """Ring carts that nobody hears."""
        if self.online:
            self.rung.append(notice)
        return self.online

    def open_bedside(self, admission_no: str, second: str) -> EncounterView:
        """Let 王秀英 in.

        Raises:
            SignInFailed: another number or second identifier.
            Unreachable: the server is away.
        """
        if self.opening_fails_with is not None:
            raise self.opening_fails_with
        if not (self.online and self.server_alive):
            raise Unreachable
        stay = self.replica.stay
        if stay is None or admission_no != stay.admission_no or second not in (LAST4, BIRTHDAY):
            raise SignInFailed
        return stay

    def open_by_card(self, card: ShownCard) -> EncounterView:
        """Let 王秀英 in by her sample voucher. Raises as `open_bedside` does."""
        if self.opening_fails_with is not None:
            raise self.opening_fails_with
        if not (self.online and self.server_alive):
            raise Unreachable
        if self.replica.stay is None or card.number != VOUCHER:
            raise SignInFailed
        return self.replica.stay

    def wipe(self) -> None:
        """Forget everybody; who lies here now comes back, as from a snapshot."""
        self.wiped += 1
        self.replica.left.clear()
        self.replica.sets = [s for s in self.replica.sets if self.replica.stay and s.encounter == self.replica.stay.id]
        self.replica.held_calls.clear()
        stay = self.replica.stay
        self.replica.kept = sample_records(stay, self.clock.now()) if stay is not None else {}
        self._tell(Replaced(0))

    def status(self) -> SyncStatus:
        """As it was set."""
        waiting = [entry for entry in self._entries if entry.state == "waiting"]
        up = self.online and self.server_alive
        return SyncStatus(
            online=self.online,
            server_alive=up,
            credential_refused=self.refused_credential,
            synced_at=self.clock.now() if up else self._began_at,
            seq=len(self.recorded) + self.told,
            outbox=len(waiting),
            refused=len(self._entries) - len(waiting),
            oldest_unsent_at=waiting[0].entered_at if waiting else None,
            clock_offset_s=0.0,
            offline_since=None if up else self._began_at,
        )

    def subscribe(self, listener: Callable[[DeviceEvent], None]) -> Callable[[], None]:
        """Call `listener` with everything that happens."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # -- what others do

    def connect(self, *, online: bool, server_alive: bool) -> None:
        """Let broker and server come or go."""
        self.online, self.server_alive = online, server_alive
        self._tell(Connection(online, server_alive))

    def unsent_targets(self, kind: Kind[Any]) -> frozenset[str]:
        """The records of a kind on which something waits for the server."""
        waiting = {entry.id for entry in self._entries if entry.state == "waiting" and entry.kind in kind.folds}
        commands = [command for command in self.recorded if command.id in waiting]
        return frozenset(kind.target(command, parse_body(command.kind, command.body)) for command in commands)

    def refuse_meals(self, zh: str, en: str) -> None:
        """The server refuses the meals that wait, in these words."""
        self._refuse("meal.order", MEAL, zh, en)

    def refuse_consults(self, zh: str, en: str) -> None:
        """The server refuses the consultations that wait, in these words."""
        self._refuse("consult.request", CONSULT, zh, en)

    def refuse_surveys(self, zh: str, en: str) -> None:
        """The server refuses the answers that wait, in these words."""
        self._refuse("survey.answer", None, zh, en)

    def refuse_requests(self, zh: str, en: str) -> None:
        """The server refuses what was asked for and waits, in these words."""
        self._refuse("request.place", REQUEST, zh, en)

    def handle_requests(self, act: str, **words: str) -> None:
        """李静 says this of every request: `accept`, `begin`, `complete` with an `answer`, `reject` with a `reason`."""
        nurse, now = Actor(kind="staff", id=NURSE_ID), self.clock.now()
        for view in self.replica.records(REQUEST):
            body = parse_body(f"request.{act}", {"request": view.id} | words)
            command = Command(
                id=new_id(),
                kind=f"request.{act}",
                ward=PLACE.ward,
                device="c2",
                stream="00000000-0000-7000-8000-0000000000b3",
                n=self.told + 1,
                actor=nurse,
                encounter=view.encounter,
                bed=view.bed,
                measured_at=now,
                entered_at=now,
                body=body.model_dump(mode="json", exclude_none=True),
            )
            told = REQUEST.fold(view, Said(command, body, NURSE_NAME, now))
            if told is not None:
                self.tell_record(REQUEST, told)

    def _refuse(self, kind: str, of: Kind[Any] | None, zh: str, en: str) -> None:
        refused = [entry.id for entry in self._entries if entry.kind == kind and entry.state == "waiting"]
        self._entries = [
            replace(e, state="refused", code="refused", reason_zh=zh, reason_en=en) if e.id in refused else e
            for e in self._entries
        ]
        if of is not None:
            for record in refused:
                self.replica.kept.pop((of.name, record), None)
        self._tell(Settled((), tuple(refused)))

    def deliver(self) -> None:
        """The server answers everything that waits."""
        waiting = [entry.id for entry in self._entries if entry.state == "waiting"]
        self._entries = [entry for entry in self._entries if entry.state != "waiting"]
        for call_id in waiting:
            self.mark(call_id, received_at=self.clock.now())
        self.voice.take([command for command in self.recorded if command.id in waiting])
        self._tell(Settled(tuple(waiting), ()))

    def refuse_calls(self) -> None:
        """The server refuses the calls that wait."""
        self._entries = [
            replace(e, state="refused", code="refused") if e.kind == "call.raise" else e for e in self._entries
        ]
        self.replica.held_calls.clear()
        self._tell(Settled((), tuple(e.id for e in self._entries)))

    def take(self, eta_min: int | None = None) -> None:
        """李静 takes the call."""
        self._mark_all(state="acknowledged", acknowledged_name=NURSE_NAME, eta_min=eta_min, at="acknowledged_at")

    def arrive(self) -> None:
        """She is here."""
        self._mark_all(state="arrived", arrived_name=NURSE_NAME, at="arrived_at")

    def finish(self) -> None:
        """It is dealt with."""
        self._mark_all(state="resolved", outcome="helped", at="closed_at")

    def discharge(self) -> None:
        """The patient leaves."""
        stay = self.replica.stay
        if stay is not None:
            self.replica.left.append(stay.model_copy(update={"status": "finished"}))
            self.replica.stay = None
            self._tell(Applied(frozenset({"encounter.changed"}), frozenset({stay.id})))

    def admit(self, stay: EncounterView) -> None:
        """Another one comes."""
        self.replica.stay = stay
        self.replica.kept |= sample_records(stay, self.clock.now())
        self._tell(Applied(frozenset({"encounter.changed"}), frozenset({stay.id})))

    def mark(self, call_id: str, **changed: Any) -> None:
        """Change a call."""
        self.replica.held_calls = [
            call.model_copy(update=changed) if call.id == call_id else call for call in self.replica.held_calls
        ]

    def entries(self) -> list[OutboxEntry]:
        """What the outbox holds."""
        return list(self._entries)

    def _mark_all(self, *, at: str, **changed: Any) -> None:
        for call in self.replica.held_calls:
            if call.closed_at is None:
                self.mark(
                    call.id, received_at=call.received_at or self.clock.now(), **changed, **{at: self.clock.now()}
                )
        self._tell(Applied(frozenset({"call.changed"}), frozenset()))

    def tell_record(self, kind: Kind[V], view: V) -> None:
        """The server tells a record of the ward."""
        self.replica.kept[kind.name, view.id] = view
        self._tell(Applied(frozenset({kind.change}), frozenset({view.encounter} if view.encounter else ())))

    def _tell(self, event: DeviceEvent) -> None:
        self.told += 1
        for listener in list(self._listeners):
            listener(event)

    def answer(self) -> None:
        """What the nurse who is always there has done by now."""
        for call in self.replica.held_calls:
            age_s = (self.clock.now() - call.raised_at).total_seconds()
            if age_s >= 2 and any(e.id == call.id for e in self._entries):
                self.deliver()
            if age_s >= 8 and call.state == "raised":
                self.take(eta_min=1)
            elif age_s >= 40 and call.state == "acknowledged":
                self.arrive()
            elif age_s >= 70 and call.state == "arrived":
                self.finish()


class SampleOutbox:
    """The outbox of the sample."""

    def __init__(self, terminal: SampleTerminal) -> None:
        self._terminal = terminal

    def entries(self) -> list[OutboxEntry]:
        """Everything without a receipt, and what was refused."""
        return self._terminal.entries()

    def command(self, command_id: str) -> Command | None:
        """One command, whole."""
        return next((command for command in self._terminal.recorded if command.id == command_id), None)
