"""What is typed into the form, as readings: pure, at every bound of what a text may be."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart.usecases.draft import (
    COUNTED_FIELDS,
    NOT_A_NUMBER,
    NOT_WHOLE,
    OTHERS,
    TOO_LONG,
    USUAL,
    Draft,
    measured_at,
    read,
)
from cart.usecases.examine import examine
from cart.usecases.words import FORM_LABELS
from tests.cart.nurse import AT, sample
from wardlink.clinical.items import ITEMS
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import WARD_ZONE, ward_time


def of(**texts: str) -> Draft:
    """A draft with these texts."""
    return Draft(texts=texts)


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("temp_c", "36.5", 36.5),
        ("temp_c", "36", 36.0),
        ("temp_c", ".5", 0.5),
        ("temp_c", "36.", 36.0),
        ("temp_c", " 36.5 ", 36.5),
        ("temp_c", "３６．５", 36.5),
        ("temp_c", "36。5", 36.5),
        ("pulse_per_min", "72", 72),
        ("pulse_per_min", "０７２", 72),
        ("pulse_per_min", "-1", -1),
        ("stool", "*", "※"),
        ("stool", "^", "☆"),
        ("stool", "1/E", "1/E"),
        ("temp_method", "oral", "oral"),
    ],
)
def test_a_text_is_read_as_a_person_means_it(key: str, typed: str, value: object) -> None:
    """Also with the full-width digits and stops of a Chinese keyboard."""
    found, unreadable = read(of(**{key: typed} | ({"temp_c": "36.5"} if key == "temp_method" else {})))

    assert unreadable == ()
    assert getattr(found, key) == value


@pytest.mark.parametrize(
    ("key", "typed", "message"),
    [
        ("temp_c", "abc", NOT_A_NUMBER),
        ("temp_c", "36,5", NOT_A_NUMBER),
        ("temp_c", "36.5.1", NOT_A_NUMBER),
        ("temp_c", "1e1", NOT_A_NUMBER),
        ("temp_c", "inf", NOT_A_NUMBER),
        ("temp_c", "nan", NOT_A_NUMBER),
        ("temp_c", "1_0", NOT_A_NUMBER),
        ("temp_c", "--3", NOT_A_NUMBER),
        ("temp_c", ".", NOT_A_NUMBER),
        ("temp_c", "三十六", NOT_A_NUMBER),
        ("pain_nrs", "3.5", NOT_WHOLE),
        ("pain_nrs", "x", NOT_WHOLE),
    ],
)
def test_what_is_no_number_is_named_and_never_guessed(key: str, typed: str, message: str) -> None:
    """The reading stays away, so that nothing is scored with it."""
    found, unreadable = read(of(**{key: typed}))

    assert getattr(found, key) is None
    assert [(u.key, u.message, u.typed) for u in unreadable] == [(key, message, typed)]


def test_a_text_that_is_too_long_is_said() -> None:
    """Also where it only becomes long by being made plain: one character may stand for eighteen."""
    for typed in ("1" * 21, "ﷺ" * 2):
        found, unreadable = read(of(stool=typed))
        assert found.stool is None
        assert [u.message for u in unreadable] == [TOO_LONG]
    assert read(of(stool="1" * 20))[1] == ()


@given(st.sampled_from([k for k in (*USUAL, *OTHERS) if k in ITEMS]), st.text(max_size=60))
def test_no_text_breaks_the_form(key: str, typed: str) -> None:
    """Whatever comes from a keyboard or a scanner."""
    draft = of(**{key: typed})
    found, unreadable = read(draft)

    assert isinstance(found, VitalSet)
    assert all(one.text() for one in unreadable)
    assert examine(draft, sample().replica.in_bed("12"), None, AT) is not None


@pytest.mark.parametrize("typed", ["lo", "LO", "<", "ＬＯ"])
def test_a_meter_that_shows_lo_gives_no_number(typed: str) -> None:
    """Stored as what it is (DOMAIN 1.1)."""
    found, _ = read(of(glucose_mmol_per_l=typed))

    assert (found.glucose_mmol_per_l, found.glucose_comparator) == (None, "<")


@pytest.mark.parametrize("typed", ["hi", "HI", ">"])
def test_a_meter_that_shows_hi_gives_no_number(typed: str) -> None:
    """Stored as what it is (DOMAIN 1.1)."""
    found, _ = read(of(glucose_mmol_per_l=typed))

    assert (found.glucose_mmol_per_l, found.glucose_comparator) == (None, ">")


@pytest.mark.parametrize(("mode", "on"), [("air", False), ("nasal", True), ("mask", True), ("hfnc", True), ("", None)])
def test_oxygen_follows_from_its_device(mode: str, on: bool | None) -> None:
    """And from nothing where none was picked."""
    assert read(of(o2_mode=mode))[0].o2_on is on


def test_a_site_without_a_temperature_is_nothing() -> None:
    """The site is filled in with the temperature; cleared, the site alone says nothing."""
    found, _ = read(of(temp_method="axillary"))

    assert found.readings() == {}


def test_a_value_takes_the_place_of_its_reason_and_the_other_way_round() -> None:
    """Never both."""
    draft = Draft().not_measured("temp_c", "refused")
    assert draft.reasons == {"temp_c": "refused"}
    draft = draft.typed("temp_c", "36.5")
    assert (draft.reasons, draft.texts["temp_c"]) == ({}, "36.5")
    draft = draft.not_measured("temp_c", "out")

    assert (draft.reasons, draft.texts["temp_c"]) == ({"temp_c": "out"}, "")


def test_a_changed_value_must_be_confirmed_anew() -> None:
    """Also where the finding would read the same: 200/190 and 100/90 are 10 mmHg apart both times."""
    stay = sample().replica.in_bed("12")
    draft = of(sbp_mmhg="130", dbp_mmhg="120")
    asked = examine(draft, stay, None, AT).unconfirmed
    assert [finding.code for finding in asked] == ["pulse-pressure-narrow"]
    confirmed = Draft(texts=draft.texts, confirmed=frozenset(asked))
    assert examine(confirmed, stay, None, AT).unconfirmed == ()
    changed = confirmed.typed("sbp_mmhg", "120").typed("dbp_mmhg", "110")

    assert [f.code for f in examine(changed, stay, None, AT).unconfirmed] == ["pulse-pressure-narrow"]
    assert examine(confirmed.typed("pulse_per_min", "72"), stay, None, AT).unconfirmed == ()


@pytest.mark.parametrize("key", COUNTED_FIELDS)
def test_counted_by_two_nurses_holds_for_those_counts_only(key: str) -> None:
    """Another value has not been counted."""
    draft = Draft(texts={"hr_per_min": "100", "pulse_per_min": "80"}, counted=True)

    assert draft.typed("rr_per_min", "16").counted
    assert not draft.typed(key, "90").counted


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "11-23 10:42"),
        ("09:05", "11-23 09:05"),
        ("9:05", "11-23 09:05"),
        ("0905", "11-23 09:05"),
        ("905", "11-23 09:05"),
        ("０９：０５", "11-23 09:05"),
        ("23:59", "11-23 23:59"),
        ("11-22 14:30", "11-22 14:30"),
        ("12-31 23:00", "12-31 23:00"),
    ],
)
def test_a_time_is_todays_unless_a_day_is_typed(typed: str, expected: str) -> None:
    """On the ward's clock; ahead of now is not corrected in silence."""
    found = measured_at(Draft(at=typed), AT)

    assert found is not None
    assert ward_time(found).strftime("%m-%d %H:%M") == expected


