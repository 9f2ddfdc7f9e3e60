"""Wards and beds at a desk, in a real browser: a ward is made, its beds are made, named and put in order."""

from __future__ import annotations

from tests.browser.servers import ADMIN, StillServer
from tests.browser.visitor import Browsing


def test_a_ward_is_set_up(still: StillServer, browsing: Browsing) -> None:
    """A bed that is there already is refused and what was typed stays."""
    boss = browsing.window(still.url)
    boss.sign_in(ADMIN, then="/board/beds")
    page = boss.page

    def send(button: str, **fields: str) -> None:
        for name, text in fields.items():
            page.fill(f"form.ask:has-text('{button}') [name={name}]", text)
        page.get_by_role("button", name=button, exact=True).click()

    boss.wait("the form is there", lambda: page.locator("[name=id]").count() == 1)
    send("新建病区", id="w-new", name="新病区")
    boss.wait("the ward is there", lambda: boss.text("h1") == "新病区" and "还没有床位" in boss.text("main"))
    for bed in ("1", "2"):
        send("新建床位", bed=bed, label=f"{bed} 床")
        boss.wait("the bed is there", lambda bed=bed: page.locator(f"#bed-{bed}").count() == 1)
    send("新建床位", bed="2", label="二床")
    boss.wait("it is refused", lambda: "已经有 2 床" in boss.text("main"))
    assert page.input_value("form.ask [name=label]") == "二床"
    page.fill("#bed-2 [name=label]", "窗边床")
    page.locator("#bed-2").get_by_role("button", name="保存", exact=True).click()
    boss.wait("it is named", lambda: "已完成" in boss.text("[role=alert]"))
    page.get_by_role("button", name="2 床位：前移", exact=True).click()
    boss.wait("it is the first", lambda: page.locator(".bed-list li").first.get_attribute("id") == "bed-2")
    assert page.locator(".bed-list li").first.get_by_role("button", name="前移").is_disabled()
    table = page.request.get(f"{still.url}/board/beds.csv?ward=w-new").body().decode("utf-8-sig")
    assert table.splitlines()[1:] == ["w-new,新病区,2,窗边床", "w-new,新病区,1,1 床"]
