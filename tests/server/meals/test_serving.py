"""From the kitchen to the bed, and what follows from it: the charge, and the case where two accounts do not fit."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from server.money.lines import LINE
from server.money.prices import sample_prices
from server.money.round import ChargeRound
from tests.server.desk import Desk
from tests.server.meals.table import TODAY, asks, laid, meal, nurse_says, ordered
from tests.server.orders.ward import do
from tests.server.wards import DESK, STAY_1, STAY_2, SmallWard
from wardlink.codes.kinds import TrayLabel
from wardlink.codes.reading import read_code
from wardlink.messages.base import Actor
from wardlink.messages.encounters import UpdateEncounter


def charged(ward: SmallWard) -> list[tuple[str, int]]:
    """The lines of meals in the books, after the charging round has looked."""
    ChargeRound(ward.core, sample_prices).look(STAY_1)
    with ward.db.read() as conn:
        query = select(LINE.c.item, LINE.c.amount_fen).where(LINE.c.source_kind == "meal")
        return [tuple(row) for row in conn.execute(query.order_by(LINE.c.turn, LINE.c.item))]


def delivered(ward: SmallWard, name: str) -> Any:
    """A nurse has scanned the tray at the bed."""
    return nurse_says(ward, "meal.deliver", meal=name, tray_code="tray", bed_code="bed")


def cooked(ward: SmallWard, *dishes: str) -> str:
    """A meal that is on its way."""
    laid(ward)
    name = ordered(ward, *dishes)
    ward.clock.advance(7 * 3600)
    for act in ("lock", "cook", "dispatch"):
        do(ward, f"meal.{act}", {"meal": name}, by=DESK)
    return name


def test_a_meal_comes_to_the_bed_and_is_charged_once(ward: SmallWard) -> None:
    """At the price of the order; a second look, and a second scan, charge nothing more."""
    name = cooked(ward, "RD3")
    before = charged(ward)

    delivered(ward, name)
    once = charged(ward)
    delivered(ward, name)
    nurse_says(ward, "meal.intake", meal=name, eaten_pct=75, fluid_ml=200)

    assert (before, once, charged(ward)) == ([], [("meal-RD3", 1800)], [("meal-RD3", 1800)])
    found = meal(ward, name)
    assert (found.state, found.eaten_pct, found.fluid_ml) == ("closed", 75, 200)


def test_a_delivery_by_mistake_is_taken_back_with_its_charge(ward: SmallWard) -> None:
    """The books keep both; brought again, it is charged again."""
    name = cooked(ward, "RD3")
    delivered(ward, name)
    charged(ward)

    nurse_says(ward, "meal.undo", meal=name, reason="wrong bed")
    taken_back = charged(ward)
    delivered(ward, name)

    assert taken_back == [("meal-RD3", 1800), ("meal-RD3", -1800)]
    assert charged(ward) == [("meal-RD3", 1800), ("meal-RD3", -1800), ("meal-RD3", 1800)]


@pytest.mark.parametrize(("medical", "expected"), [(True, []), (False, [("meal-RD3", 1800)])])
def test_a_tray_that_went_back_is_charged_unless_the_cause_is_medical(
    ward: SmallWard, medical: bool, expected: list[tuple[str, int]]
) -> None:
    """It was cooked; only a medical reason gives the money back."""
    name = cooked(ward, "RD3")

    nurse_says(ward, "meal.return", meal=name, reason="patient away", medical=medical)

    assert (meal(ward, name).state, charged(ward)) == ("returned", expected)


def test_a_tray_of_a_cancelled_meal_at_the_bed_opens_a_case(ward: SmallWard) -> None:
    """It is kept that it was there; it is not charged, and a person looks."""
    round_ = laid(ward)
    name = ordered(ward, "RD3")
    ward.core.execute("encounter.update", UpdateEncounter(diet="low-salt"), ward="w1", actor=DESK, encounter=STAY_1)
    round_.look(STAY_1)

    delivered(ward, name)

    assert [row.kind for row in ward.exceptions()] == ["meal-contradicts"]
    assert meal(ward, name).state == "cancelled"
    assert charged(ward) == []


def test_what_is_told_of_a_meal_nobody_knows_is_a_case(ward: SmallWard) -> None:
    """A tray of another system, or of a log that was lost."""
    delivered(ward, "00000000-0000-7000-8000-00000000dead")

    assert [row.kind for row in ward.exceptions()] == ["unknown-record"]


def test_a_set_of_dishes_is_charged_dish_by_dish(ward: SmallWard) -> None:
    """So that the bill says what was eaten."""
    ward.core.execute("encounter.update", UpdateEncounter(diet="diabetic"), ward="w1", actor=DESK, encounter=STAY_1)
    name = cooked(ward, "DD1", "DS1")

    delivered(ward, name)

    assert charged(ward) == [("meal-DD1", 2200), ("meal-DS1", 400)]


def test_the_kitchen_sees_what_to_cook_and_what_not_to_send(desk: Desk) -> None:
    """Counts of dishes, a tray a bed with its label, and a cancelled one with the reason; moved on once."""
    ward = desk.ward
    round_ = laid(ward)
    ordered(ward, "RD3")
    ward.take(asks(ward.terminal_2, "meal.order", Actor(kind="patient", id=STAY_2), STAY_2, dishes=["RD3"]))
    ward.core.execute("encounter.update", UpdateEncounter(diet="low-salt"), ward="w1", actor=DESK, encounter=STAY_2)
    round_.look(STAY_2)
    where = f"/wards/w1/kitchen/{TODAY.isoformat()}/dinner"

    shown = desk.get("n1", where).json()
    cooked = desk.post("n1", f"{where}/cook", {}).json()
    again = desk.post("n1", f"{where}/cook", {}).json()
    file = desk.get("n1", f"{where}.csv").text

    assert [(count["code"], count["portions"]) for count in shown["counts"]] == [("RD3", 1)]
    assert [(tray["bed"], tray["name"][1]) for tray in shown["trays"]] == [("b1", "*"), ("b2", "*")]
    assert read_code(shown["trays"][0]["code"]) == TrayLabel(shown["trays"][0]["meal"])
    assert "钠" in shown["trays"][1]["state"] or "sodium" in shown["trays"][1]["state"]
    assert (cooked, again) == ({"trays": 1}, {"trays": 0})
    assert len(file.splitlines()) == 4


def test_the_kitchen_is_of_the_own_ward_only(desk: Desk) -> None:
    """And not for everybody."""
    where = f"/wards/w1/kitchen/{TODAY.isoformat()}/dinner"

    assert [desk.get(who, where).status_code for who in ("x1", "p1", "c1")] == [403, 403, 403]
    assert desk.post("x1", f"{where}/cook", {}).status_code == 403
