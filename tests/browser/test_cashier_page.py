"""A cashier finds a stay, takes deposits, has a refund agreed to by another one, settles, and prints the receipt."""

from __future__ import annotations

from typing import Any

import pytest

from server.money.charges import charge_by_hand
from server.money.prices import E4, sample_prices
from server.payments.service import Payments
from tests.browser.servers import CASHIER, MANAGER, NURSE, SECOND_CASHIER, StillServer
from tests.browser.visitor import PHONE, Browsing, Window
from tests.server.settlement.houses import Fate, MemoryChannel
from wardlink.ids import new_id

BED = 4_000


@pytest.fixture
def channel(still: StillServer) -> MemoryChannel:
    """A way to pay by code."""
    payments: Payments = still.app.state.payments
    found = MemoryChannel(still.clock, Fate())
    payments.providers["sandbox"] = payments.orders.providers["sandbox"] = found
    return found


def charge(still: StillServer, stay: str) -> None:
    """A bed-day."""
    item, now = sample_prices().item("bed-3"), still.clock.now()
    assert item is not None
    how: dict[str, Any] = {"at": now, "now": now, "actor": "staff:k-wuli", "key": new_id(), "reason": "测试"}
    with still.core.db.write() as conn:
        charge_by_hand(conn, encounter=stay, item=item, quantity_e4=E4, **how)


def press(window: Window, name: str) -> None:
    """Press the button with these words."""
    window.page.get_by_role("button", name=name).click()


def test_from_the_deposit_to_the_receipt(still: StillServer, channel: MemoryChannel, browsing: Browsing) -> None:
    """Everything that a cashier does for one patient, in the browser; on a phone nothing is cut off."""
    stay = still.stays["3"]
    charge(still, stay)
    window = browsing.window(still.url)
    window.sign_in(CASHIER, then="/board/")
    window.wait("a cashier begins at the cashier's page", lambda: "/board/cashier" in window.page.url)
    window.page.fill("[name=q]", "孙梅")
    press(window, "搜索")
    window.page.get_by_role("link", name="ZY0003").click()
    window.wait("the stay is there", lambda: "孙梅" in window.text("h1"))
    window.page.fill("#deposits [name=amount]", "1.234")
    press(window, "已收现金")
    window.wait("what is no amount is said", lambda: "不是金额" in window.text("main"))

    window.page.fill("#deposits [name=amount]", "200")
    press(window, "扫码支付：演示支付")
    window.wait("the code is shown", lambda: window.page.locator("svg.code").count() == 1)
    order = still.app.state.payments.orders.of_stay(stay)[0]
    channel.paid.add(order.out_trade_no)
    still.app.state.payments.orders.look(order.id)
    window.wait("it turns paid without a touch", lambda: window.page.locator("[data-state=paid]").count() == 1)
    window.page.fill("[name=amount]", "50")
    window.page.fill("[name=reason]", "多缴")
    press(window, "申请退款")
    window.wait("it waits for a second person", lambda: "须由他人同意" in window.text("main"))
    second = browsing.window(still.url)
    second.sign_in(SECOND_CASHIER, then=f"/board/cashier/{stay}")
    press(second, "同意退款 50.00 元")
    second.wait("the money went back", lambda: "已退款" in second.text("#payments"))
    assert channel.given_back_fen() == 5_000

    still.clock.advance(1)
    window.go(f"/board/cashier/{stay}")
    window.page.fill("#deposits [name=amount]", "100")
    press(window, "已收现金")
    window.wait("cash was taken", lambda: "250.00" in window.text(".facts"))
    window.page.select_option("[name=cover]", "alone")
    press(window, "开始结算")
    press(window, "费用 40.00 元无误，锁定")
    phone = browsing.window(still.url, PHONE, language="en")
    phone.sign_in(CASHIER, then=f"/board/cashier/{stay}")
    phone.wait("it says whom it waits for", lambda: "The patient must agree" in phone.text("#settlement"))
    assert phone.overflow_px() <= 0
    press(window, "患者同意支付 40.00 元")
    press(window, "已付现金 100.00 元")
    window.wait("it is settled", lambda: "已结算，收据号" in window.text("#settlement"))
    assert channel.given_back_fen() == 15_000 - BED + 5_000

    for paper in ("收据（PDF）", "费用清单（PDF）"):
        address = window.page.get_by_role("link", name=paper).get_attribute("href")
        assert window.page.request.get(window.url + address).body().startswith(b"%PDF")


