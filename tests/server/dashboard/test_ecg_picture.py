"""A strip on its paper: in its true size, whole, small, and honest about what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from server.dashboard.ecg.picture import UNITS, cut_leads, picture
from tests.clinical.ecg.strips import AT, beating, strip
from wardlink.clinical.ecg.paper import Paper
from wardlink.clinical.ecg.sample import UV_PER_UNIT, sample_strip
from wardlink.clinical.ecg.strip import MISSING, Strip
from wardlink.i18n import speaking

USUAL = Paper()
GUTTER_MM = 17


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with speaking("en"):
        yield


def lines(found: Strip, paper: Paper = USUAL) -> list[str]:
    """The lines of the picture."""
    return re.findall(r'<div class="ecg-line">.*?</div>', picture(found, paper))


def curve(line: str) -> list[tuple[int, int]]:
    """The points of a line's curve, of which the first is the start of a stretch."""
    found = re.search(r'<path d="([^"]*)" class="ecg-curve"', line)
    assert found is not None
    points, x, y = [], 0, 0
    for letter, said in re.findall(r"([Mlhv])([^Mlhv]*)", found[1]):
        numbers = [int(each) for each in re.findall(r"-?\d+", said)]
        if letter == "M":
            x, y = numbers
        elif letter == "l":
            x, y = x + numbers[0], y + numbers[1]
        else:
            x, y = (x + numbers[0], y) if letter == "h" else (x, y + numbers[0])
        points.append((x, y))
    return points


def test_ten_seconds_are_250_millimetres() -> None:
    """At 25 mm/s, beside the names and the mark; each lead says what it is."""
    found, _peaks = sample_strip(AT)

    drawn = lines(found)

    assert len(drawn) == 12
    assert all(f'width="{GUTTER_MM + 250}mm"' in line for line in drawn)
    assert ['aria-label="Lead II, seconds 0 to 10"' in line for line in drawn].index(True) == 1
    assert "seconds 0 to 10</div>" not in picture(found, USUAL)


def test_a_peak_is_as_high_as_it_was_measured() -> None:
    """To a sixteenth of a millimetre, at each gain."""
    found, _peaks = sample_strip(AT)
    highest_mv = max(found.leads["II"]) * UV_PER_UNIT / 1000

    for gain in (5.0, 10.0, 20.0):
        (line,) = [line for line in lines(found, Paper(mm_per_mv=gain)) if "Lead II," in line]
        height_mm = float(re.search(r'height="([\d.]+)mm"', line)[1])  # type: ignore[index]
        ys = [y for _x, y in curve(line)]
        zero = re.search(r"M128 (\d+)h16v-(\d+)h80", line)
        assert zero is not None
        assert int(zero[2]) == gain * UNITS
        assert int(zero[1]) - min(ys) == pytest.approx(highest_mv * gain * UNITS, abs=1)
        assert max(ys) <= height_mm * UNITS


def test_what_is_longer_goes_on_in_the_next_line() -> None:
    """25 seconds of two leads are six lines, and over each ten seconds it says which."""
    drawn = picture(strip(rate_hz=100, II=beating(seconds=25), V1=beating(seconds=25)), USUAL)

    named = re.findall(r'aria-label="([^"]*)"', drawn)
    assert named == [
        f"Lead {lead}, seconds {span}" for span in ("0 to 10", "10 to 20", "20 to 25") for lead in ("II", "V1")
    ]
    assert re.findall(r'ecg-seconds">([^<]*)', drawn) == ["seconds 0 to 10", "seconds 10 to 20", "seconds 20 to 25"]


def test_a_gap_is_grey_and_not_bridged() -> None:
    """Three seconds at 25 mm/s; a lead that was off throughout says so in its line."""
    values = beating(seconds=10)
    values[200:500] = [MISSING] * 300
    gone, off = lines(strip(rate_hz=100, II=values, V1=[MISSING] * 1000))

    first, wide = (int(n) for n in re.search(r'<rect x="(\d+)" width="(\d+)"', gone).groups())  # type: ignore[union-attr]
    assert (first, wide) == ((GUTTER_MM + 50) * UNITS, 75 * UNITS)
    assert not any(first < x < first + wide for x, _y in curve(gone))
    assert ("lead off" in off, "lead off" in gone) == (True, False)


def test_what_leaves_the_paper_is_said() -> None:
    """A lead of 6 mV at 10 mm/mV; at half the gain it stays on it."""
    high = strip(II=[0, 2400, 0], V1=[0, 1, 0])

    assert cut_leads(high, USUAL) == ["II"]
    assert cut_leads(high, Paper(mm_per_mv=5)) == []


@pytest.mark.parametrize(("seconds", "leads", "most"), [(10, 12, 90_000), (25, 12, 220_000), (300, 1, 220_000)])
def test_the_picture_is_small(seconds: float, leads: int, most: int) -> None:
    """Also the most that may be sent at once; in bytes, before they are packed for the way."""
    whole, _peaks = sample_strip(AT, seconds=seconds)
    kept = list(whole.leads)[1 : 1 + leads] if leads < 12 else list(whole.leads)
    found = Strip(AT, whole.rate_hz, whole.uv_per_unit, {lead: whole.leads[lead] for lead in kept})

    assert len(picture(found, USUAL).encode()) < most
