"""A session of rehabilitation as a patient does it: step by step, said in one's own words, and never lost."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.usecases.plan import plan
from tests.bedside.rehabilitation import PLAN, begun, measured, rehab, rehab_run, tell_plan, tell_session
from tests.bedside.screens import AT, SIZES, Hand, bedside
from tests.bedside.walks import touching
from wardlink.errors import StoreFailed

STEPS = ["run-next"] * (3 + 3 + 3 + 2 + 3 + 1)
"""Three steps each; three sets, two, and one."""


def reported(hand: Hand) -> list[dict[str, Any]]:
    """What was said about sessions."""
    return [one.body for one in hand.terminal.recorded if one.kind == "rehab-session.report"]


@pytest.mark.parametrize("size", SIZES)
async def test_a_session_is_done_without_a_network(size: tuple[int, int]) -> None:
    """It waits on this disk, is shown as such, and is to be confirmed once the ward has it."""
    async with bedside(size) as hand:
        await rehab_run()(hand)
        hand.terminal.connect(online=False, server_alive=False)
        await hand.changed()
        for field in ("run-pain-1", *STEPS, "run-effort-somewhat", "run-pain-2", "run-next"):
            await hand.tap(field)

        (body,) = reported(hand)
        assert {key: body[key] for key in ("plan", "number", "done", "asked", "rpe", "pain_before", "pain")} == {
            "plan": PLAN,
            "number": 1,
            "done": 3,
            "asked": 3,
            "rpe": 12,
            "pain_before": 1,
            "pain": 2,
        }
        assert hand.page == "RehabSessionScreen"
        assert "会自动发送" in hand.words("session-said")
        hand.terminal.deliver()
        await hand.changed()
        assert "已完成，待确认" in hand.words("session-said")
        assert not hand.touch("begin-session").display


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (("run-pain-1", "run-stop", "run-sign-dizzy"), "头晕"),
        (("run-pain-1", "run-stop", "run-hurts", "run-pain-3"), "疼痛"),
        (("run-pain-4",), "疼痛"),
        (("run-pain-1", "run-stop", "run-tired", "run-effort-very-hard", "run-pain-1"), "太累"),
    ],
)
async def test_a_stop_sign_offers_the_call(fields: tuple[str, ...], why: str) -> None:
    """What was said is kept first; then one touch calls; nothing more is begun before somebody has looked at it."""
    async with bedside() as hand:
        await rehab_run(*fields)(hand)
        assert len(reported(hand)) == 1
        assert why in hand.words("run-care")

        await hand.tap("run-next")
        assert hand.page == "CallScreen"
        assert [one.kind for one in hand.terminal.recorded].count("call.raise") == 1
        await hand.tap("back")
        await hand.tap("back")
        await hand.tap("back")
        assert hand.page == "RehabScreen"
        assert "先查看" in hand.words("rehab-said")
        await hand.tap("session-2")
        assert not hand.touch("begin-session").display


async def test_a_trembling_finger_reports_once() -> None:
    """Two taps on the last answer are one report."""
    async with bedside() as hand:
        await rehab_run("run-pain-1", "run-stop", "run-tired", "run-effort-light")(hand)
        hand.trembles = True
        await hand.tap("run-pain-1")

        assert len(reported(hand)) == 1


async def test_what_could_not_be_kept_is_not_said_to_be() -> None:
    """The question stays; a second touch tries again."""
    async with bedside() as hand:
        await rehab_run("run-pain-1", "run-stop", "run-tired", "run-effort-light")(hand)
        hand.terminal.fails_with = StoreFailed(why="disk")
        await hand.tap("run-pain-1")
        assert "已记下" not in hand.text()
        hand.terminal.fails_with = None
        await hand.tap("run-pain-1")

        assert "已记下" in hand.text()
        assert len(reported(hand)) == 1


async def test_the_day_has_its_sessions() -> None:
    """Today's plan says when, and whether it was done."""
    async with bedside() as hand:
        await rehab(done=True)(hand)
        board, stay = hand.terminal.replica, hand.terminal.replica.stay
        assert stay is not None
        found = [item for item in plan(board, stay, hand.clock.now()).items if item.text == "康复训练"]

        assert [(item.state, f"{item.starts_at:%H:%M}") for item in found] == [("done", "10:00"), ("open", "15:00")]
        assert "踝泵运动" in found[0].detail


