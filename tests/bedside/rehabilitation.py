"""A plan of rehabilitation for the sample bed, and what becomes of its sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bedside.sample.readings import sample_set
from tests.bedside.screens import Hand
from tests.bedside.walks import Walk, touching
from wardlink.clock import ward_date
from wardlink.messages.base import Actor
from wardlink.messages.rehabilitation import PlanVersion, RehabPlanView, RehabSessionView, SessionReport
from wardlink.record.rehabilitation import REHAB_PLAN, REHAB_SESSION, session_id

PLAN = "00000000-0000-7000-8000-00000000ab01"
_COMMAND = "00000000-0000-7000-8000-00000000ab02"
ITEMS: tuple[dict[str, Any], ...] = (
    {"exercise": "ankle-pump", "per_day": 2, "sets": 3, "reps": 10, "assist": "alone"},
    {"exercise": "heel-slide", "per_day": 2, "sets": 2, "reps": 10, "precautions": "术侧膝下不垫枕"},
    {"exercise": "walking", "sets": 1, "minutes": 5, "assist": "one"},
)


def tell_plan(hand: Hand, **changed: Any) -> RehabPlanView:
    """The server tells a plan that was begun yesterday."""
    stay, now = hand.terminal.replica.stay, hand.clock.now()
    assert stay is not None
    today = ward_date(now)
    version = PlanVersion.model_validate(
        {
            "begin_on": today - timedelta(days=1),
            "until_on": today + timedelta(days=4),
            "goal": "扶助行器走 20 米",
            "items": ITEMS,
            "from_on": today - timedelta(days=1),
            "command": _COMMAND,
            "at": now - timedelta(days=1),
            "by": Actor(kind="staff", id="pt1"),
            "by_name": "何康",
        }
    )
    view = RehabPlanView(id=PLAN, encounter=stay.id, bed=stay.bed, versions=(version,))
    view = view.model_copy(update=changed)
    hand.terminal.tell_record(REHAB_PLAN, view)
    return view


def tell_session(
    hand: Hand, plan: RehabPlanView, number: int, *, days_ago: int = 0, state: str = "reported"
) -> RehabSessionView:
    """The server tells that a session was done."""
    now = hand.clock.now() - timedelta(days=days_ago, minutes=20)
    on = ward_date(now)
    report = SessionReport.model_validate(
        {
            "plan": plan.id,
            "on": on,
            "number": number,
            "begun_at": now,
            "done": 3,
            "asked": 3,
            "rpe": 12,
            "pain_before": 1,
            "pain": 2,
            "command": _COMMAND,
            "at": now,
        }
    )
    view = RehabSessionView.model_validate(
        {
            "id": session_id(plan.id, on, number),
            "encounter": plan.encounter,
            "bed": plan.bed,
            "plan": plan.id,
            "on": on,
            "number": number,
            "state": state,
            "reports": (report,),
        }
    )
    hand.terminal.tell_record(REHAB_SESSION, view)
    return view


def rehab(*fields: str, done: bool = False) -> Walk:
    """A plan for this bed, perhaps with a session that was done; then these are touched."""

    async def walk(hand: Hand) -> None:
        await hand.login()
        plan = tell_plan(hand)
        if done:
            tell_session(hand, plan, 1, days_ago=1, state="confirmed")
            tell_session(hand, plan, 1)
        await hand.changed()
        await touching("area-medical", "entry-rehabilitation", *fields)(hand)

    return walk


def rehab_run(*fields: str) -> Walk:
    """Nothing speaks against it: the first session is begun, and these are touched in it."""

    async def walk(hand: Hand) -> None:
        board = hand.terminal.replica
        board.sets = [found.model_copy(update={"lead_off": ()}) for found in board.sets]
        await rehab("session-1")(hand)
        await begun(hand)
        await touching(*fields)(hand)

    return walk


async def begun(hand: Hand) -> None:
    """Begin, or go on: every question is answered with no."""
    await hand.tap("begin-session")
    while hand.touch("on").display:
        await hand.tap("on")
    await hand.tap("begin")


def measured(hand: Hand, **readings: float) -> None:
    """A monitor tells this now."""
    board, now = hand.terminal.replica, hand.clock.now()
    assert board.stay is not None
    board.sets = [*board.sets, sample_set(board.stay, 900 + len(board.sets), now, "monitor", readings)]
    hand.terminal.told += 1


async def halfway(hand: Hand) -> None:
    """One exercise is done when the screen locks; the patient is back."""
    await rehab_run("run-pain-1", *(["run-next"] * 7))(hand)
    await hand.pass_time(901)
    await hand.login()
    await touching("area-medical", "entry-rehabilitation", "session-1")(hand)


async def monitored(hand: Hand) -> None:
    """In the middle of it the monitor tells too fast a pulse."""
    await rehab_run("run-pain-1", "run-next")(hand)
    await hand.pass_time(20)
    measured(hand, hr_per_min=121.0)
    await hand.changed()
    await hand.pass_time(1)
