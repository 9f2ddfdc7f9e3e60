"""Doses: what is given of an order at one due time, and everything that is said of it at the bed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardlink.clinical.dose_states import DoseState
from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.orders import OrderedDrug
from wardlink.messages.records import RecordView


class Scan(Message):
    """A code that was read before the dose: of the patient (wristband or the bed's presence code), or of a drug."""

    what: Literal["wristband", "presence", "bag", "drug"]
    code: str = Field(max_length=160)
    at: Instant
    lot: str | None = Field(default=None, max_length=20)


class Override(Message):
    """A check that was passed over: which, and why. It is counted."""

    check: str = Field(max_length=30)
    reason: str = Field(min_length=1, max_length=200)


class OfDose(Message):
    """Which dose is meant. `order`, `due_at` and `items` say what it is, should nobody else know it any more.

    `seen`: the entries about it that stood on the screen; what another cart had entered and is not among them, the
    nurse did not know.
    """

    dose: Id
    order: Id
    due_at: Instant | None = None
    items: tuple[OrderedDrug, ...] = ()
    seen: tuple[Id, ...] = Field(default=(), max_length=50)


class GiveDose(OfDose):
    """Fact: it was given. `amount_pct` below 100: part of it only, and `part_reason` says why.

    `witness`: the second nurse, by her badge.
    """

    scans: tuple[Scan, ...] = Field(default=(), max_length=30)
    witness: Slug | None = None
    reason: str | None = Field(default=None, min_length=1, max_length=200)
    overrides: tuple[Override, ...] = Field(default=(), max_length=10)
    amount_pct: float = Field(default=100, gt=0, le=100)
    part_reason: str | None = Field(default=None, min_length=1, max_length=200)
    note: str | None = Field(default=None, max_length=200)


class StartInfusion(OfDose):
    """Fact: it drips, at this rate."""

    scans: tuple[Scan, ...] = Field(default=(), max_length=30)
    witness: Slug | None = None
    reason: str | None = Field(default=None, min_length=1, max_length=200)
    overrides: tuple[Override, ...] = Field(default=(), max_length=10)
    volume_ml: float = Field(gt=0, le=5_000)
    rate_ml_per_h: float = Field(gt=0, le=2_000)


class PatrolInfusion(OfDose):
    """Fact: somebody has looked: what is left, how fast it drips, what the site looks like."""

    remaining_ml: float = Field(ge=0, le=5_000)
    rate_ml_per_h: float = Field(ge=0, le=2_000)
    site: Literal["good", "swollen", "red", "leaking", "blocked"] = "good"
    note: str | None = Field(default=None, max_length=200)


class PauseInfusion(OfDose):
    """Fact: it does not drip for now."""

    reason: str = Field(min_length=1, max_length=200)


class ResumeInfusion(OfDose):
    """Fact: it drips again."""

    rate_ml_per_h: float = Field(gt=0, le=2_000)


class EndInfusion(OfDose):
    """Fact: it is over. `infused_ml` is what went in, not what was ordered."""

    infused_ml: float = Field(ge=0, le=5_000)
    reason: str | None = Field(default=None, min_length=1, max_length=200)


class WithholdDose(OfDose):
    """Fact: it was not given: held for a reason, refused by the patient, or missed."""

    why: Literal["held", "refused", "missed"]
    reason: str = Field(min_length=1, max_length=200)


class StrikeDose(OfDose):
    """Fact: an entry about it was wrong. `entry` is the command that is struck out; it stays readable."""

    entry: Id
    reason: str = Field(min_length=1, max_length=200)


class DoseEvent(Message):
    """One entry about a dose. `struck_*`: it was wrong, says who. `counted` is False where it did not move the dose."""

    command: Id
    act: str
    at: Instant
    entered_at: Instant
    received_at: Instant | None = None
    device: str
    by: Actor
    by_name: str | None = None
    counted: bool = True
    seen: tuple[Id, ...] = ()
    scans: tuple[Scan, ...] = ()
    witness: str | None = None
    reason: str | None = None
    overrides: tuple[Override, ...] = ()
    amount_pct: float | None = None
    part_reason: str | None = None
    volume_ml: float | None = None
    rate_ml_per_h: float | None = None
    remaining_ml: float | None = None
    infused_ml: float | None = None
    site: str | None = None
    note: str | None = None
    struck_at: Instant | None = None
    struck_by: Actor | None = None
    struck_reason: str | None = None


class DoseView(RecordView):
    """Change `dose.changed`: a dose as everybody holds it, with every entry about it.

    `withdrawn_at`: its order ended then, before it was due, whatever had been entered about it.
    """

    order: Id
    due_at: Instant | None = None
    opens_at: Instant | None = None
    closes_at: Instant | None = None
    missed_at: Instant | None = None
    withdrawn_at: Instant | None = None
    state: DoseState
    items: tuple[OrderedDrug, ...] = ()
    events: tuple[DoseEvent, ...] = ()

    def givings(self) -> tuple[DoseEvent, ...]:
        """The entries that say it was given or begun, those struck out left aside."""
        return tuple(e for e in self.events if e.act in ("give", "start") and e.struck_at is None)


class LeaseDoses(Message):
    """Fact: a nurse goes on a round with these doses; until then another cart is warned."""

    doses: tuple[Id, ...] = Field(min_length=1, max_length=200)
    until_at: Instant


class ReleaseLease(Message):
    """Fact: the round is over."""

    lease: Id


class LeaseView(RecordView):
    """Change `lease.changed`."""

    doses: tuple[Id, ...]
    device: Slug
    by: Actor
    by_name: str | None = None
    taken_at: Instant
    until_at: Instant
    released_at: Instant | None = None
