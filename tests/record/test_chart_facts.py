"""What a stay's record becomes on its temperature chart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from wardlink.clinical.temperature_chart.conventions import conventions
from wardlink.clinical.temperature_chart.facts import DayTotals, Event, Facts
from wardlink.clinical.temperature_chart.layout import lay_out
from wardlink.clock import WARD_ZONE
from wardlink.i18n import speaking
from wardlink.ids import new_id
from wardlink.messages.assessments import AssessmentView
from wardlink.messages.chart_events import ChartEventView
from wardlink.messages.encounters import EncounterView, PlaceLain
from wardlink.messages.fluids import FluidView
from wardlink.messages.observations import ObservationView
from wardlink.messages.orders import OrderedDrug
from wardlink.messages.skin_tests import SkinTestView
from wardlink.messages.vitals import VitalsRecorded
from wardlink.record.chart_facts import Told, facts_of
from wardlink.record.chart_totals import day_ended

BY = conventions()
NURSE = {"kind": "staff", "id": "n1"}
ADMITTED_AT = datetime(2026, 11, 23, 15, 0, tzinfo=WARD_ZONE)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WARD_ZONE)


def stay(**more: Any) -> EncounterView:
    """Somebody invented, admitted at three in the afternoon of the 23rd."""
    return EncounterView.model_validate(
        {
            "id": "00000000-0000-7000-8000-000000000001",
            "admission_no": "ZY0001",
            "mrn": "M0001",
            "name": "王秀英",
            "sex": "female",
            "birth_on": date(1959, 6, 26),
            "ward": "w3",
            "bed": "12",
            "status": "in-progress",
            "level": "level2",
            "diet": "regular",
            "admitted_at": ADMITTED_AT,
        }
        | more
    )


def found(when: datetime, *, source: str = "manual", struck: bool = False, reasons: Any = (), **r: Any) -> Any:
    """A set as everybody holds it."""
    marks = {"struck_at": when, "struck_by": NURSE, "struck_reason": "录错"} if struck else {}
    said = {
        "id": new_id(),
        "measured_at": when,
        "entered_at": when,
        "device": "c1",
        "actor": NURSE,
        "source": source,
        "readings": r,
        "not_measured": dict(reasons),
    }
    return VitalsRecorded.model_validate(said | marks)


def marked(when: datetime, what: str, *, struck: bool = False) -> ChartEventView:
    """An event that a nurse has marked."""
    marks = {"struck_at": when, "struck_by": NURSE, "struck_reason": "录错"} if struck else {}
    return ChartEventView.model_validate(
        {"id": new_id(), "what": what, "at": when, "entered_at": when, "by": NURSE} | marks
    )


def facts(*things: Any, of: EncounterView | None = None, as_of: datetime | None = None, **more: Any) -> Facts:
    """The facts, in Chinese."""
    told = Told(
        **{name: [thing for thing in things if isinstance(thing, kind)] for name, kind in _KINDS.items()}  # type: ignore[arg-type]
    )
    with speaking("zh_CN"):
        return facts_of(of or stay(), told, as_of=as_of or at(29, 20), ward_name="三病区", **more)


_KINDS = {
    "sets": VitalsRecorded,
    "events": ChartEventView,
    "assessments": AssessmentView,
    "fluids": FluidView,
    "observations": ObservationView,
    "skin_tests": SkinTestView,
}


def test_readings_stay_as_they_were_measured() -> None:
    """With the way of measuring, reasons and the machine that breathes."""
    (one,) = facts(
        found(at(24, 10), temp_c=38.2, temp_method="rectal", o2_mode="invasive", reasons={"rr_per_min": "out"})
    ).measurements
    assert (one.temp_c, one.temp_method, one.ventilated, one.not_measured) == (
        38.2,
        "rectal",
        True,
        {"rr_per_min": "out"},
    )


def test_what_was_entered_late_stands_where_it_was_measured() -> None:
    """The clock of the measurement counts, not that of the entry."""
    late = found(at(24, 10), temp_c=37.2).model_copy(update={"entered_at": at(26, 9), "late_reason": "抢救后补记"})
    (mark,) = lay_out(facts(late), 1).marks
    assert (mark.x, mark.value) == (8.5, 37.2)


def test_what_was_struck_out_is_not_drawn_but_counted() -> None:
    """A page says that it was revised."""
    known = facts(found(at(24, 10), temp_c=38.2, struck=True), found(at(24, 10, 5), temp_c=37.2))
    assert [one.temp_c for one in known.measurements] == [37.2]
    assert lay_out(known, 1).revised == (8,)
    assert lay_out(replace(known, as_of=at(30, 20)), 2).revised == ()


def test_a_monitor_is_taken_only_where_the_hospital_says_so() -> None:
    """Nobody has vouched for its values."""
    sets = (found(at(24, 10), source="monitor", hr_per_min=80.0),)
    assert facts(*sets).measurements == ()
    assert len(facts(*sets, by=replace(BY, takes_monitor=True)).measurements) == 1


def test_the_set_that_was_chosen_stands_in_its_column() -> None:
    """Though another one was taken nearer to the hour; not after the choice was struck out."""
    near, far = found(at(24, 10), temp_c=37.0), found(at(24, 11, 30), temp_c=38.6)
    choice = marked(at(24, 11, 30), "plotted").model_copy(update={"vitals": far.id})
    undone = choice.model_copy(update={"struck_at": at(24, 12)})

    drawn = [[mark.value for mark in lay_out(facts(near, far, *more), 1).marks] for more in ((), (choice,), (undone,))]

    assert drawn == [[37.0], [38.6], [37.0]]
    assert facts(near, far, choice).events == ()


def test_nothing_of_the_future_is_on_it() -> None:
    """A chart as of an instant shows what had been measured and marked by then."""
    known = facts(found(at(24, 10), temp_c=36.5), marked(at(25, 9), "surgery"), as_of=at(24, 9))
    assert (known.measurements, known.events) == ((), ())


def test_events_and_their_strikes() -> None:
    """Struck out, an event has not happened."""
    known = facts(marked(at(24, 9), "surgery"), marked(at(25, 9), "leave", struck=True))
    assert known.events == (Event(at(24, 9).astimezone(UTC), "surgery"),)


@pytest.mark.parametrize(("hour", "expected"), [(8, False), (9, True), (11, True), (12, False), (13, False)])
def test_between_two_marks_a_pacemaker_beats(hour: int, expected: bool) -> None:
    """From the first mark on, until the second."""
    known = facts(found(at(24, hour), pulse_per_min=70.0), marked(at(24, 9), "paced"), marked(at(24, 12), "paced-end"))
    assert (known.measurements[0].paced, known.events) == (expected, ())


MOVED = stay(
    places=[
        PlaceLain(ward="w1", ward_name="内科", bed="301-2", since=ADMITTED_AT),
        PlaceLain(ward="w1", ward_name="内科", bed="302-1", since=at(24, 9)),
        PlaceLain(ward="w2", ward_name="外科", bed="706-3", since=at(25, 20, 30)),
    ]
)


def test_the_ward_that_receives_writes_the_transfer() -> None:
    """Another bed of the same ward is none; the header shows each place with arrows."""
    known = facts(of=MOVED)
    with speaking("zh_CN"):
        page = lay_out(known, 1)
    assert [(note.column, note.text) for note in page.notes] == [(3, "入院于十五时"), (17, "转入于二十时三十分")]
    assert dict(page.header)["病区"] == "内科→外科"
    assert dict(page.header)["床号"] == "301-2→302-1→706-3"


def test_the_next_page_begins_where_the_patient_lies() -> None:
    """What was left before this week does not stand above it."""
    with speaking("zh_CN"):
        header = dict(lay_out(facts(of=MOVED, as_of=at(30, 20)), 2).header)
    assert (header["病区"], header["床号"]) == ("外科", "706-3")


def test_the_header_says_who_it_is() -> None:
    """Name, sex, age at admission, date, number, and allergies where there are any."""
    assert facts(of=stay(allergies=["青霉素"])).header == (
        ("姓名", "王秀英"),
        ("性别", "女"),
        ("年龄", "67 岁"),
        ("入院日期", "2026-11-23"),
        ("住院号", "ZY0001"),
        ("过敏", "青霉素"),
    )


@pytest.mark.parametrize(
    ("day", "hour", "minute", "ended"), [(24, 4, 59, 22), (24, 5, 0, 23), (24, 7, 0, 23), (25, 4, 59, 23)]
)
def test_a_sum_belongs_to_the_day_that_ended(day: int, hour: int, minute: int, ended: int) -> None:
    """From two hours before seven in the morning."""
    assert day_ended(at(day, hour, minute), BY) == date(2026, 11, ended)


def test_sums_say_of_how_many_hours_they_are() -> None:
    """Admitted at three in the afternoon: sixteen hours until seven. What is entered later replaces what it names."""
    known = facts(
        found(at(24, 7), intake_24h_ml=900.0, urine_24h_ml=500.0),
        found(at(24, 7, 30), urine_24h_ml=600.0),
        found(at(25, 7), intake_24h_ml=2100.0),
    )
    assert known.totals == (
        DayTotals(date(2026, 11, 23), 900, 600, hours=16),
        DayTotals(date(2026, 11, 24), 2100, hours=24),
    )


def entry(which: Any, when: datetime, **said: Any) -> Any:
    """A thing of the ward record."""
    own = {FluidView: "at", ObservationView: "measured_at"}[which]
    return which.model_validate({"id": new_id(), own: when, "entered_at": when, "by": NURSE} | said)


def test_what_was_added_up_comes_first() -> None:
    """A day with single entries needs no sum by hand; drains stand by their names."""
    known = facts(
        found(at(24, 7), intake_24h_ml=900.0),
        entry(FluidView, at(23, 18), direction="intake", kind="drink", volume_ml=400),
        entry(FluidView, at(24, 6), direction="output", kind="drain", volume_ml=50, site="T管"),
    )
    assert [(t.day.day, t.intake_ml, t.output_ml, t.drains, t.hours) for t in known.totals] == [
        (23, 400, 50, {"T管": 50}, 16)
    ]
    assert facts(known_since=None, flows_known_since=at(24, 0)).totals == ()


def test_single_measurements_stand_in_their_rows() -> None:
    """Weight or why there is none, height, girth, pain at rest; not what was struck out, and no glucose."""
    known = facts(
        entry(ObservationView, at(24, 8), what="weight", value=62.5),
        entry(ObservationView, at(25, 8), what="weight", not_measured="bedridden"),
        entry(ObservationView, at(24, 8), what="height", value=163),
        entry(ObservationView, at(24, 8), what="girth", value=88),
        entry(ObservationView, at(24, 10), what="pain", value=3),
        entry(ObservationView, at(24, 10), what="pain", value=7, moving=True),
        entry(ObservationView, at(24, 8), what="glucose", value=6.1),
        entry(ObservationView, at(26, 8), what="weight", value=1, struck_at=at(26, 9), struck_by=NURSE),
    )
    with speaking("zh_CN"):
        bottom = {row.key: [(cell.x, cell.text) for cell in row.cells] for row in lay_out(known, 1).bottom}
    assert (bottom["weight"], bottom["height"]) == ([(6, "62.5"), (12, "卧床")], [(6, "163")])
    assert (bottom["girth"], bottom["pain"]) == ([(6, "88")], [(8, "3")])


def test_stools_one_by_one_and_for_the_whole_day() -> None:
    """What a nurse has answered for the day stands before what was counted."""
    stool = [entry(FluidView, at(24, h), direction="output", kind="stool", times=1) for h in (9, 11)]
    counted = [m.stool for m in facts(*stool).measurements]
    answered = [m.stool for m in facts(*stool, found(at(24, 14), stool="3")).measurements]
    assert ("2" in counted, answered) == (True, ["3"])


def test_risks_of_falling_and_of_pressure_injuries() -> None:
    """The last of a day by its scale; what was struck out and other scales do not stand there."""

    def assessed(when: datetime, scale: str, total: int, **more: Any) -> AssessmentView:
        said = {"id": new_id(), "scale": scale, "version": "1", "answers": {}, "totals": {"total": total}}
        return AssessmentView.model_validate(said | {"assessed_at": when, "entered_at": when, "by": NURSE} | more)

    known = facts(
        assessed(at(24, 8), "morse", 25),
        assessed(at(24, 18), "morse", 45),
        assessed(at(24, 9), "braden", 14),
        assessed(at(25, 9), "barthel", 60),
        assessed(at(25, 9), "morse", 0, struck_at=at(25, 10), struck_by=NURSE),
    )
    (row,) = [row for row in lay_out(known, 1).bottom if row.key == "risk"]
    assert [(cell.x, cell.text) for cell in row.cells] == [(6, "Morse 45"), (9, "Braden 14")]


@pytest.mark.parametrize(
    ("result", "text", "colour"),
    [("positive", "青霉素(+)", "red"), ("negative", "青霉素(−)", "blue"), ("doubtful", "青霉素(±)", "black")],
)
def test_skin_tests(result: str, text: str, colour: str) -> None:
    """By the drug's name, with the sign of the result."""
    drug = {"drug": "x", "name_zh": "青霉素", "name_en": "Penicillin", "ingredient": "x", "strength": "80", "dose": 1}
    test = SkinTestView.model_construct(
        id=new_id(), items=(OrderedDrug.model_construct(**drug),), read_at=at(24, 10), result=result, struck_at=None
    )
    with speaking("zh_CN"):
        (row,) = [row for row in lay_out(facts(test), 1).bottom if row.key == "skin"]
    assert [(cell.text, cell.colour) for cell in row.cells] == [(text, colour)]


def test_the_morning_of_the_admission() -> None:
    """A sum that ended before the stay's first column stands in it, and is not lost."""
    early = stay(admitted_at=at(23, 4))
    assert facts(found(at(23, 7), urine_24h_ml=150.0), of=early).totals == (
        DayTotals(date(2026, 11, 23), None, 150, hours=3),
    )


def test_a_page_says_from_when_on_it_is_known() -> None:
    """Only a page that begins earlier; a cart keeps two weeks."""
    known = facts(known_since=at(25, 10), as_of=at(30, 20))
    assert (lay_out(known, 1).known_since, lay_out(known, 2).known_since) == (date(2026, 11, 25), None)
    assert timedelta(days=14) > at(25, 10) - ADMITTED_AT
