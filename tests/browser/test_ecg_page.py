"""ECG at the doctor's desk: the work list, a strip on its paper, and what a doctor says and decides about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from server.ecg.receiving import Sent, take_in
from tests.browser.servers import KITCHEN, StillServer, admission
from tests.browser.visitor import DESK, PHONE, Browsing
from wardlink.clinical.ecg.sample import sample_strip
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from workbench.ward import StaffPlan, WardPlan

ROOM = Actor(kind="device", id="m2")
WARD = "w6"
DOCTOR = StaffPlan("d-ecg-one", "方敏", "doctor", "D6001", "7531")
COLLEAGUE = StaffPlan("d-ecg-two", "孙磊", "doctor", "D6002", "8642")
NURSE = StaffPlan("n-ecg", "何静", "nurse", "N6001", "2580")


@pytest.fixture(scope="module")
def stay(still: StillServer) -> str:
    """Somebody in a ward of these tests' own, with two doctors and a nurse."""
    patient = admission("1", "秦岚", admission_no="ZY6001", mrn="P6001")
    staff = [DOCTOR, COLLEAGUE, NURSE]
    return still.add(WardPlan(ward=WARD, name="六病区", beds=[("1", "1")], staff=staff, patients=[patient])).stays["1"]


def recorded(still: StillServer, stay: str | None, *, minutes: float = 5, leads: Any = None, **said: Any) -> str:
    """The examination room sends a strip; its id."""
    strip, _peaks = sample_strip(still.clock.now() - timedelta(minutes=minutes), seconds=said.pop("seconds", 10))
    if leads is not None:
        strip = replace(strip, leads={lead: strip.leads[lead] for lead in leads})
    sent = Sent(id=new_id(), strip=strip, source="room", actor=ROOM, encounter=stay, place="心电图室", **said)
    take_in(still.core, WARD, sent)
    return sent.id


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_CN", ("没有待报告的心电图", "待报告", "危急", "归属不明", "走纸速度 25 mm/s，增益 10 mm/mV")),
        ("en", ("No strip waits", "not reported", "critical", "nobody knows whose", "25 mm/s, 10 mm/mV")),
    ],
)
def test_from_the_list_to_the_strip(
    still: StillServer, browsing: Browsing, stay: str, language: str, words: tuple[str, ...]
) -> None:
    """Critical on top; found by name, bed and number, also as a file; the strip on paper, scrolled on a phone only."""
    nothing, waits, critical, nobody, paper = words
    window = browsing.window(still.url, language=language)
    window.sign_in(DOCTOR, then="/board/ecg?q=nothing-is-called-so")
    window.wait("an empty list", lambda: window.page.locator("tbody tr").count() == 0 and window.text(".nothing"))
    strips = [
        recorded(still, stay, minutes=90),
        recorded(still, stay, report="自动分析：请复核。", critical=True),
        recorded(still, None, minutes=50, leads=("II",), admission_no="ZY9999"),
    ]
    window.go("/board/ecg")
    window.wait("they wait", lambda: window.page.locator("tbody tr").count() >= 3)
    rows = [row.get_attribute("data-key") for row in window.page.locator("tbody tr").all()]
    assert [row for row in rows if row in strips] == [strips[1], strips[0], strips[2]]
    assert all(word in window.text("table") for word in (waits, critical, nobody, "秦*", "ZY6001"))
    for wanted in ("秦岚", "ZY6001"):
        window.go(f"/board/ecg?q={wanted}")
        window.wait("those of the bed", lambda: nobody not in window.text("table"))
        assert window.page.locator("tbody tr").count() >= 2
    file = window.page.request.get(f"{still.url}/board/ecg.csv?q=ZY9999").body().decode("utf-8-sig")
    assert nobody in file
    assert nothing not in file

    window.go(f"/board/ecg/{strips[1]}")
    window.wait("the strip", lambda: window.page.locator(".ecg-line svg").count() == 12)
    assert all(word in window.text("main") for word in (paper, "秦岚", "ZY6001", "心电图室", "自动分析：请复核。"))
    assert still.audited("view")[-1] == f"ecg {strips[1]}"
    figure = window.page.get_by_role("figure")
    assert figure.get_attribute("aria-labelledby") == "ecg-name"
    scrolled = "document.querySelector('.ecg-scroll').scrollWidth - document.querySelector('.ecg-scroll').clientWidth"
    for size, is_wider in ((DESK, False), (PHONE, True)):
        window.page.set_viewport_size(size)
        assert window.overflow_px() <= 0
        assert (window.page.evaluate(scrolled) > 0) is is_wider
    assert window.faults == []


def test_a_strip_is_sent_small_and_printed_in_its_true_size(still: StillServer, browsing: Browsing, stay: str) -> None:
    """Five minutes of a lead stay below a quarter of a megabyte; on paper a line is as wide as its seconds."""
    strip = recorded(still, stay, minutes=30, leads=("II",), seconds=300)
    window = browsing.window(still.url)
    window.sign_in(DOCTOR, then=f"/board/ecg/{strip}")
    window.wait("the strip", lambda: window.page.locator(".ecg-line").count() == 30)

    page = window.page.request.get(f"{still.url}/board/ecg/{strip}").body()
    window.page.emulate_media(media="print")

    assert len(page) < 250_000
    width_px = window.page.locator(".ecg-line svg").first.bounding_box()["width"]
    assert width_px == pytest.approx((250 + 17) / 25.4 * 96, abs=0.5)
    assert window.page.locator(".top nav").is_hidden()


