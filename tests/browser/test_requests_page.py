"""The work list of requests: urgent ones first, one with its steps, seen to by its forms, found and exported."""

from __future__ import annotations

from typing import Any

from tests.browser.servers import KITCHEN, MANAGER, StillServer
from tests.browser.visitor import PHONE, Browsing
from wardlink.messages.base import Actor
from wardlink.messages.requests import PlaceRequest

LIST = "/board/requests?ward=w3"


def ask(still: StillServer, category: Any, code: str) -> str:
    """The patient in bed 5 asks for something; its id."""
    stay = still.stays.get("5") or still.admit("5", "郑秋菊")
    body = PlaceRequest(category=category, code=code)
    by = Actor(kind="patient", id=stay)
    return still.core.execute("request.place", body, ward="w3", actor=by, encounter=stay, bed="5").id


def test_a_request_is_seen_to_from_the_list(still: StillServer, browsing: Browsing) -> None:
    """Empty, then with the urgent one first; accepted, answered; who was slower is told."""
    window = browsing.window(still.url)
    window.sign_in(MANAGER, then=LIST)
    window.wait("nobody waits", lambda: "没有人在等待" in window.text("main"))

    ask(still, "care", "hours-4")
    lamp, cord = ask(still, "repair", "lamp"), ask(still, "repair", "call-cord")
    window.go(LIST)
    window.wait("the cord stands first", lambda: "呼叫拉绳" in window.text("tbody tr:first-child"))
    first = window.text("tbody tr:first-child")
    assert "紧急" in first
    assert "郑*菊" in first
    assert "郑秋菊" not in window.text("main")

    window.page.get_by_role("link", name="维修 · 呼叫拉绳").click()
    window.wait("its page", lambda: "谁来处理" in window.text("main"))
    window.page.get_by_role("button", name="接单", exact=True).click()
    window.wait("it is noted", lambda: "已记录" in window.text("main") and "已接单" in window.text(".facts"))
    window.page.get_by_label("需要时给病人留一句话").fill("<b>已换新</b>")
    window.page.get_by_role("button", name="已办完").click()
    window.wait("it is done", lambda: "已办完" in window.text(".facts"))
    assert "<b>已换新</b>" in window.text(".facts")
    assert window.page.get_by_role("button", name="接单", exact=True).count() == 0

    late = window.page.request.post(f"{still.url}/board/requests/{cord}/reject", form={"text": "x"})
    assert late.url.endswith("said=refused")
    empty = window.page.request.post(f"{still.url}/board/requests/{lamp}/reject", form={"text": "  "})
    assert empty.url.endswith("said=empty")
    window.go(f"/board/requests/{lamp}?said=empty")
    window.wait("it is said", lambda: "没有填写" in window.text("main"))

    window.go(LIST + "&state=completed&category=repair")
    window.wait("what is done", lambda: "已换新" in window.text("tbody"))
    window.go(LIST + "&category=care&q=nobody")
    window.wait("nothing fits", lambda: "没有找到" in window.text("main"))
    table = window.page.request.get(f"{still.url}/board/requests.csv?ward=w3&category=repair").body()
    rows = table.decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "灯或插座" in rows[1]
    assert any("requests" in line for line in still.audited("export"))


def test_on_a_phone_in_english_and_for_whom_it_is_not(still: StillServer, browsing: Browsing) -> None:
    """Nothing is wider than the phone; a cook sees none of it; a request that nobody made is not there."""
    name = ask(still, "interpreter", "sign")
    phone = browsing.window(still.url, PHONE, language="en")
    phone.sign_in(MANAGER, then=LIST + "&category=interpreter&state=nonsense&page=x")
    phone.wait("the request", lambda: "sign language" in phone.text("tbody"))
    assert phone.overflow_px() <= 0
    phone.go(f"/board/requests/{name}")
    phone.wait("its page", lambda: "Who sees to it" in phone.text("main"))
    assert phone.overflow_px() <= 0
    phone.go("/board/requests/00000000-0000-7000-8000-0000000000ff")
    phone.wait("not there", lambda: phone.page.locator("main [role=alert]").count() == 1)

    cook = browsing.window(still.url)
    cook.sign_in(KITCHEN, then=LIST)
    cook.wait("a cook may not", lambda: "没有进行此操作的权限" in cook.text("main"))
    refused = cook.page.request.post(f"{still.url}/board/requests/{name}/accept")
    assert refused.status == 403
