"""Pictures of intake, output and single measurements, looked at before they were kept."""

from __future__ import annotations

import pytest

from tests.cart.looks import Act, Compare, View, looks_as_it_did, name, pale_letters, views
from tests.cart.nurse import SIZES, Nurse, cart


async def fluids(nurse: Nurse) -> None:
    """A day with intake, output, an estimate and an entry made afterwards."""
    await nurse.sign_in()
    await nurse.open("12")
    await nurse.press("i")


async def fluids_trouble(nurse: Nurse) -> None:
    """A catheter that runs slowly, and something that nobody measured."""
    await nurse.sign_in()
    await nurse.open("10")
    await nurse.press("i")


async def fluids_before(nurse: Nurse) -> None:
    """The day before, which is over."""
    await fluids(nurse)
    await nurse.press("left")


async def fluids_empty(nurse: Nurse) -> None:
    """Nothing was written down."""
    await nurse.sign_in()
    await nurse.open("3")
    await nurse.press("i")


async def fluids_kind(nurse: Nurse) -> None:
    """What came out?"""
    await fluids(nurse)
    await nurse.press("o")


async def fluids_entry(nurse: Nurse) -> None:
    """A drain without a name, and more than a bag holds."""
    await fluids_kind(nurse)
    await nurse.press("4")
    await nurse.typed("2500", "enter", "enter")


async def measured(nurse: Nurse) -> None:
    """The newest of each kind, and the history."""
    await nurse.sign_in()
    await nurse.open("12")
    await nurse.press("g")


async def measured_low(nurse: Nurse) -> None:
    """A glucose that is too low for the meter."""
    await measured(nurse)
    await nurse.press("1")
    await nurse.typed("lo", "enter")


async def measured_empty(nurse: Nurse) -> None:
    """Nothing was measured."""
    await nurse.sign_in()
    await nurse.open("3")
    await nurse.press("g")


PAGES: tuple[Act, ...] = (
    fluids,
    fluids_trouble,
    fluids_before,
    fluids_empty,
    fluids_kind,
    fluids_entry,
    measured,
    measured_low,
    measured_empty,
)
PLAIN_PAGES = (fluids, fluids_trouble, fluids_before, fluids_empty, measured, measured_empty)
"""Those with nothing on top that dims them."""
VIEWS = views(PAGES, SIZES, "zh_CN") + views((fluids, fluids_entry, measured, measured_low), SIZES, "en")


@pytest.mark.parametrize("page", PLAIN_PAGES)
async def test_everything_can_be_read_in_the_dark(page: Act) -> None:
    """Contrast of at least 4.5 : 1 of every letter against what lies behind it."""
    async with cart() as nurse:
        await page(nurse)
        await nurse.changed()
        assert pale_letters(nurse) == set()


@pytest.mark.parametrize("view", VIEWS, ids=name)
def test_the_page_looks_as_it_did(view: View, snap_compare: Compare) -> None:
    """At both sizes, with a clock that stands still."""
    assert looks_as_it_did(view, snap_compare)
