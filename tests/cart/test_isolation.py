"""Isolating a patient on the cart: begun with a reason, seen on the list and at the name, and ended."""

from __future__ import annotations

import pytest

from tests.cart.nurse import SIZES, cart, sample_of
from wardlink.messages.isolations import EndIsolation, StartIsolation, StrikeIsolation


@pytest.mark.parametrize("size", SIZES)
async def test_a_nurse_isolates_a_patient_and_everybody_sees_it(size: tuple[int, int]) -> None:
    """Offline: from the list with the cursor, two digits, and the sign stands there; at the name it is in words."""
    async with cart(size) as nurse:
        await nurse.sign_in()
        sample_of(nurse).connect(online=False, server_alive=False)
        await nurse.press("r", "n", "3", "1")

        command = sample_of(nurse).recorded[-1]
        assert (command.kind, command.body) == (
            "isolation.start",
            StartIsolation(precaution="contact", reason="多重耐药菌").model_dump(mode="json"),
        )
        assert nurse.page == "WardScreen"
        assert "触" in nurse.line("陈建国")
        await nurse.open("1")
        assert "接触隔离" in nurse.text()
        await nurse.press("r")
        assert "戴手套" in nurse.line("接触隔离", "多重耐药菌")


async def test_an_isolation_ends_with_a_reason_and_its_sign_goes() -> None:
    """Of two the nurse says which; the other stays."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.press("r", "n", "3", "1")
        await nurse.press("r", "n", "1", "2")
        begun = [command.id for command in sample_of(nurse).recorded if command.kind == "isolation.start"]
        assert "空触" in nurse.line("陈建国")

        await nurse.press("r", "e", "2", "2")

        assert sample_of(nurse).recorded[-1].body == EndIsolation(isolation=begun[0], reason="培养阴性").model_dump(
            mode="json"
        )
        line = nurse.line("陈建国")
        assert ("空" in line, "触" in line) == (True, False)


async def test_a_mistake_is_struck_out() -> None:
    """With the reason in the nurse's own words."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.press("r", "n", "4", "4")
        begun = sample_of(nurse).recorded[-1].id
        await nurse.press("r", "x", "tab")
        await nurse.typed("bed", "enter")

        assert sample_of(nurse).recorded[-1].body == StrikeIsolation(isolation=begun, reason="bed").model_dump(
            mode="json"
        )
        assert "护" not in nurse.line("陈建国")


async def test_who_is_not_isolated_has_nothing_to_end() -> None:
    """And who is isolated in every way in no more."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.press("r", "e")
        assert nurse.notes() == ["该病人没有隔离。"]

        await nurse.press("escape")
        for _ in range(4):
            await nurse.press("r", "n", "1", "1")
        await nurse.press("r", "n")

        assert nurse.notes()[-1] == "各种隔离均已在执行。"
