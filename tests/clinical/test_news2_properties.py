"""What holds for every set of readings, not only for the examples."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.sets import NORMAL, SCORED, normal
from wardlink.clinical.news2 import News2, PartialNews2, Spo2Scale, assess, score
from wardlink.clinical.vitals import VitalSet

complete_sets = st.fixed_dictionaries(SCORED)
scales = st.sampled_from(Spo2Scale)

BANDS = ("low", "low-medium", "medium", "high")


@given(complete_sets, scales)
def test_every_complete_set_scores_from_0_to_20(readings: dict[str, Any], scale: Spo2Scale) -> None:
    """No possible set falls through the chart, and the parts add up."""
    scored = score(VitalSet(**readings), scale=scale)

    assert 0 <= scored.total <= 20
    assert scored.total == sum(part.points or 0 for part in scored.parts)
    assert all(part.points in (0, 1, 2, 3) for part in scored.parts)


@given(complete_sets, scales, st.sets(st.sampled_from(sorted(SCORED)), min_size=1))
def test_taking_readings_away_never_makes_a_total(readings: dict[str, Any], scale: Spo2Scale, taken: set[str]) -> None:
    """A missing reading is no normal one: no total, never more points, and never a band above the whole set's."""
    whole = score(VitalSet(**readings), scale=scale)

    rest = assess(
        VitalSet(**{key: value for key, value in readings.items() if key not in taken}),
        scale=scale,
        age_years=40,
        pregnant=False,
    )

    assert isinstance(rest, PartialNews2)
    assert set(rest.missing) == taken
    assert rest.partial <= whole.total
    if rest.band_at_least is not None:
        assert BANDS.index(rest.band_at_least) <= BANDS.index(whole.band)


@given(complete_sets, scales)
def test_assess_and_score_agree(readings: dict[str, Any], scale: Spo2Scale) -> None:
    """An adult's complete set is assessed with its score."""
    v = VitalSet(**readings)

    assert assess(v, scale=scale, age_years=16, pregnant=False) == score(v, scale=scale)


@pytest.mark.parametrize(
    ("field", "healthy", "worst"),
    [
        ("rr_per_min", 16.0, 0.0),
        ("rr_per_min", 16.0, 100.0),
        ("spo2_pct", 100.0, 30.0),
        ("sbp_mmhg", 150.0, 30.0),
        ("sbp_mmhg", 150.0, 300.0),
        ("pulse_per_min", 70.0, 0.0),
        ("pulse_per_min", 70.0, 300.0),
        ("temp_c", 37.0, 25.0),
        ("temp_c", 37.0, 45.0),
    ],
)
@given(others=complete_sets, near=st.floats(0, 1), far=st.floats(0, 1))
def test_getting_worse_never_lowers_the_score(
    field: str, healthy: float, worst: float, others: dict[str, Any], near: float, far: float
) -> None:
    """The farther a reading lies from health, the more points, whatever the other readings are."""
    near, far = sorted((near, far))
    nearer, farther = (
        score(VitalSet(**(others | {field: healthy + (worst - healthy) * way})), scale=Spo2Scale.ONE)
        for way in (near, far)
    )

    assert nearer.total <= farther.total
    assert BANDS.index(nearer.band) <= BANDS.index(farther.band)


@given(complete_sets)
def test_scale_2_differs_in_the_saturation_alone(readings: dict[str, Any]) -> None:
    """Six of the seven parts are the same on both scales."""
    one, two = (score(VitalSet(**readings), scale=scale) for scale in Spo2Scale)

    assert [p for p in one.parts if p.source_field != "spo2_pct"] == [
        p for p in two.parts if p.source_field != "spo2_pct"
    ]


@given(st.sampled_from(sorted(NORMAL)))
def test_a_normal_set_without_one_reading_stays_quiet_but_unknown(field: str) -> None:
    """Nothing fires, and nothing is called low either."""
    assessed = assess(normal(**{field: None}), scale=Spo2Scale.ONE, age_years=40, pregnant=False)

    assert not isinstance(assessed, News2)
    assert isinstance(assessed, PartialNews2)
    assert (assessed.fires, assessed.band_at_least, assessed.response) == (False, None, None)
