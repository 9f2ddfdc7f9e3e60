"""Arrears of the house with the days that are left, and a stay's daily list, on the cashier's page."""

from __future__ import annotations

from typing import Any

from server.money.charges import charge_by_hand
from server.money.deposits import deposit_in
from server.money.prices import E4, sample_prices
from tests.browser.servers import CASHIER, NURSE, StillServer
from tests.browser.visitor import PHONE, Browsing
from wardlink.ids import new_id


def test_from_the_list_to_the_day(still: StillServer, browsing: Browsing) -> None:
    """Found by bed, opened, the day's lines with their sum, both as files; nothing is cut off on a phone."""
    stay, item, now = still.admit("11", "何欠费"), sample_prices().item("bed-3"), still.clock.now()
    assert item is not None
    how: dict[str, Any] = {"at": now, "now": now, "actor": "staff:k-wuli", "key": new_id(), "reason": "测试"}
    with still.core.db.write() as conn:
        deposit_in(conn, encounter=stay, amount_fen=3_000, channel="cash", key=new_id(), at=now, actor="staff:k-wuli")
        charge_by_hand(conn, encounter=stay, item=item, quantity_e4=E4, **how)
    window = browsing.window(still.url)
    window.sign_in(CASHIER, then="/board/deposits?level=warning&q=11")
    window.wait("who is in arrears is listed", lambda: "何欠费" in window.text("table"))
    assert "-10.00" in window.text("table")
    table = window.page.request.get(f"{still.url}/board/deposits.csv?q=何欠费").body().decode("utf-8-sig")
    assert table.splitlines()[1].startswith("w3 11,ZY0011,何欠费,已欠费,-10.00")
    window.page.get_by_role("link", name="ZY0011").click()
    window.wait("the day is shown", lambda: "40.00" in window.text("h2"))
    assert "床位" in window.text("table")
    href = window.page.get_by_role("link", name="导出 CSV").get_attribute("href")
    assert "40.00" in window.page.request.get(still.url + href).body().decode("utf-8-sig")
    assert still.audited("export")[-1].startswith("daily-list")

    phone = browsing.window(still.url, PHONE, language="en")
    phone.sign_in(CASHIER, then=f"/board/deposits/{stay}?day=2026-11-01")
    phone.wait("a day without charges says so", lambda: "Nothing was charged" in phone.text("main"))
    assert phone.overflow_px() <= 0
    phone.go("/board/deposits?level=none&q=nobody")
    assert "Nothing found" in phone.text("main")
    assert phone.overflow_px() <= 0
    nurse = browsing.window(still.url)
    nurse.sign_in(NURSE, then="/board/deposits")
    nurse.wait("a nurse may not", lambda: "没有进行此操作的权限" in nurse.text("main"))
