"""The page of the KPIs: numbers with what they were made of, a course, a file, and nought is never a guess."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Table, delete, insert

from server.patients.models import Stay
from tests.browser.servers import MANAGER, NURSE, StillServer
from tests.browser.visitor import PHONE, Browsing

_STAY: Table = Stay.__table__  # type: ignore[attr-defined]

LONG_AGO = "since=2026-01-01&until=2026-01-31"
"""Nothing had happened then, whatever other tests have left on the same server."""


@contextmanager
def lying_before(still: StillServer) -> Iterator[None]:
    """Somebody lay in the ward from ten days ago until eight days ago."""
    now = still.clock.now()
    place = {"encounter": still.stays["1"], "ward": "w3", "bed": "before"}
    times = {"from_at": now - timedelta(days=10), "until_at": now - timedelta(days=8)}
    with still.core.db.write() as conn:
        conn.execute(insert(_STAY).values(**place, **times))
    try:
        yield
    finally:
        with still.core.db.write() as conn:
            conn.execute(delete(_STAY).where(_STAY.c.bed == "before"))


def test_a_manager_reads_the_kpis(still: StillServer, browsing: Browsing) -> None:
    """Value, numerator, denominator and formula stand side by side; what has no denominator is a dash."""
    window = browsing.window(still.url)
    window.sign_in(MANAGER, then=f"/board/kpis?ward=w3&{LONG_AGO}")
    window.wait("the table is there", lambda: "实际占用床日 ÷ 开放床日" in window.text("tr[data-key=occupancy]"))
    assert "三病区" in window.text(".page-head")
    assert "—" in window.text("tr[data-key=complaints]")
    assert "本系统未测量" in window.text("tr[data-key=restraint]")
    assert any("KPIs of w3" in what for what in still.audited("view"))

    with lying_before(still):
        window.go("/board/kpis/occupancy?ward=w3&by=month")
        window.wait("the chart is drawn", lambda: window.page.locator("svg[role=img] circle").count() > 0)
        assert "24:00 在床者计 1 床日" in window.text("main.page")
        file = window.page.request.get(f"{still.url}/board/kpis.csv?ward=w3&kpi=occupancy&by=month")
        lines = file.body().decode("utf-8-sig").splitlines()
        assert lines[0].startswith("时间,病区,指标,数值,单位,分子,分母")
        assert "床位使用率" in lines[1]

    window.go(f"/board/kpis/complaints?ward=w3&{LONG_AGO}")
    window.wait("nothing to divide by", lambda: "分母为零" in window.text("main.page"))


def test_the_kpis_fit_a_phone_and_bad_addresses(still: StillServer, browsing: Browsing) -> None:
    """Nonsense in the address is passed over; an unknown KPI is said in words; a nurse may not."""
    phone = browsing.window(still.url, PHONE, language="en")
    phone.sign_in(MANAGER, then="/board/kpis?since=x&until=9999-99-99&by=year")
    phone.wait("the page is there", lambda: "KPIs" in phone.text("h1"))
    assert phone.overflow_px() <= 0
    phone.go("/board/kpis/stay")
    phone.wait("one KPI", lambda: "Mean length of stay" in phone.text("h1"))
    assert phone.overflow_px() <= 0
    phone.go("/board/kpis/restraint")
    phone.wait("there is none", lambda: "Not possible" in phone.text("h1, main.page, title"))

    nurse = browsing.window(still.url)
    nurse.sign_in(NURSE, then="/board/kpis")
    nurse.wait("a nurse may not", lambda: "没有进行此操作的权限" in nurse.text("main.page"))
