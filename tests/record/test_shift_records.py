"""Reminders, assignments and hand-overs: in any order and however often, the same comes out and nothing is lost."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.bodies import parse_body
from wardlink.messages.commands import Command
from wardlink.messages.handovers import HandoverView
from wardlink.record.assignments import ASSIGNMENT
from wardlink.record.handovers import HANDOVER
from wardlink.record.kind import Said
from wardlink.record.kinds import BY_COMMAND
from wardlink.record.reminders import REMINDER

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
STAY = new_id()
LINE = {"part": "situation", "text": "NEWS2 5"}


def said(kind: str, body: dict[str, Any], *, by: str = "n1", minute: int = 0, ward: str = "w1") -> Said:
    """A command and its body, `minute` minutes after the shift began."""
    at = NOW + timedelta(minutes=minute)
    command = Command(
        id=new_id(),
        kind=kind,
        ward=ward,
        device="c1",
        stream=new_id(),
        n=1,
        actor=Actor(kind="staff", id=by),
        encounter=STAY,
        measured_at=at,
        entered_at=at,
        body=body,
    )
    return Said(command, parse_body(kind, body))


def of_shift(kind: str, by: str = "n1", minute: int = 0, **body: Any) -> Said:
    """The same about the shift."""
    return said(kind, {"shift_at": NOW.isoformat()} | body, by=by, minute=minute)


def after(*entries: Said) -> Any:
    """The record after these entries."""
    view = None
    for one in entries:
        view = BY_COMMAND[one.command.kind].fold(view, one)
    return view


def given_and_taken(giver: str, taker: str) -> HandoverView:
    """A hand-over that one gives and one takes."""
    gave = of_shift("handover.give", giver, lines=[LINE], note="watch")
    view: HandoverView = after(gave, of_shift("handover.take", taker, 1, given=gave.command.id))
    return view


def test_two_people_hand_over() -> None:
    """It is taken when another took what was given; the facts and the text stand as they were signed."""
    view = given_and_taken("n1", "n2")

    assert (view.state, view.last_given.note if view.last_given else "") == ("taken", "watch")
    assert view.taking is not None
    assert view.taking.by.id == "n2"


def test_nobody_takes_from_herself() -> None:
    """Her own signature as the taker is kept, and counts for nothing."""
    view = given_and_taken("n1", "n1")

    assert (view.state, len(view.taken)) == ("given", 1)


def test_given_again_it_must_be_taken_again() -> None:
    """A signature is for what stood there when it was made."""
    gave = of_shift("handover.give", lines=[LINE])
    taken = of_shift("handover.take", "n2", 1, given=gave.command.id)
    again = of_shift("handover.give", minute=2, lines=[LINE], note="one thing more")

    assert [after(gave, taken).state, after(gave, taken, again).state] == ["taken", "given"]


def test_struck_out_what_was_given_before_stands() -> None:
    """What was wrong stays readable and is not what was given last."""
    first, second = (of_shift("handover.give", minute=n, note=str(n)) for n in (1, 2))

    view = after(first, second, of_shift("handover.strike", minute=3, given=second.command.id, reason="wrong bed"))

    assert (view.last_given.note, len(view.given), view.struck[0].reason) == ("1", 2, "wrong bed")


ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(["handover.write", "handover.give", "handover.take", "handover.strike"]),
        st.sampled_from(["n1", "n2"]),
        st.integers(0, 30),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=10,
)


@given(ENTRIES, st.randoms())
def test_two_carts_end_with_the_same_hand_over(entries: list[tuple[str, str, int, int]], rand: random.Random) -> None:
    """Whatever the order in which the entries come, and twice each."""
    gives: list[str] = [new_id()]
    made = []
    for kind, by, minute, which in entries:
        more: dict[str, Any] = {
            "handover.write": {"note": str(minute)},
            "handover.give": {"note": str(minute)},
            "handover.take": {"given": gives[which % len(gives)]},
            "handover.strike": {"given": gives[which % len(gives)], "reason": "x"},
        }[kind]
        one = of_shift(kind, by, minute, **more)
        gives += [one.command.id] if kind == "handover.give" else []
        made.append(one)
    shuffled = [*made, *made]
    rand.shuffle(shuffled)

    here, there = after(*made), after(*shuffled)

    assert here.model_dump(exclude={"bed"}) == there.model_dump(exclude={"bed"})
    assert len(here.notes) + len(here.given) + len(here.taken) + len(here.struck) == len(made)
    assert here.state in ("draft", "given", "taken")


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["n1", "n2", "n3"])), min_size=1, max_size=8), st.randoms())
def test_a_bed_is_theirs_who_said_so_last(words: list[tuple[bool, str]], rand: random.Random) -> None:
    """Each nurse speaks for herself; two may have one bed. The order of arrival is nothing."""
    made = [
        of_shift("assignment.take" if takes else "assignment.leave", by, n, bed="b1")
        for n, (takes, by) in enumerate(words)
    ]
    last = {by: takes for takes, by in words}
    shuffled = [*made, *made]
    rand.shuffle(shuffled)

    view = after(*shuffled)

    assert sorted(step.by.id for step in view.nurses) == sorted(by for by, takes in last.items() if takes)
    assert view == after(*made)


def test_one_bed_and_shift_is_one_record_on_every_cart() -> None:
    """Another bed, another shift and another ward are others."""
    later = (NOW + timedelta(hours=8)).isoformat()
    made = [
        of_shift("assignment.take", "n1", bed="b1"),
        of_shift("assignment.take", "n2", bed="b1"),
        of_shift("assignment.take", "n1", bed="b2"),
        of_shift("assignment.take", "n1", bed="b1", shift_at=later),
        said("assignment.take", {"shift_at": NOW.isoformat(), "bed": "b1"}, ward="w2"),
    ]

    ids = [ASSIGNMENT.target(one.command, one.body) for one in made]

    assert ids[0] == ids[1]
    assert len(set(ids)) == 4


def test_the_first_word_about_a_reminder_stands() -> None:
    """Two carts ticked it off: it was done once; struck out after that, both stay readable."""
    added = said("reminder.add", {"text": "ask about sleep", "due_at": NOW.isoformat()})
    about = {"reminder": added.command.id}
    done, again = (said("reminder.done", about, by=by, minute=n) for n, by in ((1, "n1"), (2, "n2")))
    struck = said("reminder.strike", about | {"reason": "x"}, minute=3)

    view = after(added, done, again, struck)

    assert (view.done_by.id, view.state, view.struck_reason) == ("n1", "struck", "x")
    assert after(added, done, again) == after(added, done, done)
    assert [REMINDER.is_open(after(added)), REMINDER.is_open(after(added, done))] == [True, False]


@pytest.mark.parametrize("kind", ["reminder.done", "reminder.strike"])
def test_a_reminder_that_nobody_knows_is_not_made_up(kind: str) -> None:
    """The server puts it before a person."""
    assert after(said(kind, {"reminder": new_id()} | ({"reason": "x"} if kind == "reminder.strike" else {}))) is None


def test_a_hand_over_fits_its_column() -> None:
    """The state is a word for lists."""
    assert HANDOVER.state(given_and_taken("n1", "n2")) == "taken"
