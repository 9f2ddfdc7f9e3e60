"""Intake and output on the cart: a few keys an entry, each bag once, every day its sums."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cart.sample_orders import NURSE
from tests.cart.nurse import SIZES, Nurse, cart, clock_of, sample_of
from wardlink.messages.doses import EndInfusion, StartInfusion
from wardlink.messages.fluids import RecordFluid, StrikeFluid
from wardlink.record.doses import DOSE


async def opened(nurse: Nurse, bed: str = "12") -> None:
    """The page of a patient."""
    await nurse.sign_in()
    await nurse.open(bed)
    await nurse.press("i")


def said(nurse: Nurse) -> list[RecordFluid]:
    """What was recorded."""
    commands = sample_of(nurse).recorded
    return [RecordFluid.model_validate(c.body) for c in commands if c.kind == "fluid.record"]


@pytest.mark.parametrize("size", SIZES)
async def test_urine_takes_six_keys(size: tuple[int, int]) -> None:
    """Out, the kind, the volume, save; the sums know it at once and say that it waits to be sent."""
    async with cart(size) as nurse:
        await opened(nurse)
        before = nurse.keys
        await nurse.press("o", "1")
        await nurse.typed("150", "f2")

        assert nurse.keys - before == 6
        assert [(f.direction, f.kind, f.volume_ml, f.manner) for f in said(nurse)] == [
            ("output", "urine", 150, "spontaneous")
        ]
        assert "730" in nurse.line("4 h 总量")
        assert "待发" in nurse.line("150")


async def test_an_entry_made_afterwards_says_so() -> None:
    """In the list, from the hour on that lies between the deed and its entry."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("i", "1")
        await nurse.typed("120", "enter")
        await nurse.typed("", "enter")
        await nurse.typed("0815", "f2")

        assert sample_of(nurse).recorded[-1].measured_at.strftime("%H:%M") == "00:15"
        assert "补录 10:42" in nurse.line("08:15")


async def test_nothing_is_saved_against_a_rule() -> None:
    """A drain needs its name; what is unusual needs the nurse's word, and a changed value a new one."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("o", "4")
        await nurse.typed("2500", "f2")
        assert "哪根引流管" in nurse.text()
        await nurse.typed("左胸", "f4", "up")
        await nurse.typed("2600", "f2")
        assert "是否正确" in nurse.text()
        assert said(nurse) == []
        await nurse.press("f4", "f2")

        (fluid,) = said(nurse)
        assert (fluid.volume_ml, fluid.site, fluid.confirmed) == (2600, "左胸", ("volume-unusual",))


async def test_what_is_no_number_is_not_saved() -> None:
    """It is said which one."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("i", "1")
        await nurse.typed("ab", "f2")

        assert "不是数字" in nurse.text()
        assert said(nurse) == []


async def test_a_bag_comes_from_its_dose_and_is_counted_once() -> None:
    """It stands in the list with its drugs; written down once more it is asked about."""
    async with cart() as nurse:
        await nurse.sign_in()
        ward, stay = sample_of(nurse), sample_of(nurse).replica.in_bed("10")
        dose = next(d for d in ward.replica.records(DOSE, encounter=stay.id) if len(d.items) == 2)
        of = {"dose": dose.id, "order": dose.order}
        early = clock_of(nurse).now() - timedelta(minutes=40)
        start = StartInfusion.model_validate(of | {"volume_ml": 500, "rate_ml_per_h": 250})
        ward.record("dose.start", start, actor=NURSE, encounter=stay.id, measured_at=early)
        ward.record("dose.end", EndInfusion.model_validate(of | {"infused_ml": 480}), actor=NURSE, encounter=stay.id)
        await nurse.open("10")
        await nurse.press("i")
        assert "头孢曲松" in nurse.line("来自给药记录")
        assert "730" in nurse.line("4 h 总量")

        await nurse.press("x")
        assert "给药页划除" in nurse.notes()[-1]
        await nurse.press("i", "3")
        await nurse.typed("480", "f2")
        assert "已计入" in nurse.text()
        assert said(nurse) == []


async def test_a_struck_entry_counts_no_more_and_stays() -> None:
    """With the reason beside it."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("x", "2")

        strikes = [c for c in sample_of(nurse).recorded if c.kind == "fluid.strike"]
        assert [StrikeFluid.model_validate(c.body).reason for c in strikes] == ["数值错误"]
        assert "320" in nurse.line("4 h 总量")
        assert "已划除" in nurse.line("260")


async def test_days_before_are_shown_while_they_are_whole_here() -> None:
    """Three days back an infusion may be forgotten already: half a sum is none."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("left")
        assert "护理日 2026-11-22" in nurse.text()
        assert "24 h 总量 07:00–07:00" in nurse.line("1200", "770")
        await nurse.press("left", "left", "left")
        assert "护理日 2026-11-21" in nurse.text()
        assert "管理端" in nurse.notes()[-1]
        await nurse.press("right", "right")

        assert "护理日 2026-11-23" in nurse.text()


async def test_a_new_nursing_day_begins_by_itself() -> None:
    """At seven in the morning, without a key."""
    async with cart() as nurse:
        await opened(nurse)
        clock_of(nurse).advance(timedelta(hours=20, minutes=20).total_seconds())
        await nurse.changed()

        assert "护理日 2026-11-24" in nurse.text()
        assert "尚无记录" in nurse.text()
