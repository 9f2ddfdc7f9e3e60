"""The page of all wards: a line each, those that need somebody first, by push, and each way to its board."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Table, delete, insert, update

from server.calls.models import CallRow
from server.identity.models import Staff
from tests.browser.servers import NURSE, TECHNICIAN, StillServer, admission
from tests.browser.visitor import PHONE, Browsing
from wardlink.ids import new_id
from workbench.ward import StaffPlan, WardPlan

_CALL: Table = CallRow.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]

HEAD = StaffPlan("h-hospital", "何静", "manager", "M0088", "7315")
"""Of both wards of these tests and of no other."""


@pytest.fixture(scope="module")
def two(still: StillServer) -> Iterator[StillServer]:
    """Two wards on the shared server: w10 with a patient and an urgent call, w11 with empty beds."""
    for ward, name in (("w11", "十一病区"), ("w10", "十病区")):
        patients = [admission("91", "周兰")] if ward == "w10" else []
        beds = [("91", "91"), ("92", "92")]
        still.add(WardPlan(ward=ward, name=name, beds=beds, staff=[HEAD], patients=patients))
    raised = still.clock.now() - timedelta(minutes=4)
    times = dict.fromkeys(("raised_at", "pressed_at", "rang_at", "received_at"), raised)
    with still.core.db.write() as conn:
        conn.execute(update(_STAFF).where(_STAFF.c.id == HEAD.id).values(wards=["w10", "w11"]))
        call = {"id": new_id(), "ward": "w10", "bed": "91", "cls": "P1", "state": "raised", "count": 1}
        conn.execute(insert(_CALL).values(**call, **times))
    yield still
    with still.core.db.write() as conn:
        conn.execute(delete(_CALL).where(_CALL.c.ward == "w10"))


def test_all_wards_in_a_line_each(two: StillServer, browsing: Browsing) -> None:
    """The one that is called from comes first; who is new in a bed is there without reload; a click opens the board."""
    window = browsing.window(two.url)
    window.sign_in(HEAD, then="/board/hospital?sort=need")
    rows = "main tbody tr"
    window.wait("three lines", lambda: window.page.locator(rows).count() == 3)
    keys = [row.get_attribute("data-key") for row in window.page.locator(rows).all()]
    assert keys == ["w10", "w11", "total"]
    first = window.text("tr[data-key=w10]").split("\t")
    assert first[:4] == ["十病区", "1 / 2", "1", "P1 4 分"]
    assert "从未测量" in window.text("tr[data-key=w10]")
    assert window.page.locator("tr[data-key=w10].old").count() == 1
    assert "无患者" in window.text("tr[data-key=w11]")
    assert window.text("tr[data-key=total]").split("\t")[:3] == ["合计（2 个病区）", "1 / 4", "1"]

    two.add(WardPlan(ward="w11", name="十一病区", beds=[("92", "92")], patients=[admission("92", "吴芳")]))
    window.wait("the new patient counts", lambda: "1 / 2" in window.text("tr[data-key=w11]"))
    assert "2 / 4" in window.text("tr[data-key=total]")

    assert "2 / 2" in window.text(".table-tools")
    window.page.fill("main input[type=search]", "十一")
    window.wait("found", lambda: window.page.locator(rows).count() == 2)
    assert window.page.locator("tr[data-key=total]").count() == 1
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Tab")
    assert window.page.evaluate("document.activeElement.closest('tr')?.dataset.key") == "w11"
    window.page.keyboard.press("Enter")
    window.wait("its board", lambda: window.page.url.endswith("/board/?ward=w11"))
    assert window.faults == []


def test_who_works_in_one_ward_sees_it_alone(two: StillServer, browsing: Browsing) -> None:
    """Also in the file; the old address leads here; a phone is wide enough; who sees no patients has no page."""
    phone = browsing.window(two.url, PHONE, language="en")
    phone.sign_in(NURSE, then="/board/wards")
    phone.wait("the table", lambda: phone.page.locator("main tbody tr").count() == 2)
    assert phone.page.url.endswith("/board/hospital")
    assert phone.overflow_px() <= 0
    assert "In all, wards: 1" in phone.text("tr[data-key=total]")
    file = phone.page.request.get(f"{two.url}/board/hospital.csv").body().decode("utf-8-sig")
    assert file.splitlines()[0].startswith("Ward,Beds taken,Open calls,Longest waiting")
    assert "十病区" not in file

    technician = browsing.window(two.url)
    technician.sign_in(TECHNICIAN, then="/board/hospital")
    technician.wait("may not", lambda: "没有进行此操作的权限" in technician.text("main.page"))
