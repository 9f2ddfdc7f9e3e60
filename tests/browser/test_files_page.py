"""The hospital's files at a desk, in a real browser: the whole way of next month's menu."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from server.house.kinds import MENU, SCHEDULES
from tests.browser.servers import CASHIER, DOCTOR, MANAGER, StillServer
from tests.browser.visitor import DESK, PHONE, Browsing, Window

SAMPLE = MENU.ours_text()
NEXT = (
    SAMPLE.replace("白粥", "小米粥", 1)
    .replace("sample = true", "sample = false")
    .replace(
        "[dishes]\n",
        '[dishes]\nNEW1 = { zh = "元宵", en = "Rice balls", kind = "extra", meals = ["lunch"], diets = '
        '["regular"], kcal = 170, protein_g = 10, fat_g = 10, carb_g = 10, na_mg = 5, prices = [{ from = 2026-01-01, '
        "fen = 900 }] }\n",
        1,
    )
)


def send(window: Window, name: str, text: str) -> None:
    """Choose a file and send it."""
    file: Any = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    window.page.set_input_files("[name=file]", files=[file])
    window.page.get_by_role("button", name="检查文件").click()


def test_next_months_menu(still: StillServer, browsing: Browsing) -> None:
    """Looked at, mended, confirmed for later, taken back, confirmed at once, and the old one again."""
    boss = browsing.window(still.url)
    boss.sign_in(MANAGER, then="/board/files")
    page = boss.page
    boss.wait("the list is there", lambda: "产品自带的示例" in boss.text("main"))
    page.get_by_role("link", name="菜单").click()
    boss.wait("the menu is there", lambda: "本院尚未上传" in boss.text("main"))
    got = page.request.get(f"{still.url}/board/files/menu/now.toml")
    assert got.body().decode() == SAMPLE

    send(boss, "menu.toml", NEXT.replace("kcal = 780", "kcal = 870", 1).replace("soft.every", "soft.evry"))
    boss.wait("its faults are there", lambda: "发现错误：2 处" in boss.text("[role=alert]"))
    assert [part in boss.text("[role=alert]") for part in ("第 20 行", "870", "evry")] == [True] * 3

    page.get_by_role("link", name="换一个文件").click()
    boss.wait("another can be sent", lambda: page.locator("[name=file]").count() == 1)
    send(boss, "menu.toml", NEXT)
    boss.wait("what would change is there", lambda: "新增：1 项" in boss.text("#changes"))
    assert "NEW1 元宵" in boss.text("#changes")
    page.fill("[name=from]", "2026-11-01T00:00")
    page.fill("[name=note]", "十二月菜单")
    page.get_by_role("button", name="确认启用").click()
    boss.wait("the past is refused", lambda: "已经过去" in boss.text("main"))
    assert page.input_value("[name=note]") == "十二月菜单"
    page.fill("[name=from]", "2026-12-01T00:00")
    page.get_by_role("button", name="确认启用").click()
    boss.wait("it waits", lambda: "2026-12-01 00:00 起启用" in boss.text("main"))
    assert "十二月菜单" in boss.text("main")

    page.get_by_role("link", name="1", exact=True).click()
    boss.wait("the version is there", lambda: "撤回此版本" in boss.text("main"))
    page.get_by_role("button", name="撤回").click()
    boss.wait("it is taken back", lambda: "撤回人" in boss.text("main") and "刘伟" in boss.text("main"))
    assert still.audited("house-added")[-1:] == ["menu version 1"]
    assert still.audited("house-taken-back")[-1:] == ["menu version 1"]


def test_who_confirms_what_another_has_overtaken(still: StillServer, browsing: Browsing) -> None:
    """The sentence says so, what was typed stays, and a second confirmation goes through."""
    slow, quick = browsing.window(still.url), browsing.window(still.url)
    for window in (slow, quick):
        window.sign_in(MANAGER, then="/board/files/lessons")
        window.wait("the page is there", lambda w=window: w.page.locator("[name=file]").count() == 1)
    text = (Path(__file__).parents[2] / "wardlink/clinical/lessons/lessons.toml").read_text("utf-8")
    send(slow, "a.toml", text.replace("预防跌倒", "防跌倒", 1))
    slow.wait("it is looked at", lambda: slow.page.locator("[name=note]").count() == 1)
    send(quick, "b.toml", text.replace("预防跌倒", "小心跌倒", 1))
    quick.wait("it is looked at", lambda: quick.page.locator("[name=note]").count() == 1)
    quick.page.get_by_role("button", name="确认启用").click()
    quick.wait("it holds", lambda: "第 1 版" in quick.text("main"))

    slow.page.fill("[name=note]", "慢一步")
    slow.page.get_by_role("button", name="确认启用").click()
    slow.wait("it is refused", lambda: "在此期间有人" in slow.text("main"))
    assert slow.page.input_value("[name=note]") == "慢一步"
    slow.page.get_by_role("button", name="确认启用").click()
    slow.wait("it holds", lambda: "第 2 版" in slow.text("main"))


def test_a_frequency_of_the_hospital_s_own_can_be_ordered(still: StillServer, browsing: Browsing) -> None:
    """Whose times run into the window is named with its line; mended and confirmed, a doctor orders by it.

    Who would take it away again hears that the order goes on.
    """
    source = 'source = "药事委员会"\nas_of = 2026-11-20\ntrust = "D"\n'
    own = f'\n[frequencies.q5h]\nlabel = "每5小时"\ntimes = ["06:00", "11:00", "16:00", "21:00"]\n{source}'
    boss = browsing.window(still.url)
    boss.sign_in(MANAGER, then="/board/files/schedules")
    boss.wait(
        "the windows are there", lambda: "频次与给药时间窗" in boss.text("main") and "± 60 分钟" in boss.text("main")
    )
    send(boss, "times.toml", SCHEDULES.ours_text() + own.replace("11:00", "07:00"))
    boss.wait("its fault is there", lambda: "前后各 60 分钟过宽" in boss.text("[role=alert]"))

    boss.page.get_by_role("link", name="换一个文件").click()
    boss.wait("another can be sent", lambda: boss.page.locator("[name=file]").count() == 1)
    send(boss, "times.toml", SCHEDULES.ours_text() + own)
    boss.wait("what would change is there", lambda: "q5h 每5小时" in boss.text("#changes"))
    boss.page.get_by_role("button", name="确认启用").click()
    boss.wait("it holds", lambda: "第 1 版" in boss.text("main"))

    doctor = browsing.window(still.url)
    doctor.sign_in(DOCTOR, then=f"/board/orders/stay/{still.stays['3']}")
    doctor.wait("it can be ordered", lambda: doctor.page.locator("option[value=q5h]").count() == 1)
    assert doctor.text("option[value=q5h]") == "q5h 每5小时"

    doctor.page.select_option("form.ask [name=drug]", "aspirin-100mg")
    for name, value in {"dose": "1", "unit": "片"}.items():
        doctor.page.fill(f"form.ask [name={name}]", value)
    for name, value in {"route": "po", "frequency": "q5h"}.items():
        doctor.page.select_option(f"form.ask [name={name}]", value)
    doctor.page.click("form.ask button[type=submit]")
    doctor.wait("its words stand in the list", lambda: "q5h 每5小时" in doctor.text("tbody"))

    boss.go("/board/files/schedules/0")
    boss.wait("it is said that it goes on", lambda: "q5h 1" in boss.text("main"))
    assert "有 1 条未结束的医嘱" in boss.text("main")


def test_no_page_runs_over_a_phone(still: StillServer, browsing: Browsing) -> None:
    """In both languages, on a phone and at a desk."""
    for size in (PHONE, DESK):
        for language in ("zh_CN", "en"):
            window = browsing.window(still.url, size, language=language)
            window.sign_in(MANAGER, then="/board/files/menu")
            window.wait("the page is there", lambda w=window: w.page.locator("table").count() == 2)
            wide = window.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0
            window.go("/board/files/schedules")
            window.wait("the page is there", lambda w=window: w.page.locator("table").count() == 2)
            window.page.screenshot()
            wide = window.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0


def test_who_lacks_the_right_is_told(still: StillServer, browsing: Browsing) -> None:
    """And finds no way there."""
    cashier = browsing.window(still.url)
    cashier.sign_in(CASHIER, then="/board/files")
    cashier.wait("it is refused", lambda: "无权" in cashier.text() or "权限" in cashier.text())
    assert cashier.page.locator("a[href='/board/files']").count() == 0
