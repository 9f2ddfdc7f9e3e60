"""Paper, calipers and the rate of the heart."""

from __future__ import annotations

import pytest

from tests.clinical.ecg.strips import beating, strip
from wardlink.clinical.ecg.calipers import Measured, measure
from wardlink.clinical.ecg.paper import Paper, gains, speeds
from wardlink.clinical.ecg.rate import NoRate, rate
from wardlink.clinical.ecg.sample import sample_strip
from wardlink.clinical.ecg.strip import MISSING, lead_names
from wardlink.i18n import speaking


@pytest.mark.parametrize(
    ("paper", "mm", "big_ms", "height_mm", "big_mv"),
    [
        (Paper(), 25.0, 200.0, 10.0, 0.5),
        (Paper(12.5, 5.0), 12.5, 400.0, 5.0, 1.0),
        (Paper(50.0, 20.0), 50.0, 100.0, 20.0, 0.25),
    ],
)
def test_paper_runs_at_its_speed(paper: Paper, mm: float, big_ms: float, height_mm: float, big_mv: float) -> None:
    """A second and a millivolt, and what a big square is worth."""
    assert (paper.mm(1.0), paper.big_ms, paper.height_mm(1000), paper.big_mv) == (mm, big_ms, height_mm, big_mv)
    assert paper.seconds(paper.mm(3.2)) == pytest.approx(3.2)


def test_speed_and_gain_go_round() -> None:
    """Through every step of the table, and back to the usual one."""
    paper, seen = Paper(), []
    for _ in speeds():
        paper = paper.next_speed()
        seen.append(paper.mm_per_s)
    assert seen == [50.0, 12.5, 25.0]
    for _ in gains():
        paper = paper.next_gain()
    assert paper == Paper()


def test_calipers_measure_time_rate_and_voltage() -> None:
    """400 samples at 500 a second are 800 ms, 75 a minute."""
    found = strip(II=[0] * 100 + [400] + [0] * 399 + [-40] + [0] * 10)

    assert measure(found, "II", 100, 500) == Measured(800.0, 75.0, -1.1)


def test_calipers_do_not_mind_which_comes_first() -> None:
    """The voltage is that of the later one above the earlier."""
    found = strip(II=[0, 400])

    assert measure(found, "II", 1, 0) == measure(found, "II", 0, 1) == Measured(2.0, 30_000.0, 1.0)


def test_calipers_in_a_gap_know_no_voltage() -> None:
    """The time they do."""
    assert measure(strip(II=[0, MISSING]), "II", 0, 1) == Measured(2.0, 30_000.0, None)


def test_calipers_on_one_sample_know_no_rate() -> None:
    """Nothing is divided by nothing."""
    assert measure(strip(II=[0, 1]), "II", 1, 1) == Measured(0.0, None, 0.0)


def test_a_rate_says_over_what() -> None:
    """Mean, median, slowest and fastest of RR intervals of 0.8, 1.0 and 0.6 s; from four beats over 2.4 s."""
    found = rate(strip(rate_hz=100, II=beating()), "II", [100, 180, 280, 340])

    assert (found.beats, found.seconds) == (4, pytest.approx(2.4))
    assert (found.mean, found.median) == (pytest.approx(75.0), pytest.approx(75.0))
    assert (found.slowest, found.fastest) == (pytest.approx(60.0), pytest.approx(100.0))


def test_mean_and_median_differ_where_a_beat_is_dropped() -> None:
    """One interval of twice the length moves the mean only."""
    found = rate(strip(rate_hz=100, II=beating()), "II", [0, 60, 120, 180, 300, 360])

    assert (round(found.median), round(found.mean)) == (100, 83)


def test_an_interval_with_a_gap_in_it_does_not_count() -> None:
    """A beat may lie hidden there: 100 to 300 is left out, and so is its time."""
    values = beating()
    values[200:220] = [MISSING] * 20
    found = rate(strip(rate_hz=100, II=values), "II", [20, 100, 300, 380])

    assert (found.beats, found.seconds, found.slowest) == (4, pytest.approx(1.6), pytest.approx(75.0))


@pytest.mark.parametrize(
    ("values", "beats", "said"),
    [
        ([5] * 1000, [100, 200], "II"),
        ([MISSING] * 1000, [], "II"),
        (beating(), [], "0"),
        (beating(), [100], "1"),
        ([*beating(seconds=1), *[MISSING] * 50, *beating(seconds=1)], [50, 200], "2"),
        (beating(), list(range(0, 1000, 10)), "600"),
    ],
)
def test_a_rate_is_refused_where_it_would_be_a_guess(values: list[int], beats: list[int], said: str) -> None:
    """The lead was off, fewer than two beats follow each other, or no heart beats like that: each said in words."""
    with pytest.raises(NoRate) as refused, speaking("en"):
        rate(strip(rate_hz=100, II=values), "II", beats)

    with speaking("zh_CN"):
        assert said in refused.value.text()
        assert "心率" in refused.value.text()


def test_a_beat_in_a_gap_is_none() -> None:
    """Whoever found it there."""
    values = beating()
    values[90:110] = [MISSING] * 20

    with pytest.raises(NoRate):
        rate(strip(rate_hz=100, II=values), "II", [100, 180])


def test_the_invented_heart_has_twelve_leads_that_agree() -> None:
    """I - II + III is nothing at every sample, as in anybody; and its rate is what was asked for."""
    found, peaks = sample_strip(strip(II=[1]).start_at, per_min=78)

    assert tuple(found.leads) == lead_names()[:12]
    one, two, three = (found.leads[lead] for lead in ("I", "II", "III"))
    assert max(abs(a - b + c) for a, b, c in zip(one, two, three, strict=True)) <= 2
    assert rate(found, "II", peaks).mean == pytest.approx(78, rel=0.03)
    assert found == sample_strip(found.start_at, per_min=78)[0]


def test_the_invented_heart_can_lose_a_lead() -> None:
    """From one second until another."""
    found, _ = sample_strip(strip(II=[1]).start_at, off=("V2", 4, 6))

    assert [(gap.first, gap.end) for gap in found.gaps("V2")] == [(2000, 3000)]
    assert found.gaps("V1") == ()
