"""Orders and doses under commands in any order: nothing is forgotten, no move is made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical import dose_states, order_states
from wardlink.clinical.order_states import OrderState
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.bodies import parse_body
from wardlink.messages.commands import Command
from wardlink.messages.doses import DoseView
from wardlink.messages.orders import OrderView
from wardlink.record.doses import DOSE
from wardlink.record.kind import Said
from wardlink.record.orders import ORDER

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
NAMES = ("n1", "n2", "d1")
OF_DOSE = {"dose": new_id(), "order": new_id()}
ENTRIES = {
    "dose.give": {},
    "dose.start": {"volume_ml": 250, "rate_ml_per_h": 100},
    "dose.patrol": {"remaining_ml": 100, "rate_ml_per_h": 100},
    "dose.pause": {"reason": "x-ray"},
    "dose.resume": {"rate_ml_per_h": 90},
    "dose.end": {"infused_ml": 250},
    "dose.withhold": {"why": "refused", "reason": "nausea"},
}


def said(kind: str, body: dict[str, Any], *, by: str = "n1", minute: int = 0, device: str = "c1") -> Said:
    """A command and its body, `minute` minutes after `NOW`."""
    at = NOW + timedelta(minutes=minute)
    command = Command(
        id=new_id(),
        kind=kind,
        ward="w1",
        device=device,
        stream=new_id(),
        n=1,
        actor=Actor(kind="staff", id=by),
        encounter=new_id(),
        measured_at=at,
        entered_at=at,
        body=body,
    )
    return Said(command, parse_body(kind, body))


def entry(kind: str, minute: int = 0, **more: Any) -> Said:
    """An entry about the dose."""
    return said(kind, OF_DOSE | {"due_at": NOW.isoformat()} | ENTRIES[kind] | more, minute=minute)


def after(*entries: Said, dose: DoseView | None = None) -> DoseView:
    """The dose after these entries."""
    for one in entries:
        dose = DOSE.fold(dose, one)
    assert dose is not None
    return dose


def order(state: OrderState = "issued") -> OrderView:
    """An order in a state."""
    doctor = Actor(kind="staff", id="d1")
    fields: dict[str, Any] = {"kind": "standing", "category": "drug", "frequency": "tid"}
    return OrderView(id=new_id(), state=state, start_at=NOW, issued_at=NOW, doctor=doctor, **fields)


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(ENTRIES)), st.integers(0, 60), st.booleans(), st.integers(0, 5)), max_size=12
    )
)
def test_no_walk_leaves_the_moves_or_forgets_an_entry(walk: list[tuple[str, int, bool, int]]) -> None:
    """Whatever is entered, in whatever order, once or twice: it stands there, and it moved the dose or did not."""
    dose: DoseView | None = None
    made: list[Said] = []
    for kind, minute, strikes, which in walk:
        if strikes and made:
            struck = made[which % len(made)].command.id
            dose = DOSE.fold(dose, said("dose.strike", OF_DOSE | {"entry": struck, "reason": "x"}))
        else:
            made.append(entry(kind, minute))
            dose = DOSE.fold(dose, made[-1])
            assert DOSE.fold(dose, made[-1]) == dose

    if dose is not None:
        assert {event.command for event in dose.events} == {one.command.id for one in made}
        state = "planned"
        for event in dose.events:
            if event.counted and event.struck_at is None and event.act != "patrol":
                state = dose_states.MOVES[state, event.act]  # type: ignore[index]
        assert dose.state == state


@given(st.permutations(["dose.give", "dose.withhold", "dose.patrol"]))
def test_the_order_of_arrival_makes_no_difference(kinds: list[str]) -> None:
    """What happened first counts first, whenever it is heard of."""
    entries = {kind: entry(kind, minute) for minute, kind in enumerate(["dose.withhold", "dose.give", "dose.patrol"])}
    straight = after(*entries.values())

    assert after(*[entries[kind] for kind in kinds]).state == straight.state == "done"


def test_a_dose_given_twice_keeps_both_givings() -> None:
    """The second one moves nothing and is not hidden."""
    dose = after(entry("dose.give", 0), entry("dose.give", 5))

    assert [event.counted for event in dose.events] == [True, False]
    assert (dose.state, len(dose.givings())) == ("done", 2)


def test_a_wrong_entry_is_struck_out_and_stays_readable() -> None:
    """The dose waits again; a struck giving is no giving."""
    wrong = entry("dose.give")
    dose = after(wrong)
    dose = after(said("dose.strike", OF_DOSE | {"entry": wrong.command.id, "reason": "wrong bed"}), dose=dose)

    assert (dose.state, dose.givings()) == ("planned", ())
    assert [(event.act, event.struck_reason) for event in dose.events] == [("give", "wrong bed")]


def test_a_dose_of_a_stopped_order_that_was_given_all_the_same() -> None:
    """It is done, not cancelled; struck out it is cancelled again."""
    gave = entry("dose.give")
    dose = after(gave).model_copy(update={"state": "cancelled", "events": ()})
    given_dose = after(gave, dose=dose)

    assert given_dose.state == "done"


def test_an_order_on_its_way() -> None:
    """Reviewed, taken over by one nurse and checked by another; the first one twice is not enough."""
    view: OrderView | None = order()
    steps = [
        said("order.review", {"order": view.id, "accepted": True}, by="p1"),  # type: ignore[union-attr]
        said("order.check", {"order": view.id, "step": "transcribed"}, by="n1"),  # type: ignore[union-attr]
        said("order.check", {"order": view.id, "step": "checked"}, by="n1"),  # type: ignore[union-attr]
        said("order.check", {"order": view.id, "step": "checked"}, by="n2"),  # type: ignore[union-attr]
    ]
    states = []
    for step in steps:
        view = ORDER.fold(view, step)
        assert view is not None
        states.append(view.state)

    assert states == ["reviewed", "transcribed", "transcribed", "active"]


@pytest.mark.parametrize("state", sorted(order_states.OPEN | {"stopped", "completed", "rejected", "cancelled"}))
def test_a_stop_ends_only_what_runs(state: OrderState) -> None:
    """Elsewhere it is kept as a step that did not count, and sets no end."""
    view = order(state)
    stopped = ORDER.fold(view, said("order.stop", {"order": view.id, "stop_at": NOW.isoformat()}, by="d1"))

    assert stopped is not None
    runs = state in ("active", "on-hold")
    assert (stopped.state, stopped.stop_at) == (("stopped", NOW) if runs else (state, None))
    assert [step.counted for step in stopped.steps] == [runs]


def test_what_nobody_knows_is_not_made_up() -> None:
    """A step of an unknown order and a strike of an unknown dose make nothing; an entry about a dose makes the dose."""
    assert ORDER.fold(None, said("order.stop", {"order": new_id(), "stop_at": NOW.isoformat()})) is None
    assert DOSE.fold(None, said("dose.strike", OF_DOSE | {"entry": new_id(), "reason": "x"})) is None
    assert after(entry("dose.give")).order == OF_DOSE["order"]
