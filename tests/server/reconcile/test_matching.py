"""Every pair of what the channel says and what we say has its name; sums of both sides differ by the differences."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.payments.port import BillRow
from server.reconcile.matching import Day, Difference, Moved, Ours
from server.reconcile.rules import rules
from tests.server.reconcile.books_of_a_day import ON, line


def ours(number: str, fen: int, moved: Moved, *, subject: str = "payment", days: int = 0) -> Ours:
    """Something in our books, on this day or another."""
    on = ON + timedelta(days=days) if moved == "yes" else None
    return Ours(subject, number, "id", fen, moved, moved, on)  # type: ignore[arg-type]


def compared(rows: list[BillRow], books: list[Ours]) -> tuple[Day, list[Difference]]:
    """A day compared; books of the day are expected, the others are known."""
    keyed = {(each.subject, each.number): each for each in books}
    day = Day(ON, rules(), {key: each for key, each in keyed.items() if each.on == ON})
    day.take(rows)
    day.meet(keyed)
    return day, list(day.end(set()))


@pytest.mark.parametrize(
    ("theirs", "moved", "kind"),
    [
        (100, "yes", None),
        (100, "open", "channel_only"),
        (100, "no", "channel_only"),
        (100, None, "channel_only"),
        (99, "yes", "amount_diff"),
        (101, "open", "amount_diff"),
        (None, "yes", "local_only"),
        (None, "open", None),
        (None, "no", None),
    ],
)
def test_a_payment_has_one_name(theirs: int | None, moved: Moved | None, kind: str | None) -> None:
    """For every pair of sides."""
    rows = [] if theirs is None else [line("a", theirs)]
    day, found = compared(rows, [] if moved is None else [ours("a", 100, moved)])

    assert [each.kind for each in found] == ([] if kind is None else [kind])
    assert day.matched == (1 if theirs == 100 and moved == "yes" else 0)


@pytest.mark.parametrize(
    ("state", "moved", "kind"),
    [
        ("SUCCESS", "yes", None),
        ("SUCCESS", "open", "status_diff"),
        ("SUCCESS", "no", "status_diff"),
        ("SUCCESS", None, "channel_only"),
        ("PROCESSING", "yes", None),
        ("PROCESSING", "open", None),
        ("PROCESSING", "no", "status_diff"),
        ("FAIL", "yes", "status_diff"),
        ("FAIL", "open", None),
        ("FAIL", "no", None),
        ("退款", "yes", None),
        (None, "yes", "local_only"),
        (None, "open", None),
        (None, "no", None),
    ],
)
def test_a_refund_has_one_name(state: str | None, moved: Moved | None, kind: str | None) -> None:
    """For every pair of sides, in the words of both channels."""
    rows = [] if state is None else [line("r", 50, refund_of="a", state=state)]
    _, found = compared(rows, [] if moved is None else [ours("r", 50, moved, subject="refund")])

    assert [each.kind for each in found] == ([] if kind is None else [kind])


def test_a_payment_and_its_refund_are_two_lines() -> None:
    """Also where the refund carries the order's number."""
    rows = [line("a", 100), line("a", 40, refund_of="a")]
    books = [ours("a", 100, "yes"), ours("a", 40, "yes", subject="refund")]

    day, found = compared(rows, books)

    assert (day.matched, found) == (2, [])


def test_a_line_that_stands_there_twice_is_shown() -> None:
    """Whether we know the number or not."""
    day, found = compared([line("a", 100), line("a", 100), line("x", 5), line("x", 5)], [ours("a", 100, "yes")])

    assert [(each.number, each.kind, each.twice) for each in found] == [
        ("a", "channel_only", True),
        ("x", "channel_only", False),
        ("x", "channel_only", True),
    ]
    assert day.matched == 1


def test_the_other_side_of_midnight_is_no_difference() -> None:
    """We have it a day later, or a day earlier."""
    day, found = compared(
        [line("a", 100), line("b", 100)], [ours("a", 100, "yes", days=1), ours("b", 100, "yes", days=-1)]
    )

    assert [each.kind for each in found] == ["other_day", "other_day"]
    assert day.matched == 2


SIDES = st.sampled_from(["yes", "open", "no", "other day", "absent"])


@given(
    pairs=st.lists(
        st.tuples(st.booleans(), st.integers(1, 10**10), st.integers(1, 10**10), st.booleans(), SIDES), max_size=12
    )
)
def test_the_differences_explain_the_sums(pairs: list[tuple[bool, int, int, bool, str]]) -> None:
    """Net of the bill less net of our day is the sum of what the differences say, to the fen."""
    rows, books = [], []
    for n, (is_there, theirs, mine, is_refund, side) in enumerate(pairs):
        number, subject = f"n{n}", "refund" if is_refund else "payment"
        if is_there:
            rows.append(line(number, theirs, refund_of="o" if is_refund else None))
        if side == "other day":
            books.append(ours(number, mine, "yes", subject=subject, days=1))
        elif side != "absent":
            books.append(ours(number, mine, side, subject=subject))  # type: ignore[arg-type]
    day, found = compared(rows, books)

    explained = 0
    for each in found:
        here = each.ours.fen if each.ours is not None and each.ours.on == ON else 0
        there = each.theirs.amount_fen if each.theirs is not None else 0
        explained += (there - here) * (1 if each.subject == "payment" else -1)
    assert day.theirs.net_fen - day.ours.net_fen == explained
    assert day.theirs.settlement_fen == day.theirs.net_fen - sum(row.fee_fen for row in rows)
