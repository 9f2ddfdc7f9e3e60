"""A medication round at one bed: what is due, what stands in its way, and what a nurse does about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cart.usecases import dose_asks
from cart.usecases.pain import pain_due_at
from cart.usecases.patient import known_stay, names_alike
from cart.usecases.skin_test import waits_since
from wardlink.clinical.dose_checks import Answers, AtBed, Check, checks
from wardlink.clinical.dose_states import WAITING, DoseState
from wardlink.clinical.frequencies import frequencies
from wardlink.clinical.routes import Route, routes
from wardlink.clock import ward_date
from wardlink.ids import new_id
from wardlink.messages.doses import DoseView, GiveDose, LeaseDoses, Override, ReleaseLease, Scan, StartInfusion
from wardlink.record.dose_asks import DOSE_ASK
from wardlink.record.doses import DOSE
from wardlink.record.leases import LEASE
from wardlink.record.observations import OBSERVATION
from wardlink.record.orders import ORDER
from wardlink.record.skin_tests import SKIN_TEST, is_skin_test, standing_of
from wardlink.record.verbal import VERBAL

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.drug_codes import Pack
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command
    from wardlink.messages.dose_asks import DoseAskView
    from wardlink.messages.doses import DoseEvent, LeaseView
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.orders import OrderedDrug, OrderView
    from wardlink.messages.skin_tests import SkinTestView
    from wardlink.messages.verbal import VerbalView

AHEAD = timedelta(hours=4)
"""Doses that are due within so long stand on the list."""
BEHIND = timedelta(hours=12)
"""What was done about a dose stands on the list for so long."""
ROUND = timedelta(minutes=20)
"""How long a round at one bed is held to last: until then other carts are warned."""

_WITHHELD = ("hold", "refuse", "miss")


@dataclass(frozen=True)
class Due:
    """A line of the list: a dose, or an order that is given when needed and has no dose until it is given."""

    order_id: str
    dose: DoseView | None
    order: OrderView | None
    items: tuple[OrderedDrug, ...]
    given_at: tuple[datetime, ...] = ()
    lease: LeaseView | None = None
    unsent: bool = False
    tests: tuple[SkinTestView, ...] = ()

    @property
    def is_skin_test(self) -> bool:
        """Whether it is injected to be read."""
        return is_skin_test(self.order)

    @property
    def key(self) -> str:
        """What the line is called: the dose, or the order where there is no dose yet."""
        return self.dose.id if self.dose is not None else self.order_id

    @property
    def state(self) -> DoseState:
        """The state of the dose; one that is not there yet waits."""
        return self.dose.state if self.dose is not None else "planned"

    @property
    def route(self) -> Route | None:
        """The way it is given."""
        return routes().get(self.order.route or "") if self.order is not None else None

    @property
    def is_infusion(self) -> bool:
        """Whether it is started and ended rather than given."""
        return self.route is not None and self.route.infusion

    @property
    def is_waiting(self) -> bool:
        """Whether it may still be given."""
        return self.state in ("planned", "held", "refused", "missed")

    def last(self, *acts: str) -> DoseEvent | None:
        """The newest entry of these acts that was not struck out."""
        events = self.dose.events if self.dose is not None else ()
        return next((e for e in reversed(events) if e.act in acts and e.struck_at is None), None)


@dataclass(frozen=True)
class AtHand:
    """What was scanned for one dose, what the nurse has answered, and how much of it the patient took.

    `unasked`: the network was away, and the patient could not be asked on the bed's screen.
    """

    scans: tuple[Scan, ...] = ()
    expired: frozenset[str] = frozenset()
    scanned_at: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    answers: Answers = field(default_factory=Answers)
    amount_pct: float = 100
    part_reason: str | None = None
    unasked: bool = False

    def with_pack(self, pack: Pack, item: OrderedDrug, now: datetime) -> AtHand:
        """After a pack of this drug was scanned; a good pack takes the place of one that is too old."""
        scan = Scan(what="drug", code=pack.text, at=now, lot=pack.lot)
        kept = tuple(old for old in self.scans if old.code != scan.code)
        expired = self.expired - {item.drug}
        if pack.is_expired(ward_date(now)):
            expired |= {item.drug}
        return replace(self, scans=(*kept, scan), expired=expired, scanned_at={**self.scanned_at, item.drug: now})

    def with_bag(self, code: str, items: Iterable[OrderedDrug], now: datetime) -> AtHand:
        """After the label of the bag was scanned: it stands for every drug that was put in."""
        kept = tuple(old for old in self.scans if old.code != code)
        scanned_at = {**self.scanned_at, **{item.drug: now for item in items}}
        return replace(self, scans=(*kept, Scan(what="bag", code=code, at=now)), scanned_at=scanned_at)

    def answered(self, check: Check, reason: str | None = None) -> AtHand:
        """After the nurse gave this reason, or her word where none is asked for."""
        answers = self.answers
        if reason is None:
            return replace(self, answers=replace(answers, confirmed=answers.confirmed | {check.key}))
        return replace(self, answers=replace(answers, reasons={**answers.reasons, check.key: reason}))

    def witnessed(self, staff: str) -> AtHand:
        """After a second nurse has signed."""
        return replace(self, answers=replace(self.answers, witness=staff))


@dataclass(frozen=True)
class BedRound:
    """Everything that the page shows, read in one go.

    `names`: of members of staff; `pain_at`: when pain is asked about after an analgesic. `orders`, `doses`, `tests`,
    `verbal` and `asks` are all that this cart holds of the stay.
    """

    stay: EncounterView
    others: tuple[str, ...]
    lines: tuple[Due, ...]
    mine: tuple[LeaseView, ...]
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pain_at: datetime | None = None
    orders: tuple[OrderView, ...] = ()
    doses: tuple[DoseView, ...] = ()
    tests: tuple[SkinTestView, ...] = ()
    verbal: tuple[VerbalView, ...] = ()
    asks: tuple[DoseAskView, ...] = ()
    unsent_asks: frozenset[str] = frozenset()

    def line(self, key: str | None) -> Due | None:
        """The line with that key."""
        return next((line for line in self.lines if line.key == key), None)


def read_round(ward: Ward, session: Session, encounter: str, now: datetime) -> BedRound | None:
    """Read the page from this cart's disk; None if the stay is not known here any more."""
    board = ward.replica
    stay = known_stay(board, encounter)
    if stay is None:
        return None
    tests = board.records(SKIN_TEST, encounter=encounter)
    orders = {order.id: order for order in board.records(ORDER, encounter=encounter)}
    doses = board.records(DOSE, encounter=encounter)
    held = [lease for lease in board.records(LEASE, encounter=encounter) if _holds(lease, now)]
    unsent = board.unsent_records(DOSE)
    given: dict[str, list[datetime]] = {}
    for dose in doses:
        given.setdefault(dose.order, []).extend(event.at for event in dose.givings())
    others = {dose: lease for lease in held if lease.by != session.actor for dose in lease.doses}
    lines = [
        Due(
            order_id=dose.order,
            dose=dose,
            order=orders.get(dose.order),
            items=dose.items,
            lease=others.get(dose.id),
            unsent=dose.id in unsent,
            tests=tuple(test for test in tests if test.dose == dose.id),
        )
        for dose in doses
        if _is_shown(dose, now)
    ]
    lines += [
        Due(order.id, None, order, order.items, tuple(given.get(order.id, ())), others.get(order.id))
        for order in orders.values()
        if order.state == "active" and order.items and _is_on_demand(order)
    ]
    names = {staff.id: staff.name for staff in board.staff().values()}
    mine = tuple(lease for lease in held if lease.by == session.actor)
    pains = board.records(OBSERVATION, encounter=encounter)
    pain_at = pain_due_at(doses, orders, board.latest(encounter), pains)
    return BedRound(
        stay,
        names_alike(board, stay),
        tuple(sorted(lines, key=_rank)),
        mine,
        names,
        pain_at,
        tuple(orders.values()),
        tuple(doses),
        tuple(tests),
        tuple(board.records(VERBAL, encounter=encounter)),
        tuple(board.records(DOSE_ASK, encounter=encounter)),
        board.unsent_records(DOSE_ASK),
    )


