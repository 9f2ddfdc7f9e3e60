"""The manager sees groups with money and takes a file in; a faulty file says each line; a coder sees no money."""

from __future__ import annotations

from tests.browser.servers import CASHIER, MANAGER, StillServer
from tests.browser.visitor import PHONE, Browsing
from workbench.ward import StaffPlan, WardPlan, build

CODER = StaffPlan("k-bian", "卞编", "coder", "B1001", "1470")


def test_groups(still: StillServer, browsing: Browsing) -> None:
    """From the faulty file to the one that is taken, the list, the table, and the coder's view."""
    from tests.browser.servers import BEDS, _nowhere

    still.admit("12", "邓分组")
    build(still.core, WardPlan(ward="w3", name="三病区", beds=BEDS, staff=(CODER,)), _nowhere())
    window = browsing.window(still.url)
    window.sign_in(MANAGER, then="/board/drg?q=ZY0012")
    window.wait("it is not coded", lambda: "未分组" in window.text("table"))

    def send(text: str) -> None:
        file = {"name": "g.csv", "mimeType": "text/csv", "buffer": text.encode()}
        window.page.set_input_files("[name=file]", file)
        window.page.get_by_role("button", name="导入文件").click()

    send("住院号,DRG编码\nZY0012,FR21\nNONE,FR21")
    window.wait("the bad line is named", lambda: "第 3 行" in window.text("[role=alert]"))
    send("住院号,DRG编码\nZY0012,FR21")
    window.wait("it is taken", lambda: "已为 1 次住院" in window.text("[role=alert]"))
    window.go("/board/drg?q=ZY0012")
    assert "10584.00" in window.text("table")
    table = window.page.request.get(f"{still.url}/board/drg.csv?q=ZY0012").body().decode("utf-8-sig")
    assert "10584.00" in table

    coder = browsing.window(still.url, PHONE, language="en")
    coder.sign_in(CODER, then=f"/board/drg/{still.stays['12']}")
    coder.wait("the group is there", lambda: "FR21" in coder.text(".facts"))
    assert "10584" not in coder.text("body")
    coder.page.fill("[name=code]", "KS15")
    coder.page.get_by_role("button", name="Save the group").click()
    coder.wait("it is saved", lambda: "The group is saved" in coder.text("[role=alert]"))
    assert coder.overflow_px() <= 0
    assert "yuan" not in coder.page.request.get(f"{still.url}/board/drg.csv").body().decode("utf-8-sig")
    cashier = browsing.window(still.url)
    cashier.sign_in(CASHIER, then="/board/drg")
    cashier.wait("a cashier may not", lambda: "没有进行此操作的权限" in cashier.text("main"))
