"""Pictures of a medication round as it stands, looked at before they were kept."""

from __future__ import annotations

import pytest

from tests.cart.looks import Act, Compare, View, looks_as_it_did, name, pale_letters, views
from tests.cart.medication import BANDS, dose_of, go_to, in_time, order_of, pack
from tests.cart.nurse import SIZES, SMALL, Nurse, cart, clock_of, sample_of
from wardlink.record.bags import label_of
from wardlink.record.orders import ORDER


async def at(nurse: Nurse, bed: str) -> None:
    """At a bed, its wristband scanned."""
    await nurse.sign_in()
    await nurse.scan(BANDS[bed])
    await nurse.press("m")


async def due(nurse: Nurse) -> None:
    """What is due, nothing scanned."""
    await nurse.sign_in()
    await nurse.open("12")
    await nurse.press("m")


async def ready(nurse: Nurse) -> None:
    """Wristband and drug are scanned: it may be given."""
    await at(nurse, "12")
    await nurse.scan(pack("amlodipine-5mg"))


async def blocked(nurse: Nurse) -> None:
    """An allergy, no skin test, and a late dose."""
    await at(nurse, "2")
    await nurse.scan(pack("penicillin-800k"))


async def dripping(nurse: Nurse) -> None:
    """A bag that was hung half an hour ago."""
    await at(nurse, "10")
    await nurse.scan(label_of(dose_of(sample_of(nurse), "ceftriaxone-1g")).text())
    await nurse.press("g", "enter", "enter")
    clock_of(nurse).advance(1800)
    nurse.app._touched()
    await go_to(nurse, "ceftriaxone-1g")


async def bag_refused(nurse: Nurse) -> None:
    """A bag whose order was stopped."""
    await at(nurse, "10")
    ward = sample_of(nurse)
    label = label_of(dose_of(ward, "ceftriaxone-1g"))
    ward.change(ORDER, order_of(ward, "ceftriaxone-1g").model_copy(update={"state": "stopped"}))
    await nurse.scan(label.text())


async def waits_to_be_read(nurse: Nurse) -> None:
    """A skin test that may be read now."""
    await at(nurse, "6")
    await nurse.scan(pack("penicillin-test"))
    await nurse.press("g")
    clock_of(nurse).advance(16 * 60)
    nurse.app._touched()
    await go_to(nurse, "penicillin-test")


async def result(nurse: Nurse) -> None:
    """What both nurses are asked after the sizes."""
    await waits_to_be_read(nurse)
    await nurse.press("t")
    await nurse.typed("3", "enter")
    await nurse.typed("7", "enter")
    await nurse.press("2")


async def second_nurse(nurse: Nurse) -> None:
    """A high-alert drug asks for a second badge."""
    await at(nurse, "2")
    await nurse.scan(pack("insulin-aspart"))
    await nurse.press("g")


async def verbal(nurse: Nurse) -> None:
    """A drug on a doctor's word, half typed."""
    await at(nurse, "12")
    await nurse.press("b")
    await nurse.scan(pack("furosemide-20mg"))
    await nurse.typed("x", "enter")


PAGES = (due, ready, blocked, dripping, bag_refused, waits_to_be_read, result, second_nurse, verbal)
VIEWS = views(PAGES, SIZES, "zh_CN", "en")


@pytest.mark.parametrize("page", [due, ready, blocked, dripping, bag_refused, waits_to_be_read])
async def test_everything_can_be_read_in_the_dark(page: Act) -> None:
    """Contrast of at least 4.5 : 1 of every letter against what lies behind it, where nothing is asked on top."""
    async with cart(SMALL, ward=in_time) as nurse:
        await page(nurse)
        await nurse.settle()
        assert pale_letters(nurse) == set()


@pytest.mark.parametrize("view", VIEWS, ids=name)
def test_the_round_looks_as_it_did(view: View, snap_compare: Compare) -> None:
    """At both sizes and in both languages, with a clock that stands still."""
    assert looks_as_it_did(view, snap_compare, ward=in_time)
