"""The page of response times: calls and alerts by class, kind and hour, with how they are counted, and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, delete, insert

from server.calls.models import CallRow
from server.kpis.models import AlertTime
from tests.browser.servers import MANAGER, NURSE, StillServer
from tests.browser.visitor import PHONE, Browsing

_CALL: Table = CallRow.__table__  # type: ignore[attr-defined]
_TIME: Table = AlertTime.__table__  # type: ignore[attr-defined]

LONG_AGO = "since=2026-01-01&until=2026-01-31"
"""Nothing had happened then, whatever other tests have left on the same server."""


@contextmanager
def a_night_of_calls(still: StillServer) -> Iterator[str]:
    """Ten pains answered after 1 to 9 minutes and one not at all, one fall, alerts; a hundred days ago. The day."""
    at = still.clock.now().replace(hour=18, minute=0, second=0, microsecond=0) - timedelta(days=100)
    calls: list[dict[str, Any]] = []
    for n in range(1, 12):
        reason, cls = ("FALL", "P1") if n == 11 else ("PAIN", "P2")
        taken = None if n == 10 else at + timedelta(minutes=n)
        times = dict.fromkeys(("raised_at", "pressed_at", "rang_at", "received_at"), at)
        row = {"id": f"times-{n}", "ward": "w3", "bed": "1", "reason": reason, "cls": cls, "count": 1}
        calls.append(row | times | {"state": "acknowledged" if taken else "raised", "acknowledged_at": taken})
    alert = {"alert": "times-1", "ward": "w3", "code": "news2-high", "priority": "high", "raised_at": at}
    with still.core.db.write() as conn:
        conn.execute(insert(_CALL), calls)
        conn.execute(insert(_TIME).values(alert | {"answered_at": at + timedelta(seconds=45)}))
    try:
        yield (at + timedelta(hours=8)).date().isoformat()
    finally:
        with still.core.db.write() as conn:
            conn.execute(delete(_CALL).where(_CALL.c.id.startswith("times-")))
            conn.execute(delete(_TIME).where(_TIME.c.alert == "times-1"))


def test_a_manager_reads_how_long_people_waited(still: StillServer, browsing: Browsing) -> None:
    """By class, kind and hour; what nobody answered is named and makes no figure better; the file says the same."""
    window = browsing.window(still.url)
    with a_night_of_calls(still) as day:
        window.sign_in(MANAGER, then=f"/board/alerts/times?ward=w3&since={day}&until={day}")
        window.wait("the table is there", lambda: "300 秒" in window.text("tr[data-key=P2]"))
        assert "540 秒" in window.text("tr[data-key=P2]")
        assert all(words in window.text("main.page") for words in ("高优先级", "最近秩", "分母"))
        assert any("response times of w3" in what for what in still.audited("list"))

        window.page.get_by_label("每行").select_option("kind")
        window.page.get_by_role("button", name="显示").click()
        window.wait("kinds", lambda: "P1" in window.text("tr[data-key=P1-FALL]"))
        window.go(f"/board/alerts/times?ward=w3&since={day}&until={day}&by=hour&end=there")
        window.wait("hours", lambda: "未达到" in window.text("tr[data-key='02']"))

        file = window.page.request.get(f"{still.url}/board/alerts/times.csv?ward=w3&since={day}&until={day}")
        lines = file.body().decode("utf-8-sig").splitlines()
        assert f"{day},{day},w3,呼叫,首次应答,P2,10,9,1," in lines[2]
        assert lines[2].split(",")[-4:] == ["300", "540", "540", "0"]

        window.go(f"/board/alerts/history?ward=w3&since={day}&until={day}")
        window.wait("the history has the same", lambda: "540 秒" in window.text("tr[data-key=P2]"))
        window.go(f"/board/kpis/call-response?ward=w3&since={day}&until={day}")
        window.page.get_by_role("link", name="响应时间").click()
        window.wait("from the KPI to its percentiles", lambda: "540 秒" in window.text("tr[data-key=P2]"))


def test_nothing_and_nonsense_are_said_in_words(still: StillServer, browsing: Browsing) -> None:
    """An empty month, a day that is none, days that are turned round; on a phone nothing is wider than the glass."""
    phone = browsing.window(still.url, PHONE, language="en")
    phone.sign_in(NURSE, then=f"/board/alerts/times?{LONG_AGO}")
    phone.wait("nothing", lambda: "No call in these days." in phone.text("main.page"))
    assert "No alert in these days." in phone.text("main.page")
    phone.go("/board/alerts/times?since=2026-02-30&until=yesterday&by=week&end=never")
    phone.wait("no dates", lambda: phone.page.get_by_role("alert").count() == 2)
    assert "“2026-02-30” is no date." in phone.text("[role=alert] >> nth=0")
    with a_night_of_calls(still) as day:
        phone.go(f"/board/alerts/times?ward=w3&since={day}&until=2026-01-01&by=kind")
        phone.wait("turned round", lambda: "exchanged" in phone.text("main.page"))
        assert phone.overflow_px() <= 0


@pytest.mark.parametrize("path", ["/board/alerts/times", "/board/alerts/times.csv"])
def test_another_ward_is_refused(still: StillServer, browsing: Browsing, path: str) -> None:
    """Whoever does not work there reads nothing of it."""
    window = browsing.window(still.url)
    window.sign_in(NURSE, then="/board/alerts?ward=w3")

    assert window.page.request.get(f"{still.url}{path}?ward=elsewhere").status == 403