def test_cash_goes_back_with_a_second_signature(still: StillServer, browsing: Browsing) -> None:
    """Not with one's own, not with a wrong PIN, not more than is there; then once."""
    stay = still.admit("7", "曹现")
    window = browsing.window(still.url)
    window.sign_in(CASHIER, then=f"/board/cashier/{stay}")
    assert window.page.locator("#cash-back").count() == 0
    window.page.fill("#deposits [name=amount]", "100")
    press(window, "已收现金")

    def give(amount: str, badge: str, pin: str, said: str) -> None:
        for name, typed in (("amount", amount), ("reason", "多缴"), ("badge", badge), ("pin", pin)):
            window.page.fill(f"#cash-back [name={name}]", typed)
        press(window, "现金已退")
        window.wait(said, lambda: said in window.text("main"))

    give("30", CASHIER.badge, CASHIER.pin, "以外的另一人")
    give("30", SECOND_CASHIER.badge, "0000", "信息不符")
    give("100.01", SECOND_CASHIER.badge, SECOND_CASHIER.pin, "最多可退 100.00 元")
    give("30", SECOND_CASHIER.badge, SECOND_CASHIER.pin, "已现金退还 30.00 元")

    assert "70.00" in window.text(".facts")
    phone = browsing.window(still.url, PHONE, language="en")
    phone.sign_in(CASHIER, then=f"/board/cashier/{stay}")
    assert "at most 70.00" in phone.text("#cash-back")
    assert phone.overflow_px() <= 0


def test_a_late_charge_is_waived_with_a_reason(still: StillServer, channel: MemoryChannel, browsing: Browsing) -> None:
    """Settled, then charged once more: it is listed, and on the page of the stay somebody waives it."""
    stay = still.admit("6", "钱文")
    window = browsing.window(still.url)
    window.sign_in(CASHIER, then=f"/board/cashier/{stay}")
    window.page.select_option("[name=cover]", "alone")
    press(window, "开始结算")
    press(window, "费用 0.00 元无误，锁定")
    press(window, "患者同意支付 0.00 元")
    window.wait("it is settled", lambda: "已结算，收据号" in window.text("#settlement"))
    still.clock.advance(1)
    charge(still, stay)
    window.go("/board/late-lines")
    assert "40.00" in window.text("table")
    window.page.locator("table a").click()
    window.wait("it is on the page of the stay", lambda: window.page.locator("#late").count() == 1)
    window.page.locator("#late summary").click()
    window.page.fill("#late [name=reason]", "科室承担")
    window.page.locator("#late button").click()
    window.wait("it is waived", lambda: "已免收" in window.text("main"))
    phone = browsing.window(still.url, PHONE)
    phone.sign_in(CASHIER, then="/board/late-lines?show=all")

    assert "科室承担" in phone.text("table")
    assert phone.overflow_px() <= 0
    assert window.page.locator("#late").count() == 0
    window.go("/board/insurance-accounts")
    assert "未连接医保平台" in window.text("main")


def test_others_see_no_more_than_is_theirs(still: StillServer, browsing: Browsing) -> None:
    """A nurse has no cashier's page; a manager reads and does nothing; nobody finds what is not there."""
    stay = still.stays["4"]
    nurse = browsing.window(still.url)
    nurse.sign_in(NURSE, then=f"/board/cashier/{stay}")
    nurse.wait("a nurse may not", lambda: "没有进行此操作的权限" in nurse.text("main"))
    manager = browsing.window(still.url, language="en")
    manager.sign_in(MANAGER, then=f"/board/cashier/{stay}")
    manager.wait("a manager reads", lambda: "has not been settled" in manager.text("#settlement"))

    assert manager.page.locator("#deposits").count() == 0
    manager.go("/board/cashier?q=nobody")
    assert "Nothing found" in manager.text("main")
    cashier = browsing.window(still.url)
    cashier.sign_in(CASHIER, then=f"/board/cashier/{new_id()}")
    cashier.wait("no such stay", lambda: "没有名为" in cashier.text("main"))
    assert cashier.page.get_by_role("link", name="床位").count() == 0
