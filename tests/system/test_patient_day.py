"""A patient's day at the bed, from admission to discharge: what they see, and what the ward has of it at each step.

The real program on a real device, a real server on SQLite, a broker that stays when the server is gone, a cart in the
corridor, and a gateway that takes money. At the end an account is made: nothing lost, nothing doubled, nothing hidden.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from bedside.usecases.dose_asks import READS_S
from server.complaints.models import Complaint
from server.models import ChangeRow, Parked, Refusal
from server.survey.models import SurveyMark
from tests.brokers import needs_mosquitto
from tests.system.patient_day import CHARGE_NURSE, PATIENCE_S, Day, Desk, Patient, at_the_bed, house
from tests.system.wards import BED, DOCTOR, NURSE, NURSE_2, PHARMACIST, WARD
from tests.waiting import wait_for
from wardlink.clinical.consult_slots import free_slots
from wardlink.clock import SystemClock, ward_date, ward_time
from wardlink.messages.base import Actor
from wardlink.messages.calls import AcknowledgeCall, ArriveAtCall, ResolveCall
from wardlink.messages.consults import AcceptConsult, ScheduleConsult
from wardlink.messages.dose_asks import AskDose, EndDoseAsk
from wardlink.messages.doses import GiveDose, Scan
from wardlink.messages.lessons import SignLesson
from wardlink.messages.orders import CheckOrder
from wardlink.record.consults import CONSULT
from wardlink.record.dose_asks import DOSE_ASK
from wardlink.record.doses import DOSE
from wardlink.record.lessons import LESSON
from wardlink.record.meals import MEAL

pytestmark = [pytest.mark.slow, pytest.mark.mosquitto, needs_mosquitto]

ZHOU = Actor(kind="staff", id="d-zhoutao")
NAME, NUMBER, MRN, LAST4, BORN = "王秀英", "ZY026001", "M026001", "4827", date(1959, 6, 26)
NEXT_NAME, NEXT_NUMBER = "孙梅", "ZY026002"
PERSONAL = (NAME, NUMBER, MRN, "青霉素", "血钾")
OF_THE_FIRST = ("王*英", "青霉素", "阿司匹林", "血常规", "血钾", "疼痛", "已取消", "500.00", "已掌握 1 课")
NOTHING_THERE = (
    (("area-medical", "entry-me"), "没有记录"),
    (("area-medical", "entry-results"), "没有可以查看的结果"),
    (("area-medical", "entry-consults"), "其他科室"),
    (("area-medical", "entry-lessons"), "已掌握 0 课"),
    (("area-health", "entry-pay"), "交多少"),
    (("area-health", "entry-bill"), "还没有产生费用"),
    (("area-life", "entry-meals"), "午餐"),
    (("area-special", "entry-complaint"), "哪里不满意"),
    (("area-special", "entry-survey"), "第 1 题"),
)
"""Pages of the next patient, and what stands there for somebody who has just come."""

ONCE = ("call", "consult", "dose-ask", "meal")
"""Things of which there was one on this day, however often it was spoken of."""

WIPED_WITHIN_S = 60.0
"""Source: UX.md, the patient's screen."""


async def test_a_day_from_admission_to_discharge(tmp_path: Path) -> None:
    """One patient, everything a bed is for, and a next patient who finds nothing of it."""
    with house(tmp_path) as day:
        sister, doctor, lab = Desk(day.ward, CHARGE_NURSE), Desk(day.ward, DOCTOR), Desk(day.ward)
        async with at_the_bed(day.ward) as patient:
            stay = await is_admitted(sister, patient)
            await opens(patient)
            await reads_who_cares(patient)
            await orders_the_suggested_meal(day, patient, stay)
            await must_fast_and_is_told(day, doctor, patient, stay)
            await calls_while_the_server_is_away(day, patient, stay)
            await is_asked_before_a_dose(day, doctor, patient, stay)
            await reads_results(doctor, lab, patient, stay)
            await asks_for_a_specialist(day, patient, stay)
            await pays_a_deposit(day, sister, patient, stay)
            await complains_and_answers(day, patient, stay)
            await learns(day, patient, stay)
            await is_locked_out_by_idling(patient)
            await leaves(sister, patient, stay)
            await nothing_is_lost_doubled_or_hidden(day, patient)
            await next_one_sees_nothing_of_it(sister, patient)


