"""Asking for a consultation as a patient does: few touches, honest words, and nothing sent twice."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.usecases.plan import plan
from tests.bedside.consults import tell_consult
from tests.bedside.screens import EVEN, SIZES, Hand, bedside
from wardlink.clinical.consults import MOVES
from wardlink.errors import StoreFailed


def asked(hand: Hand) -> list[tuple[str, dict[str, Any]]]:
    """What was sent about consultations."""
    return [(one.kind, one.body) for one in hand.terminal.recorded if one.kind.startswith("consult.")]


async def opened(hand: Hand, *fields: str) -> None:
    """The page, and on from there."""
    await hand.login()
    for field in ("area-medical", "entry-consults", *fields):
        await hand.tap(field)


@pytest.mark.parametrize("size", SIZES)
async def test_a_time_is_asked_for_and_waits_until_the_ward_has_it(size: tuple[int, int]) -> None:
    """The first free time at 13:30 is dinner's neighbour and not offered; it is never said to be arranged."""
    async with bedside(size) as hand:
        await opened(hand, "ask", "help-heart", "form-bedside", "time-0", "send")

        assert hand.page == "ConsultsScreen"
        (kind, body), *others = asked(hand)
        assert (kind, body["specialty"], body["form"], others) == ("consult.request", "heart", "bedside", [])
        assert body["slot_at"] == "2026-11-23T06:00:00Z"
        assert "会自动发送" in "".join(hand.touch("consult-0").shown_lines())
        hand.terminal.deliver()
        await hand.changed()
        assert "等待答复" in "".join(hand.touch("consult-0").shown_lines())


async def test_a_trembling_finger_asks_once() -> None:
    """Two taps on the main action are one request."""
    async with bedside() as hand:
        hand.trembles = True
        await opened(hand, "ask", "help-tcm", "form-video", "send")

        assert [(kind, body.get("slot_at")) for kind, body in asked(hand)] == [("consult.request", None)]


async def test_without_a_network_any_time_can_be_asked_for() -> None:
    """No time is shown that nobody has confirmed; the request stays on this disk."""
    async with bedside() as hand:
        await opened(hand, "ask", "help-pain")
        hand.terminal.connect(online=False, server_alive=False)
        await hand.changed()
        await hand.tap("form-bedside")
        assert "现在查不到空闲时间" in hand.words("said")
        assert not hand.touch("time-0").display

        await hand.tap("send")

        assert (hand.page, len(asked(hand))) == ("ConsultsScreen", 1)
        assert "还没送到病区" in "".join(hand.touch("consult-0").shown_lines())


async def test_who_was_too_late_is_told() -> None:
    """The words of the ward stand on the page, and nothing stands there as arranged."""
    async with bedside() as hand:
        await opened(hand, "ask", "help-heart", "form-bedside", "time-0", "send")
        hand.terminal.refuse_consults("这个时间已被占用，请另选一个时间。", "Taken.")
        await hand.changed()

        assert hand.words("said") == "这个时间已被占用，请另选一个时间。"
        assert not hand.touch("consult-0").display


async def test_a_team_that_is_asked_is_not_asked_again() -> None:
    """Its field says so and leads nowhere."""
    async with bedside() as hand:
        await opened(hand)
        tell_consult(hand, "scheduled")
        await hand.changed()
        await hand.tap("ask")
        await hand.tap("help-heart")

        assert hand.page == "ConsultHelpScreen"
        assert "已经申请" in "".join(hand.touch("help-heart").shown_lines())


async def test_it_is_taken_back_until_somebody_comes() -> None:
    """Once; a consultation under way has no such field."""
    async with bedside(EVEN) as hand:
        await opened(hand)
        one = tell_consult(hand, "scheduled")
        await hand.changed()
        hand.trembles = True
        await hand.tap("consult-0")
        await hand.tap("withdraw")
        assert asked(hand) == [("consult.withdraw", {"consult": one.id})]
        hand.trembles = False

        hand.terminal.deliver()
        tell_consult(hand, "in_progress", id=one.id)
        await hand.changed()
        await hand.tap("consult-0")
        assert not hand.touch("withdraw").display


@pytest.mark.parametrize("state", sorted({state for state, _act in MOVES} | set(MOVES.values())))
@pytest.mark.parametrize("speaks", ["zh_CN", "en"])
async def test_every_state_has_words(state: str, speaks: str) -> None:
    """In the list and on the page of one."""
    async with bedside(speaks=speaks) as hand:
        await opened(hand)
        tell_consult(hand, state, why="discharged" if state == "declined" else None)
        await hand.changed()
        await hand.tap("consult-0")

        assert state not in hand.words("state").split()


@pytest.mark.parametrize(
    ("state", "planned"),
    [("requested", []), ("scheduled", ["open"]), ("in_progress", ["open"]), ("closed", ["done"]), ("declined", [])],
)
async def test_what_is_arranged_stands_in_the_plan_of_the_day(state: str, planned: list[str]) -> None:
    """A time that is only wished does not; the home page does not say which team."""
    async with bedside() as hand:
        view = tell_consult(hand, state)
        stay = hand.terminal.replica.stay
        assert stay is not None
        found = [one for one in plan(hand.terminal.replica, stay, hand.clock.now()).items if one.text == "会诊"]

        assert [(one.state, one.starts_at) for one in found] == [(state, view.slot_at) for state in planned]
        assert all("心内科" not in one.text for one in found)


async def test_a_full_disk_says_so_and_can_be_tried_again() -> None:
    """Nothing is shown as asked for."""
    async with bedside() as hand:
        await opened(hand, "ask", "help-heart", "form-bedside")
        hand.terminal.fails_with = StoreFailed()
        await hand.tap("send")
        assert (hand.page, asked(hand)) == ("ConsultTimesScreen", [])

        hand.terminal.fails_with = None
        await hand.tap("send")

        assert len(asked(hand)) == 1


async def test_nothing_of_it_is_shown_to_visitors_or_after_a_discharge() -> None:
    """Visitors see that it is hidden; the screen of one who has left is locked and wiped."""
    async with bedside() as hand:
        await hand.login()
        tell_consult(hand, "scheduled")
        await hand.tap("visitors")
        await hand.tap("area-medical")
        await hand.tap("entry-consults")
        assert hand.page == "HiddenScreen"

        hand.terminal.discharge()
        await hand.changed()
        await hand.pass_time(120)
        assert hand.page == "LockedScreen"
