"""Verbal orders on the sample ward: said, read back, given with a second nurse, and waiting to be written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cart.medication import at_bed, pack, sign_as_second
from tests.cart.nurse import DESIGN, SMALL, Nurse, clock_of, sample_of
from wardlink.record.verbal import VERBAL


def recorded(nurse: Nurse) -> list[tuple[str, dict[str, Any]]]:
    """What was recorded of verbal orders."""
    return [(c.kind, c.body) for c in sample_of(nurse).recorded if c.kind.startswith("verbal.")]


async def say(nurse: Nurse, drug: str = "肾上腺素", route: str = "iv") -> None:
    """Fill the form: drug, dose, unit, way."""
    await nurse.press("b")
    assert nurse.page == "VerbalOrder"
    if drug:
        await nurse.typed(drug, "enter")
    await nurse.typed("1", "enter")
    await nurse.typed("mg", "enter")
    await nurse.typed(route, "enter")


@pytest.mark.parametrize("size", [DESIGN, SMALL])
async def test_said_read_back_given_and_asked_for(size: tuple[int, int]) -> None:
    """The doctor of the patient is the first that is offered; the panel asks for the order until it is written."""
    async with at_bed("12", size=size) as nurse:
        await say(nurse)
        await nurse.press("1")
        assert "肾上腺素 1 mg 静脉推注" in nurse.text()
        await nurse.press("1")
        await sign_as_second(nurse)
        ((kind, body),) = recorded(nurse)

        assert kind == "verbal.give"
        assert (body["name"], body["dose"], body["unit"], body["route"]) == ("肾上腺素", 1, "mg", "iv")
        assert (body["doctor"], body["witness"], body["read_back"]) == ("d-zhoutao", "n-wangfang", True)
        assert "drug" not in body
        assert "待补医嘱" in nurse.text()


async def test_a_scanned_pack_fills_in_the_drug() -> None:
    """With its code and its number, whatever orders the patient has."""
    async with at_bed("12") as nurse:
        await nurse.press("b")
        await nurse.scan(pack("furosemide-20mg"))
        await nurse.typed("1", "enter")
        await nurse.typed("支", "enter")
        await nurse.typed("iv", "enter")
        await nurse.press("1", "1")
        await sign_as_second(nurse)

        ((_kind, body),) = recorded(nurse)
        assert (body["drug"], body["code"]) == ("furosemide-20mg", pack("furosemide-20mg"))


@pytest.mark.parametrize("keys", [["2"], ["escape"], ["1", "escape"]])
async def test_nothing_is_recorded_that_was_not_confirmed_and_seen_by_two(keys: list[str]) -> None:
    """The doctor takes it back, or the nurse, or nobody signs as the second one."""
    async with at_bed("12") as nurse:
        await say(nurse)
        await nurse.press("1", *keys)

        assert recorded(nurse) == []


@pytest.mark.parametrize(("dose", "route"), [("x", "iv"), ("0", "iv"), ("1", "xx")])
async def test_what_cannot_be_right_is_asked_again(dose: str, route: str) -> None:
    """The field says so and keeps the focus."""
    async with at_bed("12") as nurse:
        await nurse.press("b")
        for text in ("肾上腺素", dose, "mg", route):
            await nurse.typed(text, "enter")

        assert nurse.page == "VerbalOrder"
        assert "请核对" in nurse.text()


async def test_it_is_overdue_after_six_hours_and_may_be_struck_out() -> None:
    """Red on the page; struck out it asks for nothing any more."""
    async with at_bed("12") as nurse:
        await say(nurse)
        await nurse.press("1", "1")
        await sign_as_second(nurse)
        clock_of(nurse).advance(timedelta(hours=6, seconds=1).total_seconds())
        nurse.app._touched()
        await nurse.pass_time(clock_of(nurse), 0)
        assert "口头医嘱逾期" in nurse.text()
        await nurse.press("b", "2", "1")
        (view,) = sample_of(nurse).replica.records(VERBAL)

        assert view.struck_reason
        assert "口头医嘱逾期" not in nurse.text()
