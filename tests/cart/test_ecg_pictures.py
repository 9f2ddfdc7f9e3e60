"""Pictures of the ECG pages as they stand, looked at before they were kept."""

from __future__ import annotations

import pytest

from tests.cart.looks import Act, Compare, View, looks_as_it_did, name, pale_letters, views
from tests.cart.nurse import SIZES, Nurse, cart


async def strips(nurse: Nurse) -> None:
    """A patient's strips."""
    await nurse.sign_in()
    await nurse.open("12")
    await nurse.press("e")


async def none(nurse: Nurse) -> None:
    """A patient without any."""
    await nurse.sign_in()
    await nurse.open("3")
    await nurse.press("e")


async def strip(nurse: Nurse) -> None:
    """Twelve leads, with two marks to measure by."""
    await strips(nurse)
    await nurse.press("down", "enter", "c")


async def loose(nurse: Nurse) -> None:
    """A strip in which a lead was off for a while."""
    await strips(nurse)
    await nurse.press("enter", *["shift+right"] * 5)


async def critical(nurse: Nurse) -> None:
    """A strip whose report cannot wait."""
    await nurse.sign_in()
    await nurse.open("10")
    await nurse.press("e", "enter")


PAGES = (strips, none, strip, loose, critical)
VIEWS = views(PAGES, SIZES, "zh_CN", "en")


@pytest.mark.parametrize("page", PAGES)
async def test_everything_can_be_read_in_the_dark(page: Act) -> None:
    """Contrast of at least 4.5 : 1 of every letter against what lies behind it."""
    async with cart() as nurse:
        await page(nurse)
        await nurse.changed()
        assert pale_letters(nurse) == set()


@pytest.mark.parametrize("view", VIEWS, ids=name)
def test_the_page_looks_as_it_did(view: View, snap_compare: Compare) -> None:
    """At both sizes and in both languages, with a clock that stands still."""
    assert looks_as_it_did(view, snap_compare)
