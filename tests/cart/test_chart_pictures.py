"""Pictures of the temperature chart, looked at before they were kept."""

from __future__ import annotations

import pytest

from tests.cart.chart_stay import BED, clear, fill
from tests.cart.looks import Act, Compare, View, looks_as_it_did, name, pale_letters, views
from tests.cart.nurse import DESIGN, SIZES, SMALL, Nurse, cart, sample_of


async def chart(nurse: Nurse) -> None:
    """The week of a patient."""
    await nurse.sign_in()
    fill(sample_of(nurse))
    await nurse.open(BED)
    await nurse.press("c")
    await nurse.settle()


async def further(nurse: Nurse) -> None:
    """What lies below the curves."""
    await chart(nurse)
    await nurse.press(*["down"] * 9)


async def empty(nurse: Nurse) -> None:
    """A stay in whose week nothing was measured."""
    await nurse.sign_in()
    clear(sample_of(nurse))
    await nurse.open(BED)
    await nurse.press("c")


async def marking(nurse: Nurse) -> None:
    """What can be marked."""
    await chart(nurse)
    await nurse.press("n")


PAGES = (chart, further, empty, marking)
VIEWS = [*views(PAGES, SIZES, "zh_CN"), (chart, DESIGN, "en"), (chart, SMALL, "en")]


@pytest.mark.parametrize("page", PAGES[:3])
async def test_everything_can_be_read_in_the_dark(page: Act) -> None:
    """Contrast of at least 4.5 : 1 of every letter, in the column of the cursor too."""
    async with cart() as nurse:
        await page(nurse)
        await nurse.changed()
        assert pale_letters(nurse) == set()


@pytest.mark.parametrize("view", VIEWS, ids=name)
def test_the_page_looks_as_it_did(view: View, snap_compare: Compare) -> None:
    """At both sizes, with a clock that stands still."""
    assert looks_as_it_did(view, snap_compare)
