"""What an invented ward's month is made of: stays, sets, orders, doses and the rest, as everybody holds them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from server.orders.planning import dose_id
from wardlink.clinical.drugs import sample_drugs
from wardlink.clinical.vitals import VitalSet
from wardlink.ids import new_id
from wardlink.messages.assessments import AssessmentView
from wardlink.messages.base import Actor
from wardlink.messages.calls import CallChanged
from wardlink.messages.changes import StaffView
from wardlink.messages.doses import DoseEvent, DoseView, LeaseView, Scan
from wardlink.messages.encounters import EncounterView, Level
from wardlink.messages.exceptions import ExceptionView
from wardlink.messages.fluids import Direction, FluidView
from wardlink.messages.orders import OrderedDrug, OrderStep, OrderView
from wardlink.messages.rounds import RoundView
from wardlink.messages.vitals import News2Summary, VitalsRecorded

WARD = "w1"
NURSE, DOCTOR = Actor(kind="staff", id="n-lijing"), Actor(kind="staff", id="d-zhoutao")
STAFF = (StaffView(id="n-lijing", name="李静", role="nurse"), StaffView(id="d-zhoutao", name="周涛", role="doctor"))
_DRUGS = ("amlodipine-5mg", "metformin-500mg", "aspirin-100mg", "levetiracetam-500mg")
_TIMES = ((0,), (0,), (0, 8, 16), (4, 12, 20), (8, 20), (9, 21), (7, 11, 17), (8,))
"""Hours after `Month.until`'s time of day at which the standing orders are due: 16 doses a day, three of them now."""
_SURNAMES, _FIRST, _SECOND = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗",
    "建国秀英淑兰志明桂芳玉梅海燕春晓文",
    "华强珍敏静丽军洋勇艳杰娟涛",
)


def admission_no(no: int) -> str:
    """What stands on the page of the patient in the bed with this number, and nowhere else."""
    return f"ZY{no:06d}"


def stay_in(no: int, admitted_at: datetime) -> EncounterView:
    """Somebody invented in the bed with this number."""
    level: Level = "special" if no % 30 == 0 else "level1" if no % 6 == 0 else "level3" if no % 7 == 0 else "level2"
    return EncounterView(
        id=new_id(),
        admission_no=admission_no(no),
        mrn=f"M{no:06d}",
        name=_SURNAMES[no % 20] + _FIRST[no % 17] + _SECOND[no % 13],
        sex="female" if no % 2 else "male",
        birth_on=date(1950, 1, 1) + timedelta(days=97 * no),
        ward=WARD,
        bed=str(no),
        status="in-progress",
        level=level,
        diet="regular",
        nurse=NURSE.id,
        nurse_name="李静",
        doctor=DOCTOR.id,
        doctor_name="周涛",
        admitted_at=admitted_at,
    )


def vital_set(stay: EncounterView, at: datetime, no: int) -> VitalsRecorded:
    """A set by hand, whole, its values moved by `no`."""
    readings = VitalSet.model_validate(
        {
            "temp_c": 36.2 + no % 18 / 10,
            "temp_method": "axillary",
            "pulse_per_min": 60 + no % 50,
            "rr_per_min": 12 + no % 12,
            "sbp_mmhg": 100 + no % 60,
            "dbp_mmhg": 60 + no % 30,
            "spo2_pct": 92 + no % 8,
            "o2_on": False,
            "acvpu": "A",
        }
    )
    return VitalsRecorded(
        id=new_id(),
        encounter=stay.id,
        measured_at=at,
        entered_at=at,
        received_at=at,
        device="c1",
        actor=NURSE,
        actor_name="李静",
        source="manual",
        readings=readings,
        news2=News2Summary(total=no % 7, band="low"),
    )


def done_round(stay: EncounterView, at: datetime) -> RoundView:
    """A round with the bed's tag."""
    return RoundView(
        id=new_id(),
        encounter=stay.id,
        bed=stay.bed,
        done_at=at,
        by=NURSE,
        by_name="李静",
        evidence="bed-tag",
        received_at=at,
    )


def fluid(stay: EncounterView, at: datetime, direction: Direction) -> FluidView:
    """A cup, or a bottle."""
    return FluidView(
        id=new_id(),
        encounter=stay.id,
        bed=stay.bed,
        direction=direction,
        kind="oral" if direction == "intake" else "urine",
        volume_ml=250,
        at=at,
        entered_at=at,
        received_at=at,
        by=NURSE,
        by_name="李静",
    )


def assessment(stay: EncounterView, at: datetime) -> AssessmentView:
    """A Braden assessment."""
    answers = dict.fromkeys(("sensory", "moisture", "activity", "mobility", "nutrition", "friction"), "3")
    return AssessmentView(
        id=new_id(),
        encounter=stay.id,
        bed=stay.bed,
        scale="braden",
        version="1",
        answers=answers,
        totals={"total": 18},
        band="mild",
        assessed_at=at,
        entered_at=at,
        next_at=at + timedelta(days=1),
        by=NURSE,
        by_name="李静",
        received_at=at,
    )