async def is_admitted(sister: Desk, patient: Patient) -> str:
    """The terminal of the bed knows that somebody lies here, and names nobody."""
    admitted = await sister.post(
        f"/wards/{WARD}/encounters",
        admission_no=NUMBER,
        mrn=MRN,
        name=NAME,
        sex="female",
        birth_on=BORN.isoformat(),
        id_last4=LAST4,
        bed=BED,
        level="level2",
        diet="low-salt",
        allergies=["青霉素"],
        nurse=NURSE.id,
        doctor=ZHOU.id,
    )
    stay: str = admitted["encounter"]["id"]
    await wait_for(lambda: bed_is_of(patient, stay), "the terminal is told of the stay", timeout_s=PATIENCE_S)
    assert patient.page == "LockedScreen"
    patient.sees_none_of(NAME, "王*英", NUMBER)
    return stay


def bed_is_of(patient: Patient, stay: str) -> bool:
    """Whether the terminal and its screen know this stay."""
    seen = patient.app.bed.seen if patient.app.bed else None
    return seen is not None and seen.stay is not None and seen.stay.id == stay


async def opens(patient: Patient) -> None:
    """A wrong second answer opens nothing and says not which was wrong; the right one does."""
    await patient.tap("identify")
    await patient.opens_with("026001", "0000")
    await patient.sees("不符")
    assert patient.page == "IdentifyScreen"
    await patient.opens_with("026001", LAST4)
    await patient.comes_to("HomeScreen")
    await patient.sees("王*英", "低盐")
    patient.sees_none_of(NAME)


async def reads_who_cares(patient: Patient) -> None:
    """What is known of them, who cares for them, what is planned."""
    await patient.sees("责任护士：李静", "主管医生：周涛")
    await patient.tap("area-medical", "entry-me")
    await patient.sees("青霉素", "低盐")
    await patient.home()
    await patient.tap("plan")
    await patient.comes_to("PlanScreen")
    await patient.home()


async def orders_the_suggested_meal(day: Day, patient: Patient, stay: str) -> None:
    """Four taps from home; the cart has the meal as it stands on the screen."""
    before = patient.taps
    await patient.tap("area-life", "entry-meals", "suggest", "order")
    assert patient.taps - before <= 4
    await patient.comes_to("MealsScreen")
    await wait_for(lambda: meals(day, stay) == [("placed", False)], "the cart has the meal", timeout_s=PATIENCE_S)
    await patient.sees("已订")
    await patient.home()


def meals(day: Day, stay: str) -> list[tuple[str, bool]]:
    """How the meals of a stay stand at the cart, and whether it is said why they may not come."""
    return [(meal.state, bool(meal.why)) for meal in day.cart.replica.records(MEAL, encounter=stay)]


async def must_fast_and_is_told(day: Day, doctor: Desk, patient: Patient, stay: str) -> None:
    """Nothing may be eaten any more: the meal is cancelled by itself, at the bed with the reason in words."""
    await doctor.post(
        f"/encounters/{stay}/orders",
        kind="temporary",
        category="diet",
        text="禁食",
        frequency="once",
        start_at=SystemClock().now().isoformat(),
    )
    await wait_for(lambda: meals(day, stay) == [("cancelled", True)], "the meal is stopped", timeout_s=PATIENCE_S)
    await patient.tap("area-life", "entry-meals")
    await patient.sees("已取消", "禁食")
    await patient.home()


