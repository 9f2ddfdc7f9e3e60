"""Caps Lock is on: the keys that the bar shows as capitals work as capitals."""

from __future__ import annotations

import pytest

from tests.cart.nurse import SMALL, cart


@pytest.mark.parametrize(("letter", "page"), [("V", "VitalsScreen"), ("M", "MedicationScreen"), ("C", "ChartScreen")])
async def test_a_capital_opens_what_its_letter_opens(letter: str, page: str) -> None:
    """From a patient's page."""
    async with cart(SMALL) as nurse:
        await nurse.sign_in()
        await nurse.open("12")
        await nurse.press(letter)

        assert nurse.page == page


async def test_the_ward_s_own_keys_too() -> None:
    """The list is sorted otherwise, and the hand-over opens."""
    async with cart(SMALL) as nurse:
        await nurse.sign_in()
        before = nurse.text()
        await nurse.press("S")
        after = nurse.text()
        await nurse.press("H")

        assert before != after
        assert nurse.page == "HandoverScreen"
