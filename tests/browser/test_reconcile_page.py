"""A cashier works yesterday's bill off in the browser: what differs, who said what, the signature, and the table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.payments.port import Found, Trade
from server.payments.rows import ORDER
from server.reconcile.service import Reconciliation
from tests.browser.servers import CASHIER, MANAGER, NURSE, SECOND_CASHIER, StillServer
from tests.browser.visitor import PHONE, Browsing, Window
from tests.server.reconcile.books_of_a_day import ON, PaperChannel, line, order

DAY = f"/board/reconcile/wechat/{ON}"


@pytest.fixture
def channel(still: StillServer) -> Iterator[PaperChannel]:
    """A channel that is switched on here."""
    found, state = PaperChannel(), still.app.state
    reconciliation: Reconciliation = state.reconciliation
    before = dict(reconciliation._providers)
    reconciliation._providers["wechat"] = state.payments.orders.providers["wechat"] = found
    yield found
    reconciliation._providers = before
    del state.payments.orders.providers["wechat"]


def work_off(window: Window, way: str, **typed: str) -> None:
    """Choose, give the reason, say that it was checked, and send."""
    window.page.check(f"[name=way][value={way}]")
    for name, text in typed.items():
        window.page.fill(f"[name={name}]", text)
    window.page.check("[name=sure]")
    window.page.click(".ask .button.main")


def test_a_day_is_worked_off_and_signed(still: StillServer, channel: PaperChannel, browsing: Browsing) -> None:
    """Two open the same difference: the first word stands and the second is told; a file that is none is refused."""
    channel.rows[ON] = [line("a1"), line("b1", 9_900), line("12345678901234567890", 500)]
    order(still.core.db, "a1", stay=still.stays["4"])
    order(still.core.db, "b1", stay=still.stays["4"])
    window, second = browsing.window(still.url), browsing.window(still.url, PHONE, language="en")
    window.sign_in(CASHIER, then=DAY)
    window.wait("it was not compared", lambda: "尚未核对" in window.text("main"))
    window.page.set_input_files("[name=bill]", {"name": "b.csv", "mimeType": "text/csv", "buffer": b"x"})
    window.page.get_by_role("button", name="用此文件核对").click()
    window.wait("the file is refused", lambda: window.page.locator("[role=alert]").count() == 1)
    window.page.get_by_role("button", name="立即核对").click()
    window.wait("two differ", lambda: "2 笔差异待处理" in window.text(".page-head"))
    window.go("/board/reconcile/differences?state=open&kind=channel_only")
    window.page.get_by_role("link", name="仅渠道有").first.click()
    window.wait("the stranger's payment", lambda: "12345678901234567890" in window.text(".facts"))
    second.sign_in(SECOND_CASHIER, then=window.page.url.removeprefix(still.url))
    second.wait("both have it open", lambda: "only with the channel" in second.text("h1"))
    assert second.overflow_px() <= 0

    work_off(window, "taken", reason="家属持凭证", admission_no="ZY0004")
    window.wait("it is taken", lambda: "家属持凭证" in window.text(".notice.good"))
    work_off(second, "returned", reason="given back")
    second.wait("the second is told", lambda: "dealt with already" in second.text("[role=alert]"))
    manager = browsing.window(still.url)
    manager.sign_in(MANAGER, then=DAY)
    manager.page.get_by_role("link", name="金额不符").click()
    manager.wait("the other amount", lambda: "99.00" in manager.text(".facts"))
    work_off(manager, "written-off", reason="渠道活动")
    manager.wait("it is written off", lambda: "核销" in manager.text(".notice.good"))
    window.go(DAY)
    window.page.get_by_role("button", name="签字确认").click()
    window.wait("it is signed", lambda: "相符，已签字" in window.text(".page-head"))

    window.go("/board/reconcile")
    assert "相符，已签字" in window.text("table")
    table = window.page.request.get(f"{still.url}/board/reconcile/differences.csv?on={ON}").body().decode("utf-8-sig")
    assert "'12345678901234567890" in table
    assert "渠道活动" in table
    assert "吴丽" in window.page.request.get(f"{still.url}/board/reconcile.csv").text()


def test_a_payment_of_another_amount_waits_for_a_person(
    still: StillServer, channel: PaperChannel, browsing: Browsing
) -> None:
    """What the channel says has come is taken into the deposit of its stay; a nurse has no such page."""
    odd = order(still.core.db, "odd", status="qr_ready", stay=still.stays["4"])
    channel.says["odd"] = Found(Trade.PAID, "Todd", 9_000, still.clock.now())
    with still.core.db.write() as conn:
        conn.execute(ORDER.update().where(ORDER.c.id == odd).values(fault="amount"))
    window = browsing.window(still.url)
    window.sign_in(CASHIER, then="/board/payments")
    window.page.get_by_role("link", name="金额与应收不符").first.click()
    window.wait("which stay it is", lambda: "ZY0004" in window.text(".facts"))
    work_off(window, "taken", reason="已与家属核对")
    window.wait("it is taken", lambda: "记入预交金" in window.text(".notice.good"))
    window.go("/board/payments?state=done&q=ZY0004")

    assert "已与家属核对" in window.text("table")
    assert "90.00" in window.text("table")
    nurse = browsing.window(still.url)
    nurse.sign_in(NURSE, then="/board/payments")
    nurse.wait("a nurse may not", lambda: "没有进行此操作的权限" in nurse.text("main"))