async def calls_while_the_server_is_away(day: Day, patient: Patient, stay: str) -> None:
    """The cart rings all the same; nothing is promised; with the server back the call is answered and ended, once."""
    await asyncio.to_thread(day.ward.server.stop)
    await wait_for(lambda: not patient.device.status().server_alive, "the server is missed", timeout_s=PATIENCE_S)
    await patient.tap("call")
    await patient.sees("没有人确认")
    (rung,) = await wait_for(day.cart.replica.calls, "the cart rings", timeout_s=PATIENCE_S)
    assert (rung.bed, rung.cls, rung.received_at) == (BED, "P2", None)

    await asyncio.to_thread(day.ward.start_server)
    await patient.sees("护士站已收到您的呼叫")
    await day.nurse_says("call.acknowledge", AcknowledgeCall(call=rung.id, eta_min=3), stay)
    await patient.sees("李静 已接", "3 分钟")
    await day.nurse_says("call.arrive", ArriveAtCall(call=rung.id), stay)
    await patient.sees("护士已到床旁")
    await day.nurse_says("call.resolve", ResolveCall(call=rung.id), stay)
    await patient.sees("您的呼叫已处理完")
    assert [call.id for call in day.cart.replica.calls()] in ([], [rung.id])
    await patient.tap("back")
    await patient.home()


async def is_asked_before_a_dose(day: Day, doctor: Desk, patient: Patient, stay: str) -> None:
    """A drug is ordered and checked; at the bed it is named with what it is for, answered, and then given."""
    signed = await doctor.post(
        f"/encounters/{stay}/orders",
        kind="standing",
        category="drug",
        items=[{"drug": "aspirin-100mg", "dose": 1, "unit": "片"}],
        route="po",
        frequency="q1h",
        start_at=SystemClock().now().isoformat(),
    )
    order: str = signed["id"]
    await Desk(day.ward, PHARMACIST).post(f"/orders/{order}/review", accepted=True)
    await day.nurse_says("order.check", CheckOrder(order=order, step="transcribed"), stay)
    await day.nurse_says("order.check", CheckOrder(order=order, step="checked"), stay, NURSE_2)
    doses = await wait_for(lambda: day.cart.replica.records(DOSE), "the cart has the doses", timeout_s=PATIENCE_S)
    dose = min(doses, key=lambda one: one.due_at)

    ask = await day.nurse_says("dose-ask.ask", AskDose(order=order, dose=dose.id, items=dose.items, route="po"), stay)
    await patient.comes_to("DoseAskScreen")
    await patient.sees("阿司匹林", "防止血栓")
    await patient.waits(READS_S)
    await patient.tap("say-yes")
    await wait_for(
        lambda: (asked := day.cart.replica.record(DOSE_ASK, ask)) and asked.answer == "yes",
        "the cart knows the answer",
        timeout_s=PATIENCE_S,
    )
    now = SystemClock().now()
    scans = (Scan(what="wristband", code=stay, at=now), Scan(what="drug", code="gtin", at=now))
    given = GiveDose(dose=dose.id, order=order, due_at=dose.due_at, items=dose.items, scans=scans)
    await day.nurse_says("dose.give", given, stay)
    await day.nurse_says("dose-ask.end", EndDoseAsk(ask=ask), stay)
    await patient.comes_to("HomeScreen")


async def reads_results(doctor: Desk, lab: Desk, patient: Patient, stay: str) -> None:
    """An ordinary one as it comes; a critical one only when a doctor has heard of it and let it go."""
    now = SystemClock().now().isoformat()
    ordinary = {"code": "718-7", "name": "血红蛋白", "value": "128", "unit": "g/L", "low": "115", "high": "150"}
    grave = {"code": "2823-3", "name": "血钾", "value": "7.1", "unit": "mmol/L", "low": "3.5", "high": "5.3"}
    shown = await lab.post(
        f"/encounters/{stay}/results", number="L1", code="58410-2", name="血常规", status="final", issued_at=now,
        items=[ordinary],
    )  # fmt: skip
    held = await lab.post(
        f"/encounters/{stay}/results", number="L2", code="24323-8", name="电解质", status="final", issued_at=now,
        items=[grave],
    )  # fmt: skip

    await patient.tap("area-medical", "entry-results")
    await patient.sees("血常规")
    patient.sees_none_of("电解质", "血钾", "7.1")
    await patient.tap(f"result-{shown['id']}")
    await patient.sees("血红蛋白", "128", "115–150")
    await patient.home()

    await doctor.post(f"/results/{held['id']}/acknowledge")
    await doctor.post(f"/results/{held['id']}/release")
    await patient.tap("area-medical", "entry-results", f"result-{held['id']}")
    await patient.sees("血钾", "7.1")
    await patient.home()


