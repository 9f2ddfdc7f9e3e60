"""The pages of adverse events: reported by a nurse, followed up by the head nurse, counted among the KPIs."""

from __future__ import annotations

from datetime import timedelta

from tests.browser.servers import BEDS, KITCHEN, MANAGER, NURSE, StillServer
from tests.browser.visitor import PHONE, Browsing, Window
from wardlink.clock import ward_date, ward_time
from workbench.ward import Addresses, StaffPlan, WardPlan, build

HEAD = StaffPlan("h-sun", "孙丽", "head-nurse", "N1009", "2468")
NAUGHTY = "<img src=x onerror=alert(1)> 起身时滑倒 ' OR 1=1 --"


def press(window: Window, words: str) -> None:
    """A button of the page."""
    window.page.get_by_role("button", name=words, exact=True).click()


def fill(window: Window, still: StillServer, at: str) -> None:
    """A fall of the patient in bed 2, all but the tick."""
    window.page.select_option("[name=kind]", "fall")
    window.page.select_option("[name=stay]", still.stays["2"])
    window.page.select_option("[name=harm]", "none")
    window.page.fill("[name=at]", at)
    window.page.fill("[name=place]", "卫生间")
    window.page.fill("[name=words]", NAUGHTY)


def test_from_the_report_to_the_kpi(still: StillServer, browsing: Browsing) -> None:
    """What was typed stands there again when it was refused; the head nurse grades it anew; the KPI says how many."""
    build(still.core, WardPlan("w3", "三病区", BEDS, staff=[HEAD]), Addresses("127.0.0.1", 1, "http://127.0.0.1:1"))
    now = still.clock.now()
    window = browsing.window(still.url)
    window.sign_in(NURSE, then="/board/events?ward=w3&kind=fall")
    window.wait("nothing yet", lambda: "没有找到" in window.text("main") or "暂无" in window.text("main"))
    window.go("/board/events")
    window.page.get_by_role("link", name="上报一例").click()
    window.wait("the form", lambda: window.page.locator("[name=kind]").count() == 1)
    fill(window, still, f"{ward_time(now + timedelta(minutes=5)):%Y-%m-%dT%H:%M}")
    window.page.evaluate("document.querySelector('[name=at]').removeAttribute('max')")
    window.page.check("[name=looked]")
    press(window, "上报")
    window.wait("the time has not come", lambda: "还没有到" in window.text("main"))
    assert window.page.input_value("[name=words]") == NAUGHTY
    assert window.page.input_value("[name=stay]") == still.stays["2"]
    assert not window.page.is_checked("[name=looked]")
    window.page.fill("[name=at]", f"{ward_time(now - timedelta(minutes=5)):%Y-%m-%dT%H:%M}")
    window.page.check("[name=looked]")
    press(window, "上报")
    window.wait("it is kept", lambda: "跌倒" in window.text("h1"))
    assert NAUGHTY in window.text("main")
    assert "赵强" not in window.text("main")
    event = window.page.url.rpartition("/")[2].partition("?")[0]
    assert window.page.get_by_role("button", name="记录", exact=True).count() == 0

    head = browsing.window(still.url)
    head.sign_in(HEAD, then="/board/events?q=卫生间")
    head.wait("on her list", lambda: "李静" in head.text("tbody"))
    head.page.get_by_role("link", name="跌倒", exact=True).click()
    head.wait("its page", lambda: head.page.locator("[name=harm]").count() == 1)
    head.page.locator("[name=words]").first.fill("次日片示骨折")
    head.page.select_option("[name=harm]", "grade-3")
    press(head, "记录")
    head.wait("it is graded anew", lambda: "3 级" in head.text("dl.facts"))
    assert "0 级" in head.text("tbody")
    table = head.page.request.get(f"{still.url}/board/events.csv?kind=fall").body().decode("utf-8-sig")
    assert "卫生间" in table
    assert f"event {event}" in still.audited("view")
    head.go("/board/events?since=2001-01-01&until=2001-01-02")
    head.wait("nothing in those days", lambda: "没有找到" in head.text("main"))

    manager = browsing.window(still.url)
    manager.sign_in(MANAGER, then=f"/board/kpis/falls?ward=w3&until={ward_date(now)}")
    manager.wait("it says how many", lambda: "共上报 0 例" in manager.text("main"))

    head.go(f"/board/events/{event}")
    head.page.locator("[name=words]").last.fill("登记错了")
    press(head, "作废")
    head.wait("it is struck out", lambda: "不计入任何指标" in head.text("main"))
    assert head.page.get_by_role("button", name="作废", exact=True).count() == 0
    assert head.faults == window.faults == []


def test_who_may_not_and_on_a_phone(still: StillServer, browsing: Browsing) -> None:
    """The kitchen has no such page; on a phone nothing is wider than the window."""
    kitchen = browsing.window(still.url)
    kitchen.sign_in(KITCHEN, then="/board/events")
    kitchen.wait("refused", lambda: "没有进行此操作的权限" in kitchen.text("main.page"))

    phone = browsing.window(still.url, PHONE, language="en")
    phone.sign_in(MANAGER, then="/board/events-new?ward=w3&kind=nonsense&at=x")
    phone.wait("the form", lambda: "Report it" in phone.text("main.page"))
    assert phone.overflow_px() <= 0
    phone.go("/board/events?kind=nonsense&since=x&page=-1")
    phone.wait("the list", lambda: "Adverse events" in phone.text("h1"))
    assert phone.overflow_px() <= 0
    phone.go("/board/events/nobody")
    phone.wait("there is none", lambda: phone.text(".notice.bad"))
