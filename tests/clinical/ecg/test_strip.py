"""Strips, their gaps, and the text that samples become on the wire."""

from __future__ import annotations

import base64
import zlib
from array import array
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.ecg.strips import AT, strip
from wardlink.clinical.ecg.coding import decode, encode
from wardlink.clinical.ecg.strip import MISSING, Gap, Strip, lead_called, lead_names, off_text
from wardlink.i18n import speaking

SAMPLE = st.integers(MISSING, 32767)


@given(st.lists(SAMPLE, max_size=200))
def test_what_is_decoded_is_what_was_encoded(values: list[int]) -> None:
    """Every sample, the widest leaps and the missing ones included."""
    samples = array("h", values)

    assert decode(encode(samples), len(values)) == samples


@pytest.mark.parametrize(
    "text",
    ["", "§", "AAAA", base64.b64encode(zlib.compress(b"\x80")).decode(), encode(array("h", [1, 2]))[:-4]],
)
def test_what_is_no_encoded_strip_is_an_error(text: str) -> None:
    """Not base64, not zlib, cut in the middle of a number, or cut short."""
    with pytest.raises(ValueError, match="samples"):
        decode(text, 2)


def test_a_text_never_unpacks_to_more_than_was_said() -> None:
    """A few bytes that stand for gigabytes are refused after the few kilobytes that may be."""
    bomb = base64.b64encode(zlib.compress(bytes(50_000_000), 9)).decode()

    with pytest.raises(ValueError, match="not 100 samples"):
        decode(bomb, 100)


def test_a_missing_sample_is_no_value() -> None:
    """Neither zero nor the lowest one; and nor is what lies beyond the ends."""
    found = strip(II=[4, MISSING, 0])

    assert [found.uv("II", n) for n in range(-1, 4)] == [None, 10.0, None, 0.0, None]


def test_gaps_are_stretches() -> None:
    """In the middle, and at both ends."""
    found = strip(II=[MISSING, 1, MISSING, MISSING, 2, MISSING])

    assert found.gaps("II") == (Gap(0, 1), Gap(2, 4), Gap(5, 6))
    assert [n for n in range(6) if any(gap.holds(n) for gap in found.gaps("II"))] == [0, 2, 3, 5]


@pytest.mark.parametrize(
    ("values", "off"),
    [([MISSING] * 3, True), ([7, 7, 7], True), ([0, 0, MISSING], True), ([7, 8, 7], False), ([MISSING, 7, 8], False)],
)
def test_a_lead_that_shows_nothing_is_off(values: list[int], off: bool) -> None:
    """A flat line is an electrode in the air, not a heart."""
    assert strip(II=values).is_off("II") == off


def test_leads_come_in_the_order_in_which_they_are_shown() -> None:
    """Whatever order a device sends them in."""
    assert list(strip(V1=[1], aVR=[1], I=[1]).leads) == ["I", "aVR", "V1"]


def test_a_sample_has_its_instant() -> None:
    """By the sample rate."""
    found = strip(rate_hz=200, II=[1] * 400)

    assert (found.seconds, found.at(300)) == (2.0, AT + timedelta(seconds=1.5))


@pytest.mark.parametrize(
    ("leads", "rate_hz"),
    [({}, 500), ({"II": []}, 500), ({"I": [1], "II": [1, 2]}, 500), ({"II": [1]}, 0), ({"ABP": [1]}, 500)],
)
def test_a_strip_that_cannot_be(leads: dict[str, list[int]], rate_hz: float) -> None:
    """Without leads or samples, of different lengths, without a rate, or of something that is no lead."""
    with pytest.raises(ValueError, match=r"lead|rate"):
        Strip(datetime.now(UTC), rate_hz, 1.0, {name: array("h", values) for name, values in leads.items()})


@pytest.mark.parametrize(
    ("said", "lead"),
    [("II", "II"), ("ii", "II"), (" AVR ", "aVR"), ("MLII", "MLII"), ("ECG II", "II"), ("ABP", None), ("RESP", None)],
)
def test_a_lead_is_known_by_what_devices_call_it(said: str, lead: str | None) -> None:
    """And nothing else is taken for one."""
    assert lead_called(said) == lead


def test_the_twelve_leads_come_first() -> None:
    """In the order of the paper."""
    assert lead_names()[:12] == ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")


def test_which_leads_are_off_is_said() -> None:
    """One throughout, one for a while, and of many gaps the first three; nothing where all have values."""
    holes = [1, 2, MISSING, *[MISSING, 1] * 3]
    with speaking("en"):
        assert off_text(strip(rate_hz=10, II=holes, V1=[MISSING] * 9, V5=[1, 2, 3] * 3)) == (
            "II 0.2–0.4 s, 0.5–0.6 s, 0.7–0.8 s; V1 throughout"
        )
        assert off_text(strip(rate_hz=10, II=[1, *[MISSING, 2] * 4])).endswith("0.5–0.6 s …")
        assert off_text(strip(II=[1, 2])) == ""
