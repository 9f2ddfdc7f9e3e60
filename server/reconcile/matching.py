"""Lines of a bill against our own books. Pure, and one pass: the bill streams through, only our side is held.

A line matches on (channel, number, kind): the order's number for a payment, the refund's for a refund. What fits is
only counted; what does not is named by what it is (ward domain sheet 7.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from server.payments.port import BillRow
from server.reconcile.rules import Rules

Kind = Literal["amount_diff", "local_only", "channel_only", "status_diff", "other_day"]
"""`other_day` is no difference: both sides have it, on days of their own."""

Moved = Literal["yes", "no", "open"]
"""Whether money has moved, as one side sees it; `open`: it does not know yet."""

Subject = Literal["payment", "refund"]

# Theirs, ours: what it is called; None: it fits. What we have never heard of is channel_only whatever its state.
PAYMENTS: Mapping[tuple[Moved, Moved], Kind | None] = {
    ("yes", "yes"): None,
    ("yes", "open"): "channel_only",
    ("yes", "no"): "channel_only",
}
REFUNDS: Mapping[tuple[Moved, Moved], Kind | None] = {
    ("yes", "yes"): None,
    ("yes", "open"): "status_diff",
    ("yes", "no"): "status_diff",
    ("open", "yes"): None,
    ("open", "open"): None,
    ("open", "no"): "status_diff",
    ("no", "yes"): "status_diff",
    ("no", "open"): None,
    ("no", "no"): None,
}


@dataclass(frozen=True, slots=True)
class Ours:
    """A payment or a refund in our books. `on`: the day it counts for, where money has moved. `id`: of its row."""

    subject: Subject
    number: str
    id: str
    fen: int
    moved: Moved
    state: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What does not fit, with both sides as far as there are two. `twice`: the bill names it a second time."""

    kind: Kind
    subject: Subject
    number: str
    ours: Ours | None = None
    theirs: BillRow | None = None
    twice: bool = False


@dataclass
class Sums:
    """Fen of one side's day: what came in, what was given back, and what the channel took for it."""

    income_fen: int = 0
    refund_fen: int = 0
    fee_fen: int = 0

    def add(self, subject: Subject, fen: int, fee_fen: int = 0) -> None:
        """One line more."""
        self.income_fen += fen if subject == "payment" else 0
        self.refund_fen += fen if subject == "refund" else 0
        self.fee_fen += fee_fen

    @property
    def net_fen(self) -> int:
        """Income less what was given back."""
        return self.income_fen - self.refund_fen

    @property
    def settlement_fen(self) -> int:
        """What the channel pays out."""
        return self.net_fen - self.fee_fen


@dataclass
class Day:
    """One day of one channel. Feed the bill through `take`, then `meet` what it knows and the day does not, then `end`.

    `expected`: what our books say for this day, by subject and number. `strangers`: lines that are not in it.
    """

    on: date
    rules: Rules
    expected: dict[tuple[Subject, str], Ours]
    lines: int = 0
    matched: int = 0
    theirs: Sums = field(default_factory=Sums)
    ours: Sums = field(default_factory=Sums)
    strangers: list[BillRow] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    def __post_init__(self) -> None:
        for each in self.expected.values():
            self.ours.add(each.subject, each.fen)

    def take(self, rows: Iterable[BillRow]) -> None:
        """The lines of the bill."""
        for row in rows:
            self.lines += 1
            if _moved(row, self.rules) != "no":
                self.theirs.add(row.kind, row.amount_fen, row.fee_fen)
            ours = self.expected.pop((row.kind, number_of(row)), None)
            if ours is None:
                self.strangers.append(row)
            else:
                self._compare(row, ours)

    def meet(self, known: Mapping[tuple[Subject, str], Ours]) -> None:
        """What our books say of the strangers, whatever the day."""
        met: set[tuple[Subject, str]] = set()
        for row in self.strangers:
            key = (row.kind, number_of(row))
            ours = known.get(key)
            # What our books have on this very day has been met by another line.
            twice = key in met or (ours is not None and ours.on == self.on)
            met.add(key)
            if ours is None or twice:
                self._add("channel_only", row, ours, twice=twice)
                continue
            before = len(self.differences)
            self._compare(row, ours)
            if len(self.differences) == before and ours.moved == "yes":
                self._add("other_day", row, ours)
        self.strangers.clear()

    def end(self, met_before: set[tuple[Subject, str]]) -> Iterator[Difference]:
        """Everything that does not fit; `met_before`: what bills of other days have shown already."""
        for key, ours in self.expected.items():
            if key in met_before:
                self.matched += 1
            else:
                self.differences.append(Difference("local_only", ours.subject, ours.number, ours))
        self.expected.clear()
        yield from self.differences

    def _compare(self, row: BillRow, ours: Ours) -> None:
        table = PAYMENTS if row.kind == "payment" else REFUNDS
        if row.amount_fen != ours.fen:
            self._add("amount_diff", row, ours)
            return
        kind = table[_moved(row, self.rules), ours.moved]
        if kind is None:
            self.matched += 1
        else:
            self._add(kind, row, ours)

    def _add(self, kind: Kind, row: BillRow, ours: Ours | None, *, twice: bool = False) -> None:
        self.differences.append(Difference(kind, row.kind, number_of(row), ours, row, twice))


def number_of(row: BillRow) -> str:
    """What a line matches by."""
    return row.out_trade_no if row.kind == "payment" else str(row.out_refund_no)


def _moved(row: BillRow, rules: Rules) -> Moved:
    if row.kind == "payment":
        return "yes"
    return "open" if row.state in rules.under_way else "no" if row.state in rules.failed else "yes"
