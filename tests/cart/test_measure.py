"""Single measurements on the cart: what a value means is read before it is saved, and seen afterwards."""

from __future__ import annotations

import pytest

from tests.cart.nurse import SIZES, Nurse, cart, sample_of
from wardlink.messages.observations import RecordObservation, StrikeObservation


async def opened(nurse: Nurse, bed: str = "12") -> None:
    """The page of a patient."""
    await nurse.sign_in()
    await nurse.open(bed)
    await nurse.press("g")


def said(nurse: Nurse) -> list[RecordObservation]:
    """What was recorded."""
    commands = sample_of(nurse).recorded
    return [RecordObservation.model_validate(c.body) for c in commands if c.kind == "observation.record"]


@pytest.mark.parametrize("size", SIZES)
async def test_a_glucose_with_its_meal(size: tuple[int, int]) -> None:
    """Value, slot, save."""
    async with cart(size) as nurse:
        await opened(nurse)
        await nurse.press("1")
        await nurse.typed("7.8", "enter")
        await nurse.press("2", "f2")

        assert [(m.what, m.value, m.slot) for m in said(nurse)] == [("glucose", 7.8, "after-breakfast")]
        assert "7.8 mmol/L" in nurse.text()


async def test_a_glucose_without_its_meal_is_not_saved() -> None:
    """It would mean nothing."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("1")
        await nurse.typed("7.8", "f2")

        assert "测量时段" in nurse.text()
        assert said(nurse) == []


async def test_lo_is_no_number_and_an_alarm() -> None:
    """What is to be done stands there before it is saved, and beside the newest value after."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("1")
        await nurse.typed("lo", "enter")
        assert "立即处理" in nurse.text()
        await nurse.press("9", "f2")

        assert [(m.value, m.comparator, m.slot) for m in said(nurse)] == [(None, "<", "random")]
        assert "LO" in nurse.line("血糖", "立即处理")


async def test_a_weight_is_compared_with_the_last_one_of_this_page() -> None:
    """More than ten percent needs the nurse's word."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("3")
        await nurse.typed("70", "f2")
        assert "62.5" in nurse.text()
        assert said(nurse) == []
        await nurse.press("f4", "f2")

        assert [(m.value, m.confirmed) for m in said(nurse)] == [(70, ("weight-changed",))]


async def test_the_vital_signs_form_knows_a_weight_of_this_page() -> None:
    """It compares with the newest one, wherever it was entered."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.press("f5")
        nurse.row("weight_kg").field.focus()
        await nurse.typed("70", "enter")

        assert "62.5" in nurse.findings()


async def test_why_there_is_no_weight() -> None:
    """The reason is what is recorded, and only those that fit are offered."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("3", "enter")
        assert "卧床" in nurse.text()
        assert "收缩压" not in nurse.text()
        await nurse.press("1", "f2")

        assert [(m.value, m.not_measured) for m in said(nurse)] == [(None, "refused")]


async def test_a_pain_score_has_its_scale() -> None:
    """The faces know even points only."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("2")
        await nurse.typed("5", "enter")
        await nurse.press("2", "f2")
        assert "0, 2, 4, 6, 8, 10" in nurse.text()
        assert said(nurse) == []
        await nurse.typed("6", "f2")

        assert [(m.value, m.scale) for m in said(nurse)] == [(6, "faces")]


async def test_one_kind_alone() -> None:
    """One key after the other through the kinds."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("f")
        lines = nurse.grid("measured")._lines

        assert {line.cells[1].text for line in lines} == {"血糖"}


async def test_a_struck_measurement_stays_and_is_not_the_newest() -> None:
    """With the reason beside it."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("down", "x", "1")

        strikes = [c for c in sample_of(nurse).recorded if c.kind == "observation.strike"]
        assert [StrikeObservation.model_validate(c.body).reason for c in strikes] == ["病人错误"]
        assert "已划除" in nurse.line("右膝")
        assert "未测" in nurse.line("疼痛评分", "未测")


async def test_what_stands_in_a_set_is_shown_and_struck_there() -> None:
    """A pain score of the vital signs form is one of this page too."""
    async with cart() as nurse:
        await nurse.begin_vitals("3")
        await nurse.fill("36.5", "66", "14", "118", "72", "99")
        await nurse.press("1", "a")
        await nurse.typed("7", "f2")
        await nurse.press("g")
        assert "待发" in nurse.line("10:42", "疼痛评分", "重度疼痛")
        await nurse.press("x")

        assert "病人页划除" in nurse.notes()[-1]
