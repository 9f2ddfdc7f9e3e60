"""What the form says about a set before it is saved: each rule of DOMAIN 1.2, the score, and its message."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cart.usecases.draft import Draft
from cart.usecases.examine import COUNTED, NOTE_LIMIT, REASON_LIMIT, Exam, examine, summary, to_message
from tests.cart.nurse import AT, sample
from wardlink.clinical.news2 import News2, NotApplicable, PartialNews2
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import ward_time
from wardlink.messages.encounters import EncounterView

FULL = {
    "temp_c": "36.8",
    "temp_method": "axillary",
    "pulse_per_min": "72",
    "rr_per_min": "16",
    "sbp_mmhg": "122",
    "dbp_mmhg": "78",
    "spo2_pct": "98",
    "o2_mode": "air",
    "acvpu": "A",
}
BODY = VitalSet(weight_kg=60.0, height_cm=170.0)


def stay(bed: str = "12", **changes: Any) -> EncounterView:
    """A stay of the sample ward."""
    return sample().replica.in_bed(bed).model_copy(update=changes)


def exam(
    draft: Draft | None = None, *, of: EncounterView | None = None, last: VitalSet | None = None, **texts: str
) -> Exam:
    """The exam of these texts, or of a draft."""
    return examine(draft or Draft(texts=texts), of or stay(), last, AT)


def codes(found: Exam) -> dict[str, list[str]]:
    """What stands in the way, by how bad it is."""
    said = {"hard": found.blocks, "ask": found.asks, "soft": found.unconfirmed}
    return {name: [finding.code for finding in findings] for name, findings in said.items() if findings}


def test_a_usual_set_may_be_saved_at_once() -> None:
    """Without a question."""
    found = exam(**FULL)

    assert codes(found) == {}
    assert found.may_save
    assert found.measured_at == AT


def test_nothing_is_not_saved() -> None:
    """Nor a note alone: it belongs to readings."""
    assert not exam().may_save
    assert not exam(Draft(note="restless")).may_save


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        # Rule 1: the systolic pressure is above the diastolic; the pulse pressure is 15 to 120.
        ({"sbp_mmhg": "120", "dbp_mmhg": "120"}, {"hard": ["pressure-inverted"]}),
        ({"sbp_mmhg": "90", "dbp_mmhg": "91"}, {"hard": ["pressure-inverted"]}),
        ({"sbp_mmhg": "104", "dbp_mmhg": "90"}, {"soft": ["pulse-pressure-narrow"]}),
        ({"sbp_mmhg": "105", "dbp_mmhg": "90"}, {}),
        ({"sbp_mmhg": "180", "dbp_mmhg": "60"}, {}),
        ({"sbp_mmhg": "181", "dbp_mmhg": "60"}, {"soft": ["pulse-pressure-wide"]}),
        # Rule 2: a pressure alone needs its reason.
        ({"sbp_mmhg": "90"}, {"ask": ["dbp-mmhg-reason-needed"]}),
        # Rule 4: pulse deficit.
        ({"hr_per_min": "81", "pulse_per_min": "72"}, {}),
        ({"hr_per_min": "82", "pulse_per_min": "72"}, {"ask": [COUNTED]}),
        ({"hr_per_min": "71", "pulse_per_min": "72"}, {"soft": ["heart-rate-below-pulse"]}),
        # Rule 5: the site of a temperature.
        ({"temp_c": "36.8"}, {"ask": ["temp-method-needed"]}),
        # Rule 6 and the limits of a temperature.
        ({"temp_c": "34.9", "temp_method": "axillary"}, {"soft": ["temp-c-unusual"]}),
        ({"temp_c": "35.0", "temp_method": "axillary"}, {}),
        ({"temp_c": "40.9", "temp_method": "axillary"}, {}),
        ({"temp_c": "41.0", "temp_method": "axillary"}, {"soft": ["temp-c-unusual"]}),
        ({"temp_c": "45.0", "temp_method": "axillary"}, {"soft": ["temp-c-unusual"]}),
        ({"temp_c": "45.1", "temp_method": "axillary"}, {"hard": ["temp-c-impossible"]}),
        ({"temp_c": "24.9", "temp_method": "axillary"}, {"hard": ["temp-c-impossible"]}),
        ({"temp_c": "36.85", "temp_method": "axillary"}, {"hard": ["temp-c-too-precise"]}),
        # Rule 8: an oximeter below 70.
        ({"spo2_pct": "69"}, {"soft": ["spo2-pct-unusual"]}),
        ({"spo2_pct": "101"}, {"hard": ["spo2-pct-impossible"]}),
        # Rule 9: no flow without oxygen.
        ({"o2_mode": "air", "o2_flow_l_per_min": "2"}, {"hard": ["oxygen-off-with-flow"]}),
        ({"o2_mode": "nasal", "o2_flow_l_per_min": "2"}, {}),
        ({"o2_mode": "air", "o2_flow_l_per_min": "0"}, {}),
        # Rule 10: weight by more than a tenth, height by more than 3 cm.
        ({"weight_kg": "66"}, {}),
        ({"weight_kg": "66.1"}, {"soft": ["weight-changed"]}),
        ({"height_cm": "173"}, {}),
        ({"height_cm": "173.5"}, {"soft": ["height-changed"]}),
        # Codes and grammar.
        ({"stool": "nonsense"}, {"hard": ["stool-unknown"]}),
    ],
)
def test_every_rule_speaks_at_its_bound(texts: dict[str, str], expected: dict[str, list[str]]) -> None:
    """One step either side, as the form holds it: typed text in, findings out."""
    assert codes(exam(last=BODY, **texts)) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("10:47", {}),
        ("10:48", {"hard": ["measured-in-future"]}),
        ("11-22 10:43", {}),
        ("11-22 10:41", {"ask": ["late-reason-needed"]}),
    ],
)
def test_the_time_of_measurement_is_neither_ahead_nor_a_day_behind(at: str, expected: dict[str, list[str]]) -> None:
    """Rule 7: five minutes ahead, 24 hours behind (it is 10:42:07)."""
    assert codes(exam(Draft(texts=FULL, at=at))) == expected


def test_a_reason_lets_a_late_entry_through() -> None:
    """Rule 7; the reason goes with the set, and blanks are none."""
    late = Draft(texts=FULL, at="11-21 08:00")
    assert not exam(replace(late, late_reason="  ")).may_save
    found = exam(replace(late, late_reason=" network was down "))

    assert found.may_save
    assert to_message(found).late_reason == "network was down"
    assert ward_time(found.measured_at).strftime("%m-%d %H:%M") == "11-21 08:00"


def test_after_the_discharge_nothing_is_measured() -> None:
    """Rule 7."""
    gone = stay(discharged_at=AT - timedelta(minutes=1), status="finished")

    assert codes(exam(Draft(texts=FULL), of=gone)) == {"hard": ["measured-after-discharge"]}
    assert exam(Draft(texts=FULL, at="10:30"), of=gone).may_save


def test_two_nurses_settle_a_pulse_deficit() -> None:
    """Rule 4; that they counted goes with the set."""
    draft = Draft(texts=FULL | {"hr_per_min": "110", "pulse_per_min": "80"}, counted=True)
    found = exam(draft)

    assert found.may_save
    assert to_message(found).confirmed == (COUNTED,)


@pytest.mark.parametrize(
    ("key", "reason", "may"),
    [
        ("temp_c", "refused", True),
        ("temp_c", "not-rising", True),
        ("weight_kg", "bedridden", True),
        ("temp_c", "bedridden", False),
        ("pulse_per_min", "not-rising", False),
        ("dbp_mmhg", "systolic-only", True),
        ("temp_c", "on holiday", False),
    ],
)
def test_a_reason_closes_a_reading_where_it_fits(key: str, reason: str, may: bool) -> None:
    """Rules 2 and 11: bedridden for the weight alone, palpation for the diastolic pressure alone."""
    texts = {"sbp_mmhg": "96"} if key == "dbp_mmhg" else {}
    found = exam(Draft(texts=texts, reasons={key: reason}, partial_reason="其余几分钟内补测"))

    assert found.may_save is may
    if may:
        message = to_message(found)
        assert message.not_measured == {key: reason}
        assert getattr(message.readings, key) is None


def test_a_confirmed_value_is_marked_in_the_message() -> None:
    """DOMAIN 1.1: accepted only after an explicit confirmation, which is kept."""
    draft = Draft(texts=FULL | {"pulse_per_min": "44"})
    asked = exam(draft)
    assert codes(asked) == {"soft": ["pulse-per-min-unusual"]}
    with pytest.raises(ValueError, match="open findings"):
        to_message(asked)
    found = exam(replace(draft, confirmed=frozenset(asked.unconfirmed)))

    assert to_message(found).confirmed == ("pulse-per-min-unusual",)


def test_the_first_trouble_is_the_gravest() -> None:
    """Unreadable before impossible before asked before doubtful: where F2 puts the cursor."""
    texts = {"temp_c": "41", "sbp_mmhg": "90", "dbp_mmhg": "95", "pain_nrs": "x"}

    assert exam(**texts).first_trouble == "pain_nrs"
    assert exam(**texts | {"pain_nrs": ""}).first_trouble in ("sbp_mmhg", "dbp_mmhg")
    assert exam(temp_c="41", temp_method="axillary").first_trouble == "temp_c"
    assert exam(**FULL).first_trouble is None


@pytest.mark.parametrize(("length", "may"), [(NOTE_LIMIT, True), (NOTE_LIMIT + 1, False)])
def test_a_note_has_an_end(length: int, may: bool) -> None:
    """It is said while it is typed, not by a refusal later."""
    assert exam(Draft(texts=FULL, note="字" * length)).may_save is may


@pytest.mark.parametrize(("length", "may"), [(REASON_LIMIT, True), (REASON_LIMIT + 1, False)])
def test_a_late_reason_has_an_end(length: int, may: bool) -> None:
    """As the note."""
    assert exam(Draft(texts=FULL, at="11-21 08:00", late_reason="字" * length)).may_save is may


@pytest.mark.parametrize(
    ("scale", "spo2", "mode", "total"),
    # DOMAIN 2.4, examples 6 to 9 and the bounds around them.
    [(2, "90", "nasal", 2), (1, "90", "nasal", 5), (2, "97", "nasal", 5), (2, "97", "air", 0), (2, "87", "air", 1)],
)
def test_both_scales_are_scored_before_saving(scale: int, spo2: str, mode: str, total: int) -> None:
    """By the scale that is ordered for the stay."""
    texts = FULL | {"spo2_pct": spo2, "o2_mode": mode}
    found = exam(Draft(texts=texts), of=stay(spo2_scale=scale))

    assert isinstance(found.assessment, News2)
    assert (found.assessment.total, found.assessment.scale.value) == (total, scale)


@pytest.mark.parametrize(
    "missing", ["temp_c", "pulse_per_min", "rr_per_min", "sbp_mmhg", "spo2_pct", "o2_mode", "acvpu"]
)
def test_an_incomplete_set_has_no_total(missing: str) -> None:
    """Whichever of the seven is missing (DOMAIN 2.2 rule 4); the message says so too."""
    texts = {key: text for key, text in FULL.items() if key != missing and (missing, key) != ("sbp_mmhg", "dbp_mmhg")}
    found = exam(**texts)

    assert isinstance(found.assessment, PartialNews2)
    assert found.is_sound
    assert not found.may_save
    told = to_message(exam(Draft(texts=texts, partial_reason="仅复测此项")))
    seen = told.seen
    assert told.partial_reason == "仅复测此项"
    assert seen is not None
    assert seen.total is None
    assert len(seen.missing) == 1


def test_a_reason_for_every_missing_reading_is_reason_enough() -> None:
    """And a reading that no score asks for is no round."""
    texts = {key: text for key, text in FULL.items() if key != "acvpu"}

    assert exam(Draft(texts=texts, reasons={"acvpu": "refused"})).may_save
    assert exam(weight_kg="62").may_save


def test_a_whole_set_keeps_no_reason_why_it_is_not() -> None:
    """It was completed after the question was answered."""
    assert to_message(exam(Draft(texts=FULL, partial_reason="仅复测此项"))).partial_reason is None


def test_a_partial_sum_of_five_asks_for_help_all_the_same() -> None:
    """Two red scores are known; the rest cannot make it better (DOMAIN 2.2 rule 4)."""
    found = exam(rr_per_min="25", spo2_pct="91")

    assert isinstance(found.assessment, PartialNews2)
    assert found.assessment.fires
    seen = summary(found.assessment)
    assert seen is not None
    assert (seen.partial, seen.band) == (6, "medium")


@pytest.mark.parametrize("changes", [{"pregnant": True}, {"birth_on": date(2011, 11, 24)}])
def test_there_is_no_score_where_it_does_not_hold(changes: dict[str, Any]) -> None:
    """Under 16 and in pregnancy (DOMAIN 2.2 rule 2); the set is saved without one."""
    found = exam(Draft(texts=FULL), of=stay(**changes))

    assert isinstance(found.assessment, NotApplicable)
    assert found.may_save
    assert to_message(found).seen is None
