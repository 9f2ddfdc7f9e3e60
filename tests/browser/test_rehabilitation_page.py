"""Rehabilitation at a desk, in a real browser: a plan is written, changed and ended, and a session is confirmed."""

from __future__ import annotations

from server.record.service import records_of
from tests.browser.servers import DOCTOR, NURSE, StillServer
from tests.browser.visitor import Browsing
from wardlink.clock import ward_date
from wardlink.messages.base import Actor
from wardlink.messages.rehabilitation import ReportSession
from wardlink.record.rehabilitation import REHAB_PLAN

LIST = "/board/rehabilitation"


def test_from_the_plan_to_the_confirmed_session(still: StillServer, browsing: Browsing) -> None:
    """A doctor plans; what the patient says waits in the list; a nurse confirms; a stale change is refused."""
    stay, page = still.stays["4"], f"{LIST}/{still.stays['4']}"
    doctor = browsing.window(still.url)
    doctor.sign_in(DOCTOR, then=page)
    doctor.wait("the form is there", lambda: doctor.page.locator("[name=goal]").count() == 1)
    doctor.page.fill("[name=goal]", "坐稳 10 分钟")
    doctor.page.select_option("[name=exercise-0]", "ankle-pump")
    doctor.page.get_by_role("button", name="开始计划", exact=True).click()
    doctor.wait("it is written", lambda: "已完成" in doctor.text("[role=alert]"))
    assert "坐稳 10 分钟" in doctor.text("main")

    with still.core.db.read() as conn:
        (plan,) = records_of(conn, REHAB_PLAN, encounter=stay)
    now = still.clock.now()
    body = ReportSession(plan=plan.id, on=ward_date(now), number=1, begun_at=now, done=1, asked=1, rpe=12, pain=5)
    where = {"ward": "w3", "actor": Actor(kind="patient", id=stay), "encounter": stay, "bed": "4"}
    still.core.execute("rehab-session.report", body, **where)

    nurse = browsing.window(still.url)
    nurse.sign_in(NURSE, then=f"{LIST}?show=confirm")
    nurse.wait("it waits", lambda: "疼痛" in nurse.text("table"))
    table = nurse.page.request.get(f"{still.url}{LIST}.csv?show=confirm").body().decode("utf-8-sig")
    assert len(table.splitlines()) == 2
    nurse.page.locator("tbody a").first.click()
    nurse.wait("it is open", lambda: "康复 · 4 床" in nurse.text("h1"))
    assert nurse.page.locator("[name=goal]").count() == 0
    nurse.page.get_by_role("button", name="确认", exact=True).click()
    nurse.wait("it is confirmed", lambda: "已确认 1 次" in nurse.text("main"))

    other = browsing.window(still.url)
    other.sign_in(DOCTOR, then=page)
    doctor.go(page)
    for window in (other, doctor):
        window.wait("the plan is there", lambda window=window: window.page.locator("[name=version]").count() == 1)
    for window, said in ((other, "已完成"), (doctor, "已被他人修改")):
        window.page.get_by_role("button", name="保存修改", exact=True).click()
        window.wait("it is answered", lambda window=window, said=said: said in window.text("main"))
    doctor.page.locator("form[action$=end] [name=reason]").fill("出院")
    doctor.page.get_by_role("button", name="结束计划", exact=True).click()
    doctor.wait("it is ended", lambda: "制定计划" in doctor.text("main"))
