"""Consultations at a desk, in a real browser: the deadline runs, and each step is done by who may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser.servers import DOCTOR, MANAGER, NURSE, StillServer
from tests.browser.visitor import DESK, PHONE, Browsing, Window
from wardlink.messages.base import Actor
from wardlink.messages.consults import RequestConsult
from workbench.ward import StaffPlan

LIST = "/board/consultations"


def asked(still: StillServer, bed: str, specialty: str = "heart", *, ago: timedelta = timedelta()) -> str:
    """A patient has asked at the bed, so long ago."""
    stay = still.stays[bed]
    body = RequestConsult.model_validate({"specialty": specialty, "slot_at": "2026-11-25T14:00:00+08:00"})
    actor = Actor(kind="patient", id=stay)
    where = {"ward": "w3", "actor": actor, "encounter": stay, "bed": bed}
    return still.core.execute("consult.request", body, measured_at=still.clock.now() - ago, **where).id


def seen_by(still: StillServer, browsing: Browsing, who: StaffPlan, path: str, size: dict[str, int] = DESK) -> Window:
    """A window of this person, on this page."""
    window = browsing.window(still.url, size)
    window.sign_in(who, then=path)
    window.wait("the page is there", lambda: window.page.locator("h1").count() == 1)
    return window


def press(window: Window, words: str) -> None:
    """Send this form, and read the answer."""
    window.page.get_by_role("button", name=words, exact=True).click()
    window.wait("it is done", lambda: "已完成" in window.text("[role=alert]"))


def test_from_the_bed_to_the_signed_opinion(still: StillServer, browsing: Browsing) -> None:
    """A doctor takes it step by step; the list, its search, its clock and its file say the same."""
    name = asked(still, "2")
    doctor = seen_by(still, browsing, DOCTOR, LIST)
    assert all(words in doctor.text("table") for words in ("心内科", "剩余 24 小时 0 分", "患者希望"))
    assert "赵强" not in doctor.text("table")
    table = doctor.page.request.get(f"{still.url}{LIST}.csv?q=心内科").body().decode("utf-8-sig")
    assert len(table.splitlines()) == 2
    doctor.page.locator("tbody a").first.click()
    doctor.wait("it is open", lambda: "心内科" in doctor.text("h1"))
    press(doctor, "接受会诊")
    press(doctor, "安排时间")
    press(doctor, "开始会诊")
    doctor.page.fill("textarea[name=opinion]", "继续目前治疗")
    press(doctor, "签署意见")
    assert "继续目前治疗" in doctor.text("dl.facts")
    press(doctor, "结束：病区已阅")

    doctor.go(f"{LIST}?show=open&q=心内科")
    doctor.wait("it is not open any more", lambda: "没有找到" in doctor.text("main"))
    doctor.go(f"{LIST}?show=all")
    assert "已结束" in doctor.text("table")
    assert f"consultation {name}" in still.audited("view")


def test_who_is_late_is_red_and_who_may_not_does_not(still: StillServer, browsing: Browsing) -> None:
    """A day later it is overdue; a nurse reads it and does nothing; a manager does not read it."""
    name = asked(still, "3", "pain", ago=timedelta(hours=24, minutes=1))
    nurse = seen_by(still, browsing, NURSE, f"{LIST}?show=overdue", PHONE)
    assert "超时 1 分" in nurse.text("table")
    assert nurse.overflow_px() <= 0
    nurse.go(f"{LIST}/{name}")
    assert nurse.page.locator("form.ask").count() == 0
    sent = nurse.page.request.post(f"{still.url}{LIST}/{name}/accept")
    assert sent.status == 403

    manager = browsing.window(still.url)
    manager.sign_in(MANAGER, then=LIST)
    manager.wait("a manager may not", lambda: "没有进行此操作的权限" in manager.text("main"))
    doctor = seen_by(still, browsing, DOCTOR, f"{LIST}/{name}")
    doctor.page.fill("input[name=reason]", "已由其他科处理")
    press(doctor, "不接受")
    assert "已由其他科处理" in doctor.text("dl.facts")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_doctor_asks_for_a_patient(still: StillServer, browsing: Browsing, size: dict[str, int]) -> None:
    """With a question, which stands on the desk's page; the same team twice is refused in words."""
    stay = still.stays["4"]
    doctor = seen_by(still, browsing, DOCTOR, LIST, size)
    specialty = "tcm" if size is DESK else "psychology"
    for said in ("已完成", "请等待答复"):
        doctor.page.select_option("select[name=encounter]", stay)
        doctor.page.select_option("select[name=specialty]", specialty)
        doctor.page.fill("textarea[name=question]", "如何调理？")
        doctor.page.get_by_role("button", name="提交申请").click()
        doctor.wait("the answer is there", lambda said=said: said in doctor.text("main"))
    assert doctor.overflow_px() <= 0