@pytest.mark.parametrize("typed", ["24:00", "12:60", "1", "12345", "noon", "02-30 10:00", "13-01 10:00", "1-1-1 10:00"])
def test_what_is_no_time_is_said(typed: str) -> None:
    """Never taken for now."""
    assert measured_at(Draft(at=typed), AT) is None


def test_last_years_december_is_meant_in_january() -> None:
    """Nobody enters what will be measured in eleven months."""
    january = datetime(2027, 1, 1, 9, 0, tzinfo=WARD_ZONE)
    found = measured_at(Draft(at="12-31 23:30"), january)

    assert found == january - timedelta(hours=9, minutes=30)


def test_every_field_has_a_short_name() -> None:
    """Of the form, and none besides is missing on either page."""
    assert all(key in FORM_LABELS for key in (*USUAL, *OTHERS))
    assert not set(USUAL) & set(OTHERS)
    unlisted = set(ITEMS) - set(USUAL) - set(OTHERS)
    assert unlisted == {"o2_on", "glucose_comparator"}


@pytest.mark.parametrize(
    "draft", [Draft(texts={"temp_c": "1"}), Draft(reasons={"temp_c": "out"}), Draft(at="1"), Draft(note="x")]
)
def test_a_draft_with_anything_in_it_is_worth_keeping(draft: Draft) -> None:
    """Whatever it is; emptied texts are not."""
    assert not draft.is_empty
    assert Draft(texts={"temp_c": ""}).is_empty
