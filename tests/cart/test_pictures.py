"""Pictures of the pages as they stand, looked at before they were kept. `pytest --snapshot-update` after a change."""

from __future__ import annotations

import pytest

from tests.cart.alerts import ALERTS
from tests.cart.looks import Act, Compare, View, looks_as_it_did, name, pale_letters, views
from tests.cart.nurse import DESIGN, SIZES, SMALL, Nurse, cart, sample_of
from wardlink.record.alerts import ALERT


async def nobody(nurse: Nurse) -> None:
    """The page for signing in."""
    await nurse.settle()


async def ward(nurse: Nurse) -> None:
    """All beds."""
    await nurse.sign_in()


async def risks(nurse: Nurse) -> None:
    """The risks of one patient, and what every sign means."""
    await nurse.sign_in()
    await nurse.press(*["down"] * 11, "r")


async def patient(nurse: Nurse) -> None:
    """The patient whose clip is off, with its curve."""
    await nurse.sign_in()
    await nurse.open("11")
    await nurse.press("5")


async def findings(nurse: Nurse) -> None:
    """A form with all kinds of findings, and a partial score that asks for help."""
    await nurse.begin_vitals()
    await nurse.fill("41.5", "160", "abc", "80", "90", "68")


async def score(nurse: Nurse) -> None:
    """A whole set that scores high."""
    await nurse.begin_vitals("10")
    await nurse.fill("38.6", "112", "25", "100", "62", "91")
    await nurse.press("1", "a")


async def unsent(nurse: Nurse) -> None:
    """One refused, one waiting."""
    await nurse.sign_in()
    await nurse.open("12")
    await nurse.press("escape")
    await nurse.open("3")
    entries = sample_of(nurse).entries()
    sample_of(nurse).refuse(entries[0].id, "该病人不在本病区", "The patient is not in this ward")
    await nurse.press("escape", "u")
    await nurse.changed()


async def calls(nurse: Nurse) -> None:
    """Two wait, the banner rings."""
    await nurse.sign_in()
    sample_of(nurse).ring("12", "P1", "CHEST")
    sample_of(nurse).ring("3", "P2")
    await nurse.press("f9")
    await nurse.changed()


async def alerts(nurse: Nurse) -> None:
    """A grave one that has climbed, one that is taken, and a storm; the banner rings."""
    await nurse.sign_in()
    for view in ALERTS:
        sample_of(nurse).change(ALERT, view)
    await nurse.press("f8")
    await nurse.changed()


async def refused(nurse: Nurse) -> None:
    """A wristband of another ward."""
    await nurse.sign_in()
    await nurse.scan("20269999")


async def orders(nurse: Nurse) -> None:
    """What waits for a nurse in the whole ward."""
    await nurse.sign_in()
    await nurse.press("o")


async def order(nurse: Nurse) -> None:
    """One of a patient's orders, before it is checked."""
    await nurse.sign_in()
    await nurse.open("12")
    await nurse.press("o", "down", "enter")


PAGES = (nobody, ward, risks, patient, findings, score, unsent, calls, alerts, refused, orders)
VIEWS = [
    *views((*PAGES, order), SIZES, "zh_CN"),
    *views((ward, risks), SIZES, "en"),
    (alerts, SMALL, "en"),
    (score, DESIGN, "en"),
]


@pytest.mark.parametrize("page", [page for page in PAGES if page is not risks])
async def test_everything_can_be_read_in_the_dark(page: Act) -> None:
    """Contrast of at least 4.5 : 1 of every letter against what lies behind it, the line of the cursor included."""
    async with cart() as nurse:
        await page(nurse)
        await nurse.changed()
        assert pale_letters(nurse) == set()


@pytest.mark.parametrize("view", VIEWS, ids=name)
def test_the_page_looks_as_it_did(view: View, snap_compare: Compare) -> None:
    """At both sizes, with a clock that stands still."""
    assert looks_as_it_did(view, snap_compare)
