"""What must come of a shift, in plain lists and dictionaries: written without the folds, handlers and tables it judges.

Fed with what carts have promised, with the moments at which the server first answered each of it, and with what was
done at the server itself. It says what the server then has to hold, and what has to lie before a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

HOME = "w1"
GIVINGS = ("dose.give", "dose.start")
REQUESTS = ("order.check", "order.reject")


@dataclass
class Promise:
    """One thing that a cart has saved. `about` is what it changes; a new thing has the promise's own id."""

    id: str
    kind: str
    cart: str
    by: str
    at: datetime
    stay: str | None
    about: str
    facts: dict[str, Any] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    outcome: str | None = None


@dataclass
class Dose:
    """A dose with what the server has heard of it. `why` of a withheld one stands in the promise's facts."""

    id: str
    order: str
    due_at: datetime | None = None
    missed_at: datetime | None = None
    after_leaving: bool = False
    entries: list[Promise] = field(default_factory=list)
    struck: set[str] = field(default_factory=set)

    def standing(self) -> list[Promise]:
        """The entries that count, as they happened."""
        return sorted((e for e in self.entries if e.id not in self.struck), key=lambda e: (e.at, e.id))

    def givings(self) -> list[Promise]:
        """Those that say that something of it went in."""
        return [e for e in self.standing() if e.kind in GIVINGS]


@dataclass
class Order:
    """An order with its steps as the server has taken them: when, what, who."""

    id: str
    stay: str
    drug: str
    interval_min: int | None = None
    a_day: int | None = None
    steps: list[tuple[datetime, str, str]] = field(default_factory=list)
    stop_at: datetime | None = None
    replaced: bool = False

    @property
    def state(self) -> str:
        """Where it stands: as the server took the steps, whatever the clocks of those who did them say."""
        return _LEADS_TO[self.steps[-1][1]] if self.steps else "issued"

    def state_at(self, at: datetime) -> str:
        """Where it stood at an instant, by the clocks of those who did the steps. What has ended stays so."""
        state = "issued"
        for when, what, _ in sorted(self.steps, key=lambda step: step[0]):
            if when <= at and state not in _ENDED:
                state = _LEADS_TO[what]
        return state

    @property
    def ended(self) -> bool:
        """Whether nothing of it may be given any more."""
        return self.state in _ENDED


_ENDED = ("stopped", "cancelled", "rejected")
_LEADS_TO = {
    "review": "reviewed",
    "transcribed": "transcribed",
    "checked": "active",
    "hold": "on-hold",
    "resume": "active",
    "stop": "stopped",
    "cancel": "cancelled",
    "reject": "rejected",
}


@dataclass
class Stay:
    """A stay: since when in which ward, when it was over, and what the patient turned out not to bear."""

    places: list[tuple[datetime, str]]
    left_at: datetime | None = None
    allergies: set[str] = field(default_factory=set)

    def ward_at(self, at: datetime) -> str | None:
        """The ward at an instant; None before the admission."""
        here = [ward for since, ward in self.places if since <= at]
        return here[-1] if here else None


@dataclass
class Call:
    """A call of a bed; further presses while it is open are the same call."""

    bed: str
    pressed_at: datetime
    count: int = 1
    closed: bool = False


Case = tuple[str, str]
"""A kind of exception and the command that brought it up."""


