"""A patient's own readings: plain sentences with a reference range, ages, and leads that are off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bedside.sample import SampleTerminal, sample_stay
from bedside.sample.readings import sample_set
from bedside.usecases.me import newest_texts, rows, team_texts
from bedside.usecases.vitals import GROUPS, PERIODS, MyVitals, picture, read, sentences, usual_of
from wardlink.clock import FixedClock
from wardlink.i18n import speaking

AT = datetime(2026, 11, 23, 2, 42, tzinfo=UTC)
BY_CODE = {group.code: group for group in GROUPS}


def mine(*sets: tuple[float, str, dict[str, Any], tuple[str, ...]], **stay: Any) -> MyVitals:
    """A patient with these sets: hours ago, source, readings, leads off."""
    terminal = SampleTerminal(FixedClock(AT))
    board = terminal.replica
    board.stay = sample_stay(AT, **stay)
    board.sets = [
        sample_set(board.stay, n, AT - timedelta(hours=hours), source, readings, lead_off=off)
        for n, (hours, source, readings, off) in enumerate(sets)
    ]
    return read(board, board.stay, AT)


def said(found: MyVitals, group: str, language: str = "zh_CN") -> list[str]:
    """What the page says of a group."""
    with speaking(language):
        return sentences(found.of(BY_CODE[group]), AT)


@pytest.mark.parametrize(
    ("temp_c", "expected"),
    [
        (35.9, "体温 35.9 °C，2 小时前测，低于参考范围 36.0–37.0。有疑问请问护士。"),
        (36.0, "体温 36.0 °C，2 小时前测，在参考范围 36.0–37.0 内。"),
        (37.0, "体温 37.0 °C，2 小时前测，在参考范围 36.0–37.0 内。"),
        (37.1, "体温 37.1 °C，2 小时前测，高于参考范围 36.0–37.0。有疑问请问护士。"),
    ],
)
def test_a_value_is_compared_with_its_range(temp_c: float, expected: str) -> None:
    """At each bound and one step beyond; no diagnosis, and whom to ask."""
    assert said(mine((2, "manual", {"temp_c": temp_c}, ())), "temp") == [expected]


def test_an_old_value_is_called_old_and_not_normal() -> None:
    """A temperature of two days ago says nothing about now."""
    assert said(mine((50, "manual", {"temp_c": 36.5}, ())), "temp") == ["体温 36.5 °C，2 天前测，这个数值较旧。"]


def test_a_lead_that_is_off_has_no_reading() -> None:
    """The last value is history, and the patient is told what to do."""
    found = mine((1, "monitor", {"spo2_pct": 97.0}, ()), (0.1, "monitor", {}, ("spo2_pct",)))

    assert said(found, "spo2") == ["血氧饱和度：导联脱落，现在没有读数。上次 97 %（1 小时前）。请呼叫护士。"]
    with speaking("zh_CN"):
        assert "血氧 导联脱落" in newest_texts(found, AT)


def test_a_lead_that_never_gave_a_value_shows_none() -> None:
    """Not a zero."""
    found = mine((0.1, "monitor", {}, ("spo2_pct",)))

    assert said(found, "spo2") == ["血氧饱和度：导联脱落，没有读数。请呼叫护士。"]


def test_nothing_measured_is_said() -> None:
    """An empty page explains itself."""
    assert said(mine(), "temp") == ["还没有测量记录。"]
    with speaking("en"):
        assert newest_texts(mine(), AT) == ("Nothing measured yet.",)


def test_a_patient_with_a_lower_target_is_not_frightened() -> None:
    """Who is kept at 88 to 92 % is within their range at 90."""
    found = mine((1, "manual", {"spo2_pct": 90.0}, ()), spo2_scale=2)

    assert said(found, "spo2") == ["血氧饱和度 90 %，1 小时前测，在参考范围 88–92 内。"]


def test_a_temperature_of_an_unknown_site_has_no_range() -> None:
    """Each site has its own."""
    assert usual_of("temp_c", sample_stay(AT), None) is None


def test_the_pressure_measured_last_is_shown_whole() -> None:
    """Cuff or artery, never one value of each."""
    found = mine(
        (3, "manual", {"sbp_mmhg": 120.0, "dbp_mmhg": 80.0}, ()),
        (0.1, "monitor", {"abp_sbp_mmhg": 131.0, "abp_dbp_mmhg": 71.0}, ()),
    )

    assert [one.key for one in found.of(BY_CODE["pressure"])] == ["abp_sbp_mmhg", "abp_dbp_mmhg"]
    assert len(picture(found, BY_CODE["pressure"], PERIODS[0][0], AT).series) == 2


def test_the_newest_pulse_counts_whoever_took_it() -> None:
    """A monitor's heart rate is newer than the round of the morning."""
    found = mine((3, "manual", {"pulse_per_min": 70.0}, ()), (0.01, "monitor", {"hr_per_min": 88.0}, ()))

    assert [one.text for one in found.of(BY_CODE["pulse"])] == ["88 /min"]


def test_every_curve_can_be_drawn_without_readings() -> None:
    """And shows the unit all the same."""
    found = mine()

    for group in GROUPS:
        shown = picture(found, group, PERIODS[0][0], AT)
        assert shown.unit
        assert all(not s.readings for s in shown.series)


def test_my_page_names_nobody_in_full() -> None:
    """Masked name, the end of the number; no diagnosis and no money."""
    with speaking("zh_CN"):
        found = {row.label: row.text for row in rows(sample_stay(AT), AT)}

    assert found["姓名"] == "王*英 女 67 岁"
    assert found["住院号"] == "尾号 6001"
    assert found["住院"] == "11月18日 周三 入院，第 6 天"
    assert found["过敏"] == "头孢类"
    assert found["医护人员"] == "责任护士：李静\n主管医生：周涛"


def test_no_recorded_allergy_is_not_taken_for_none() -> None:
    """Unknown is shown as unknown."""
    with speaking("zh_CN"):
        found = {row.label: row.text for row in rows(sample_stay(AT, allergies=()), AT)}

    assert found["过敏"] == "没有记录；如有过敏请告诉护士"


def test_unknown_carers_are_said_to_be_unknown() -> None:
    """Not an empty line."""
    with speaking("zh_CN"):
        assert team_texts(sample_stay(AT, nurse_name=None, doctor_name=None)) == ("还没有登记责任护士和主管医生。",)
