"""A ward's roster at a desk, in a real browser: entered, refused to the second, copied, from a file, and read."""

from __future__ import annotations

from typing import Any

from tests.browser.servers import CHARGE_NURSE, MANAGER, NURSE, StillServer
from tests.browser.visitor import DESK, PHONE, Browsing, Window

WEEK = "/board/shifts/w3/2026-11-23"
LATER = "/board/shifts/w3/2026-12-07"


def opened(browsing: Browsing, still: StillServer, who: Any = CHARGE_NURSE, at: str = WEEK, **how: Any) -> Window:
    """A window on a week."""
    window = browsing.window(still.url, **how)
    window.sign_in(who, then=at)
    window.wait("the week is there", lambda: window.page.locator("table.roster").count() == 1)
    return window


def cell(window: Window, day: str, staff: str = NURSE.id) -> Any:
    """Somebody's choice of a day."""
    return window.page.locator(f"tr[data-staff='{staff}'] select[name*='{day}']")


def save(window: Window) -> None:
    """Send the grid."""
    window.page.get_by_role("button", name="保存改动").click()


def test_a_week_is_entered_by_the_keyboard(still: StillServer, browsing: Browsing) -> None:
    """Empty at first; then it stands there, is counted, and the audit names it; last week's can be copied."""
    lead = opened(browsing, still)
    assert "这一周还没有排班" in lead.text("main")
    cell(lead, "2026-11-23").focus()
    for steps in (2, 1, 5):
        for key in ["ArrowDown"] * steps + ["Tab"]:
            lead.page.keyboard.press(key)
    assert [cell(lead, f"2026-11-{day}").input_value() for day in (23, 24, 25)] == ["day", "night", "off"]
    save(lead)
    lead.wait("it is saved", lambda: "已完成" in lead.text("main"))
    assert cell(lead, "2026-11-24").input_value() == "night"
    assert "小夜班：周一" in lead.text(".notice.warn")
    assert still.audited("roster-entered") == ["ward w3 from 2026-11-23"]

    lead.page.get_by_role("link", name="下一周").click()
    lead.wait("next week is there", lambda: "2026-11-30" in lead.page.url)
    lead.page.get_by_role("button", name="复制上周").click()
    lead.wait("it is copied", lambda: cell(lead, "2026-12-01").input_value() == "night")


def test_the_second_editor_of_a_cell_is_told(still: StillServer, browsing: Browsing) -> None:
    """In a sentence; what they typed stays, and saving again goes through."""
    quick, slow = opened(browsing, still, at=LATER), opened(browsing, still, MANAGER, at=LATER)
    cell(quick, "2026-12-08").select_option("day")
    save(quick)
    quick.wait("it is saved", lambda: quick.page.locator(".notice.good").count() == 1)
    cell(slow, "2026-12-08").select_option("night")
    save(slow)
    slow.wait("it is refused", lambda: "在此期间有人为 李静" in slow.text("main"))
    assert cell(slow, "2026-12-08").input_value() == "night"
    save(slow)
    slow.wait("it is saved", lambda: slow.page.locator(".notice.good").count() == 1)


def test_a_file_is_looked_at_first(still: StillServer, browsing: Browsing) -> None:
    """Its faults are named by line; the exported file can be sent back."""
    lead = opened(browsing, still, at="/board/shifts/w3/2026-12-14")

    def send(text: str, button: str) -> None:
        lead.page.set_input_files(
            "[name=file]", files=[{"name": "a.csv", "mimeType": "text/csv", "buffer": text.encode()}]
        )
        lead.page.get_by_role("button", name=button).click()

    send("工号,2026-12-14\nN1001,午休\nX,白班\n", "仅预览")
    lead.wait("its faults are there", lambda: "第 3 行" in lead.text("main"))
    send("工号,2026-12-14\nN1001,白班\n", "仅预览")
    lead.wait("it is looked at", lambda: "将改动 1 格" in lead.text("main"))
    assert cell(lead, "2026-12-14").input_value() == ""
    send("工号,2026-12-14\nN1001,白班\n", "导入文件")
    lead.wait("it is entered", lambda: cell(lead, "2026-12-14").input_value() == "day")
    got = lead.page.request.get(f"{still.url}/board/shifts.csv?ward=w3&day=2026-12-14").text()
    assert "N1001,李静,护士,白班," in got


def test_who_only_reads_finds_no_form(still: StillServer, browsing: Browsing) -> None:
    """A nurse sees the week and cannot change it."""
    nurse = opened(browsing, still, NURSE)

    assert nurse.page.locator("#content select, #content form").count() == 0


def test_no_week_runs_over_a_phone(still: StillServer, browsing: Browsing) -> None:
    """In both languages, on a phone and at a desk."""
    for size in (PHONE, DESK):
        for language in ("zh_CN", "en"):
            assert opened(browsing, still, size=size, language=language).overflow_px() <= 0
