"""Curves: a line where something was measured, a gap where nothing was."""

from __future__ import annotations

from datetime import timedelta

from server.dashboard.curves import PLOTS, chart, points, score_chart, wall_millis
from tests.server.dashboard.boards import NOW, WHOLE, monitors, nurses
from wardlink.clock import ward_time


def values(drawn: list[object]) -> list[float | None]:
    """The values of points, breaks as None."""
    return [p["value"][1] if isinstance(p, dict) else p[1] for p in drawn]  # type: ignore[index]


def test_a_lead_that_was_off_breaks_the_line() -> None:
    """It is neither joined over nor drawn as zero."""
    sets = [
        monitors(timedelta(seconds=3), hr_per_min=80.0),
        monitors(timedelta(seconds=2), off=("hr_per_min",)),
        monitors(timedelta(seconds=1), hr_per_min=82.0),
    ]

    assert values(points(sets, "hr_per_min")) == [80.0, None, 82.0]


def test_a_monitors_silence_breaks_the_line() -> None:
    """An hour without a word is no straight line."""
    sets = [monitors(timedelta(hours=1), hr_per_min=80.0), monitors(hr_per_min=82.0)]

    assert values(points(sets, "hr_per_min")) == [80.0, None, 82.0]


def test_what_a_nurse_measured_has_a_mark() -> None:
    """And daily rounds are joined."""
    sets = [nurses(timedelta(hours=20), temp_c=36.6), nurses(temp_c=36.9)]

    drawn = points(sets, "temp_c")

    assert [p["symbol"] for p in drawn if isinstance(p, dict)] == ["circle", "circle"]
    assert values(drawn) == [36.6, 36.9]


def test_a_value_alone_between_two_gaps_is_seen() -> None:
    """It has no line, so it has a mark."""
    sets = [monitors(timedelta(seconds=s), **shown) for s, shown in ((3, {}), (2, {"hr_per_min": 80.0}), (1, {}))]
    sets = [s if s.readings.hr_per_min else monitors(NOW - s.measured_at, off=("hr_per_min",)) for s in sets]

    drawn = points(sets, "hr_per_min")

    assert [p["symbol"] for p in drawn if isinstance(p, dict)] == ["circle"]


def test_a_reading_that_nobody_took_has_no_line() -> None:
    """Leads that were off all the time make no series."""
    options = chart(PLOTS[4], [monitors(off=("spo2_pct",))], NOW - timedelta(hours=6), NOW)

    assert options["series"] == []


def test_the_axis_shows_the_wards_time() -> None:
    """Whatever zone the browser is in."""
    shown = wall_millis(NOW) / 1000 % 86_400

    assert divmod(shown // 60, 60) == (ward_time(NOW).hour, ward_time(NOW).minute)


def test_a_value_outside_the_scale_widens_it() -> None:
    """Nothing is cut off."""
    options = chart(PLOTS[0], [nurses(temp_c=41.3)], NOW - timedelta(hours=6), NOW)

    assert options["yAxis"]["max"] >= 41.3


def test_only_whole_scores_are_drawn() -> None:
    """A lower bound is no score."""
    options = score_chart([nurses(**WHOLE), nurses(pulse_per_min=135.0)], NOW - timedelta(hours=6), NOW)

    assert values(options["series"][0]["data"]) == [0]
