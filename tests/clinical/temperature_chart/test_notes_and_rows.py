"""The band of notes and the bottom block."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.clinical.temperature_chart.stays import ADMITTED_AT, BY, at, facts, happened, measured, page, row
from wardlink.clinical.temperature_chart.facts import DayTotals, SkinTest
from wardlink.clinical.temperature_chart.layout import lay_out
from wardlink.clinical.temperature_chart.page import Page
from wardlink.i18n import speaking

DAY_1, DAY_2 = date(2026, 11, 23), date(2026, 11, 24)


def notes(drawn: Page) -> list[tuple[int, str]]:
    """Column and words of the band."""
    return [(note.column, note.text) for note in drawn.notes if note.y == 0]


def test_events_stand_in_their_columns() -> None:
    """With the time in words; an operation has none, nor an absence."""
    drawn = page(
        happened("surgery", 2, 9), happened("transfer-in", 3, 20, 30), happened("out", 4, 14), discharged_at=at(7, 10)
    )
    assert notes(drawn) == [
        (2, "入院于十时二十分"),
        (8, "手术"),
        (17, "转入于二十时三十分"),
        (21, "外出"),
        (38, "出院于十时"),
    ]
    assert {note.colour for note in drawn.notes} == {"red"}


def test_two_events_in_one_column() -> None:
    """The later one moves to the right, past what is taken; at the edge to the left. Nothing is written over."""
    drawn = page(
        happened("surgery", 1, 10, 40), happened("leave", 1, 14), happened("leave", 7, 22), discharged_at=at(7, 23)
    )
    assert notes(drawn) == [(2, "入院于十时二十分"), (3, "手术"), (4, "请假"), (40, "出院于二十三时"), (41, "请假")]


def test_a_reason_is_noted_once() -> None:
    """Twice refused in one column, and marked as an event too; and not where it was measured after all."""
    refused = {"temp_c": "refused"}
    drawn = page(
        measured(2, 10, not_measured=refused),
        measured(2, 10, 30, not_measured=refused),
        happened("refused", 2, 11),
        measured(3, 10, not_measured=refused),
        measured(3, 10, 20, temp_c=36.6),
    )
    assert notes(drawn)[1:] == [(8, "拒测")]


def test_a_death_is_no_discharge() -> None:
    """One note, not two."""
    drawn = page(happened("death", 3, 4, 7), discharged_at=at(3, 5))
    assert notes(drawn)[1:] == [(13, "死亡于四时七分")]


def test_in_english() -> None:
    """With the time in digits."""
    with speaking("en"):
        drawn = lay_out(facts(happened("surgery", 2, 9)), 1)
    assert notes(drawn) == [(2, "Admission 10:20"), (8, "Operation")]


def test_what_is_not_listed_is_not_written() -> None:
    """A switch; and another for the sign before the time."""
    by = replace(BY, notes_listed=("admission",), note_joiner="︱")
    assert notes(page(happened("surgery", 2, 9), by=by)) == [(2, "入院︱十时二十分")]


def test_breaths_alternate() -> None:
    """The first of a page stands high; a machine's breath is a sign."""
    drawn = page(
        measured(2, 6, rr_per_min=18.0),
        measured(2, 14, rr_per_min=20.0),
        measured(3, 6, rr_per_min=16.0, ventilated=True),
    )
    (breaths,) = [row for row in drawn.bottom if row.key == "rr"]
    assert [(c.x, c.text, c.half) for c in breaths.cells] == [
        (7, "18", "upper"),
        (9, "20", "lower"),
        (13, "®", "upper"),
    ]


def test_two_pressures_a_day() -> None:
    """The first of the morning and of the afternoon; more stay in the nursing record."""
    drawn = page(
        measured(2, 6, sbp_mmhg=120.0, dbp_mmhg=80.0),
        measured(2, 11, 59, sbp_mmhg=130.0, dbp_mmhg=85.0),
        measured(2, 12, sbp_mmhg=118.0, dbp_mmhg=76.0, leg=True),
        measured(3, 8, sbp_mmhg=90.0),
    )
    assert row(drawn, "bp") == [(6, "120/80"), (9, "118/76下"), (12, "90/—")]


def test_totals_stand_in_the_day_that_ended() -> None:
    """The day of admission says of how many hours it is."""
    totals = (
        DayTotals(DAY_1, intake_ml=900, urine_ml=600, hours=16),
        DayTotals(DAY_2, intake_ml=2100, urine_ml=1800, catheter=True, drains={"T管": 200, "胃管": 50}),
    )
    drawn = page(totals=totals)
    assert row(drawn, "intake") == [(0, "900(16h)"), (6, "2100")]
    assert row(drawn, "urine") == [(0, "600(16h)"), (6, "1800/C")]
    assert row(drawn, "output") == [(6, "T管 200"), (9, "胃管 50")]
    assert row(page(totals=(DayTotals(DAY_1, incontinent=True),)), "urine") == [(0, "※")]


def test_stools_weight_and_height() -> None:
    """Asked in the afternoon; who cannot stand is not weighed."""
    drawn = page(
        measured(1, 11, weight_kg=62.5, height_cm=168.0),
        measured(2, 14, stool="1 2/E"),
        measured(4, 8, not_measured={"weight_kg": "bedridden"}),
    )
    assert (row(drawn, "stool"), row(drawn, "weight"), row(drawn, "height")) == (
        [(6, "¹2/E")],
        [(0, "62.5"), (18, "卧床")],
        [(0, "168")],
    )
    before = page(measured(2, 14, stool="0"), by=replace(BY, stool_belongs_to="before"))
    assert row(before, "stool") == [(0, "0")]


def test_a_positive_skin_test_is_red() -> None:
    """A negative one is blue."""
    tests = (SkinTest(at(1, 12), "青霉素", "positive"), SkinTest(at(1, 13), "头孢", "negative"))
    (skin,) = [row for row in page(skin_tests=tests).bottom if row.key == "skin"]
    assert [(c.x, c.columns, c.text, c.colour) for c in skin.cells] == [
        (0, 3, "青霉素(+)", "red"),
        (3, 3, "头孢(−)", "blue"),
    ]


def test_a_stay_without_anything() -> None:
    """Its page has dates and the admission, and says that it is empty; other weeks are none."""
    drawn = page(as_of=ADMITTED_AT)
    assert (drawn.is_empty, drawn.weeks, notes(drawn)) == (True, 1, [(2, "入院于十时二十分")])
    assert page(as_of=at(8, 0), week=2).week == 2