async def asks_for_a_specialist(day: Day, patient: Patient, stay: str) -> None:
    """Asked at the bed, seen at the cart; the doctor offers a time, and it stands at the bed."""
    await patient.tap("area-medical", "entry-consults", "ask", "help-pain", "form-bedside", "any", "send")
    await patient.comes_to("ConsultsScreen")
    (asked,) = await wait_for(lambda: day.cart.replica.records(CONSULT), "the cart knows", timeout_s=PATIENCE_S)
    assert (asked.state, asked.specialty) == ("requested", "pain")

    now = SystemClock().now()
    slot = free_slots(now + timedelta(hours=1), now + timedelta(days=2), [])[0]
    offered = ScheduleConsult(consult=asked.id, slot_at=slot.starts_at, consultant=ZHOU.id)
    await day.desk_says("consult.accept", AcceptConsult(consult=asked.id), stay, ZHOU)
    await day.desk_says("consult.schedule", offered, stay, ZHOU)
    await patient.tap("consult-0")
    await patient.sees("周涛", ward_time(slot.starts_at).strftime("%H:%M"))
    await patient.home()


async def pays_a_deposit(day: Day, sister: Desk, patient: Patient, stay: str) -> None:
    """By the code on the screen, once; the bill and the house have the same money."""
    await patient.tap("area-health", "entry-pay", "pay-500")
    await patient.sees("500 元", "等待")
    await day.pay(patient.code())
    await patient.tap("main")
    await patient.sees("✓ 已付款")
    await patient.tap("main")
    await patient.comes_to("HomeScreen")

    (paid,) = sister.sees(f"/encounters/{stay}/payments")
    assert (paid["status"], paid["amount_fen"]) == ("paid", 500_00)
    account = await wait_for(
        lambda: (found := sister.sees(f"/encounters/{stay}/money"))["unsettled_fen"] and found,
        "the dose is on the bill",
        timeout_s=PATIENCE_S,
        every_s=0.2,
    )
    assert account["deposit_fen"] == 500_00 == account["available_fen"] + account["unsettled_fen"]
    left = f"{account['available_fen'] / 100:.2f}"
    await patient.tap("area-health", "entry-bill")
    await patient.sees("500.00", left)
    await patient.tap(f"day-{ward_date(SystemClock().now()).isoformat()}")
    await patient.sees("阿司匹林", "李静")
    await patient.home()


async def complains_and_answers(day: Day, patient: Patient, stay: str) -> None:
    """A complaint with the clock of its answer, and the survey without a name; each is there once."""
    await patient.tap("area-special", "entry-complaint", "write", "kind-complaint", "topic-manner")
    await patient.tap("sentence-manner-1", "next", "send")
    await patient.comes_to("ComplaintsScreen")
    await patient.sees("已收到", "小时内答复")
    await patient.home()
    await patient.tap("area-special", "entry-survey", *["answer-4"] * 10, "answer-low", "answer-3", "survey-next")
    await patient.sees("谢谢")
    await patient.home()

    with day.ward.db.read() as conn:
        complaints = conn.execute(select(col(Complaint.encounter))).scalars().all()
        surveys = conn.execute(select(col(SurveyMark.encounter))).scalars().all()
    assert (complaints, surveys) == ([stay], [stay])


