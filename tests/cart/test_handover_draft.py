"""What the record of a shift says about one patient."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart.usecases.handover_draft import Told, draft, fitting, marks, worst_in
from tests.cart.nurse import process_language
from tests.record.due.facts import (
    HOUR,
    MIN,
    MORPHINE,
    NOW,
    dose,
    event,
    facts,
    marked,
    order,
    stay,
    vitals_set,
)
from wardlink.clinical.shifts import shift_at
from wardlink.messages.scored import scored
from wardlink.record.due.all import due_of

SHIFT = shift_at(NOW)
"""The day shift: it began two hours ago."""


def said(told: Told, part: str | None = None) -> list[str]:
    """The lines of a part, or all, in English."""
    with process_language("en"):
        return [line.text for line in draft(told, SHIFT, NOW) if part in (None, line.part)]


def test_the_scores_of_the_shift_and_the_worst() -> None:
    """A set of the shift before, one that is struck out and one that is not whole count for nothing."""
    here = stay()
    sets = (
        vitals_set(NOW - 3 * HOUR, rr_per_min=40),
        vitals_set(NOW - 100 * MIN, rr_per_min=25),
        vitals_set(NOW - 50 * MIN, rr_per_min=35, struck=True),
        vitals_set(NOW - 40 * MIN, rr_per_min=22),
        vitals_set(NOW - 30 * MIN, rr_per_min=40, acvpu=None),
    )
    told = Told(stay=here, sets=sets, score=scored(sets[3], here))

    worst = worst_in(told, SHIFT)

    assert worst is not None
    assert worst.found == sets[1]
    assert "in this shift 3 → 2; worst 3 at 08:20" in said(told, "situation")


@pytest.mark.parametrize(
    ("act", "at", "words"),
    [
        ("give", SHIFT.begins_at, "given (1): morphine 10 mg 08:00"),
        ("give", SHIFT.begins_at - timedelta(microseconds=1), None),
        ("hold", NOW, "held: morphine 10 mg 10:00 (fasting)"),
        ("refuse", NOW, "refused by the patient: morphine 10 mg 10:00 (fasting)"),
        ("miss", NOW, "missed: morphine 10 mg 10:00 (fasting)"),
    ],
)
def test_drugs_of_the_shift(act: str, at: Any, words: str | None) -> None:
    """Given, held, refused and missed, from the first instant of the shift on; struck out it was not."""
    of = order()
    entry = event(act, at, reason=None if act == "give" else "fasting")
    struck = entry.model_copy(update={"struck_at": NOW})

    lines = said(Told(stay=stay(), doses=(dose(of, NOW, "done", entry, items=(MORPHINE,)),)), "assessment")

    assert lines == ([words] if words else [])
    assert said(Told(stay=stay(), doses=(dose(of, NOW, "done", struck, items=(MORPHINE,)),)), "assessment") == []


def test_an_infusion_that_runs_is_told_with_what_is_left() -> None:
    """By its rate since somebody looked last."""
    of = order(route="ivgtt")
    start = event("start", NOW - HOUR, volume_ml=500, rate_ml_per_h=100)

    lines = said(Told(stay=stay(), doses=(dose(of, NOW, "running", start, items=(MORPHINE,)),)), "assessment")

    assert lines[0] == "runs: morphine 10 mg, 100 mL/h, about 400 mL left"


def test_what_is_outstanding_goes_over_to_the_next_shift() -> None:
    """Orders to take over, what is due within eight hours, and no more than can be read."""
    here, of = stay(), order("reviewed", text="check me", items=())
    planned = order()
    doses = tuple(dose(planned, NOW + n * 10 * MIN, items=(MORPHINE,)) for n in range(20))
    due = due_of(facts(here, planned, *doses), NOW)

    lines = said(Told(stay=here, orders=(of,), doses=doses, due=due), "recommendation")

    assert lines[0].startswith("take over: check me")
    assert lines[-1] == f"and {len([d for d in due if d.due_at <= NOW + 8 * HOUR]) - 12} more within eight hours"
    assert len(lines) == 14


def test_a_quiet_shift_has_no_marks() -> None:
    """A new patient, an operation and a raised score have."""
    with process_language("en"):
        assert marks(Told(stay=stay()), SHIFT) == []
        assert marks(Told(stay=stay(admitted_at=SHIFT.begins_at)), SHIFT) == ["new"]
        operated = Told(stay=stay(), events=(marked("surgery", NOW),), sets=(vitals_set(NOW, rr_per_min=25),))
        assert marks(operated, SHIFT) == ["operation", "NEWS2"]


def test_every_line_fits_its_message_and_nothing_is_left_out() -> None:
    """However many drugs were given: what is too long for a line goes on in the next one."""
    of = order()
    doses = tuple(dose(of, NOW, "done", event("give", NOW), items=(MORPHINE,) * 9) for _ in range(40))

    lines = draft(Told(stay=stay(), doses=doses), SHIFT, NOW)

    assert max(len(line.text) for line in lines) <= 300
    assert sum(line.text.count("10:00") for line in lines) == 40


@given(st.text(st.sampled_from("ab; "), max_size=80), st.integers(1, 20))
def test_pieces_hold_everything(text: str, most: int) -> None:
    """Of whatever text: no piece is longer than asked for, and no letter is lost."""
    pieces = list(fitting(text, most))

    assert all(0 < len(piece) <= most for piece in pieces)
    for letter in "ab":
        assert sum(piece.count(letter) for piece in pieces) == text.count(letter)
