"""The code on the screen at the bed in place of the wristband: fresh, of this bed, and of this ward's making."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cart.sample import SAMPLE_LOG
from cart.sample_stays import WARD
from tests.cart.medication import at_bed, in_time, pack, said
from tests.cart.nurse import AT, cart, sample, sample_of
from wardlink.codes.presence import presence_key, presence_now
from wardlink.ids import new_id

KEY = presence_key(SAMPLE_LOG)


def code(*, bed: str = "12", lies_in: str = "12", ward: str = WARD, key: bytes = KEY, ago_s: float = 0) -> str:
    """What the screen at `bed` showed so long ago for the patient who lies in `lies_in`."""
    stay = sample().replica.in_bed(lies_in).id
    return presence_now(key, ward, bed, stay, AT - timedelta(seconds=ago_s)).text()


async def test_it_opens_the_patient_and_counts_as_the_wristband() -> None:
    """The dose says by what the patient was known."""
    async with cart(ward=in_time) as nurse:
        await nurse.sign_in()
        await nurse.scan(code())
        assert nurse.page == "PatientScreen"
        await nurse.press("m")
        await nurse.scan(pack("amlodipine-5mg"))
        await nurse.press("g")

        ((_kind, body),) = said(nurse)
        assert [scan["what"] for scan in body["scans"]] == ["presence", "drug"]


async def test_it_is_taken_in_a_round() -> None:
    """Where the wristband is asked for."""
    async with at_bed("12", scanned=False) as nurse:
        assert "请扫腕带" in nurse.text()
        await nurse.scan(code())

        assert "请扫腕带" not in nurse.text()


# 10:42:07: the minute of the clock is that of the code, or the one before or after it.
TIMES = [(-112.9, True), (-113, False), (0, True), (7, True), (67, True), (67.1, False), (-52.9, True)]


@pytest.mark.parametrize(("ago_s", "taken"), TIMES)
async def test_a_picture_of_it_is_worth_nothing_two_minutes_later(ago_s: float, taken: bool) -> None:
    """A minute to either side is for clocks that differ while the network is away."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.scan(code(ago_s=ago_s))

        assert nurse.page == ("PatientScreen" if taken else "ScanRefused")


@pytest.mark.parametrize(
    "shown",
    [
        code(key=presence_key(new_id())),
        code(bed="10"),
        code(ward="w9"),
        code(lies_in="10", bed="12"),
    ],
    ids=["another ward's key", "another bed", "another ward", "another patient"],
)
async def test_what_was_not_made_for_this_bed_and_stay_is_refused_and_counted(shown: str) -> None:
    """Red, in words."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.scan(shown)

        assert nurse.page == "ScanRefused"
        refused = [c.body for c in sample_of(nurse).recorded if c.kind == "scan.refused"]
        assert [(one["code"], one["reason"]) for one in refused] == [("presence", "stale")]


async def test_a_cart_that_knows_no_ward_yet_says_that_it_cannot_check() -> None:
    """The wristband is asked for."""
    ward = sample()
    ward.replica.log = None
    async with cart(ward=lambda: ward) as nurse:
        await nurse.sign_in()
        await nurse.scan(code())

        assert nurse.page == "ScanRefused"
        assert "腕带" in nurse.text()