def checks_of(line: Due, bed: BedRound, at_hand: AtHand, wristband_at: datetime | None, now: datetime) -> list[Check]:
    """What stands in the way of this dose now."""
    order, dose = line.order, line.dose
    withheld = line.last(*_WITHHELD)
    return list(
        checks(
            AtBed(
                now=now,
                patient=bed.stay.name,
                drugs=line.items,
                dose_state=line.state,
                order_state=order.state if order is not None else None,
                is_here=bed.stay.status == "in-progress",
                route=line.route,
                stop_at=order.stop_at if order is not None else None,
                opens_at=dose.opens_at if dose is not None else None,
                closes_at=dose.closes_at if dose is not None else None,
                allergies=bed.stay.allergies,
                patient_scanned_at=wristband_at,
                scanned_at=at_hand.scanned_at,
                expired=at_hand.expired,
                given_at=line.given_at,
                min_interval_min=order.min_interval_min if order is not None else None,
                max_per_day=order.max_per_day if order is not None else None,
                leased_by=(line.lease.by_name or str(line.lease.by)) if line.lease is not None else None,
                withheld=withheld.reason if withheld is not None else None,
                is_skin_test=line.is_skin_test,
                skin_tests={
                    item.drug: standing_of(item, bed.tests, bed.orders, bed.doses, now)
                    for item in line.items
                    if item.skin_test
                },
            )
        )
    )


