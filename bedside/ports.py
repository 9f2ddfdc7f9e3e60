"""What the bedside program needs of its device, and no more. `wardlink.device.Device` fits, and so does the sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from wardlink.messages.records import RecordView

if TYPE_CHECKING:
    from datetime import date, datetime

    from wardlink.clinical.family import Relation
    from wardlink.clock import Clock
    from wardlink.codes.cards import ShownCard
    from wardlink.device import DeviceEvent, Latest, OutboxEntry, SyncStatus
    from wardlink.messages.base import Actor, Message
    from wardlink.messages.bills import BillEstimate, BillOfDay, BillView
    from wardlink.messages.calls import CallChanged, CallNotice
    from wardlink.messages.changes import BedView
    from wardlink.messages.commands import Command
    from wardlink.messages.complaints import ComplaintsAtBed
    from wardlink.messages.consults import ConsultSlots
    from wardlink.messages.ecg_at_bed import EcgAtBed, EcgsAtBed
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.family import FamilyOpened, NewFamilyCode
    from wardlink.messages.payments import NewPayment, PaymentView
    from wardlink.messages.results import ResultPage, Results
    from wardlink.messages.surveys import SurveyAtBed
    from wardlink.messages.vitals import VitalsRecorded
    from wardlink.record.kind import Kind

V = TypeVar("V", bound=RecordView)


@dataclass(frozen=True)
class Place:
    """Where this terminal hangs. It never leaves its bed; patients do."""

    ward: str
    bed: str
    device: str


class Board(Protocol):
    """The bed as this terminal holds it. Every method reads one consistent moment from its disk."""

    @property
    def ward_name(self) -> str | None:
        """What the ward is called; None before the first snapshot."""

    @property
    def log(self) -> str | None:
        """Which log of the ward this terminal follows; None before the first snapshot."""

    def beds(self) -> list[BedView]:
        """This bed."""

    def encounter(self, encounter: str) -> EncounterView | None:
        """One stay, also one that has left and is not wiped yet."""

    def encounter_in(self, bed: str) -> EncounterView | None:
        """The stay in this bed now."""

    def departed(self) -> list[str]:
        """Stays that are over and of which something is still held here."""

    def vitals(self, encounter: str, *, since: datetime | None = None, limit: int = 500) -> list[VitalsRecorded]:
        """The newest sets of a stay, oldest first, struck ones included."""

    def latest(self, encounter: str) -> dict[str, Latest]:
        """The newest unstruck value of every reading of a stay."""

    def leads_off(self, encounter: str) -> dict[str, datetime]:
        """Readings whose lead is off, and since when."""

    def calls(self) -> list[CallChanged]:
        """Calls of this bed, open and lately closed, oldest first."""

    def records(self, kind: Kind[V], *, encounter: str | None = None) -> list[V]:
        """Things of one kind of the ward record that this bed may hold, in the order of their `at`."""

    def record(self, kind: Kind[V], record: str) -> V | None:
        """One of them by its id; None if it is not held here."""

    def unsent_records(self, kind: Kind[V]) -> frozenset[str]:
        """The ids of those on which something of ours is not yet confirmed."""


class Unsent(Protocol):
    """This terminal's own commands."""

    def entries(self) -> list[OutboxEntry]:
        """Everything without a receipt, and what was refused or parked, oldest first."""

    def command(self, command_id: str) -> Command | None:
        """One of them, whole; None once it is no longer kept."""


class Till(Protocol):
    """Where a deposit is paid. Every method waits for the server, so they are called from workers only.

    Raises:
        Unreachable: no answer; whether something was asked for is not known.
        NotAllowed: another patient lies in this bed now, or nobody.
        Collision: it cannot be so, or not any more.
    """

    def ways(self) -> list[str]:
        """The channels that are switched on, by their names."""

    def of_stay(self, encounter: str) -> list[PaymentView]:
        """The payments of a stay, the newest first."""

    def begin(self, encounter: str, wanted: NewPayment) -> PaymentView:
        """A payment with a code to scan. The same `wanted` again is the same payment."""

    def look(self, id: str) -> PaymentView:
        """How a payment stands, as the server knows it."""

    def confirm(self, id: str) -> PaymentView:
        """The same, after the server has asked the channel."""

    def close(self, id: str) -> PaymentView:
        """Let nobody pay it any more. What has been paid meanwhile stays paid."""


