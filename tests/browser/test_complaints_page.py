"""The complaints' pages: the list by the clock, one from the bed to the answer, and what the ward must not see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from server.complaints.handlers import submit
from tests.browser.servers import BEDS, DOCTOR, NURSE, StillServer
from tests.browser.visitor import PHONE, Browsing, Window
from wardlink.clinical.complaints import number_of
from wardlink.messages.base import Actor
from wardlink.messages.complaints import SubmitComplaint
from workbench.ward import Addresses, StaffPlan, WardPlan, build

HEAD = StaffPlan("h-sun", "孙丽", "head-nurse", "N1009", "2468")
OFFICE = StaffPlan("r-he", "何敏", "relations", "R1001", "1357")

NAUGHTY = "<img src=x onerror=alert(1)> <script>document.title='x'</script> {{7*7}} ' OR 1=1 -- 王\u0301 \U0001f600"


def staffed(still: StillServer) -> None:
    """The ward with a head nurse and the hospital's office."""
    plan = WardPlan(ward="w3", name="三病区", beds=BEDS, staff=[HEAD, OFFICE])
    build(still.core, plan, Addresses("127.0.0.1", 1, "http://127.0.0.1:1"))


def sent(still: StillServer, *, ago: timedelta = timedelta(), **body: Any) -> str:
    """The patient of bed 1 has said something; the id."""
    said = SubmitComplaint.model_validate({"kind": "complaint", "topic": "place"} | body)
    stay = still.stays["1"]
    command = still.core.command(
        "complaint.submit",
        said,
        ward="w3",
        actor=Actor(kind="patient", id=stay),
        encounter=stay,
        bed="1",
        measured_at=still.clock.now() - ago,
    ).model_copy(update={"device": "t1"})
    with still.core.transaction() as batch:
        submit(batch, command, said)
    return command.id


def press(window: Window, words: str) -> None:
    """A button of the page."""
    window.page.get_by_role("button", name=words, exact=True).click()


def test_from_the_bed_to_the_answer(still: StillServer, browsing: Browsing) -> None:
    """Received, given to a nurse, answered and closed, each step in the history; the list says what is late."""
    staffed(still)
    late = sent(still, ago=timedelta(hours=25), sentences=["place-1"])
    complaint = sent(still, sentences=["place-3"], words=NAUGHTY, talk=True)
    window = browsing.window(still.url)
    window.sign_in(HEAD, then="/board/complaints")
    window.wait("the late one stands first", lambda: number_of(late) in window.text("tbody tr:first-child"))
    first = window.text("tbody tr:first-child")
    assert "答复已超时 1 小时 0 分" in first
    assert "医院投诉办公室" in first
    assert "王*英" in first
    assert "王秀英" not in window.text("main")

    window.page.get_by_role("link", name=number_of(complaint)).click()
    window.wait("what was said", lambda: "饭菜不好吃。" in window.text("main"))
    assert window.text(".own-words") == NAUGHTY
    assert window.page.title() != "x"
    assert "请来当面谈" in window.text(".said")
    press(window, "我已收到")
    window.wait("it is received", lambda: "已受理" in window.text(".facts"))
    window.page.select_option("[name=handler]", NURSE.id)
    window.page.select_option("[name=about]", DOCTOR.id)
    window.page.check("[name=several]")
    press(window, "交办")
    window.wait("it is given", lambda: "交给李静处理" in window.text("table"))
    assert "周涛" in window.text(".facts")

    nurse = browsing.window(still.url)
    nurse.sign_in(NURSE, then=f"/board/complaints/{complaint}")
    nurse.page.fill("[name=words]", "已请食堂改进，下午来看您。")
    press(nurse, "发送答复")
    nurse.wait("it is answered", lambda: "已请食堂改进，下午来看您。" in nurse.text("table"))
    assert nurse.page.get_by_role("button", name="办结").count() == 0

    doctor = browsing.window(still.url)
    doctor.sign_in(DOCTOR, then=f"/board/complaints/{complaint}")
    doctor.wait("whom it is about sees nothing", lambda: doctor.text(".notice.bad"))
    assert "饭菜" not in doctor.text("body")
    doctor.go("/board/complaints?show=open")
    doctor.wait("nor on the list", lambda: number_of(late) in doctor.text("main"))
    assert number_of(complaint) not in doctor.text("main")

    window.go(f"/board/complaints/{complaint}")
    press(window, "办结")
    window.wait("it is settled", lambda: "已办结" in window.text(".facts"))
    window.go("/board/complaints?show=closed")
    window.wait("it is among the closed", lambda: number_of(complaint) in window.text("tbody"))
    table = window.page.request.get(f"{still.url}/board/complaints.csv?show=late").body().decode("utf-8-sig")
    assert number_of(late) in table
    assert number_of(complaint) not in table
    assert f"complaint {complaint}" in still.audited("view")
    assert window.faults == []

    phone = browsing.window(still.url, PHONE, language="en")
    phone.sign_in(HEAD, then="/board/complaints?q=nothing-like-it")
    phone.wait("nothing fits", lambda: "Nothing found." in phone.text("main.page"))
    assert phone.overflow_px() <= 0
    phone.go(f"/board/complaints/{late}")
    phone.wait("the forms are there", lambda: "Answer the patient" in phone.text("main.page"))
    assert phone.overflow_px() <= 0


def test_what_was_written_to_the_office_stays_there(still: StillServer, browsing: Browsing) -> None:
    """The head nurse does not find it, on the list, by its address or in the file; the office does."""
    staffed(still)
    complaint = sent(still, words="护士长不听", office_only=True)
    ward, office = browsing.window(still.url), browsing.window(still.url)
    ward.sign_in(HEAD, then="/board/complaints")
    ward.wait("the list", lambda: "投诉建议" in ward.text("h1"))
    assert number_of(complaint) not in ward.text("main")
    ward.go(f"/board/complaints/{complaint}")
    ward.wait("nothing to see", lambda: ward.text(".notice.bad"))
    assert "护士长不听" not in ward.text("body")
    file = ward.page.request.get(f"{still.url}/board/complaints.csv").body().decode("utf-8-sig")
    assert number_of(complaint) not in file

    office.sign_in(OFFICE, then=f"/board/complaints/{complaint}")
    office.wait("the office reads it", lambda: "护士长不听" in office.text("main"))
    assert "请不要向病区透露" in office.text("main")
    handlers = office.page.locator("[name=handler] option").all_inner_texts()
    assert handlers == ["", "何敏 · 投诉办公室"]
