"""The page of waste and returns, and what those who look into adverse events see of trays of the wrong diet."""

from __future__ import annotations

from tests.browser.servers import KITCHEN, MANAGER, TECHNICIAN, StillServer
from tests.browser.visitor import PHONE, Browsing
from tests.server.meals.table import put
from wardlink.clock import ward_time

DAYS = "since=2026-11-21&until=2026-11-24"
WASTE = f"/board/kitchen/waste?ward=w3&{DAYS}"


def test_what_was_cooked_for_nobody_and_why(still: StillServer, browsing: Browsing) -> None:
    """By day, or by ward, meal and diet; with the formula, as a file, and a wrong day is said in words."""
    stay = still.stays["4"]
    window = browsing.window(still.url)
    window.sign_in(KITCHEN, then=WASTE)
    window.wait("nothing yet", lambda: "这些日子没有制作餐食" in window.text("main"))

    for end, day, slot, diets, eaten in (
        ("closed", -1, "lunch", ("low-salt",), 50),
        ("away", -1, "lunch", ("low-salt",), None),
        ("wrong-diet", -2, "dinner", (), None),
        ("late", -2, "dinner", (), None),
    ):
        put(still.core.db, end, day, slot, "w3", diets, eaten, stay)  # type: ignore[arg-type]
    window.go(WASTE)
    window.wait("the formula", lambda: "浪费率 75.0 %" in window.text("main"))
    assert "÷ 已制作 4 份" in window.text("main")
    assert window.page.locator("tbody tr").count() == 3
    window.page.select_option("[name=by]", "each")
    window.page.get_by_role("button", name="显示", exact=True).click()
    window.wait("by meal and diet", lambda: "低盐" in window.text("tbody"))
    assert window.page.input_value("[name=since]") == "2026-11-21"
    assert window.overflow_px() <= 0
    file = window.page.request.get(f"{still.url}/board/kitchen/waste.csv?ward=w3&{DAYS}&by=each")
    lines = file.body().decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 3
    assert lines[1].startswith("三病区,午餐,低盐")

    for wrong, said in (
        ("since=2026-13-01", "不是有效日期：2026-13-01"),
        ("since=2026-11-24&until=2026-11-21", "起始日期晚于截止日期"),
        ("since=2020-01-01&until=2026-11-24", "最多统计 92 天"),
    ):
        window.go(f"/board/kitchen/waste?ward=w3&{wrong}")
        window.wait("it is said", lambda words=said: words in window.text("[role=alert]"))  # type: ignore[misc]
        answer = window.page.request.get(f"{still.url}/board/kitchen/waste.csv?ward=w3&{wrong}")
        assert answer.status == 422
    phone = browsing.window(still.url, PHONE, language="en")
    phone.sign_in(MANAGER, then=f"{WASTE}&by=each")
    phone.wait("in English", lambda: "In vain: 75.0 %" in phone.text("main"))
    assert phone.overflow_px() <= 0
    other = browsing.window(still.url)
    other.sign_in(TECHNICIAN, then=WASTE)
    other.wait("a technician may not", lambda: "没有进行此操作的权限" in other.text("main"))


def test_a_tray_of_the_wrong_diet_stands_with_the_adverse_events(still: StillServer, browsing: Browsing) -> None:
    """With a form that knows the patient and the time; once it is reported the line says so, and leads there."""
    stay = still.stays["3"]
    put(still.core.db, "wrong-diet", 0, "breakfast", "w3", ("low-salt",), None, stay)
    window = browsing.window(still.url)
    window.sign_in(MANAGER, then="/board/events?ward=w3")
    window.wait("the tray", lambda: "11-25" in window.text("main"))
    line = window.page.locator("tr", has_text="11-25 早餐")
    line.get_by_role("link", name="上报", exact=True).click()
    window.wait("the form", lambda: window.page.locator("[name=kind]").count() == 1)
    assert window.page.input_value("[name=kind]") == "other"
    assert window.page.input_value("[name=stay]") == stay
    window.page.select_option("[name=harm]", "none")
    assert window.page.input_value("[name=at]").startswith("2026-11-25T")
    # This patient came only now.
    window.page.fill("[name=at]", f"{ward_time(still.clock.now()):%Y-%m-%dT%H:%M}")
    window.page.fill("[name=place]", "07 床")
    window.page.fill("[name=words]", "低盐饮食，送来的是普食，病人吃了几口")
    window.page.check("[name=looked]")
    window.page.get_by_role("button", name="上报", exact=True).click()
    window.wait("it is kept", lambda: "吃了几口" in window.text("main"))

    window.go("/board/events?ward=w3")
    window.wait("it is said there", lambda: line.get_by_role("link", name="已上报", exact=True).count() == 1)