def line_of_pack(lines: Iterable[Due], gtin: str, here: str | None, now: datetime) -> Due | None:
    """The line that a scanned pack is meant for: the one under the cursor, else the one that is due first.

    A line that may not be given any more comes last: its reason is then said.
    """
    fitting = [line for line in lines if any(gtin in item.gtins for item in line.items)]

    def rank(line: Due) -> tuple[bool, bool, float]:
        due_at = line.dose.due_at if line.dose is not None else None
        return not line.is_waiting, line.key != here, abs((due_at - now).total_seconds()) if due_at else 0.0

    return min(fitting, key=rank, default=None)


# -- what is recorded


def give(
    ward: Ward, session: Session, bed: BedRound, line: Due, at_hand: AtHand, wristband: Scan | None, found: list[Check]
) -> Command:
    """Record that it was given, with the scans, the second nurse and what was passed over."""
    body = GiveDose(
        **_of_dose(line),
        **_evidence(at_hand, wristband, found),
        amount_pct=at_hand.amount_pct,
        part_reason=at_hand.part_reason,
    )
    return _record(ward, session, bed, "dose.give", body)


def start(
    ward: Ward,
    session: Session,
    bed: BedRound,
    line: Due,
    at_hand: AtHand,
    wristband: Scan | None,
    found: list[Check],
    *,
    volume_ml: float,
    rate_ml_per_h: float,
) -> Command:
    """Record that it drips, at this rate."""
    how = {"volume_ml": volume_ml, "rate_ml_per_h": rate_ml_per_h}
    body = StartInfusion(**_of_dose(line), **_evidence(at_hand, wristband, found), **how)
    return _record(ward, session, bed, "dose.start", body)


def enter(
    ward: Ward, session: Session, bed: BedRound, line: Due, kind: str, body: type[Any], facts: Mapping[str, Any]
) -> Command:
    """Record any other entry about a dose."""
    return _record(ward, session, bed, kind, body(**_of_dose(line), **facts))


def begin(ward: Ward, session: Session, bed: BedRound, now: datetime) -> Command | None:
    """Tell other carts that somebody stands here with what may be given now; None if that is nothing."""
    doses = tuple(
        line.key
        for line in bed.lines
        if line.state == "planned" and line.lease is None and (line.dose is None or _is_open(line.dose, now))
    )
    if not doses or bed.mine:
        return None
    return _record(ward, session, bed, "lease.take", LeaseDoses(doses=doses[:200], until_at=now + ROUND))


def end(ward: Ward, session: Session, bed: BedRound) -> None:
    """Tell other carts that the round here is over."""
    for lease in bed.mine:
        _record(ward, session, bed, "lease.release", ReleaseLease(lease=lease.id))
    dose_asks.end(ward, session, bed)


def _record(ward: Ward, session: Session, bed: BedRound, kind: str, body: Any) -> Command:
    return ward.record(kind, body, actor=session.actor, encounter=bed.stay.id, bed=bed.stay.bed)


def _of_dose(line: Due) -> dict[str, Any]:
    dose = line.dose
    return {
        "dose": dose.id if dose is not None else new_id(),
        "order": line.order_id,
        "due_at": dose.due_at if dose is not None else None,
        "items": line.items,
        "seen": tuple(event.command for event in dose.events)[-50:] if dose is not None else (),
    }


def _evidence(at_hand: AtHand, wristband: Scan | None, found: list[Check]) -> dict[str, Any]:
    answers = at_hand.answers
    reasons = [answers.reasons[c.key] for c in found if c.answer == "reason" and c.key in answers.reasons]
    passed = [
        Override(check=check.code, reason=answers.reasons[check.key])
        for check in found
        if check.answer in ("scan", "override") and check.key in answers.reasons
    ]
    return {
        "scans": (*((wristband,) if wristband is not None else ()), *at_hand.scans)[:30],
        "witness": answers.witness,
        "reason": reasons[0] if reasons else None,
        "overrides": tuple(passed)[:10],
    }


def _holds(lease: LeaseView, now: datetime) -> bool:
    return lease.released_at is None and lease.until_at > now


def _is_on_demand(order: OrderView) -> bool:
    frequency = frequencies().get(order.frequency)
    return frequency is not None and frequency.plan == "on-demand"


def _is_open(dose: DoseView, now: datetime) -> bool:
    return dose.opens_at is None or dose.opens_at <= now


def _is_shown(dose: DoseView, now: datetime) -> bool:
    at = DOSE.at(dose)
    if dose.state in WAITING:
        return dose.state != "planned" or at <= now + AHEAD
    last = max((event.at for event in dose.events), default=at)
    return max(at, last) >= now - BEHIND and at <= now + AHEAD


def _rank(line: Due) -> tuple[int, float, str]:
    """What runs first, then what waits by its time, then what is given when needed, then what is over."""
    due_at = DOSE.at(line.dose).timestamp() if line.dose is not None else 0.0
    if line.state in ("running", "paused") or waits_since(line) is not None:
        return 0, due_at, line.key
    if line.dose is None:
        return 2, due_at, line.key
    return (1, due_at, line.key) if line.state == "planned" else (3, -due_at, line.key)
