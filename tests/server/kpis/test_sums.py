"""The day's sums are those of the facts, however late, doubled or corrected they come, and after a recount."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from server.kpis import facts, sums
from server.kpis.days import day_at
from server.kpis.facts import of_call, of_dose, of_line
from tests.server.wards import NOW, SmallWard
from wardlink.clock import ward_date
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.doses import DoseEvent, DoseView

BED = Actor(kind="device", id="t1")
DUE = datetime(2028, 2, 28, 15, 30, tzinfo=UTC)
"""Half an hour before the ward's midnight."""

ACTS = ("raise", "raise", "refine", "acknowledge", "arrive", "resolve", "cancel")
REASONS = (None, "PAIN", "WATER", "FALL")


def kept(ward: SmallWard) -> dict[tuple[str, str, str], int]:
    """The sums by ward, day and term."""
    with ward.db.read() as conn:
        return {(ward_, day_at(day).isoformat(), term): n for (ward_, day, term), n in sums.kept(conn).items()}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(ACTS),
            st.sampled_from(REASONS),
            st.integers(-3 * 24 * 60, 0),
            st.integers(0, 9),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_any_walk_of_calls_is_summed_as_its_facts(
    ward: SmallWard, steps: list[tuple[str, str | None, int, int, bool]]
) -> None:
    """Late ones, doubled ones, arrivals before their call, reasons that change, calls that are taken back."""
    pressed: list[Any] = []
    for act, reason, minutes, which, twice in steps:
        at = NOW + timedelta(minutes=minutes)
        if act == "raise" or not pressed:
            command = ward.terminal.command("call.raise", {"reason": reason}, actor=BED, measured_at=at)
            pressed.append(command.id)
        else:
            call = pressed[which % len(pressed)]
            body = {"call": call} | ({"reason": reason or "PAIN"} if act == "refine" else {})
            hand = ward.terminal if act in ("refine", "cancel") else ward.cart
            command = hand.command(
                f"call.{act}", body, measured_at=at, **({"actor": BED} if hand is ward.terminal else {})
            )
        ward.take(command, *([command] if twice else []))

    with ward.db.read() as conn:
        assert sums.kept(conn) == sums.from_facts(conn)


def test_a_late_arrival_reaches_the_day_of_the_call(ward: SmallWard) -> None:
    """Pressed the evening before yesterday; what a cart without network says of it comes in now."""
    at = NOW - timedelta(days=2)
    call = ward.terminal.command("call.raise", {"reason": "PAIN"}, actor=BED, measured_at=at)
    ward.take(call)
    day = ward_date(at).isoformat()
    assert kept(ward) == {("w1", day, "calls"): 1}

    ward.take(ward.cart.command("call.arrive", {"call": call.id}, measured_at=at + timedelta(seconds=60)))

    assert kept(ward) == {("w1", day, "calls"): 1, ("w1", day, "calls_in_time"): 1}


def test_a_recount_mends_what_somebody_broke(ward: SmallWard) -> None:
    """Wrong sums, and sums by rules that hold no more; none at all where there are facts are none of today either."""
    ward.take(ward.terminal.command("call.raise", {"reason": "PAIN"}, actor=BED))
    before = kept(ward)
    for broken in (update(sums.SUM).values(n=7), update(sums.SUM).values(rules="old"), delete(sums.SUM)):
        with ward.db.write() as conn:
            conn.execute(broken)
            in_force = sums.is_in_force(conn)
            sums.recount(conn)

        assert kept(ward) == before
        assert in_force == ("n" in broken.compile().params and "rules" not in broken.compile().params)


@pytest.mark.parametrize(
    ("state", "reason", "cls", "after_s", "expected"),
    [
        ("arrived", "PAIN", "P2", 300, {"calls": 1, "calls_in_time": 1}),
        ("arrived", "PAIN", "P2", 301, {"calls": 1}),
        ("resolved", None, "P2", 180, {"calls": 1, "calls_in_time": 1}),
        ("resolved", None, "P2", 181, {"calls": 1}),
        ("arrived", "PAIN", "P2", -5, {"calls": 1, "calls_in_time": 1}),
        ("raised", "WATER", "P4", None, {"calls": 1}),
        ("cancelled", "WATER", "P4", None, {}),
        ("arrived", None, "P9", 1, {"calls": 1}),
    ],
)
def test_a_call_is_in_time_by_its_reason(
    state: str, reason: str | None, cls: str, after_s: int | None, expected: dict[str, int]
) -> None:
    """Up to the second of the reason's time; taken back is left out, nobody there is late."""
    arrived = None if after_s is None else DUE + timedelta(seconds=after_s)
    call = {"ward": "a", "state": state, "reason": reason, "cls": cls, "raised_at": DUE, "arrived_at": arrived}

    assert {term: n for (_ward, _day, term), n in of_call(call).items()} == expected


def dose(*acts: tuple[str, timedelta], state: str = "given", struck: bool = False, **other: Any) -> DoseView:
    """A dose due at `DUE`, an hour either side, with what was entered so long after it."""
    events = tuple(
        DoseEvent(
            command=new_id(),
            act=act,
            at=DUE + after,
            entered_at=DUE,
            received_at=DUE,
            device="c1",
            by=Actor(kind="staff", id="n1"),
            struck_at=DUE if struck else None,
        )
        for act, after in acts
    )
    hour = timedelta(hours=1)
    times = {"due_at": DUE, "opens_at": DUE - hour, "closes_at": DUE + hour} | other
    return DoseView.model_construct(id="d", state=state, events=events, **times)


@pytest.mark.parametrize(
    ("given_dose", "expected"),
    [
        (dose(("give", timedelta(hours=-1))), {"doses": 1, "doses_in_time": 1}),
        (dose(("give", timedelta(hours=1))), {"doses": 1, "doses_in_time": 1}),
        (dose(("start", timedelta(hours=1, seconds=1))), {"doses": 1}),
        (dose(("give", timedelta(hours=-1, seconds=-1))), {"doses": 1}),
        (dose(("give", timedelta()), struck=True), {"doses": 1}),
        (dose(("hold", timedelta()), state="held"), {}),
        (dose(("refuse", timedelta()), state="refused"), {}),
        (dose(state="missed"), {"doses": 1}),
        (dose(state="cancelled"), {}),
        (dose(("give", timedelta()), due_at=None), {}),
    ],
)
def test_a_dose_is_in_time_within_its_window(given_dose: DoseView, expected: dict[str, int]) -> None:
    """Both ends belong to it, and it counts for the day on which it was due; what is as needed has no such day."""
    found = of_dose("a", given_dose)

    assert {term: n for (_ward, _day, term), n in found.items()} == expected
    assert {day_at(day) for _ward, day, _term in found} <= {date(2028, 2, 28)}


def test_a_line_counts_for_its_day_and_kind() -> None:
    """What takes one back has an amount below nought."""
    on, day = date(2028, 2, 29), (date(2028, 2, 29) - date(1970, 1, 1)).days

    assert of_line("a", on, "drug", 250) == {("a", day, "charged_fen"): 250, ("a", day, "drugs_fen"): 250}
    assert of_line("a", on, "bed", -4_000) == {("a", day, "charged_fen"): -4_000}


def test_other_times_are_other_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the server counts anew at its next start."""
    before = facts.rules_in_force()
    reasons = dict(facts.call_reasons())
    reasons.pop("WATER")
    monkeypatch.setattr(facts, "call_reasons", lambda: reasons)

    assert facts.rules_in_force.__wrapped__() != before