async def learns(day: Day, patient: Patient, stay: str) -> None:
    """A lesson read and understood; the nurse at the cart sees it and signs, and the bed shows that."""
    await patient.tap("area-medical", "entry-lessons", "lesson-low-salt")
    await patient.comes_to("LessonScreen")
    while not patient.can_touch("ask"):
        await patient.tap("on")
    await patient.tap("ask")
    for choice in (2, 0, 1):
        await patient.tap(f"choice-{choice}", "go")
    await patient.sees("3")
    await patient.tap("go")
    (lesson,) = await wait_for(
        lambda: [one for one in day.cart.replica.records(LESSON) if one.state == "understood"],
        "the cart sees that it is understood",
        timeout_s=PATIENCE_S,
    )
    await day.nurse_says("lesson.sign", SignLesson(lesson=lesson.lesson), stay)
    await patient.sees("护士已签名")
    await patient.home()


async def is_locked_out_by_idling(patient: Patient) -> None:
    """Who touches nothing for ninety seconds is seen off, and their name with them."""
    await patient.waits(89)
    assert patient.page == "HomeScreen"
    await patient.waits(2)
    await patient.comes_to("LockedScreen")
    patient.sees_none_of("王*英", "李静")


async def leaves(sister: Desk, patient: Patient, stay: str) -> None:
    """Discharged at the desk; within a minute nothing personal is left on the terminal."""
    assert patient.on_disk(NAME, NUMBER) == [NAME, NUMBER], "the test sees what is on the disk"
    began_s = time.monotonic()
    await sister.post(f"/encounters/{stay}/discharge")
    await wait_for(lambda: patient.on_disk(stay, *PERSONAL) == [], "the disk is wiped", timeout_s=WIPED_WITHIN_S)
    assert time.monotonic() - began_s < WIPED_WITHIN_S


async def nothing_is_lost_doubled_or_hidden(day: Day, patient: Patient) -> None:
    """Whatever was said at the bed and at the cart stands in the server's log once, and nobody has to look after it."""
    for device in (patient.device, day.cart):
        await wait_for(lambda d=device: d.outbox.depth() == 0, "everything was answered", timeout_s=PATIENCE_S)
    said = [*patient.device.said, *day.cart.said]
    with day.ward.db.read() as conn:
        told = list(conn.execute(select(col(ChangeRow.command)).where(col(ChangeRow.first))).scalars())
        # What changes nothing for anybody is answered from here.
        answered = conn.execute(select(col(Refusal.command), col(Refusal.outcome))).all()
        parked = conn.execute(select(col(Parked.id))).all()
    kept = Counter([*told, *(command for command, _outcome in answered)])
    assert [(command.kind, kept[command.id]) for command in said if kept[command.id] != 1] == []
    assert {outcome for _command, outcome in answered} == {"applied"}
    assert (parked, day.ward.changes("exception.opened")) == ([], [])
    things = {kind: {change.body["id"] for change in day.ward.changes(f"{kind}.changed")} for kind in ONCE}
    assert {kind: len(ids) for kind, ids in things.items()} == dict.fromkeys(ONCE, 1)


async def next_one_sees_nothing_of_it(sister: Desk, patient: Patient) -> None:
    """The same bed, another person."""
    admitted = await sister.post(
        f"/wards/{WARD}/encounters",
        admission_no=NEXT_NUMBER,
        mrn="M026002",
        name=NEXT_NAME,
        sex="female",
        birth_on="1950-01-02",
        id_last4="9999",
        bed=BED,
    )
    await wait_for(
        lambda: bed_is_of(patient, admitted["encounter"]["id"]), "the next stay is known", timeout_s=PATIENCE_S
    )
    await patient.tap("identify")
    await patient.opens_with("026001", LAST4)
    await patient.sees("不符")
    await patient.opens_with("026002", "9999")
    await patient.comes_to("HomeScreen")
    await patient.sees("孙*")
    for walk, own in NOTHING_THERE:
        await patient.tap(*walk)
        await patient.sees(own)
        patient.sees_none_of(*OF_THE_FIRST)
        await patient.home()
    assert patient.on_disk(*PERSONAL) == []
