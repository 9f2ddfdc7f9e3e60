"""The page of results: what waits and why, a critical value acknowledged and released, and the table as a file."""

from __future__ import annotations

from datetime import timedelta

from server.results.taking import take_in
from tests.browser.servers import BEDS, DOCTOR, MANAGER, NURSE, StillServer
from tests.browser.visitor import PHONE, Browsing
from wardlink.messages.base import Actor
from wardlink.messages.results import ReportResult
from workbench.ward import StaffPlan, WardPlan

LABORATORY = Actor(kind="device", id="lab")


def receive(still: StillServer, number: str, potassium: str) -> str:
    """The laboratory sends electrolytes of the patient in bed 1; the id of the report."""
    item = {"code": "2823-3", "name": "钾", "value": potassium, "unit": "mmol/L", "low": "3.5", "high": "5.3"}
    report = ReportResult.model_validate(
        {
            "number": number,
            "code": "24326-1",
            "name": "电解质",
            "status": "final",
            "issued_at": still.core.clock.now() - timedelta(minutes=5),
            "items": [item],
        }
    )
    with still.core.db.write() as conn:
        return take_in(still.core, conn, still.stays["1"], report, LABORATORY).id


COLLEAGUE = StaffPlan("d-sunlei", "孙磊", "doctor", "D2002", "8642")


def test_a_critical_value_from_the_list_to_the_patient(still: StillServer, browsing: Browsing) -> None:
    """A nurse acknowledges, a doctor releases after talking; each step says who, and the list is empty again."""
    window = browsing.window(still.url)
    window.sign_in(NURSE, then="/board/results")
    window.wait("nothing waits", lambda: "没有" in window.text("main"))
    result = receive(still, "K1", "6.40")
    receive(still, "K2", "4.10")
    window.go("/board/results")
    window.wait("it waits", lambda: "还没有人确认收到" in window.text("table"))
    assert window.page.locator("tbody tr").count() == 1
    assert "王*英" in window.text("table")
    window.go("/board/results?state=all&q=电解质")
    window.wait("both are there", lambda: window.page.locator("tbody tr").count() == 2)
    file = window.page.request.get(f"{still.url}/board/results.csv?state=all").body().decode("utf-8-sig")
    assert len(file.splitlines()) == 3
    for wanted, lines in (("ZY0001", 2), ("王秀英", 2), ("ZY0002", 0)):
        window.go(f"/board/results?state=all&q={wanted}")
        window.wait("they are looked for", lambda n=lines: window.page.locator("tbody tr").count() == n)

    window.go(f"/board/results/{result}")
    window.wait("the value", lambda: "6.40" in window.text("table"))
    assert window.page.get_by_role("button", name="公布给患者").count() == 0
    window.page.get_by_role("button", name="确认收到危急值").click()
    window.wait("it is written down", lambda: "已以您的名义记录" in window.text("main"))
    assert "李静" in window.text("dl.facts")

    doctor = browsing.window(still.url, PHONE)
    doctor.sign_in(DOCTOR, then=f"/board/results/{result}")
    doctor.wait("the doctor may", lambda: "公布给患者" in doctor.text("main"))
    assert doctor.overflow_px() <= 0
    doctor.page.get_by_label("我已经和患者当面谈过").check()
    doctor.page.get_by_role("button", name="公布给患者").click()
    doctor.wait("the patient sees it", lambda: "患者可以看到" in doctor.text("main"))

    other = browsing.window(still.url)
    other.sign_in(MANAGER, then="/board/results")
    other.wait("a manager may not", lambda: "没有进行此操作的权限" in other.text("main"))


def test_a_doctor_who_was_slower_is_told(still: StillServer, browsing: Browsing) -> None:
    """A colleague has kept it back while the page stood open: it stays so, and the page says who did."""
    still.add(WardPlan(ward="w3", name="三病区", beds=BEDS, staff=[COLLEAGUE]))
    result = receive(still, "K9", "4.20")
    one, other = browsing.window(still.url, language="en"), browsing.window(still.url, PHONE, language="en")
    for window, person in ((one, DOCTOR), (other, COLLEAGUE)):
        window.sign_in(person, then=f"/board/results/{result}")
        window.wait("the report", lambda w=window: "4.20" in w.text("table"))
    one.page.get_by_role("button", name="Keep it back").click()
    one.wait("it is written down", lambda: "written down under your name" in one.text("main"))

    other.page.get_by_role("button", name="Keep it back").click()

    other.wait("it says so", lambda: "Somebody else has decided" in other.text("[role=alert]"))
    assert "周涛" in other.text("dl.facts")
    assert "ZY0001" in other.text("dl.facts")
    assert other.overflow_px() <= 0
    other.page.get_by_role("button", name="Let the patient see it").click()
    other.wait("now it holds", lambda: "The patient sees it" in other.text("main"))