class Bills(Protocol):
    """The bill of whoever lies here. Every method waits for the server, so they are called from workers only.

    Raises:
        Unreachable: no answer.
        NotAllowed: another patient lies in this bed now, or nobody.
    """

    def bill(self, encounter: str) -> BillView:
        """The days, and how far the deposit goes."""

    def of_day(self, encounter: str, day: date) -> BillOfDay:
        """One day, in the language of the screen."""

    def estimate(self, encounter: str) -> BillEstimate:
        """What the insurance is expected to pay; InvalidInput where nobody knows how the stay is insured."""


class Voice(Protocol):
    """How stands what the patient has said. Every method waits for the server, so they are called from workers only.

    Raises:
        Unreachable: no answer.
        NotAllowed: another patient lies in this bed now, or nobody.
    """

    def complaints(self, encounter: str) -> ComplaintsAtBed:
        """How the complaints of this stay stand; never what they said."""

    def survey(self, encounter: str) -> SurveyAtBed:
        """Whether this stay has answered the survey."""


class ConsultTimes(Protocol):
    """When specialists could come. Waits for the server, so it is called from workers only."""

    def of_team(self, encounter: str, specialty: str) -> ConsultSlots:
        """A few free times of one team; Unreachable or NotAllowed as with the bill."""


class MyResults(Protocol):
    """The released results of whoever lies here. Every method waits for the server, so they are called from workers.

    Raises:
        Unreachable: no answer.
        NotAllowed: another patient lies in this bed now, or nobody.
    """

    def of_stay(self, encounter: str) -> Results:
        """Everything released."""

    def one(self, encounter: str, result: str) -> ResultPage:
        """One of them, from then on not new; NotFound where it is not released, or not any more."""

    def news(self, encounter: str) -> int:
        """How many nobody has opened yet."""


class MyEcg(Protocol):
    """The ECG strips that whoever lies here may see. Waits for the server, as `MyResults` does."""

    def of_stay(self, encounter: str) -> EcgsAtBed:
        """Every strip that may be seen, without its curve."""

    def one(self, encounter: str, strip: str) -> EcgAtBed:
        """One of them with its curve; NotFound where it may not be seen, or not any more."""


class Family(Protocol):
    """The way in for family. Every method but `act_as` waits for the server, so they are called from workers only.

    Raises:
        Unreachable: no answer.
        NotAllowed: another patient lies in this bed now, or nobody.
    """

    def code(self, encounter: str, consent: str) -> NewFamilyCode:
        """A code to set a PIN with, once; NotFound where the server does not have this consent."""

    def set_pin(self, relation: Relation, code: str, pin: str) -> FamilyOpened:
        """Set a PIN with a code, and come in; SignInFailed, or InvalidInput for a PIN that cannot be."""

    def open(self, relation: Relation, pin: str) -> FamilyOpened:
        """Come in; SignInFailed where it is nobody's PIN."""

    def act_as(self, consent: str | None) -> None:
        """By which consent the screen is open now; None where it is not open to family."""


class Terminal(Protocol):
    """The device of this bed. Methods that write wait for the disk, so they are called from workers only."""

    @property
    def clock(self) -> Clock:
        """The ward's time as this device knows it."""

    @property
    def replica(self) -> Board:
        """What is known of the bed."""

    @property
    def outbox(self) -> Unsent:
        """What this terminal has said."""

    @property
    def bills(self) -> Bills:
        """The bill of whoever lies here."""

    @property
    def voice(self) -> Voice:
        """How stands what the patient has said to the hospital."""

    @property
    def consult_times(self) -> ConsultTimes:
        """When specialists could come to whoever lies here."""

    @property
    def results(self) -> MyResults:
        """The released results of whoever lies here."""

    @property
    def ecg(self) -> MyEcg:
        """The ECG strips that whoever lies here may see."""

    @property
    def family(self) -> Family:
        """The way in for family."""

    @property
    def till(self) -> Till:
        """Where a deposit is paid."""

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
        """Save one thing that happened; it is on this terminal's disk when this returns."""

    def notify_call(self, notice: CallNotice) -> bool:
        """Ring the ward's carts directly; False if the broker cannot be reached."""

    def open_bedside(self, admission_no: str, second: str) -> EncounterView:
        """Let the patient of this bed in."""

    def open_by_card(self, card: ShownCard) -> EncounterView:
        """Let the patient of this bed in by a card; only the server can."""

    def wipe(self) -> None:
        """Take everything about patients off this disk, for good."""

    def status(self) -> SyncStatus:
        """How this terminal stands to the ward."""

    def subscribe(self, listener: Callable[[DeviceEvent], None]) -> Callable[[], None]:
        """Call `listener` with everything that happens, from other threads; returns how to end it."""

    def start(self) -> None:
        """Begin to keep in step with the ward."""

    def stop(self) -> None:
        """Let go of the device's folder."""
