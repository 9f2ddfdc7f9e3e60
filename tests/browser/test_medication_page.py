"""The page of medication safety: figures with what they were made of, lines, what waits with its age, and who may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, delete, insert

from server.exceptions.models import ExceptionRow
from server.medication import sums
from server.medication.facts import Placed
from server.record.models import RecordRow
from tests.browser.servers import CHARGE_NURSE, MANAGER, NURSE, StillServer
from tests.browser.visitor import PHONE, Browsing
from wardlink.ids import new_id
from wardlink.messages.doses import DoseView
from wardlink.record.doses import DOSE
from workbench.ward import StaffPlan, WardPlan

_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]
_EXCEPTION: Table = ExceptionRow.__table__  # type: ignore[attr-defined]

ASPIRIN = {"drug": "aspirin", "dose": 1, "unit": "片", "name_zh": "阿司匹林", "name_en": "Aspirin"}
HEAD = StaffPlan("h-medsafe", "郑敏", "manager", "M0077", "8246")
"""Of the ward of these tests alone, beside her own."""


@pytest.fixture(scope="module")
def w9(still: StillServer) -> Iterator[StillServer]:
    """A ward of its own on the shared server: three doses at bed 7, one of them late; a case open for two days."""
    now = still.clock.now()
    still.add(WardPlan(ward="w9", name="九病区", beds=[("7", "07")], staff=[HEAD]))
    with still.core.db.write() as conn:
        for view in (given(now), given(now, late=True), given(now, overrides=[_NO_BAND], scans=[])):
            row = {"kind": "dose", "id": view.id, "ward": "w9", "bed": "7", "at": DOSE.at(view), "is_open": False}
            body = view.model_dump_json(exclude_none=True)
            conn.execute(insert(_RECORD).values(**row, state=view.state, body=body))
            sums.follow_dose(conn, None, Placed("w9", "7", view))
        case = {"kind": "given-twice", "ward": "w9", "bed": "7", "actor": f"staff:{NURSE.id}", "detail": {}}
        case |= {"encounter": still.stays["1"], "opened_at": now - timedelta(days=2, hours=1)}
        conn.execute(insert(_EXCEPTION).values(id=new_id(), **case))
    yield still
    with still.core.db.write() as conn:
        for table in (_RECORD, _EXCEPTION, sums.SUM):
            conn.execute(delete(table).where(table.c.ward == "w9"))


_NO_BAND = {"check": "patient-unscanned", "reason": "腕带已取下"}


def given(now: datetime, *, late: bool = False, **more: Any) -> DoseView:
    """A dose that was given yesterday."""
    due = now - timedelta(hours=20)
    at = due + timedelta(hours=3 if late else 0)
    scans = [{"what": what, "code": "x", "at": at} for what in ("wristband", "drug")]
    said = {"command": new_id(), "act": "give", "at": at, "entered_at": at, "device": "c1", "scans": scans}
    said |= {"by": {"kind": "staff", "id": NURSE.id}, "reason": "检查未归" if late else None} | more
    hour, item = timedelta(hours=1), {"ingredient": "x", "strength": "x"}
    window = {"due_at": due, "opens_at": due - hour, "closes_at": due + hour}
    whole = {"id": new_id(), "order": new_id(), "bed": "7", "encounter": None, "state": "done"}
    return DoseView.model_validate({**whole, **window, "items": [ASPIRIN | item], "events": [said]})


def test_a_manager_sees_how_drugs_are_given(w9: StillServer, browsing: Browsing) -> None:
    """Each figure with numerator, denominator and formula; a line for each bed, reason and person; a file."""
    window = browsing.window(w9.url)
    window.sign_in(HEAD, then="/board/medication")
    window.wait("the figures are there", lambda: "两码均扫 ÷ 已给药 × 100" in window.text("tr[data-key=both-codes]"))
    figures = {
        code: window.text(f"tr[data-key={code}]").split("\t")[:4] for code in ("both-codes", "late", "overridden")
    }
    assert figures["both-codes"] == ["扫码执行率（两码）", "66.7 %", "2", "3"]
    assert figures["late"] == ["延迟给药", "33.3 %", "1", "3"]
    assert "本系统未测量" in window.text("tr[data-key=errors]")
    assert "九病区" in window.text(".page-head")
    window.wait("the course is drawn", lambda: window.page.locator("svg[role=img] circle").count() > 0)

    window.page.select_option("select[name=by]", "bed")
    window.page.select_option("select[name=figure]", "late")
    window.page.get_by_role("button", name="显示").click()
    window.wait("bars", lambda: "33.3 %（1/3）" in window.text(".bars li"))
    window.page.locator(".bars").scroll_into_view_if_needed()

    window.go("/board/medication?by=reason")
    window.wait("reasons", lambda: "腕带已取下" in window.text("#course table"))
    assert "检查未归" in window.text("#course table")
    window.go("/board/medication?by=person&figure=overridden")
    window.wait("people", lambda: "李静" in window.text("#course table"))
    file = window.page.request.get(f"{w9.url}/board/medication.csv?by=person").body().decode("utf-8-sig")
    assert file.splitlines()[0].startswith("病区,从,到,给药人,指标,数值,单位,分子,分母,公式")
    assert any("medication safety of w9 by person" in what for what in w9.audited("view"))
    assert window.faults == []


def test_what_waits_grows_older_before_the_eyes(w9: StillServer, browsing: Browsing) -> None:
    """The age is told, the patient and the case are one click away; closed by somebody it goes by itself."""
    window = browsing.window(w9.url)
    window.sign_in(HEAD, then="/board/medication")
    row = "#waiting tbody tr"
    window.wait("it waits", lambda: "2 天" in window.text(row))
    assert "同一剂药给了两次" in window.text(row)
    assert window.page.locator(f"{row} a[href^='/board/exceptions/']").count() == 1
    assert window.page.locator(f"{row} a[href='/board/stay/{w9.stays['1']}']").count() == 1
    window.page.fill("#waiting input[type=search]", "没有这样的")
    window.page.keyboard.press("Enter")
    window.wait("nothing is found", lambda: "没有找到" in window.text("#waiting"))

    window.go("/board/medication?show=closed")
    window.wait("nothing closed", lambda: "没有关闭的事件" in window.text("#waiting"))
    window.go("/board/medication")
    window.wait("it waits", lambda: "2 天" in window.text(row))
    with w9.core.db.write() as conn:
        conn.execute(delete(_EXCEPTION).where(_EXCEPTION.c.ward == "w9"))
    window.wait("it is gone", lambda: window.page.locator(row).count() == 0)
    assert "没有待处理的" in window.text("#waiting")


def test_people_are_seen_by_few_and_a_phone_is_enough(w9: StillServer, browsing: Browsing) -> None:
    """A charge nurse sees no person; a nurse not the page; every control has a name; nonsense is passed over."""
    phone = browsing.window(w9.url, PHONE, language="en")
    phone.sign_in(CHARGE_NURSE, then="/board/medication?since=x&until=9999-01-01&figure=errors&by=colour")
    phone.wait("the page is there", lambda: "Medication safety" in phone.text("h1"))
    assert phone.overflow_px() <= 0
    assert "By person" not in phone.text("select[name=by]")
    unnamed = phone.page.evaluate(
        "[...document.querySelectorAll('main input:not([type=hidden]), main select, main button')]"
        ".filter(e => !(e.labels && e.labels.length) && !e.textContent.trim() && !e.getAttribute('aria-label')).length"
    )
    assert unnamed == 0
    phone.go("/board/medication?by=person")
    phone.wait("she may not", lambda: "Not possible" in phone.text("h1, main.page, title"))
    assert phone.page.request.get(f"{w9.url}/board/medication.csv?by=person").status == 403

    nurse = browsing.window(w9.url)
    nurse.sign_in(NURSE, then="/board/medication")
    nurse.wait("a nurse may not", lambda: "没有进行此操作的权限" in nurse.text("main.page"))
    manager = browsing.window(w9.url)
    manager.sign_in(MANAGER, then="/board/medication?ward=w9")
    manager.wait("another ward's manager may not", lambda: "没有进行此操作的权限" in manager.text("main.page"))
