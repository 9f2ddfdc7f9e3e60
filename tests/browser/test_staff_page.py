"""Staff at a desk, in a real browser: found, added, changed by two at once, ended, and taken over from a file."""

from __future__ import annotations

from tests.browser.servers import MANAGER, StillServer
from tests.browser.visitor import Browsing

LIST = "/board/staff"


def test_from_the_first_day_to_the_last(still: StillServer, browsing: Browsing) -> None:
    """A refusal keeps what was typed; a stale change is refused; the ended one is found among the ended."""
    boss = browsing.window(still.url)
    boss.sign_in(MANAGER, then="/board/staff-new")
    page = boss.page
    boss.wait("the form is there", lambda: page.locator("[name=id]").count() == 1)
    for name, text in (
        ("id", "n-fang"),
        ("name", "方护士"),
        ("badge", MANAGER.badge),
        ("pin", "4711"),
        ("again", "4711"),
    ):
        page.fill(f"[name={name}]", text)
    page.select_option("[name=role]", "nurse")
    page.locator("[name=wards]").first.check()
    page.get_by_role("button", name="添加", exact=True).click()
    boss.wait("it is refused", lambda: "工号" in boss.text(".notice.bad >> nth=1"))
    assert page.input_value("[name=name]") == "方护士"
    assert page.input_value("[name=pin]") == ""
    page.fill("[name=badge]", "N-FANG")
    for name in ("pin", "again"):
        page.fill(f"[name={name}]", "4711")
    page.get_by_role("button", name="添加", exact=True).click()
    boss.wait("the person is there", lambda: boss.text("h1") == "方护士")
    assert "可登录" in boss.text("dl.facts")

    other = browsing.window(still.url)
    other.sign_in(MANAGER, then=f"{LIST}/n-fang")
    other.wait("the same person", lambda: other.text("h1") == "方护士")
    for window, said in ((other, "已完成"), (boss, "已被他人修改")):
        window.page.select_option("[name=role]", "head-nurse")
        window.page.get_by_role("button", name="保存修改", exact=True).click()
        window.wait("it is answered", lambda window=window, said=said: said in window.text("main"))

    other.page.locator("[name=sure]").check()
    other.page.get_by_role("button", name="停用账号", exact=True).click()
    other.wait("it is ended", lambda: "恢复账号" in other.text("main"))
    other.go(f"{LIST}?show=ended&q=方护士")
    other.wait("it is found", lambda: "护士长" in other.text("tbody"))
    table = other.page.request.get(f"{still.url}{LIST}.csv?show=ended&q=方护士").body().decode("utf-8-sig")
    assert table.splitlines()[1].startswith("n-fang,N-FANG,方护士,护士长,")


def test_a_file_is_looked_at_before_it_is_taken(still: StillServer, browsing: Browsing) -> None:
    """Its faults are said by line; looked at, nothing is changed."""
    boss = browsing.window(still.url)
    boss.sign_in(MANAGER, then="/board/staff-import")
    boss.wait("the form is there", lambda: boss.page.locator("[name=file]").count() == 1)

    def send(text: str, button: str) -> None:
        file = {"name": "staff.csv", "mimeType": "text/csv", "buffer": text.encode()}
        boss.page.set_input_files("[name=file]", file)
        boss.page.get_by_role("button", name=button, exact=True).click()

    good = "工号,姓名,角色,病区\nF-1,文件一,护士,w3\nF-2,文件二,医生,w3\n"
    send(good + "F-3,文件三,国王,w3\n", "导入文件")
    boss.wait("the fault is said", lambda: "第 4 行" in boss.text("[role=alert]"))
    send(good, "仅预览")
    boss.wait("it was looked at", lambda: "将新增 2 人" in boss.text("[role=alert]"))
    send(good, "导入文件")
    boss.wait("it is taken over", lambda: "已导入：新增 2 人" in boss.text("[role=alert]"))
    boss.go(f"{LIST}?show=no-pin&q=文件")
    boss.wait("they are there, without a PIN", lambda: boss.page.locator("tbody tr").count() == 2)
    boss.go("/board/roles")
    boss.wait("the roles are there", lambda: "给药" in boss.text("tbody"))