class ShiftModel:
    """The books of an honest observer who sees everything."""

    def __init__(self, stays: dict[str, Stay]) -> None:
        self.stays = stays
        self.promises: dict[str, Promise] = {}
        self.orders: dict[str, Order] = {}
        self.doses: dict[str, Dose] = {}
        self.sets: dict[str, Promise] = {}
        self.struck_sets: set[str] = set()
        self.rounds: dict[str, bool] = {}
        self.leases: dict[str, bool] = {}
        self.calls: dict[str, Call] = {}
        self.presses: dict[str, str] = {}
        self.cases: set[Case] = set()
        self.closed: set[str] = set()
        self.wrong: list[str] = []
        """Where the server has answered otherwise than it should have."""

    # -- what carts say

    def promise(self, promise: Promise) -> None:
        """A cart has saved this."""
        self.promises[promise.id] = promise

    def decide(self, command: str, outcome: str) -> None:
        """The server has answered this for the first time: now it counts."""
        promise = self.promises[command]
        promise.outcome = outcome
        due = self._due(promise)
        if outcome != due:
            self.wrong.append(f"{promise.kind} was {outcome} and should have been {due}")
        if outcome == "applied":
            getattr(self, "_" + promise.kind.replace(".", "_").replace("-", "_"))(promise)

    def _due(self, promise: Promise) -> str:
        if promise.kind not in REQUESTS:
            return "applied"
        order = self.orders[promise.about]
        match promise.facts.get("step", "reject"):
            case "transcribed":
                fits = order.state == "reviewed"
            case "checked":
                takers = {by for _, what, by in order.steps if what == "transcribed"}
                fits = order.state == "transcribed" and promise.by not in takers
            case _:
                fits = order.state in ("issued", "reviewed", "transcribed")
        return "applied" if fits else "refused"

    def _vitals_record(self, promise: Promise) -> None:
        self.sets[promise.id] = promise
        self._place(promise)

    def _vitals_strike(self, promise: Promise) -> None:
        self.struck_sets.add(promise.about)

    def _round_record(self, promise: Promise) -> None:
        self.rounds[promise.id] = True
        self._place(promise)

    def _round_strike(self, promise: Promise) -> None:
        self.rounds[promise.about] = False
        self._place(promise)

    def _lease_take(self, promise: Promise) -> None:
        self.leases[promise.id] = True
        self._place(promise)

    def _lease_release(self, promise: Promise) -> None:
        self.leases[promise.about] = False
        self._place(promise)

    def _call_raise(self, promise: Promise) -> None:
        bed = promise.facts["bed"]
        for name, call in self.calls.items():
            if call.bed == bed and not call.closed:
                call.count += 1
                call.pressed_at = max(call.pressed_at, promise.at)
                self.presses[promise.id] = name
                return
        self.calls[promise.id] = Call(bed, promise.at)
        self.presses[promise.id] = promise.id

    def _call_acknowledge(self, promise: Promise) -> None:
        """Who has it is of no concern here."""

    def _call_resolve(self, promise: Promise) -> None:
        call = self.calls[self.presses[promise.about]]
        call.closed |= promise.at >= call.pressed_at

    def _exception_close(self, promise: Promise) -> None:
        self.closed.add(promise.about)

    def _order_check(self, promise: Promise) -> None:
        order = self.orders[promise.about]
        order.steps.append((promise.at, promise.facts["step"], promise.by))

    def _order_reject(self, promise: Promise) -> None:
        self.orders[promise.about].steps.append((promise.at, "reject", promise.by))

    def _dose_give(self, promise: Promise) -> None:
        dose = self._entered(promise)
        order = self.orders[dose.order]
        self._against_order(promise, order)
        for other in dose.givings():
            if other.id != promise.id:
                self._case("given-twice", promise)
        if self._drips(dose) and order.state == "stopped" and order.stop_at and promise.at < order.stop_at:
            self._case("runs-after-stop", promise)
        self._too_soon(promise, dose, order)
        if order.drug in self.stays[order.stay].allergies:
            self._case("given-against-allergy", promise)
        if not promise.facts["scanned"]:
            self._case("given-unscanned", promise)

    _dose_start = _dose_give

    def _dose_withhold(self, promise: Promise) -> None:
        self._entered(promise)

    def _dose_end(self, promise: Promise) -> None:
        self._entered(promise)

    def _dose_strike(self, promise: Promise) -> None:
        dose = self.doses[promise.about]
        self._place(promise)
        idle = self._idle(dose)
        dose.struck.add(promise.facts["entry"])
        self._newly_idle(promise, dose, idle)

    # -- what does not go together

    def _entered(self, promise: Promise) -> Dose:
        """Keep an entry; put before a person what does not go with what another nurse has entered."""
        self._place(promise)
        dose = self.doses.setdefault(promise.about, Dose(promise.about, promise.facts["order"]))
        idle = self._idle(dose)
        dose.entries.append(promise)
        self._newly_idle(promise, dose, idle)
        for one in dose.standing():
            for other in dose.standing():
                unaware = one.cart != other.cart and one.at <= other.at and one.id not in other.seen
                kinds = one.kind == "dose.withhold" and other.kind in GIVINGS
                if promise in (one, other) and kinds and unaware:
                    self._case("dose-contradicts", promise)
        return dose

    def _newly_idle(self, promise: Promise, dose: Dose, before: set[str]) -> None:
        for entry in dose.standing():
            again = entry.kind in GIVINGS and len(dose.givings()) > 1
            if entry.id in self._idle(dose) - before and not again:
                self._case("dose-contradicts", promise)

    def _idle(self, dose: Dose) -> set[str]:
        """Entries that could not have happened after what happened before them."""
        idle: set[str] = set()
        went_in = withheld = dripping = False
        for entry in dose.standing():
            if entry.kind in GIVINGS:
                if went_in:
                    idle.add(entry.id)
                else:
                    dripping = entry.kind == "dose.start"
                went_in = True
            elif entry.kind == "dose.end":
                if not dripping:
                    idle.add(entry.id)
                dripping = False
            elif went_in or withheld:
                idle.add(entry.id)
            else:
                withheld = True
        return idle

    def _drips(self, dose: Dose) -> bool:
        return self.dose_state(dose) == "running"

    def _place(self, promise: Promise) -> None:
        stay = self.stays[promise.stay] if promise.stay else None
        if stay is None or promise.cart == "server":
            return
        if stay.left_at is not None and promise.at > stay.left_at:
            self._case("after-discharge", promise)
        elif stay.places[-1][1] != HOME and stay.ward_at(promise.at) != HOME:
            self._case("other-ward", promise)

    def _against_order(self, promise: Promise, order: Order) -> None:
        was = order.state_at(promise.at)
        if order.state == "stopped" and order.stop_at is not None and promise.at >= order.stop_at:
            self._case("given-superseded" if order.replaced else "given-after-stop", promise)
        elif order.state in ("cancelled", "rejected"):
            self._case("given-cancelled", promise)
        elif was == "on-hold":
            self._case("given-on-hold", promise)
        elif was != "active" and was != "stopped":
            self._case("given-unchecked", promise)

    def _too_soon(self, promise: Promise, dose: Dose, order: Order) -> None:
        if order.interval_min is None:
            return
        others = [
            giving.at
            for other in self.doses.values()
            if other.order == order.id and other is not dose
            for giving in other.givings()
        ]
        near = any(abs(at - promise.at) < timedelta(minutes=order.interval_min) for at in others)
        day = [at for at in others if promise.at - timedelta(hours=24) < at <= promise.at]
        if near or (order.a_day is not None and len(day) >= order.a_day):
            self._case("given-too-soon", promise)

    def _case(self, kind: str, promise: Promise) -> None:
        self.cases.add((kind, promise.id))

    # -- what is done at the server itself

    def step(self, order: str, what: str, at: datetime, by: str, command: str) -> None:
        """A doctor or a pharmacist does something about an order."""
        known = self.orders[order]
        known.steps.append((at, what, by))
        if what == "stop":
            known.stop_at = at
        if known.ended:
            for dose in self.doses.values():
                if dose.order == order and self._drips(dose):
                    self.cases.add(("runs-after-stop", command))

    def look(self, now: datetime) -> None:
        """The server's clock calls missed what was not begun in time."""
        for dose in self.doses.values():
            order = self.orders[dose.order]
            late = dose.missed_at is not None and dose.missed_at <= now
            gone_at = self.stays[order.stay].left_at
            if late and order.state != "on-hold" and self.dose_state(dose) == "planned":
                if gone_at is not None and dose.due_at is not None and dose.due_at >= gone_at:
                    dose.after_leaving = True
                    continue
                at = min(dose.missed_at or now, gone_at or now)
                seen = frozenset(e.id for e in dose.entries)
                missed = Promise(
                    f"missed {dose.id} {now}", "dose.withhold", "server", "server", at, order.stay, dose.id
                )
                missed.facts, missed.seen = {"why": "missed", "order": dose.order}, seen
                self._entered(missed)

    # -- what must be there in the end

    def dose_state(self, dose: Dose) -> str:
        """Where a dose stands."""
        order = self.orders[dose.order]
        standing, idle = dose.standing(), self._idle(dose)
        effective = [e for e in standing if e.id not in idle]
        if not effective:
            over = order.state != "stopped" or dose.due_at is None or (order.stop_at or dose.due_at) <= dose.due_at
            return "cancelled" if (order.ended and over) or dose.after_leaving else "planned"
        last = effective[-1]
        return {"dose.give": "done", "dose.start": "running", "dose.end": "done"}.get(last.kind) or last.facts["why"]

    def applied(self, *kinds: str) -> list[Promise]:
        """What was promised and has to be on the server, of these kinds or of all."""
        return [p for p in self.promises.values() if p.outcome == "applied" and (not kinds or p.kind in kinds)]