def test_who_does_not_see_patients_sees_no_strip(still: StillServer, browsing: Browsing, stay: str) -> None:
    """The kitchen is refused, and it is written down."""
    strip = recorded(still, stay)
    window = browsing.window(still.url)
    window.sign_in(KITCHEN, then=f"/board/ecg/{strip}")

    window.wait("it is refused", lambda: "没有进行此操作的权限" in window.text("main"))
    assert "GET /board/ecg/{name}" in still.audited("refused")


def test_two_doctors_at_one_strip(still: StillServer, browsing: Browsing, stay: str) -> None:
    """The slower one is told who reported it and reads it; what they typed is still there, and goes as a second one."""
    strip = recorded(still, stay, minutes=7)
    one, other = browsing.window(still.url), browsing.window(still.url, PHONE, language="en")
    for window, person in ((one, DOCTOR), (other, COLLEAGUE)):
        window.sign_in(person, then=f"/board/ecg/{strip}")
        window.wait("the form", lambda w=window: w.page.locator("[name=text]").count() == 1)
    other.page.fill("[name=text]", "Sinus rhythm.\nNo ischaemia.")
    other.page.get_by_label("It is critical and cannot wait").check()
    one.page.fill("[name=text]", "窦性心律。")
    one.page.get_by_role("button", name="提交报告").click()
    one.wait("it is written down", lambda: "已以您的名义记录" in one.text("[role=status]"))
    assert "患者可以看到" in one.text("main")

    other.page.get_by_role("button", name="Send the report").click()

    other.wait("it is told", lambda: "was reported by 方敏" in other.text("[role=alert]"))
    assert "窦性心律。" in other.text(".said.is-new")
    assert other.page.locator(".said").count() == 1
    assert other.page.input_value("[name=text]") == "Sinus rhythm.\nNo ischaemia."
    assert other.page.get_by_label("It is critical and cannot wait").is_checked()
    assert other.overflow_px() <= 0
    other.page.get_by_role("button", name="Send the report").click()
    other.wait("now it is", lambda: other.page.locator(".said").count() == 2)
    assert other.page.input_value("[name=text]") == ""
    assert "No nurse has read the critical report yet." in other.text("main")
    assert other.page.get_by_role("button", name="Let the patient see it").count() == 0


def test_a_strip_is_kept_back_with_a_reason_and_let_be_seen(still: StillServer, browsing: Browsing, stay: str) -> None:
    """The reason stands there for colleagues; a doctor who decides by an older page changes nothing."""
    strip = recorded(still, stay, minutes=11)
    one, other = browsing.window(still.url, language="en"), browsing.window(still.url, language="en")
    one.sign_in(DOCTOR, then=f"/board/ecg/{strip}")
    one.wait("the form", lambda: one.page.locator("[name=text]").count() == 1)
    assert one.page.get_by_role("button", name="Let the patient see it").count() == 0
    one.page.fill("[name=text]", "Sinus rhythm.")
    one.page.get_by_role("button", name="Send the report").click()
    one.wait("it is written down", lambda: "The patient sees it." in one.text("main"))
    other.sign_in(COLLEAGUE, then=f"/board/ecg/{strip}")
    other.wait("the form", lambda: other.page.locator("[name=reason]").count() == 1)
    one.page.fill("[name=reason]", "To be discussed with the family first")
    one.page.get_by_role("button", name="Keep it back").click()
    one.wait("it is kept back", lambda: "Reason: To be discussed with the family first" in one.text("main"))
    other.page.fill("[name=reason]", "Another one")
    other.page.get_by_role("button", name="Keep it back").click()
    other.wait("it is told", lambda: "方敏 has kept this strip back" in other.text("[role=alert]"))
    assert "Reason: To be discussed" in other.text("main")

    other.page.get_by_role("button", name="Let the patient see it").click()

    other.wait("the patient sees it", lambda: "The patient sees it." in other.text("main"))
    assert "Let be seen by 孙磊" in other.text("main")
    assert still.audited("ecg-keep-back")[-1] == still.audited("ecg-release")[-1] == f"ecg {strip}"


def test_a_nurse_reads_and_says_nothing(still: StillServer, browsing: Browsing, stay: str) -> None:
    """No form for her; whoever sends one all the same is refused, and it is written down."""
    strip = recorded(still, stay, minutes=13)
    window = browsing.window(still.url)
    window.sign_in(NURSE, then=f"/board/ecg/{strip}")
    window.wait("the strip", lambda: window.page.locator(".ecg-line").count() == 12)

    answer = window.page.request.post(f"{still.url}/board/ecg/{strip}/report", form={"text": "x", "reports": "0"})

    assert window.page.locator("#content form").count() == 0
    assert answer.status == 403
    assert still.audited("refused")[-1] == "POST /board/ecg/{name}/report"
