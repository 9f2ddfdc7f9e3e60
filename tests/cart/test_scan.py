"""A scanner that types is told from a person, and what it has read is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart.usecases.scan import BURST_S, LEAST_LENGTH, Burst, Scanned, understand
from tests.cart.nurse import sample

STAYS = sample().replica.encounters()


def feed(text: str, every_s: float) -> str | None:
    """Type `text`, a character every so often, and Enter."""
    burst = Burst()
    for index, char in enumerate(text):
        burst.feed(char, index * every_s)
    return burst.end(len(text) * every_s)


@pytest.mark.parametrize(
    ("every_s", "is_scan"), [(0.001, True), (BURST_S, True), (BURST_S + 0.001, False), (0.1, False)]
)
def test_speed_tells_a_scanner_from_a_person(every_s: float, is_scan: bool) -> None:
    """At the bound, and a millisecond beyond."""
    assert (feed("20261110", every_s) is not None) is is_scan


@pytest.mark.parametrize(("length", "is_scan"), [(LEAST_LENGTH - 1, False), (LEAST_LENGTH, True)])
def test_a_few_fast_keys_are_a_person(length: int, is_scan: bool) -> None:
    """Two fingers rolling over the number pad."""
    assert (feed("1" * length, 0.001) is not None) is is_scan


def test_a_slow_character_begins_anew() -> None:
    """What a person typed before the scan is not part of it."""
    burst = Burst()
    burst.feed("7", 0.0)
    for index, char in enumerate("20261110"):
        burst.feed(char, 1.0 + index * 0.002)

    assert burst.end(1.02) == "20261110"


@given(st.text(alphabet=st.characters(codec="ascii", min_codepoint=33), min_size=LEAST_LENGTH, max_size=40))
def test_a_scan_comes_out_as_it_went_in(text: str) -> None:
    """Whatever the code holds."""
    assert feed(text, 0.002) == text


@pytest.mark.parametrize(
    ("text", "what", "bed"),
    [
        ("20261110", Scanned.PATIENT, "12"),
        (" 20261110 ", Scanned.PATIENT, "12"),
        ("20261101", Scanned.PATIENT, "1"),
        ("N1001", Scanned.BADGE, None),
        ("n1001", Scanned.BADGE, None),
        ("20269999", Scanned.ELSEWHERE, None),
        ("ZY-0001", Scanned.ELSEWHERE, None),
        ("6901234567892", Scanned.PACK, None),
        ("http://x.example/[b]", Scanned.UNKNOWN, None),
        ("(01)069012", Scanned.DAMAGED, None),
        ("", Scanned.UNKNOWN, None),
    ],
)
def test_a_scan_is_understood_or_refused(text: str, what: Scanned, bed: str | None) -> None:
    """Never taken for the nearest thing."""
    scan = understand(text, STAYS)

    assert scan.what is what
    assert scan.encounter == (sample().replica.in_bed(bed).id if bed else None)


@given(st.text(max_size=60))
def test_no_code_breaks_the_understanding(text: str) -> None:
    """And only the whole admission number opens a patient."""
    scan = understand(text, STAYS)

    known = {stay.admission_no.casefold() for stay in STAYS}
    assert (scan.what is Scanned.PATIENT) == (text.strip().casefold() in known)