async def test_confirmed_and_said_done_differ_without_colour() -> None:
    """Another sign in the bar, and other words."""
    async with bedside() as hand:
        plan = tell_plan(hand)
        tell_session(hand, plan, 1, days_ago=1, state="confirmed")
        tell_session(hand, plan, 1)
        await hand.login()
        await hand.tap("area-medical")
        await hand.tap("entry-rehabilitation")

        assert "██▒▒░" in hand.words("rehab-said")
        assert "已确认 1 次" in hand.words("rehab-said")


@pytest.mark.parametrize(
    ("readings", "why"),
    [({"hr_per_min": 121.0}, "心率过快"), ({"spo2_pct": 89.0}, "血氧偏低"), ({"sbp_mmhg": 182.0}, "血压")],
)
async def test_what_a_monitor_measures_ends_a_session(readings: dict[str, float], why: str) -> None:
    """At once and by itself: it is kept with its reason, and one touch calls."""
    async with bedside() as hand:
        await rehab_run("run-pain-1", "run-next")(hand)
        await hand.pass_time(20)
        measured(hand, **readings)
        await hand.changed()
        await hand.pass_time(1)

        (body,) = reported(hand)
        assert len(body["measured"]) == 1
        assert why in hand.words("run-care")
        assert hand.touch("run-next").value == "call"
        assert hand.app.bed is not None
        assert hand.app.bed.halfway is None


async def test_a_value_from_before_the_session_ends_nothing() -> None:
    """It spoke before it began, or not at all."""
    async with bedside() as hand:
        await rehab_run("run-pain-1", "run-next")(hand)
        await hand.pass_time(60)
        measured(hand, hr_per_min=88.0, spo2_pct=97.0)
        await hand.changed()
        await hand.pass_time(1)

        assert reported(hand) == []


async def test_a_session_that_was_locked_goes_on_where_it_was() -> None:
    """It is said what became of it; after the questions the same step stands there, with the same beginning."""
    async with bedside() as hand:
        await rehab_run("run-pain-1", *STEPS[:6], "run-next")(hand)
        step = hand.words("run-step")
        await hand.pass_time(901)
        assert hand.page == "LockedScreen"
        await hand.login()
        await touching("area-medical", "entry-rehabilitation", "session-1")(hand)
        assert "1/3" in hand.words("session-said")
        assert "继续" in hand.text()
        await begun(hand)
        assert hand.words("run-step") == step
        for field in (*STEPS[7:], "run-effort-somewhat", "run-pain-1"):
            await hand.tap(field)

        (body,) = reported(hand)
        assert (body["done"], body["pain_before"]) == (3, 1)
        assert body["begun_at"] == AT.isoformat().replace("+00:00", "Z")


async def test_a_session_that_was_left_too_long_is_begun_anew() -> None:
    """And what became of it is said: nothing was sent."""
    async with bedside() as hand:
        await rehab_run("run-pain-1", "run-next")(hand)
        await hand.pass_time(901)
        await hand.pass_time(31 * 60)
        await hand.login()
        await touching("area-medical", "entry-rehabilitation", "session-1")(hand)
        assert "没有发送" in hand.words("session-said")
        await begun(hand)

        assert "0：不痛" in hand.words("run-step") or "疼" in hand.words("run-at")
        assert reported(hand) == []


async def test_nothing_of_a_session_is_left_for_the_next_patient() -> None:
    """The patient goes: with the rest it is forgotten."""
    async with bedside() as hand:
        await rehab_run("run-pain-1", "run-next")(hand)
        assert hand.app.bed is not None
        assert hand.app.bed.halfway is not None
        hand.terminal.discharge()
        await hand.changed()

        assert hand.app.bed.halfway is None