def standing(stay: EncounterView) -> list[OrderView]:
    """The standing orders of a stay, as they were signed."""
    return [_order(stay, _DRUGS[index % len(_DRUGS)], hours) for index, hours in enumerate(_TIMES)]


def _order(stay: EncounterView, drug: str, hours: tuple[int, ...]) -> OrderView:
    known = sample_drugs()[drug]
    item = OrderedDrug(
        drug=drug,
        dose=1,
        unit="片",
        name_zh=known.name_zh,
        name_en=known.name_en,
        ingredient=known.ingredient,
        classes=tuple(sorted(known.classes)),
        strength=known.strength,
        gtins=known.gtins,
    )
    return OrderView(
        id=new_id(),
        encounter=stay.id,
        bed=stay.bed,
        kind="standing",
        category="drug",
        state="issued",
        items=(item,),
        route="po",
        frequency={1: "qd", 2: "bid", 3: "tid"}[len(hours)],
        start_at=stay.admitted_at,
        issued_at=stay.admitted_at,
        doctor=DOCTOR,
        doctor_name="周涛",
    )


_STEPS = (("review", "reviewed"), ("transcribe", "transcribed"), ("check", "active"))


def grown(order: OrderView) -> Iterator[OrderView]:
    """An order at each step, until it is carried out."""
    yield order
    for what, state in _STEPS:
        step = OrderStep(command=new_id(), what=what, at=order.start_at, by=NURSE, by_name="李静")
        order = order.model_copy(update={"state": state, "steps": (*order.steps, step)})
        yield order


def doses(stay: EncounterView, orders: list[OrderView], begins_at: datetime) -> Iterator[tuple[OrderView, DoseView]]:
    """What is due of these orders on the day that begins at `begins_at`, planned."""
    for order, hours in zip(orders, _TIMES, strict=True):
        for hour in hours:
            due_at = begins_at + timedelta(hours=hour)
            yield (
                order,
                DoseView(
                    id=dose_id(order.id, due_at),
                    encounter=stay.id,
                    bed=stay.bed,
                    order=order.id,
                    due_at=due_at,
                    opens_at=due_at - timedelta(hours=1),
                    closes_at=due_at + timedelta(hours=1),
                    missed_at=due_at + timedelta(hours=5),
                    state="planned",
                    items=order.items,
                ),
            )


def given(dose: DoseView, order: OrderView, at: datetime) -> DoseView:
    """The dose after it was given with every code read."""
    scans = tuple(Scan(what=what, code=code, at=at) for what, code in _codes(dose, order))
    event = DoseEvent(
        command=new_id(),
        act="give",
        at=at,
        entered_at=at,
        received_at=at,
        device="c1",
        by=NURSE,
        by_name="李静",
        scans=scans,
    )
    return dose.model_copy(update={"state": "done", "events": (event,)})


def _codes(dose: DoseView, order: OrderView) -> Iterator[tuple[Any, str]]:
    yield "wristband", f"WL1:{dose.encounter}"
    yield from (("drug", f"01{gtin}17281231") for item in order.items for gtin in item.gtins[:1])


def lease(stay: EncounterView, at: datetime) -> LeaseView:
    """A nurse stands at the bed."""
    return LeaseView(
        id=new_id(),
        encounter=stay.id,
        bed=stay.bed,
        doses=(new_id(), new_id()),
        device="c1",
        by=NURSE,
        by_name="李静",
        taken_at=at,
        until_at=at + timedelta(minutes=15),
    )


def call(stay: EncounterView, at: datetime) -> Iterator[tuple[datetime, CallChanged]]:
    """A call, taken and dealt with, each with its instant."""
    call = CallChanged(id=new_id(), bed=stay.bed, encounter=stay.id, cls="P2", state="raised", raised_at=at)
    yield at, call
    taken = {"state": "acknowledged", "acknowledged_at": at, "acknowledged_by": NURSE, "acknowledged_name": "李静"}
    yield at + timedelta(seconds=40), call.model_copy(update=taken)
    done_at = at + timedelta(minutes=3)
    yield done_at, call.model_copy(update=taken | {"state": "resolved", "closed_at": done_at, "outcome": "helped"})


def exception(stay: EncounterView, at: datetime) -> ExceptionView:
    """A dose given twice."""
    return ExceptionView(
        id=new_id(),
        kind="given-twice",
        opened_at=at,
        command=new_id(),
        encounter=stay.id,
        bed=stay.bed,
        device="c1",
        actor=NURSE,
        measured_at=at,
        entered_at=at,
        received_at=at,
        detail={"act": "give", "done_at": at.isoformat(), "done_by": "李静", "on_device": "c1"},
    )
