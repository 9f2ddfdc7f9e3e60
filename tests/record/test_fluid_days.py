"""Entries and doses become sums: each bag once, each day when it is over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.record.test_chart_facts import ADMITTED_AT, at, stay
from tests.record.test_orders_and_doses import OF_DOSE, said
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.doses import DoseView
from wardlink.messages.fluids import FluidView
from wardlink.record.doses import DOSE
from wardlink.record.fluid_days import chart_totals, flows_of, stools_by_day

NURSE = Actor(kind="staff", id="n1")


def fluid(when: Any, kind: str, volume_ml: float | None = None, **more: Any) -> FluidView:
    """An entry; what goes in is known by its kind."""
    direction = "intake" if kind in ("oral", "infusion") else "output"
    known: dict[str, Any] = {"direction": direction, "kind": kind, "volume_ml": volume_ml} | more
    return FluidView(id=new_id(), at=when, entered_at=when, by=NURSE, **known)


def bag(*entries: tuple[str, dict[str, Any]]) -> DoseView:
    """A dose after these entries, a minute apart."""
    view: DoseView | None = None
    for minute, (kind, body) in enumerate(entries):
        view = DOSE.fold(view, said(kind, OF_DOSE | body, minute=minute))
    assert view is not None
    return view


START = ("dose.start", {"volume_ml": 250, "rate_ml_per_h": 100})
END = ("dose.end", {"infused_ml": 180})


@pytest.mark.parametrize(
    ("entries", "volumes"),
    [
        ((START,), []),
        ((START, END), [180]),
        ((END,), [180]),
        ((START, END, ("dose.end", {"infused_ml": 250})), [180]),
        ((("dose.end", {"infused_ml": 20}), START, END), [180]),
    ],
    ids=["runs", "ended", "only the end", "ended twice", "ended too early"],
)
def test_a_bag_is_counted_once_by_what_went_in(entries: Any, volumes: list[float]) -> None:
    """When it has ended, by what the end says and not by what was ordered, however many carts ended it."""
    assert [flow.volume_ml for flow in flows_of([], [bag(*entries)])] == volumes


def test_an_end_that_was_struck_out_does_not_count() -> None:
    """Nor does an entry of ours."""
    dose = bag(START, END)
    strike = said("dose.strike", OF_DOSE | {"entry": dose.events[-1].command, "reason": "录错"}, minute=9)
    struck = fluid(at(24, 9), "oral", 200, struck_at=at(24, 10), struck_by=NURSE, struck_reason="录错")

    assert flows_of([struck], [DOSE.fold(dose, strike)]) == ()  # type: ignore[list-item]


@pytest.mark.parametrize(("entries", "volumes"), [((START, END), [180]), ((START,), [150])])
def test_an_entry_that_names_a_dose_is_not_added_to_it(entries: Any, volumes: list[float]) -> None:
    """It counts only while the dose itself says no volume."""
    dose = bag(*entries)
    written = fluid(at(24, 9), "infusion", 150, dose=dose.id)

    assert [flow.volume_ml for flow in flows_of([written], [dose])] == volumes


def test_a_day_stands_on_the_chart_when_it_is_over() -> None:
    """In the column of the day that began; the day of admission says how many hours it had."""
    flows = flows_of(
        [
            fluid(at(23, 16), "oral", 300),
            fluid(at(24, 6, 59), "urine", 500, manner="catheter"),
            fluid(at(24, 7), "drain", 60, site="左胸"),
            fluid(at(24, 8), "drain", 40, site="右胸"),
            fluid(at(24, 9), "urine", manner="incontinent"),
        ],
        [],
    )
    first = chart_totals(stay(), flows, as_of=at(24, 7))
    both = chart_totals(stay(), flows, as_of=at(25, 7))

    assert chart_totals(stay(), flows, as_of=at(24, 6, 59)) == ()
    assert [(t.day, t.intake_ml, t.urine_ml, t.output_ml, t.hours, t.catheter) for t in first] == [
        (date(2026, 11, 23), 300, 500, 500, 16, True)
    ]
    assert (both[1].intake_ml, both[1].urine_ml, both[1].output_ml) == (None, None, 100)
    assert (both[1].drains, both[1].incontinent, both[1].hours) == ({"左胸": 60, "右胸": 40}, True, 24)


def test_the_last_day_ends_with_the_stay() -> None:
    """Its hours are those of the stay."""
    flows = flows_of([fluid(at(24, 8), "oral", 200)], [])
    gone = stay(discharged_at=at(24, 11))

    assert [(t.day, t.hours) for t in chart_totals(gone, flows, as_of=at(24, 11))] == [(date(2026, 11, 24), 4)]


def test_a_day_that_is_known_in_part_is_left_out() -> None:
    """Half of it would be a wrong sum; the stay's first day is whole if the stay is."""
    flows = flows_of([fluid(at(23, 16), "oral", 300), fluid(at(24, 8), "oral", 200)], [])
    later = chart_totals(stay(), flows, as_of=at(25, 7), known_since=ADMITTED_AT + timedelta(minutes=1))

    assert [t.day for t in later] == [date(2026, 11, 24)]
    assert len(chart_totals(stay(), flows, as_of=at(25, 7), known_since=ADMITTED_AT)) == 2


def test_stools_of_the_day_on_which_they_would_be_asked() -> None:
    """From 14:00 to 14:00, once it is over."""
    flows = flows_of([fluid(at(24, 13, 59), "stool", times=1), fluid(at(24, 14), "stool", times=2)], [])

    assert stools_by_day(flows, as_of=at(24, 13, 59)) == {}
    assert stools_by_day(flows, as_of=at(24, 14)) == {date(2026, 11, 24): "1"}
    assert stools_by_day(flows, as_of=at(25, 14)) == {date(2026, 11, 24): "1", date(2026, 11, 25): "2"}
    assert stools_by_day(flows, as_of=at(25, 14), known_since=at(24, 12)) == {date(2026, 11, 25): "2"}
