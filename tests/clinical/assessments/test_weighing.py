"""Answers weighed: the examples of the domain sheet, every bound, and what holds for any answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.clinical.assessments.answering import in_order
from wardlink.clinical.assessments.scales import TOTAL, read_scale, scales
from wardlink.clinical.assessments.weighing import Weighed, weigh
from wardlink.clinical.findings import Severity
from wardlink.i18n import LANGUAGES, speaking

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SCALES = scales()


def said(scale: str, *points: int, age_years: int | None = None) -> Weighed:
    """The answers with these points, weighed."""
    return weigh(SCALES[scale], in_order(SCALES[scale], *points), age_years=age_years)


def level(weighed: Weighed) -> str | None:
    """The code of its level."""
    return None if weighed.band is None else weighed.band.code


def codes(weighed: Weighed) -> list[str]:
    """What is wrong with it."""
    return [finding.code for finding in weighed.findings]


@pytest.mark.parametrize(
    ("scale", "points", "total", "band", "hours"),
    [
        ("morse", (25, 15, 15, 20, 10, 0), 85, "high", 24),
        ("morse", (0, 0, 0, 0, 0, 0), 0, "low", 168),
        ("morse", (25, 15, 30, 20, 20, 15), 125, "high", 24),
        ("morse", (0, 0, 15, 0, 10, 0), 25, "moderate", 72),
        ("morse", (0, 15, 0, 20, 10, 0), 45, "moderate", 72),
        ("morse", (0, 15, 0, 0, 0, 0), 15, "low", 168),
        ("morse", (0, 0, 0, 20, 0, 0), 20, "low", 168),
        ("morse", (25, 0, 0, 0, 10, 15), 50, "high", 24),
        ("braden", (3, 3, 2, 3, 3, 2), 16, "mild", 168),
        ("braden", (4, 4, 4, 4, 4, 3), 23, "none", 168),
        ("braden", (1, 1, 1, 1, 1, 1), 6, "very-high", 24),
        ("braden", (3, 3, 3, 3, 3, 3), 18, "mild", 168),
        ("braden", (4, 3, 3, 3, 3, 3), 19, "none", 168),
        ("braden", (3, 3, 3, 3, 2, 1), 15, "mild", 168),
        ("braden", (3, 3, 3, 2, 2, 1), 14, "moderate", 72),
        ("braden", (2, 2, 2, 2, 2, 2), 12, "high", 24),
        ("braden", (2, 2, 2, 2, 1, 1), 10, "high", 24),
        ("braden", (2, 2, 2, 1, 1, 1), 9, "very-high", 24),
        ("barthel", (10, 0, 5, 5, 10, 0, 5, 10, 10, 0), 55, "moderate", 168),
        ("barthel", (10, 5, 5, 10, 10, 10, 10, 15, 15, 10), 100, "none", 168),
        ("barthel", (0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0, "severe", 168),
        ("swallow", (1,), 1, "normal", None),
        ("swallow", (2,), 2, "doubtful", None),
        ("swallow", (3,), 3, "disorder", None),
        ("swallow", (4,), 4, "disorder", None),
        ("swallow", (5,), 5, "severe", None),
        ("frail", (0, 0, 0, 0, 0), 0, "robust", None),
        ("frail", (1, 0, 0, 0, 0), 1, "pre-frail", None),
        ("frail", (1, 1, 0, 0, 0), 2, "pre-frail", None),
        ("frail", (1, 1, 0, 0, 1), 3, "frail", None),
        ("flacc", (1, 1, 1, 0, 1), 4, "moderate", None),
        ("flacc", (2, 2, 2, 1, 0), 7, "severe", None),
        ("gcs", (4, 5, 6), 15, "mild", None),
        ("gcs", (2, 2, 4), 8, "severe", None),
    ],
)
def test_examples_of_the_domain_sheet(
    scale: str, points: tuple[int, ...], total: int, band: str, hours: int | None
) -> None:
    """Total, level and next date of hand-computed forms."""
    weighed = said(scale, *points)

    assert weighed.total == total
    assert level(weighed) == band
    assert weighed.next_at(AT) == (None if hours is None else AT + timedelta(hours=hours))
    assert weighed.findings == ()


CAPRINI = {"operation": "laparoscopic", "malignancy": "yes", "central-line": "yes"}


def test_the_caprini_example() -> None:
    """68 years 2, cancer 2, laparoscopic 2, central line 2: eight, the highest risk."""
    weighed = weigh(SCALES["caprini"], CAPRINI, age_years=68)

    assert (weighed.total, level(weighed)) == (8, "highest")
    assert weighed.answers == CAPRINI | {"age": "2"}


@pytest.mark.parametrize(("years", "points"), [(0, 0), (40, 0), (41, 1), (60, 1), (61, 2), (74, 2), (75, 3), (104, 3)])
def test_age_counts_once_for_caprini(years: int, points: int) -> None:
    """Each bound of the age bands and one step either side."""
    assert weigh(SCALES["caprini"], {"operation": "none"}, age_years=years).total == points


@pytest.mark.parametrize("scale", ["padua", "nrs2002"])
@pytest.mark.parametrize(("years", "points"), [(69, 0), (70, 1), (71, 1)])
def test_from_70_on_age_counts_a_point(scale: str, years: int, points: int) -> None:
    """In Padua and in NRS 2002 alike."""
    answers = {"low-bmi": "yes", "lost-weight": "no", "eats-less": "no", "severely-ill": "no"}
    known = answers | {"nutrition": "0", "disease": "0"} if scale == "nrs2002" else {}

    assert weigh(SCALES[scale], known, age_years=years).total == points


@pytest.mark.parametrize(
    ("ticks", "years", "total", "band"),
    [
        ((), 50, 0, "low"),
        (("cancer",), 50, 3, "low"),
        (("cancer",), 70, 4, "high"),
        (("mobility", "bmi"), 50, 4, "high"),
        (
            (
                "cancer",
                "own-vte",
                "mobility",
                "thrombophilia",
                "trauma",
                "failure",
                "infarction",
                "infection",
                "bmi",
                "hormones",
            ),
            80,
            20,
            "high",
        ),
    ],
)
def test_padua_is_high_from_4_on(ticks: tuple[str, ...], years: int, total: int, band: str) -> None:
    """What is not ticked does not apply."""
    weighed = weigh(SCALES["padua"], dict.fromkeys(ticks, "yes"), age_years=years)

    assert (weighed.total, level(weighed)) == (total, band)


def screening(**answers: str) -> dict[str, str]:
    """The first screening of NRS 2002, all no but what is said."""
    none = {"low-bmi": "no", "lost-weight": "no", "eats-less": "no", "severely-ill": "no"}
    return none | {name.replace("_", "-"): answer for name, answer in answers.items()}


def test_the_nutrition_example() -> None:
    """Intake 40 % (2), stroke (2), 74 years (1): five, at risk."""
    weighed = weigh(SCALES["nrs2002"], screening(eats_less="yes") | {"nutrition": "2", "disease": "2"}, age_years=74)

    assert (weighed.total, level(weighed)) == (5, "risk")


@pytest.mark.parametrize(
    ("nutrition", "disease", "years", "band"),
    [("1", "1", 50, "none"), ("1", "1", 70, "risk"), ("2", "1", 50, "risk"), ("0", "0", 80, "none")],
)
def test_nutrition_is_at_risk_from_3_on(nutrition: str, disease: str, years: int, band: str) -> None:
    """Two is screened again, three gets a plan."""
    answers = screening(low_bmi="yes") | {"nutrition": nutrition, "disease": disease}

    assert level(weigh(SCALES["nrs2002"], answers, age_years=years)) == band


def test_a_passed_first_screening_asks_no_more() -> None:
    """All four no: no total is made, also not of the age, and the patient is screened again in a week."""
    weighed = weigh(SCALES["nrs2002"], screening(), age_years=84)

    assert (weighed.total, level(weighed)) == (None, "passed")
    assert weighed.may_be_saved
    assert weighed.next_at(AT) == AT + timedelta(days=7)


@pytest.mark.parametrize("gate", ["low_bmi", "lost_weight", "eats_less", "severely_ill"])
def test_any_yes_opens_the_whole_screening(gate: str) -> None:
    """One yes is enough, and then every item must be answered."""
    weighed = weigh(SCALES["nrs2002"], screening(**{gate: "yes"}), age_years=50)

    assert weighed.missing == ("nutrition", "disease")
    assert not weighed.may_be_saved


def test_an_unfinished_first_screening_is_not_passed() -> None:
    """Three times no and one question without an answer means nothing yet."""
    answers = screening()
    del answers["severely-ill"]

    weighed = weigh(SCALES["nrs2002"], answers, age_years=50)

    assert level(weighed) is None
    assert codes(weighed) == ["missing:severely-ill"]


def psych(dt: int, phq9: int = 0, gad7: int = 0, *, last: int = 0) -> dict[str, str]:
    """Answers with these sums; `last` is the ninth question of PHQ-9."""

    def spread(part: str, count: int, total: int) -> dict[str, str]:
        full, rest = divmod(total, 3)
        return {f"{part}-{n}": "3" if n <= full else str(rest) if n == full + 1 else "0" for n in range(1, count + 1)}

    answers = {"self-harm": "no", "dt": str(dt)} | spread("phq9", 9, phq9) | spread("gad7", 7, gad7)
    return answers | ({"phq9-9": str(last)} if last else {})


@pytest.mark.parametrize(
    ("answers", "band"),
    [
        (psych(0), "stable"), (psych(3), "stable"), (psych(4), "mild"), (psych(5), "mild"), (psych(6), "moderate"),
        (psych(7), "moderate"), (psych(8), "severe"), (psych(10), "severe"),
        (psych(4, 9), "mild"), (psych(4, 10), "moderate"), (psych(4, 14), "moderate"), (psych(4, 15), "severe"),
        (psych(4, 0, 9), "mild"), (psych(4, 0, 10), "moderate"), (psych(4, 0, 14), "moderate"),
        (psych(4, 0, 15), "severe"),
        (psych(6, 4, 4), "moderate"),
        (psych(4, last=1), "emergency"), (psych(4, last=3), "emergency"),
        (psych(0) | {"self-harm": "yes"}, "emergency"),
    ],
)  # fmt: skip
def test_the_worst_of_three_grades_the_care(answers: dict[str, str], band: str) -> None:
    """Distress, PHQ-9 and GAD-7 at each bound; thoughts of self-harm stand above all totals."""
    assert level(weigh(SCALES["psych"], answers)) == band


def test_little_distress_asks_no_more() -> None:
    """Below 4 the two questionnaires are not asked; answers that were left there do not count."""
    weighed = weigh(SCALES["psych"], psych(3, 20, 20, last=3))

    assert level(weighed) == "stable"
    assert set(weighed.answers) == {"self-harm", "dt"}


def test_an_emergency_does_not_wait_for_the_last_question() -> None:
    """It stands at once and may be saved with questions left open, after a confirmation."""
    weighed = weigh(SCALES["psych"], {"self-harm": "no", "dt": "6", "phq9-9": "1"})

    assert level(weighed) == "emergency"
    assert codes(weighed) == ["unfinished"]
    assert weighed.may_be_saved


@pytest.mark.parametrize(
    ("step", "band", "hours"),
    [
        (4, "agitated", 1),
        (2, "agitated", 1),
        (1, "restless", 4),
        (0, "calm", None),
        (-1, "light", 4),
        (-2, "light", 4),
        (-3, "moderate", 2),
        (-4, "deep", 1),
        (-5, "deep", 1),
    ],
)
def test_sedation_has_a_level_for_each_step(step: int, band: str, hours: int | None) -> None:
    """Two answers make a step of RASS; what was answered on the other side before counts for nothing."""
    side = "calm" if step == 0 else "agitated" if step > 0 else "sedated"
    before = {"agitated": "4", "sedated": "-5", "state": side}
    weighed = weigh(SCALES["rass"], before if step == 0 else before | {side: str(step)})

    assert (weighed.total, level(weighed), weighed.findings) == (step, band, ())
    assert weighed.next_at(AT) == (None if hours is None else AT + timedelta(hours=hours))


CAM = ("deep", "change", "attention", "level", "thinking")


@pytest.mark.parametrize(
    ("said", "band"),
    [
        (("no", "no", "yes", "yes", "yes"), "negative"),
        (("no", "yes", "no", "yes", "yes"), "negative"),
        (("no", "yes", "yes", "no", "no"), "negative"),
        (("no", "yes", "yes", "no", "yes"), "positive"),
        (("no", "yes", "yes", "yes", "no"), "positive"),
        (("yes", "yes", "yes", "yes", "yes"), "unable"),
    ],
)
def test_delirium_is_the_first_two_features_and_one_of_the_others(said: tuple[str, ...], band: str) -> None:
    """The questions end where the answer is certain, and whatever stood behind them counts for nothing."""
    weighed = weigh(SCALES["camicu"], dict(zip(CAM, said, strict=True)))

    assert (level(weighed), weighed.missing, weighed.findings) == (band, (), ())


def test_what_a_closed_question_would_open_stays_closed() -> None:
    """An answer that was given before the chain was closed at its first question opens nothing behind it."""
    camicu, tubes = SCALES["camicu"], SCALES["tubes"]

    asked = [item.code for item in weigh(camicu, {"deep": "no", "change": "no", "attention": "yes"}).asked]
    without_tube = weigh(tubes, {"has": "no", "high": "3", "mind": "3", "pain": "3", "age": "old"}, age_years=80)

    assert asked == ["deep", "change"]
    assert (without_tube.answers, without_tube.total, level(without_tube)) == ({"has": "no"}, 0, "first")


TUBES = ("has", "high", "medium", "low", "mind", "mood", "moving", "pain", "talk")


@pytest.mark.parametrize(
    ("said", "years", "total", "band", "hours"),
    [
        (("yes", "0", "0", "1", "0", "2", "2", "1", "1"), 50, 7, "first", 168),
        (("yes", "0", "0", "2", "0", "2", "2", "1", "1"), 50, 8, "second", 84),
        (("yes", "0", "0", "1", "0", "2", "2", "1", "1"), 70, 9, "second", 84),
        (("yes", "1", "1", "1", "0", "2", "2", "1", "1"), 69, 12, "second", 84),
        (("yes", "1", "1", "2", "0", "2", "2", "1", "1"), 8, 13, "third", 24),
        (("yes", "3", "3", "3", "3", "3", "3", "3", "3"), 7, 35, "third", 24),
    ],
)
def test_tubes_are_added_up(said: tuple[str, ...], years: int, total: int, band: str, hours: int) -> None:
    """A second tube of a class counts like the first; both ends of age count, and each bound stands on its side."""
    weighed = weigh(SCALES["tubes"], dict(zip(TUBES, said, strict=True)), age_years=years)

    assert (weighed.total, level(weighed), weighed.findings) == (total, band, ())
    assert weighed.next_at(AT) == AT + timedelta(hours=hours)


def test_an_intubated_patient_has_no_coma_total() -> None:
    """T has no points: the form is whole, and no number is made up."""
    weighed = weigh(SCALES["gcs"], {"eye": "3", "verbal": "T", "motor": "5"})

    assert (weighed.total, weighed.band, weighed.missing, weighed.findings) == (None, None, (), ())


def test_wrong_answers_are_named_in_words() -> None:
    """An item that is not there, an answer that is none, an age that is another one: each has its sentence."""
    answers = {"history": "7", "ghost": "1"}

    found = weigh(SCALES["morse"], answers).findings
    aged = weigh(SCALES["caprini"], CAPRINI | {"age": "0"}, age_years=68).findings

    assert {"wrong-answer:history", "unknown-item:ghost", "missing:mind"} < {finding.code for finding in found}
    assert [finding.code for finding in aged] == ["wrong-age:age"]
    assert all(finding.severity is Severity.HARD for finding in (*found, *aged))
    for language in LANGUAGES:
        with speaking(language):
            assert all("{" not in finding.text() for finding in (*found, *aged))


@pytest.mark.parametrize(("years", "doubt"), [(0, []), (7, []), (8, ["age-range"])])
def test_a_scale_for_children_asks_before_it_is_used_on_others(years: int, doubt: list[str]) -> None:
    """It can be confirmed: a child of eight may be unable to tell."""
    weighed = weigh(SCALES["flacc"], in_order(SCALES["flacc"], 0, 0, 0, 0, 0), age_years=years)

    assert codes(weighed) == doubt
    assert weighed.may_be_saved


def test_the_other_table_of_levels_changes_the_level_and_not_the_total() -> None:
    """A form of 45 points under both usages."""
    answers = in_order(SCALES["morse"], 0, 15, 0, 20, 10, 0)

    found = [weigh(read_scale("morse", cut), answers) for cut in ("over-45", "from-45")]

    assert [(one.totals[TOTAL], level(one)) for one in found] == [(45, "moderate"), (45, "high")]
