"""Pictures of the pages for assessments, looked at before they were kept. `pytest --snapshot-update` after a change."""

from __future__ import annotations

import pytest

from tests.cart.looks import Act, Compare, View, looks_as_it_did, name, pale_letters, views
from tests.cart.nurse import SIZES, Nurse, cart
from wardlink.clinical.assessments.scales import SCALE_CODES


async def scales(nurse: Nurse) -> None:
    """Every scale of a patient; some were never made."""
    await nurse.sign_in()
    await nurse.open("12")
    await nurse.press("a")


async def overdue(nurse: Nurse) -> None:
    """A skin scale that is due again, for a patient at high risk."""
    await nurse.sign_in()
    await nurse.open("6")
    await nurse.press("a", "down")


async def form(nurse: Nurse) -> None:
    """A fall scale, half answered."""
    await scales(nurse)
    await nurse.press("enter", "1", "1", "3")


async def whole(nurse: Nurse) -> None:
    """A skin scale, answered: high risk."""
    await scales(nurse)
    await nurse.press("down", "enter", "2", "2", "1", "2", "2", "1")


async def summary(nurse: Nurse) -> None:
    """What is asked before it is saved."""
    await whole(nurse)
    await nurse.press("f2")


async def ticks(nurse: Nurse) -> None:
    """The longest list: what applies is ticked."""
    await scales(nurse)
    await nurse.press("down", "down", "down", "enter", "5", "down", "1")


async def emergency(nurse: Nurse) -> None:
    """Speaks of self-harm: the level stands before the last question."""
    await scales(nurse)
    await nurse.press(*["down"] * SCALE_CODES.index("psych"), "enter", "1", "6")


async def delirium(nurse: Nurse) -> None:
    """Three features: the questions have ended, and the level says what to do."""
    await scales(nurse)
    await nurse.press(*["down"] * SCALE_CODES.index("camicu"), "enter", "0", "1", "1", "1")


async def sedated(nurse: Nurse) -> None:
    """A step below zero, asked in two questions."""
    await scales(nurse)
    await nurse.press(*["down"] * SCALE_CODES.index("rass"), "enter", "3", "4", "up")


async def tubes(nurse: Nurse) -> None:
    """Tubes of three classes and what makes them slip; the birth date answers the age."""
    await scales(nurse)
    await nurse.press(*["down"] * SCALE_CODES.index("tubes"), "enter", "1", "2", "1", "2", "1", "2", "3", "2")


async def earlier(nurse: Nurse) -> None:
    """What was found before, with the difference."""
    await scales(nurse)
    await nurse.press("h")


PAGES = (scales, overdue, form, whole, summary, ticks, emergency, delirium, sedated, tubes, earlier)
VIEWS = views(PAGES, SIZES, "zh_CN") + views((scales, form, delirium, sedated, tubes, earlier), SIZES, "en")


@pytest.mark.parametrize("page", [page for page in PAGES if page is not summary])
async def test_everything_can_be_read_in_the_dark(page: Act) -> None:
    """Contrast of at least 4.5 : 1 of every letter against what lies behind it."""
    async with cart() as nurse:
        await page(nurse)
        assert pale_letters(nurse) == set()


@pytest.mark.parametrize("view", VIEWS, ids=name)
def test_the_page_looks_as_it_did(view: View, snap_compare: Compare) -> None:
    """At both sizes, with a clock that stands still."""
    assert looks_as_it_did(view, snap_compare)
