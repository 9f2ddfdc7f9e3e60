"""Meals on the cart: a tray at the right bed, at the wrong one, what was eaten, and what must not be served."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cart.sample import SampleWard
from tests.cart.nurse import Nurse, cart, clock_of, sample_of
from tests.cart.test_scan_pages import refusals, stay_in
from wardlink.clinical.meals.findings import Finding
from wardlink.clinical.meals.menu_file import sample_menu
from wardlink.clinical.meals.times import Slot
from wardlink.clock import ward_date
from wardlink.codes.kinds import TrayLabel, Wristband
from wardlink.messages.base import Actor
from wardlink.messages.meals import MealItem, MealView
from wardlink.record.meals import MEAL

TRAY = "018f3c1e-7a2b-7c3d-8e4f-5a6b7c8d9e01"


def put(ward: SampleWard, bed: str, *, meal: str = TRAY, **said: Any) -> MealView:
    """A dinner for the patient in a bed, on its way."""
    today = ward_date(ward.clock.now())
    dish = sample_menu().by_code["LD1"]
    view = MealView(
        id=meal,
        encounter=stay_in(bed),
        bed=bed,
        on=today,
        slot="dinner",
        items=(MealItem(code="LD1", zh=dish.zh, en=dish.en, fen=1900, nutrition=dish.nutrition),),
        served_at=Slot(today, "dinner").served_at,
        placed_at=ward.clock.now(),
        **({"state": "dispatched", "by": Actor(kind="patient", id=stay_in(bed))} | said),
    )
    ward.change(MEAL, view)
    return view


def state(ward: SampleWard, meal: str = TRAY) -> str:
    """How far a meal is."""
    found = ward.replica.record(MEAL, meal)
    assert found is not None
    return found.state


async def brought(nurse: Nurse, bed: str) -> None:
    """The wristband of this bed, then the tray."""
    await nurse.scan(Wristband(stay_in(bed)).text())
    await nurse.scan(TrayLabel(TRAY).text())


async def test_a_tray_at_its_patient_is_delivered_by_two_scans() -> None:
    """In green; both codes are kept."""
    async with cart() as nurse:
        await nurse.sign_in()
        put(sample_of(nurse), "10")
        await brought(nurse, "10")

        assert "已送达" in nurse.text()
        assert state(sample_of(nurse)) == "delivered"
        said = sample_of(nurse).recorded[-1].body
        assert (said["tray_code"], said["bed_code"]) == (TrayLabel(TRAY).text(), Wristband(stay_in("10")).text())


async def test_a_tray_at_another_bed_is_red() -> None:
    """With the name of the patient for whom it is; nothing is delivered, and the refusal is counted."""
    async with cart() as nurse:
        await nurse.sign_in()
        put(sample_of(nurse), "12")
        await brought(nurse, "10")

        assert nurse.page == "ScanRefused"
        assert "这份餐是" in nurse.text()
        assert state(sample_of(nurse)) == "dispatched"
        assert refusals(sample_of(nurse)) == [("tray", "tray-wrong-patient", "12")]


async def test_a_tray_without_a_wristband_just_now_is_red() -> None:
    """Five minutes later somebody else may lie in front of the nurse."""
    async with cart() as nurse:
        await nurse.sign_in()
        put(sample_of(nurse), "10")
        await nurse.scan(TrayLabel(TRAY).text())
        assert nurse.page == "ScanRefused"
        await nurse.press("enter")
        await nurse.scan(Wristband(stay_in("10")).text())
        clock_of(nurse).advance(timedelta(minutes=5, seconds=1).total_seconds())
        await nurse.scan(TrayLabel(TRAY).text())

        assert [reason for _code, reason, _bed in refusals(sample_of(nurse))] == ["tray-no-wristband"] * 2


async def test_the_list_says_that_family_has_ordered() -> None:
    """Not the patient: the nurse who brings it may ask."""
    async with cart() as nurse:
        await nurse.sign_in()
        put(sample_of(nurse), "10")
        await nurse.press("m")
        assert "家属代订" not in nurse.text()
        await nurse.press("escape")
        put(
            sample_of(nurse),
            "12",
            meal=TRAY[:-1] + "2",
            by=Actor(kind="family", id="018f3c1e-0000-7c3d-8e4f-5a6b7c8d9e01"),
        )
        await nurse.press("m")

        assert "家属代订" in nurse.text()


async def test_a_cancelled_meal_is_not_served() -> None:
    """Red at the bed, and first in the list with the reason."""
    async with cart() as nurse:
        await nurse.sign_in()
        put(sample_of(nurse), "10", state="cancelled", why=(Finding("M02", "block", case="operation"),))
        await brought(nurse, "10")
        assert refusals(sample_of(nurse)) == [("tray", "tray-not-wanted", "10")]
        await nurse.press("enter")
        await nurse.press("escape")
        await nurse.press("m")

        assert nurse.page == "MealsScreen"
        assert "手术前需要禁食" in nurse.text()


async def test_what_was_eaten_and_drunk_is_written_down_once() -> None:
    """The drink stands in the fluid chart as an entry of its own, and the meal names it."""
    async with cart() as nurse:
        await nurse.sign_in()
        put(sample_of(nurse), "10", state="delivered")
        await nurse.press("m")
        await nurse.press("i")
        await nurse.press("2")
        await nurse.press("delete", *"200", "enter")

        said = [(c.kind, c.body) for c in sample_of(nurse).recorded if c.kind.startswith(("fluid.", "meal."))]
        assert [kind for kind, _ in said] == ["fluid.record", "meal.intake"]
        assert (said[0][1]["kind"], said[0][1]["volume_ml"]) == ("oral", 200.0)
        assert (said[1][1]["eaten_pct"], said[1][1]["fluid_ml"]) == (75, 200.0)
        assert "吃了 75 %" in nurse.text()


async def test_what_was_never_brought_is_not_eaten() -> None:
    """The page says what to do."""
    async with cart() as nurse:
        await nurse.sign_in()
        put(sample_of(nurse), "10")
        await nurse.press("m")
        await nurse.press("i")

        assert nurse.page == "MealsScreen"
        assert not [c for c in sample_of(nurse).recorded if c.kind.startswith("meal.")]


async def test_a_tray_goes_back_for_a_medical_reason_without_a_charge() -> None:
    """The first of the reasons says so."""
    async with cart() as nurse:
        await nurse.sign_in()
        put(sample_of(nurse), "10")
        await nurse.press("m")
        await nurse.press("b")
        await nurse.press("1")

        assert sample_of(nurse).recorded[-1].body["medical"] is True
        assert state(sample_of(nurse)) == "returned"
