"""Open alerts and calls on a page and on the station: live, answered, handed on, and counted afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from server.alerts.engine import AlertEngine
from tests.browser.servers import MANAGER, NURSE, StillServer
from tests.browser.visitor import PHONE, Browsing, Window
from wardlink.messages.base import Actor
from wardlink.messages.calls import RaiseCall

BED = "5"
HIGH: dict[str, Any] = {
    "temp_c": 36.8,
    "pulse_per_min": 112,
    "rr_per_min": 25,
    "sbp_mmhg": 122,
    "dbp_mmhg": 78,
    "spo2_pct": 91,
    "o2_on": False,
    "acvpu": "A",
}


@pytest.fixture
def engine(still: StillServer) -> AlertEngine:
    """The engine of the still server, looked at by hand."""
    return AlertEngine(still.core)


@pytest.fixture(autouse=True)
def _somebody(still: StillServer) -> None:
    """In bed 5 lies somebody."""
    if BED not in still.stays:
        still.admit(BED, "郑秋菊")


def calls(still: StillServer, reason: str) -> None:
    """The patient calls."""
    stay = still.stays[BED]
    who = {"ward": "w3", "actor": Actor(kind="patient", id=stay), "encounter": stay, "bed": BED}
    still.core.execute("call.raise", RaiseCall(reason=reason), **who)


def row(window: Window, words: str) -> Any:
    """The row that holds these words."""
    return window.page.locator(".alarm", has_text=words)


def test_from_the_cry_to_the_history(still: StillServer, browsing: Browsing, engine: AlertEngine) -> None:
    """Raised while two windows look on: taken in one, seen in the other; handed on; then it is history with figures."""
    nurse, manager = browsing.window(still.url), browsing.window(still.url, language="en")
    nurse.sign_in(NURSE, then="/board/alerts?ward=w3")
    manager.sign_in(MANAGER, then="/board/alerts?ward=w3")
    nurse.wait("the page is open", lambda: nurse.page.locator(".alarms").count() == 1)
    manager.wait("the page is open", lambda: manager.page.locator(".alarms").count() == 1)

    still.record(BED, **HIGH)
    calls(still, "CHEST")
    engine.look_at_everything()

    nurse.wait("the alert is there by itself", lambda: "郑*菊" in row(nurse, "NEWS2").inner_text())
    nurse.wait("the call too", lambda: "胸痛" in row(nurse, "紧急呼叫").inner_text())
    assert nurse.page.locator(".alarm").first.inner_text().startswith("05")
    manager.wait("a manager looks and has no buttons", lambda: "nobody has it yet" in manager.text(".alarm-list"))
    assert manager.page.locator(".alarm-acts").count() == 0

    row(nurse, "紧急呼叫").get_by_role("button", name="3 分钟到").click()

    def is_taken() -> bool:
        engine.look_at_everything()
        return "李静将在 3 分钟内到" in row(nurse, "紧急呼叫").inner_text()

    nurse.wait("the call is taken", is_taken)
    manager.wait("seen by the other", lambda: "李静 comes in 3 min" in manager.text(".alarm-list"))

    alert = row(nurse, "NEWS2")
    alert.get_by_text("转交").first.click()
    alert.locator("select").select_option("doctor")
    alert.get_by_label("原因").fill("血氧低，请看一下")
    alert.get_by_role("button", name="转交").click()
    last = alert.locator("details li").last
    nurse.wait("the doctor is asked", lambda: "血氧低，请看一下" in (last.text_content() or ""))

    manager.go("/board/alerts/history?ward=w3&q=NEWS2")
    assert "NEWS2" in manager.text("table >> nth=2")
    assert "not reached" in manager.text("tr[data-key=high]")
    table = manager.page.request.get(f"{still.url}/board/alerts/history.csv?ward=w3").body().decode("utf-8-sig")
    assert "NEWS2" in table
    assert manager.faults == nurse.faults == []


def test_the_station_sounds_fills_the_screen_and_fits_a_phone(
    still: StillServer, browsing: Browsing, engine: AlertEngine
) -> None:
    """Sound begins with a touch, as browsers want it; what is lost is said and greyed, and nobody can answer then."""
    still.record(BED, **HIGH)
    engine.look_at_everything()
    station = browsing.window(still.url)
    station.sign_in(NURSE, then="/board/station?ward=w3")
    station.wait("the alert is there", lambda: row(station, "NEWS2").count() == 1)
    assert all(words in station.text(".alarm-tools") for words in ("声音已关", "三病区", "示例数据"))
    station.page.evaluate(
        "window.beeps = 0; const make = AudioContext.prototype.createOscillator;"
        "AudioContext.prototype.createOscillator = function () { window.beeps += 1; return make.call(this); }; 0"
    )
    station.page.get_by_role("button", name="声音已关").click()
    station.wait("it rings three times, as for high priority", lambda: station.page.evaluate("window.beeps") >= 4)
    station.page.get_by_role("button", name="全屏").click()
    station.wait("the screen is filled", lambda: station.page.evaluate("document.fullscreenElement !== null"))

    phone = browsing.window(still.url, PHONE)
    phone.sign_in(NURSE, then="/board/station?ward=w3")
    phone.wait("the alert is there", lambda: row(phone, "NEWS2").count() == 1)
    assert phone.overflow_px() <= 0
    phone.page.evaluate("window.wardlinkLive.LOST_AFTER_MS = -1")
    phone.wait("it says that it is cut off", lambda: phone.page.locator(".lost-banner").count() == 1)
    assert row(phone, "NEWS2").get_by_role("button", name="1 分钟到").is_disabled()


def test_nobody_answers_without_the_right_and_nonsense_is_said_to_be_so(
    still: StillServer, browsing: Browsing, engine: AlertEngine
) -> None:
    """A manager is refused, an unknown alert is not there, a reason is asked for, and a stranger must sign in."""
    still.record(BED, **HIGH)
    engine.look_at_everything()
    nurse, manager, stranger = (browsing.window(still.url) for _ in range(3))
    nurse.sign_in(NURSE, then="/board/alerts?ward=w3")
    nurse.wait("the alert is there", lambda: row(nurse, "NEWS2").count() == 1)
    alert = row(nurse, "NEWS2").get_attribute("data-alert")
    manager.sign_in(MANAGER)
    manager.wait("signed in", lambda: "退出" in manager.text())

    def post(window: Window, path: str, **form: str) -> int:
        status: int = window.page.request.post(f"{still.url}/board/alerts/{path}", form=form).status
        return status

    stranger.go("/board/")
    assert post(manager, f"{alert}/accept", eta_min="1") == 403
    assert post(stranger, f"{alert}/accept", eta_min="1") == 401
    assert post(nurse, "nobody/accept", eta_min="1") == 404
    assert post(nurse, f"{alert}/dance") == 404
    assert post(nurse, f"{alert}/hand-on", to="emperor", reason="x") == 404
    assert post(nurse, f"{alert}/hand-on", to="doctor", reason="") == 422
    assert post(nurse, f"{alert}/accept", eta_min="soon") == 422
    nurse.go("/board/alerts?ward=w9")
    nurse.wait("another ward", lambda: "没有进行此操作的权限" in nurse.text("main"))
