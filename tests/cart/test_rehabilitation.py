"""A patient's rehabilitation on the cart: how far the plan is, and the nurse's word on what was done."""

from __future__ import annotations

from datetime import timedelta

from tests.cart.nurse import Nurse, cart, sample_of
from wardlink.clock import ward_date
from wardlink.messages.base import Actor
from wardlink.messages.rehabilitation import (
    PlannedExercise,
    PlanVersion,
    RehabPlanView,
    RehabSessionView,
    SessionReport,
)
from wardlink.record.rehabilitation import session_id

PLAN = "00000000-0000-7000-8000-00000000d001"


async def opened(nurse: Nurse) -> tuple[str, str]:
    """Bed 12 has a plan, a session of yesterday and one of today that was stopped; their ids. The page is open."""
    await nurse.sign_in()
    await nurse.open("12")
    ward = sample_of(nurse)
    stay = next(stay for stay in ward.replica.encounters() if stay.bed == "12")
    now = ward.clock.now()
    today = ward_date(now)
    version = PlanVersion(
        begin_on=today - timedelta(days=1),
        until_on=today + timedelta(days=1),
        goal="走到门口",
        items=(PlannedExercise(exercise="ankle-pump", reps=20, per_day=2),),
        from_on=today - timedelta(days=1),
        command=PLAN,
        at=now,
        by=Actor(kind="staff", id="pt1"),
    )
    held = ward.replica.held
    held["rehab-plan", PLAN] = RehabPlanView(id=PLAN, encounter=stay.id, bed="12", versions=(version,))
    ids = []
    for days, signs in ((1, ()), (0, ("dizzy",))):
        on = today - timedelta(days=days)
        report = SessionReport(
            plan=PLAN,
            on=on,
            number=1,
            begun_at=now - timedelta(days=days),
            done=1,
            asked=1,
            rpe=12,
            pain_before=1,
            pain=2,
            signs=signs,
            command=PLAN,
            at=now - timedelta(days=days),
        )
        session = RehabSessionView(
            id=session_id(PLAN, on, 1),
            encounter=stay.id,
            bed="12",
            plan=PLAN,
            on=on,
            number=1,
            state="reported",
            reports=(report,),
        )
        held["rehab-session", session.id] = session
        ids.append(session.id)
    await nurse.press("k")
    assert nurse.page == "RehabilitationScreen"
    return ids[0], ids[1]


async def at(nurse: Nurse, session: str) -> None:
    """The cursor is on this session."""
    nurse.app.page.query_one("#rehabilitation").go_to(session)  # type: ignore[attr-defined]
    await nurse.settle()


async def test_the_nurse_confirms_what_she_saw() -> None:
    """With one key; the plan counts it at once."""
    async with cart() as nurse:
        yesterday, _today = await opened(nurse)
        assert all(words in nurse.text() for words in ("走到门口", "已确认 0/6", "头晕"))
        await at(nurse, yesterday)
        await nurse.press("s")

        said = sample_of(nurse).recorded[-1]
        assert (said.kind, said.body) == ("rehab-session.confirm", {"session": yesterday})
        assert "已确认 1/6" in nurse.text()


async def test_what_does_not_count_gets_a_reason() -> None:
    """One of three, or other words."""
    async with cart() as nurse:
        _yesterday, today = await opened(nurse)
        await at(nurse, today)
        await nurse.press("n", "1")

        said = sample_of(nurse).recorded[-1]
        assert (said.kind, said.body) == ("rehab-session.refuse", {"session": today, "reason": "没有做完。"})


async def test_what_has_its_word_keeps_it() -> None:
    """Another key says nothing more."""
    async with cart() as nurse:
        yesterday, _today = await opened(nurse)
        await at(nurse, yesterday)
        await nurse.press("s")
        await at(nurse, yesterday)
        await nurse.press("s", "n")

        assert nurse.page == "RehabilitationScreen"
        assert [c.kind for c in sample_of(nurse).recorded if c.kind.startswith("rehab")] == ["rehab-session.confirm"]
