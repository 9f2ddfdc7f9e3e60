"""Beats are found where there is a heart to see, and nowhere else."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime

import pytest

from server.ecg.beats import LEAST_HZ, LEAST_SECONDS, find_beats
from wardlink.clinical.ecg.sample import sample_strip
from wardlink.clinical.ecg.strip import MISSING, Strip

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)


def only(strip: Strip, lead: str) -> Strip:
    """The strip with one lead left."""
    return Strip(strip.start_at, strip.rate_hz, strip.uv_per_unit, {lead: strip.leads[lead]})


def near(found: tuple[int, ...], peaks: list[int]) -> bool:
    """Whether each of them is within 20 ms of its like."""
    return len(found) == len(peaks) and all(abs(one - other) <= 10 for one, other in zip(found, peaks, strict=True))


@pytest.mark.parametrize(("from_s", "until_s"), [(3.1, 4.7), (0, 2.5), (7, 10), (2.5, 2.51)])
def test_an_edge_of_a_gap_is_no_beat(from_s: float, until_s: float) -> None:
    """Wherever the lead was off; every beat outside is found, in the one lead that there is."""
    strip, peaks = sample_strip(AT, off=("II", from_s, until_s))
    one = only(strip, "II")

    found = find_beats(one)

    assert found is not None
    assert near(found.samples, [peak for peak in peaks if one.leads["II"][peak] != MISSING])


@pytest.mark.parametrize(("seconds", "is_searched"), [(LEAST_SECONDS, True), (LEAST_SECONDS - 0.002, False)])
def test_a_stretch_that_is_too_short_is_not_searched(seconds: float, is_searched: bool) -> None:
    """Two seconds are; one sample less is not, which differs from finding nothing."""
    strip, _ = sample_strip(AT, seconds=seconds)

    assert (find_beats(strip) is not None) is is_searched


@pytest.mark.parametrize(("rate_hz", "is_searched"), [(LEAST_HZ, True), (LEAST_HZ - 1, False)])
def test_sampling_that_is_too_slow_is_not_searched(rate_hz: float, is_searched: bool) -> None:
    """A hundred a second are the least."""
    samples = array("h", ((index * 37) % 101 for index in range(500)))

    assert (find_beats(Strip(AT, rate_hz, 1, {"II": samples})) is not None) is is_searched


def test_nothing_is_found_in_leads_that_say_nothing() -> None:
    """Off throughout, or level."""
    for value in (MISSING, 12):
        assert find_beats(Strip(AT, 500, 1, {"II": array("h", [value] * 5000)})) is None


def test_the_lead_with_the_fewest_holes_is_searched() -> None:
    """Whole leads first; among these II."""
    assert getattr(find_beats(sample_strip(AT)[0]), "lead", None) == "II"
    assert getattr(find_beats(sample_strip(AT, off=("II", 1, 1.2))[0]), "lead", None) == "V5"
