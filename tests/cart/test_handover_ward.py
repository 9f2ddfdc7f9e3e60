"""What is told of the ward as a whole, drafted from the record of the shift."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cart.usecases.handover_draft import Told
from cart.usecases.handover_ward import WardTold, draft_ward, left_in
from tests.cart.nurse import DESIGN, Nurse, cart, process_language, sample_of
from tests.record.due.facts import HOUR, MIN, MORPHINE, NOW, dose, event, facts, marked, order, stay, vitals_set
from wardlink.clinical.shifts import shift_at
from wardlink.ids import new_id
from wardlink.messages.alerts import AlertView
from wardlink.messages.assessments import AssessmentView
from wardlink.messages.base import Actor
from wardlink.messages.calls import CallChanged
from wardlink.messages.encounters import PlaceLain
from wardlink.messages.exceptions import ExceptionView
from wardlink.messages.scored import scored
from wardlink.record.due.all import due_of
from wardlink.record.handovers import HANDOVER

SHIFT = shift_at(NOW)
"""The day shift: it began two hours ago."""
BEFORE = SHIFT.begins_at - timedelta(microseconds=1)


def said(ward: WardTold, part: str | None = None) -> list[str]:
    """The lines of a part, or all, in English."""
    with process_language("en"):
        return [line.text for line in draft_ward(ward, SHIFT, NOW) if part in (None, line.part)]


def lain(*since: tuple[str, str, datetime]) -> dict[str, Any]:
    """A stay that has lain in these wards and beds; the last is where it is."""
    places = tuple(PlaceLain(ward=ward, ward_name=ward, bed=bed, since=at) for ward, bed, at in since)
    return {"places": places, "ward": since[-1][0], "bed": since[-1][1]}


def call(cls: str, state: str, at: datetime) -> CallChanged:
    """A call of bed 1."""
    return CallChanged.model_validate({"id": new_id(), "bed": "1", "cls": cls, "state": state, "raised_at": at})


def test_the_census_adds_up() -> None:
    """Who was here, came and left makes who is here; a move within the ward changes nothing."""
    week = NOW - 7 * 24 * HOUR
    here = (
        stay(name="甲"),
        stay(name="乙", admitted_at=SHIFT.begins_at),
        stay(name="丙", **lain(("w9", "7", week), ("w3", "2", NOW - HOUR))),
        stay(name="丁", **lain(("w3", "7", week), ("w3", "4", NOW - HOUR))),
    )
    gone = (
        stay(name="戊", status="finished", discharged_at=NOW - MIN),
        stay(name="己", **lain(("w3", "9", week), ("w8", "1", NOW - MIN))),
        stay(name="庚", status="finished", discharged_at=BEFORE),
    )
    lines = said(WardTold(tuple(Told(one) for one in here), left=gone, beds=6), "situation")

    assert lines[0] == "at the start 4 · came 2 · left 2 · now 4, 2 beds free"
    assert [line.partition(":")[0] for line in lines[2:]] == [
        "new",
        "from another ward",
        "moved to another bed",
        "left",
    ]
    assert [name in lines[-1] for name in "戊己庚"] == [True, True, False]


@pytest.mark.parametrize(("at", "counts"), [(BEFORE, False), (SHIFT.begins_at, True), (SHIFT.ends_at, False)])
def test_who_left_in_the_shift(at: datetime, counts: bool) -> None:
    """Both bounds of the shift, by the minute of the discharge or of the move; without a time it is told."""
    discharged = stay(status="finished", discharged_at=at)
    moved = stay(**lain(("w3", "1", NOW - 99 * HOUR), ("w8", "1", at)))

    assert bool(left_in([discharged], SHIFT)) is counts
    assert bool(left_in([moved], SHIFT)) is counts
    assert left_in([stay()], SHIFT) != []


def test_who_must_be_watched() -> None:
    """Operated, special care, a score that is medium or high, a word of self-harm, fasting, an infusion."""
    raised, running = vitals_set(NOW, rr_per_min=30, spo2_pct=92), event("start", NOW, volume_ml=500, rate_ml_per_h=100)
    here = stay(name="甲", level="special", diet="nil-by-mouth")
    mind = AssessmentView(
        id=new_id(), scale="psych", version="1", answers={}, band="emergency", assessed_at=NOW, entered_at=NOW,
        by=Actor(kind="staff", id="n1"),
    )  # fmt: skip
    told = Told(
        here,
        score=scored(raised, here),
        events=(marked("surgery", NOW), marked("surgery", BEFORE)),
        doses=(dose(order(), NOW, "running", running, items=(MORPHINE,)),),
        assessments=(mind,),
    )
    quiet = Told(stay(name="乙"), events=(marked("surgery", BEFORE),))

    lines = said(WardTold((told, quiet), beds=2), "background")

    assert [line.partition(":")[0] for line in lines] == [
        "operated", "special care", "watch closely", "risk of self-harm", "fasting", "infusion runs",
    ]  # fmt: skip
    assert all("甲" in line and "乙" not in line for line in lines)
    assert said(WardTold((quiet,), beds=2), "background") == []


def test_calls_alerts_and_cases() -> None:
    """Calls of the shift are counted; what is not over is named with its bed, also from the shift before."""
    calls = (call("P1", "resolved", NOW), call("P3", "raised", NOW - MIN), call("P3", "resolved", BEFORE))
    here = stay(name="甲", bed="5")
    alert = AlertView(
        id=new_id(), encounter=here.id, bed="5", code="news2-high", priority="high", subject="x", raised_at=BEFORE,
        since_at=BEFORE, detail={"news2": "9"},
    )  # fmt: skip
    over = alert.model_copy(update={"id": new_id(), "state": "resolved"})
    case = ExceptionView(id=new_id(), kind="given-after-stop", opened_at=BEFORE, encounter=here.id)

    lines = said(
        WardTold((Told(here),), beds=1, calls=calls, alerts=(alert, over), cases=(case,)),
        "assessment",
    )

    assert lines[0] == "calls in this shift that this cart still knows: 2 (P1 1 · P3 1)"
    assert [line.partition(":")[0] for line in lines[1:]] == ["call not finished", "open alert", "open case"]
    assert "NEWS2 9, bed 5 甲" in lines[2]


def test_what_is_outstanding_is_told_with_what_came_from_before() -> None:
    """Of each patient what is overdue, how much of it an earlier shift left, and what comes within eight hours."""
    here, of = stay(name="甲", bed="5"), order()
    doses = tuple(dose(of, at, items=(MORPHINE,)) for at in (SHIFT.begins_at - 2 * HOUR, NOW - 90 * MIN, NOW + HOUR))
    due = due_of(facts(here, of, *doses), NOW)
    asked = order("reviewed", text="check me", items=())

    (line,) = said(WardTold((Told(here, orders=(asked,), due=due), Told(stay(name="乙"))), beds=2), "recommendation")

    late = [one for one in due if one.is_overdue(NOW)]
    assert line.startswith("bed 5 甲 — overdue ")
    assert f"overdue {len(late)}:" in line
    before = [one for one in late if one.due_at < SHIFT.begins_at]
    assert {"vitals", "dose"} <= {one.code for one in before}
    assert len(before) < len(late)
    assert f"{len(before)} of it from before this shift" in line
    assert "orders to take over or check 1" in line
    assert "within eight hours" in line


def test_every_line_fits_its_message() -> None:
    """Of forty new patients nobody is left out."""
    here = tuple(Told(stay(name=f"病人{n}", bed=str(n), admitted_at=NOW)) for n in range(40))

    lines = draft_ward(WardTold(here, beds=40), SHIFT, NOW)

    assert max(len(line.text) for line in lines) <= 300
    assert all(any(f"病人{n} " in line.text for line in lines) for n in range(40))


async def test_the_summary_is_given_as_it_stands_with_what_was_written() -> None:
    """The first line of the list: facts from the record, the charge nurse's own words beside them, one signature."""
    async with cart(DESIGN) as nurse:
        await nurse.sign_in()
        await nurse.press("h", "enter")
        await nurse.typed("夜班加强巡视", "f2")
        assert "夜班加强巡视" in nurse.text()
        await nurse.press("g", "1")

        (given,) = _of_ward(nurse)
    assert given.note == "夜班加强巡视"
    assert {line.part for line in given.lines} == {"situation", "background", "assessment", "recommendation"}


def _of_ward(nurse: Nurse) -> list[Any]:
    found = [view for view in sample_of(nurse).replica.records(HANDOVER) if view.encounter is None]
    return [view.last_given for view in found]
