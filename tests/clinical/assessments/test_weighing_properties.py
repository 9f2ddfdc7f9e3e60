"""What holds for any answers that are weighed."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clinical.assessments.answering import answers_of
from wardlink.clinical.assessments.scales import SCALE_CODES, Scale, scales
from wardlink.clinical.assessments.weighing import weigh

SCALES = scales()
busy = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""On a machine that does other things as well."""


@busy
@given(st.data(), st.sampled_from(SCALE_CODES), st.none() | st.integers(0, 110))
def test_a_total_is_the_sum_of_what_was_answered(data: st.DataObject, code: str, years: int | None) -> None:
    """Never typed, never rounded: the points of the answers that count, part by part; and it has one level."""
    scale = SCALES[code]
    answers = data.draw(answers_of(scale))
    if years is not None:
        answers |= {item.code: item.at_age(years).code for item in scale.items if item.age_up_to}

    weighed = weigh(scale, answers, age_years=years)

    for part, total in weighed.totals.items():
        counted = [item.option(answers[item.code]) for item in weighed.asked if item.part == part]
        assert total == sum(option.points or 0 for option in counted if option is not None)
        band = scale.band_of(part, total)
        assert band is not None
        assert weighed.band is not None
        assert weighed.band.rank >= band.rank
    assert weighed.missing == ()


@busy
@given(st.data(), st.sampled_from([code for code in SCALE_CODES if code != "rass"]))
def test_one_worse_answer_never_looks_better(data: st.DataObject, code: str) -> None:
    """Points that say more need never lower the level."""
    scale = SCALES[code]
    falls = code in ("braden", "barthel", "gcs")
    answers = data.draw(answers_of(scale))
    item = data.draw(st.sampled_from([item for item in scale.items if item.part in scale.summed]))
    better, worse = sorted(
        data.draw(st.lists(st.sampled_from(_counted(scale, item.code)), min_size=2, max_size=2)), reverse=falls
    )

    before = weigh(scale, answers | {item.code: _with(scale, item.code, better)})
    after = weigh(scale, answers | {item.code: _with(scale, item.code, worse)})

    if before.band is not None and after.band is not None:
        assert before.band.rank <= after.band.rank


def _counted(scale: Scale, code: str) -> list[int]:
    item = scale.item(code)
    assert item is not None
    return [option.points for option in item.options if option.points is not None]


def _with(scale: Scale, code: str, points: int) -> str:
    item = scale.item(code)
    assert item is not None
    return next(option.code for option in item.options if option.points == points)


@busy
@given(st.data(), st.sampled_from(SCALE_CODES))
def test_weighing_what_was_kept_says_the_same(data: st.DataObject, code: str) -> None:
    """What is stored with an assessment is enough to weigh it again."""
    scale = SCALES[code]
    first = weigh(scale, data.draw(answers_of(scale)))

    again = weigh(scale, first.answers)

    assert (again.totals, again.band, again.answers) == (first.totals, first.band, first.answers)


@busy
@given(
    st.sampled_from(SCALE_CODES),
    st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=6),
    st.none() | st.integers(-1, 200),
)
def test_no_answers_can_break_it(code: str, answers: dict[str, str], years: int | None) -> None:
    """A record may hold what another version of this software wrote: it is weighed without a fall."""
    weighed = weigh(SCALES[code], answers, age_years=years)

    assert set(weighed.answers) <= {item.code for item in SCALES[code].items}


@busy
@given(st.data(), st.sampled_from(SCALE_CODES))
def test_a_missing_answer_is_never_taken_for_one(data: st.DataObject, code: str) -> None:
    """Without one answer of a part that part has no total, and the form says which is missing."""
    scale = SCALES[code]
    answers = data.draw(answers_of(scale))
    must = [item for item in weigh(scale, answers).asked if not item.ticked]
    left_out = data.draw(st.sampled_from(must))
    without = {name: answer for name, answer in answers.items() if name != left_out.code}

    weighed = weigh(scale, without)

    assert left_out.code in weighed.missing
    assert left_out.part not in weighed.totals
