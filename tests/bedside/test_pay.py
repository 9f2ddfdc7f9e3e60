"""A deposit paid at the bed: three touches to a code, and nobody pays twice without knowing it."""

from __future__ import annotations

import pytest

from bedside.sample.till import LIVES
from bedside.usecases.paying import IDLE_S, LOOK_EVERY_S, Stage, number_text, stage_of, typed_fen
from bedside.widgets.code import Code
from tests.bedside.screens import DESIGN, SIZES, Hand, bedside
from tests.bedside.test_presence import shown
from wardlink.errors import Unreachable
from wardlink.messages.payments import NewPayment, PaymentView


async def to_code(hand: Hand, amount: str = "500") -> PaymentView:
    """Three touches from the home page."""
    await hand.login()
    for touched in ("area-health", "entry-pay", f"pay-{amount}"):
        await hand.tap(touched)
    return newest(hand)


def newest(hand: Hand) -> PaymentView:
    """The last payment that was begun."""
    return list(hand.terminal.till.held.values())[-1]


async def look(hand: Hand) -> None:
    """Until the screen has asked again."""
    await hand.pass_time(LOOK_EVERY_S)


@pytest.mark.parametrize("size", SIZES)
async def test_three_touches_lead_to_a_code_that_scans(size: tuple[int, int]) -> None:
    """On every screen, with the amount and the countdown beside it; Call stays where it is."""
    async with bedside(size) as hand:
        view = await to_code(hand)

        assert view.amount_fen == 500_00
        assert shown(hand) == view.qr
        assert "500 元" in hand.text()
        assert "5:00" in hand.text()
        assert "呼叫护士" in hand.text()
        await hand.pass_time(61 - IDLE_S)
        assert "4:59" in hand.text()


async def test_paid_is_said_with_the_number_of_the_receipt() -> None:
    """Which is the one on the payer's telephone; the code is gone, and there is time to read it."""
    async with bedside() as hand:
        view = await to_code(hand)
        await hand.pass_time(IDLE_S - 5)
        hand.terminal.till.pay(view.id)
        await look(hand)

        assert "已付款" in hand.words("payment-state")
        assert number_text(view.number) in hand.words("payment-more")
        assert not hand.app.screen.query_one(Code).display
        await hand.pass_time(IDLE_S - 10)
        assert hand.page == "PaymentScreen"
        await hand.tap("main")
        assert hand.page == "HomeScreen"


async def test_the_page_locks_sooner_and_the_code_is_seen_again() -> None:
    """After 60 seconds without a touch; whoever comes back sees the same code, not a second one."""
    async with bedside() as hand:
        view = await to_code(hand)
        await hand.pass_time(IDLE_S)
        assert hand.page == "LockedScreen"
        await hand.login()
        await hand.tap("area-health")
        await hand.tap("entry-pay")

        assert hand.page == "PaymentScreen"
        assert shown(hand) == view.qr
        assert len(hand.terminal.till.held) == 1


async def test_a_lost_connection_says_that_the_result_is_being_confirmed() -> None:
    """Never that it failed; the code is not shown meanwhile, and comes back with the connection."""
    async with bedside() as hand:
        view = await to_code(hand)
        hand.terminal.connect(online=False, server_alive=False)
        await look(hand)
        away = hand.words("payment-state"), hand.app.screen.query_one(Code).display
        hand.terminal.connect(online=True, server_alive=True)
        await look(hand)

        assert away == ("连接中断：支付结果确认中", False)
        assert shown(hand) == view.qr


async def test_a_code_whose_answer_was_lost_is_the_same_payment() -> None:
    """It is asked for again under the same key."""
    async with bedside() as hand:
        till = hand.terminal.till
        begin, lost = till.begin, []

        def loses(encounter: str, wanted: NewPayment) -> PaymentView:
            found = begin(encounter, wanted)
            if not lost:
                lost.append(found)
                raise Unreachable
            return found

        till.begin = loses  # type: ignore[method-assign]
        view = await to_code(hand)
        said = hand.words("payment-state")
        await look(hand)

        assert "还没有二维码" in said
        assert till.begun == 2
        assert len(till.held) == 1
        assert shown(hand) == view.qr


async def test_offline_the_page_says_so_plainly_and_comes_back_by_itself() -> None:
    """No amount can be touched that would lead nowhere."""
    async with bedside() as hand:
        await hand.login()
        hand.terminal.connect(online=False, server_alive=False)
        await hand.changed()
        await hand.tap("area-health")
        await hand.tap("entry-pay")
        said, offered = hand.words("pay-said"), hand.app.screen.query_one("#pay-amounts").display
        hand.terminal.connect(online=True, server_alive=True)
        await hand.pass_time(6)

        assert "现在不能在这里付款" in said
        assert not offered
        assert hand.app.screen.query_one("#pay-amounts").display


