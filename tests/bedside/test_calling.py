"""Calls from the bed, with and without a network, a disk and a steady finger."""

from __future__ import annotations

import threading

from bedside.app import BedsideApp
from bedside.ports import Place, Terminal
from bedside.sample import PLACE, SampleTerminal
from tests.bedside.screens import AT, bedside
from tests.waiting import wait_for
from wardlink.clock import FixedClock
from wardlink.errors import StoreFailed


async def test_one_tap_calls_before_login() -> None:
    """Call works on the locked screen; the page shows how far it is, and the button too."""
    async with bedside() as hand:
        await hand.tap("call")

        assert [command.kind for command in hand.terminal.recorded] == ["call.raise"]
        assert hand.words("call-headline") == "您的呼叫还没有送达"
        hand.terminal.deliver()
        hand.terminal.take(eta_min=3)
        await hand.changed()
        shown = hand.text()
        assert all(step in shown for step in ("✓ 10:42 已呼叫", "✓ 已送达", "✓ 李静 已接", "▸ 预计 3 分钟到"))
        hand.terminal.arrive()
        await hand.changed()
        assert "✓ 已到" in hand.text()


async def test_offline_a_call_says_that_it_is_not_delivered() -> None:
    """In words, with the cord; and it is delivered when the network comes back."""
    async with bedside() as hand:
        hand.terminal.connect(online=False, server_alive=False)
        await hand.tap("call")

        assert hand.words("call-headline") == "您的呼叫还没有送达"
        assert "请现在就拉床头拉绳" in hand.words("advice")
        assert hand.words("band") == "离线 · 数据截至 10:42"
        hand.terminal.connect(online=True, server_alive=True)
        hand.terminal.deliver()
        await hand.changed()
        assert hand.words("call-headline") == "护士站已收到您的呼叫"
        assert hand.words("advice") == ""


async def test_a_disk_that_fails_is_not_hidden() -> None:
    """The call could not be kept: the screen says that it cannot call."""
    async with bedside() as hand:
        hand.terminal.fails_with = StoreFailed(detail="full")
        await hand.tap("call")

        assert hand.words("call-headline") == "您的呼叫没有送达"
        assert "拉床头拉绳" in hand.words("advice")


async def test_a_reason_is_one_more_touch() -> None:
    """It refines the same call; a small one can be taken back at once, with the seconds that are left."""
    async with bedside() as hand:
        await hand.tap("call")
        await hand.tap("more")
        await hand.tap("more")
        await hand.tap("reason-WATER")

        assert [command.kind for command in hand.terminal.recorded] == ["call.raise", "call.refine"]
        assert "想喝水" in hand.words("why")
        assert hand.touch("more").label == "撤回（10 秒）"
        await hand.tap("more")
        assert hand.terminal.recorded[-1].kind == "call.cancel"
        assert hand.words("call-headline") == "您已撤回呼叫"


async def test_a_grave_reason_cannot_be_taken_back() -> None:
    """Only staff at the bed end a P1."""
    async with bedside() as hand:
        await hand.tap("call")
        await hand.tap("reason-CHEST")

        assert hand.touch("more").label == "其他原因"
        assert hand.terminal.rung[-1].cls == "P1"


async def test_the_time_to_take_back_runs_out() -> None:
    """After ten seconds the button is for other reasons again."""
    async with bedside() as hand:
        await hand.tap("call")
        await hand.tap("more")
        await hand.tap("more")
        await hand.tap("reason-WATER")
        await hand.pass_time(11)

        assert hand.touch("more").label == "其他原因"


async def test_calling_again_counts_and_trembling_does_not() -> None:
    """A second tap within ten seconds is none."""
    async with bedside() as hand:
        await hand.tap("call")
        await hand.tap("call")
        assert len(hand.terminal.recorded) == 1
        await hand.pass_time(11)
        await hand.tap("call")

        assert [command.kind for command in hand.terminal.recorded] == ["call.raise", "call.raise"]


async def test_a_trembling_finger_leaves_one_page_and_opens_one() -> None:
    """Two taps on the way in ask once; two taps on the way back go back once, and never too far."""
    async with bedside() as hand:
        hand.touch("identify").press()
        hand.touch("identify").press()
        await hand.settle()
        assert len(hand.app.screen_stack) == 2
        back = hand.touch("back")
        back.press()
        back.press()
        await hand.settle()
        assert hand.page == "LockedScreen"
        await hand.press("escape", "escape")
        await hand.login()
        await hand.tap("area-medical")
        await hand.press("escape", "escape", "escape")

        assert hand.page == "HomeScreen"


async def test_a_tap_before_the_device_is_open_is_not_lost() -> None:
    """It is raised as soon as it can be."""
    clock = FixedClock(AT)
    terminal = SampleTerminal(clock)
    may_open = threading.Event()

    def slow() -> tuple[Terminal, Place]:
        may_open.wait(10)
        return terminal, PLACE

    app = BedsideApp(slow)
    async with app.run_test() as pilot:
        await pilot.click("#call")
        assert terminal.recorded == []
        may_open.set()

        await wait_for(lambda: [c.kind for c in terminal.recorded] == ["call.raise"], "the early call is raised")
