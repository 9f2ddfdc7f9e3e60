"""Which days of a stay count, and what is charged for a dose."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.money.rules import days_of, of_days, of_dose, wanted
from tests.server.money.stays import at, facts
from wardlink.ids import new_id
from wardlink.messages.doses import DoseEvent, DoseView
from wardlink.messages.orders import OrderedDrug

NOW = at(28, 9)


@pytest.mark.parametrize(
    ("admitted_at", "discharged_at", "now", "days"),
    [
        (at(25, 10), None, at(25, 23, 59), []),
        (at(25, 10), None, at(26), [25]),
        (at(25, 23, 59), None, at(26), [25]),
        (at(25), None, at(28, 9), [25, 26, 27]),
        (at(25, 10), at(25, 18), at(25, 18), [25]),
        (at(25, 10), at(26, 0), at(26), [25]),
        (at(25, 10), at(27, 18), at(28), [25, 26]),
        (at(25, 10), at(27, 18), at(27, 18), [25, 26]),
    ],
)
def test_the_day_of_entry_counts_and_that_of_discharge_does_not(
    admitted_at: datetime, discharged_at: datetime | None, now: datetime, days: list[int]
) -> None:
    """A day is charged when it is over; who comes and goes on one day stays one (计入不计出)."""
    found = days_of(facts(admitted_at, discharged_at), now)

    assert found == [date(2026, 11, day) for day in days]


def test_a_day_has_a_bed_a_round_and_the_care_of_its_last_level_and_ward() -> None:
    """Moved to intensive care on the second day; special care from then on until noon of the third."""
    stay = facts(at(24, 10), moves=(("icu", at(25, 15)),), levels=(("special", at(25, 15)), ("level1", at(26, 12))))
    found = [(line.source_id[-2:], line.item, line.ward) for line in of_days(stay, at(27, 1))]

    assert found == [
        ("24", "bed-3", "w1"),
        ("24", "round-ward", "w1"),
        ("24", "nursing-2", "w1"),
        ("25", "bed-icu", "icu"),
        ("25", "round-ward", "icu"),
        ("25", "nursing-special", "icu"),
        ("26", "bed-icu", "icu"),
        ("26", "round-ward", "icu"),
        ("26", "nursing-1", "icu"),
    ]


@given(st.integers(0, 40 * 24), st.integers(0, 40 * 24), st.integers(0, 40 * 24))
def test_looking_later_only_adds_days(hours: int, more: int, stays_h: int) -> None:
    """Of a stay in progress no day is ever taken back, and none is charged before it is over."""
    stay = facts(at(1, 9))
    early, late = at(1, 9) + timedelta(hours=hours), at(1, 9) + timedelta(hours=hours + more)
    ended = facts(at(1, 9), at(1, 9) + timedelta(hours=stays_h))

    assert set(days_of(stay, early)) <= set(days_of(stay, late))
    assert len(days_of(ended, late)) == max(1, len(days_of(stay, at(1, 9) + timedelta(hours=stays_h))))


def test_nothing_is_charged_from_before_the_hospital_began() -> None:
    """It is in the books of the system before."""
    stay = facts(datetime(2025, 12, 30, 1, tzinfo=NOW.tzinfo))
    days = {line.source_id[-10:] for line in wanted(stay, [], datetime(2026, 1, 3, 1, tzinfo=NOW.tzinfo))}

    assert days == {"2026-01-01", "2026-01-02"}


def drug(code: str, dose: float, unit: str) -> OrderedDrug:
    """A drug of an order."""
    return OrderedDrug(drug=code, dose=dose, unit=unit, name_zh="药", name_en="drug", ingredient="x", strength="1")


def event(act: str = "give", **said: Any) -> DoseEvent:
    """An entry about a dose."""
    by = {"kind": "staff", "id": "n1"}
    return DoseEvent.model_validate(
        {"command": new_id(), "act": act, "at": at(27, 9), "entered_at": at(27, 9), "device": "c1", "by": by} | said
    )


def dose(*events: DoseEvent, items: tuple[OrderedDrug, ...] = (drug("aspirin-100mg", 1, "片"),)) -> DoseView:
    """A dose with these entries."""
    return DoseView(id=new_id(), order=new_id(), state="done", items=items, events=events)


def charged(view: DoseView) -> list[tuple[str, list[tuple[Decimal, str]]]]:
    """What is charged for a dose without an order."""
    return [(line.item, list(line.parts)) for line in of_dose(facts(at(25)), view, None)]


def test_only_the_entry_that_counts_is_charged() -> None:
    """Not what was struck out, not a second entry about the same dose, not a patrol or what was withheld."""
    struck = {"struck_at": at(27, 10), "struck_by": {"kind": "staff", "id": "n1"}, "struck_reason": "wrong bed"}
    for view in (
        dose(event(**struck)),
        dose(event(counted=False)),
        dose(event("hold")),
        dose(event("patrol"), event("end", infused_ml=10)),
    ):
        assert charged(view) == []

    assert len(charged(dose(event("start"), event(counted=False), event(**struck)))) == 1


def test_part_of_a_dose_is_part_of_its_drugs() -> None:
    """Half of two tablets; a drug that stands twice in one bag is one line."""
    half = dose(event(amount_pct=50.0), items=(drug("aspirin-100mg", 2, "片"),))
    bag = dose(event("start"), items=(drug("kcl-10pct", 1, "g"), drug("kcl-10pct", 1, "支")))

    assert charged(half) == [("aspirin-100mg", [(Decimal(1), "片")])]
    assert charged(bag) == [("kcl-10pct", [(Decimal(1), "g"), (Decimal(1), "支")])]


def test_what_a_wrong_clock_puts_ahead_waits() -> None:
    """Until the ward's clock has come there."""
    view = dose(event())

    assert [line.item for line in wanted(facts(at(27, 1)), [(view, None)], at(27, 8, 59))] == []
    assert [line.item for line in wanted(facts(at(27, 1)), [(view, None)], at(27, 9))] == ["aspirin-100mg"]
