"""My bill at the bed: the days, a day's lines, the estimate, and what is said when the server is away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.bedside.screens import SIZES, Hand, bedside
from wardlink.clock import ward_date
from wardlink.errors import InvalidInput


async def open_bill(hand: Hand) -> None:
    """As far as the days."""
    await hand.login()
    await hand.tap("area-health")
    await hand.tap("entry-bill")


@pytest.mark.parametrize("size", SIZES)
async def test_a_day_says_what_was_done_when_and_by_whom(size: tuple[int, int]) -> None:
    """Two touches from the days; every line of it can be read."""
    async with bedside(size) as hand:
        await open_bill(hand)
        stands = hand.text()
        today = ward_date(hand.clock.now()).isoformat()
        await hand.tap(f"day-{today}")
        seen = hand.text()
        while "可能还有费用" not in seen:
            await hand.tap("on")
            seen += hand.text()
    assert ("押金余额 ¥1,117.70" in stands, "约可用 7 天" in stands) == (True, True)
    assert ("王芳" in seen, "09:00 头孢呋辛注射剂" in seen, "¥52.60" in seen) == (True, True, True)


async def test_where_nothing_is_to_be_turned_enter_leads_back() -> None:
    """Not to the other language, which stands beside the field that is gone."""
    async with bedside() as hand:
        await open_bill(hand)
        await hand.tap(f"day-{ward_date(hand.clock.now()).isoformat()}")
        await hand.press("enter")
        assert hand.page == "BillScreen"


async def test_earlier_days_are_turned_to() -> None:
    """At most six fields; after the first day the newest come again."""
    async with bedside() as hand:
        hand.terminal.bills.days = 11
        await open_bill(hand)
        first = ward_date(hand.clock.now()) - timedelta(days=10)
        fields = hand.app.screen.query("#bill-days > *")
        assert len(fields) == 6
        await hand.tap("more-choices")
        await hand.tap("more-choices")
        assert [touch.id for touch in hand.app.screen.query("#bill-days > *")] == [
            f"day-{first.isoformat()}",
            "more-choices",
        ]
        await hand.tap("more-choices")
        assert len(hand.app.screen.query("#bill-days > *")) == 6


async def test_nothing_charged_and_nothing_left() -> None:
    """Both in words; a runway is not invented."""
    async with bedside() as hand:
        hand.terminal.bills.days = 0
        await open_bill(hand)
        assert ("还没有产生费用" in hand.text(), "已交押金" in hand.text()) == (True, True)
        await hand.tap("back")
        hand.terminal.bills.days = 20
        await hand.tap("entry-bill")
        assert ("已超出押金 ¥941.00" in hand.text(), "约可用" in hand.text()) == (True, False)


async def test_away_and_back() -> None:
    """It says so, and shows the bill by itself once somebody answers."""
    async with bedside() as hand:
        await hand.login()
        hand.terminal.connect(online=True, server_alive=False)
        await hand.changed()
        await hand.tap("area-health")
        await hand.tap("entry-bill")
        away = hand.text()
        hand.terminal.connect(online=True, server_alive=True)
        await hand.changed()
        await hand.pass_time(5)
        assert ("连不上医院服务器" in away, "¥" in away) == (True, False)
        assert "押金余额" in hand.text()


@pytest.mark.parametrize("size", SIZES)
async def test_the_estimate_says_that_it_is_one(size: tuple[int, int]) -> None:
    """In the first line, with its steps; two touches from the home page."""
    async with bedside(size) as hand:
        await hand.login()
        await hand.tap("area-special")
        await hand.tap("entry-estimate")
        seen = hand.text()
        while "2. 统筹基金支付" not in seen:
            await hand.tap("on")
            seen += hand.text()
    assert seen.index("预估") < seen.index("医保约付")


async def test_nobody_has_entered_the_insurance() -> None:
    """What to do, and no amounts."""
    async with bedside() as hand:
        hand.terminal.bills.fails_with = InvalidInput(detail="nobody")
        await hand.login()
        await hand.tap("area-special")
        await hand.tap("entry-estimate")
        assert ("还没有登记您的医保" in hand.text(), "¥" in hand.text()) == (True, False)


async def test_visitors_do_not_see_it() -> None:
    """A bill is the patient's own."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("visitors")
        await hand.tap("area-health")
        await hand.tap("entry-bill")
        assert "¥" not in hand.text()