async def test_after_its_time_there_is_a_new_code_for_the_same_amount() -> None:
    """A payment of its own."""
    async with bedside() as hand:
        view = await to_code(hand)
        for _ in range(int(LIVES.total_seconds() // 30)):
            await hand.pass_time(30)
            hand.app.stay_awake()
        await look(hand)
        state = hand.words("payment-state")
        await hand.tap("main")

        assert state == "二维码已失效"
        assert newest(hand).id != view.id
        assert newest(hand).amount_fen == view.amount_fen
        assert shown(hand) == newest(hand).qr


@pytest.mark.parametrize("status", ["created", "unknown", "closing", "qr_ready"])
async def test_unknown_is_shown_as_unknown(status: str) -> None:
    """Whatever the server calls it."""
    async with bedside() as hand:
        view = await to_code(hand)
        hand.terminal.till.set(view.id, status=status, qr=None)
        await look(hand)

        assert hand.words("payment-state") == "支付结果确认中"
        assert "不要再付" in hand.words("payment-more")


async def test_going_back_closes_the_code_and_what_was_paid_stays_paid() -> None:
    """A code that nobody sees shall not be paid; the page before says what was paid last."""
    async with bedside() as hand:
        view = await to_code(hand)
        await hand.tap("back")
        closed = newest(hand).status
        await hand.tap("pay-200")
        hand.terminal.till.pay(newest(hand).id)
        await hand.tap("back")

        assert (view.id != newest(hand).id, closed) == (True, "closed")
        assert "上次已交 200 元" in hand.words("pay-said")


async def test_another_amount_is_typed() -> None:
    """Whole yuan by the pad; nothing typed leads nowhere."""
    async with bedside() as hand:
        await hand.login()
        for touched in ("area-health", "entry-pay", "pay-other", "next"):
            await hand.tap(touched)
        assert hand.page == "PayAmountScreen"
        await hand.press("0", "3", "5", "backspace", "6")
        await hand.tap("next")

        assert newest(hand).amount_fen == 36_00
        assert hand.page == "PaymentScreen"


async def test_the_way_to_pay_is_chosen_where_there_are_several() -> None:
    """One touch changes it; with one way there is nothing to choose."""
    async with bedside() as hand:
        hand.terminal.till.channels = ["alipay", "wechat"]
        await hand.login()
        for touched in ("area-health", "entry-pay", "pay-way", "pay-1000"):
            await hand.tap(touched)

        assert newest(hand).channel == "wechat"
        assert "微信支付" in hand.text()


async def test_where_no_way_is_switched_on_the_cashier_is_named() -> None:
    """In words, without amounts."""
    async with bedside(DESIGN, speaks="en") as hand:
        hand.terminal.till.channels = []
        await hand.login()
        await hand.tap("area-health")
        await hand.tap("entry-pay")

        assert "not switched on here" in hand.words("pay-said")
        assert not hand.app.screen.query_one("#pay-amounts").display


async def test_an_amount_touched_before_the_ways_are_known_asks_for_nothing() -> None:
    """A finger may be quicker than the server, which then has no way to pay."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("area-health")
        await hand.tap("entry-pay")
        touch = hand.touch("pay-200")
        hand.page_screen._ways = None  # type: ignore[attr-defined]
        touch.press()
        await hand.settle()

        assert hand.page == "PayScreen"
        assert hand.terminal.till.begun == 0


async def test_visitors_see_no_payment() -> None:
    """The page is private."""
    async with bedside() as hand:
        await hand.login()
        for touched in ("visitors", "area-health", "entry-pay"):
            await hand.tap(touched)

        assert hand.page == "HiddenScreen"
        assert hand.terminal.till.looked == 0


async def test_a_discharge_takes_the_code_away() -> None:
    """Within a look, whoever stands before it."""
    async with bedside() as hand:
        await to_code(hand)
        hand.terminal.discharge()
        await hand.changed()

        assert hand.page == "LockedScreen"


async def test_the_other_language_keeps_the_payment() -> None:
    """The same code, other words."""
    async with bedside() as hand:
        view = await to_code(hand)
        await hand.tap("language")

        assert "Waiting for your payment" in hand.text()
        assert shown(hand) == view.qr
        assert list(hand.terminal.till.held) == [view.id]


@pytest.mark.parametrize(
    ("digits", "expected"), [("", None), ("0", None), ("000", None), ("05", 500), ("50000", 5_000_000)]
)
def test_what_is_typed_is_whole_yuan(digits: str, expected: int | None) -> None:
    """In fen; nothing is no amount."""
    assert typed_fen(digits) == expected


@pytest.mark.parametrize(
    ("status", "late", "expected"),
    [
        ("paid", False, Stage.PAID),
        ("part_refunded", False, Stage.PAID),
        ("refunded", False, Stage.PAID),
        ("paid", True, Stage.GOES_BACK),
        ("closed", False, Stage.CLOSED),
        ("something-new", False, Stage.CONFIRMING),
    ],
)
async def test_every_state_of_an_order_has_its_words(status: str, late: bool, expected: Stage) -> None:
    """One that this program does not know yet is being confirmed."""
    async with bedside() as hand:
        view = await to_code(hand)
        found = view.model_copy(update={"status": status, "late": late, "qr": None, "paid_at": hand.clock.now()})

        assert stage_of(found, hand.clock.now()) is expected
