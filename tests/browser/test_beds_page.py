"""Wards and beds at a desk, in a real browser: a ward is made, its beds are made, named and put in order."""

from __future__ import annotations

from typing import Any

from tests.browser.servers import ADMIN, MANAGER, StillServer
from tests.browser.visitor import PHONE, Browsing


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
    assert table.splitlines()[1:] == ["w-new,新病区,2,窗边床,U,", "w-new,新病区,1,1 床,U,"]


def test_wards_and_beds_come_from_a_file(still: StillServer, browsing: Browsing) -> None:
    """A wrong line is named; mended it is looked at, then taken over; a manager of wards is offered no file."""
    boss = browsing.window(still.url)
    boss.sign_in(ADMIN, then="/board/beds")

    def send(text: str, button: str) -> None:
        file: Any = {"name": "wards.csv", "mimeType": "text/csv", "buffer": text.encode()}
        boss.page.set_input_files("[name=file]", files=[file])
        boss.page.get_by_role("button", name=button).click()

    boss.wait("the form is there", lambda: boss.page.locator("[name=file]").count() == 1)
    right = "病区编号,病区,床位编号,床头标识\nw-file,文件病区,1,1 床\n"
    send(right + "w-file,,1,2 床\n", "导入文件")
    boss.wait("the fault is there", lambda: "第 3 行" in boss.text("[role=alert]"))
    send(right, "仅预览")
    boss.wait("it was looked at", lambda: "文件病区 1 床" in boss.text("[role=alert]"))
    assert "文件病区" not in boss.text("table")
    send(right, "导入文件")
    boss.wait("the ward is there", lambda: "文件病区" in boss.text("table"))

    other = browsing.window(still.url, PHONE, language="en")
    other.sign_in(MANAGER, then="/board/beds")
    other.wait("the list is there", lambda: other.page.locator("table").count() == 1)
    assert other.page.locator("[name=file]").count() == 0


def test_a_bed_is_closed_and_given_back(still: StillServer, browsing: Browsing) -> None:
    """The board that somebody else looks at shows it closed with its reason at once; an old form is refused."""
    boss, other = browsing.window(still.url), browsing.window(still.url, PHONE, language="en")
    other.sign_in(MANAGER)
    empty = other.page.locator("[data-state=empty]")
    other.wait("a bed is empty", lambda: empty.count() > 0)
    bed = empty.first.get_attribute("data-bed")
    boss.sign_in(MANAGER, then=f"/board/beds/w3/{bed}")
    page = boss.page
    boss.wait("its page is there", lambda: "该床从未停用" in boss.text("main"))
    late = page.context.new_page()
    late.goto(page.url)
    for each, words in ((page, "护栏松动"), (late, "又一次")):
        each.select_option("[name=reason]", "repair")
        each.fill("[name=words]", words)
        each.get_by_role("button", name="停用床位", exact=True).click()
        each.locator("[role=alert]").wait_for()

    assert "维修（护栏松动）" in boss.text("main .page-head")
    assert "已被他人修改" in late.inner_text("main")
    other.wait("the board says so", lambda: other.state(bed) == "closed")
    assert "repair (护栏松动)" in " ".join(other.tile(bed).inner_text().split())
    assert "until it is given back" in other.tile(bed).inner_text()
    for window in (boss, other):
        assert window.overflow_px() == 0
    table = page.request.get(f"{still.url}/board/beds.csv?ward=w3").body().decode("utf-8-sig")
    assert [line.split(",")[4:] for line in table.splitlines() if line.split(",")[2] == bed] == [
        ["C", "维修（护栏松动）"]
    ]
    page.get_by_role("button", name="恢复启用该床", exact=True).click()
    boss.wait("it is open", lambda: "当前无患者" in boss.text("main"))
    assert page.locator("table tbody tr").count() == 1
    other.wait("the board says so", lambda: other.state(bed) == "empty")
