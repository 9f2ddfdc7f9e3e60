"""Meals that were ordered, when something about the patient or the clock changes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from server.meals.facts import card_of
from server.meals.menus import menu_of
from server.meals.round import MealRound
from server.money.charges import charge_by_hand
from server.money.deposits import deposit_in
from server.money.prices import E4, sample_prices
from server.projection import for_bed
from server.snapshot import render_snapshot
from tests.server.meals.table import TOMORROW, asks, laid, meal, meals, nothing_expected, ordered, says_doctor
from tests.server.orders.ward import do
from tests.server.wards import DESK, STAY_1, SmallWard, vitals
from wardlink.clinical.meals.menu_file import sample_menu
from wardlink.ids import new_id
from wardlink.messages.changes import decode_snapshot
from wardlink.messages.encounters import Discharge, Transfer, UpdateEncounter

SAMPLE = Path(__file__).parents[3] / "wardlink/clinical/meals/sample_menu.toml"


def says(ward: SmallWard, kind: str, body: Any) -> None:
    """What the desk says of the first stay."""
    ward.core.execute(kind, body, ward="w1", actor=DESK, encounter=STAY_1)


def low_salt(ward: SmallWard) -> None:
    says(ward, "encounter.update", UpdateEncounter(diet="low-salt"))


def egg(ward: SmallWard) -> None:
    says(ward, "encounter.update", UpdateEncounter(allergies=("鸡蛋",)))


def fasts(ward: SmallWard) -> None:
    says_doctor(ward, "diet", "禁食")


def leaves(ward: SmallWard) -> None:
    says(ward, "encounter.discharge", Discharge())


def tube(ward: SmallWard) -> None:
    says(ward, "encounter.update", UpdateEncounter(diet="管饲"))


CAUSES = [(low_salt, "M03"), (egg, "M04"), (fasts, "M02"), (leaves, "M07"), (tube, "M08")]


@pytest.mark.parametrize(("happens", "rule"), CAUSES, ids=[rule for _, rule in CAUSES])
def test_a_meal_that_may_not_come_any_more_is_cancelled_and_explained(ward: SmallWard, happens: Any, rule: str) -> None:
    """Once; with the rule that has done it, told to the ward and to the bed."""
    round_ = laid(ward)
    name = ordered(ward, "RD3")
    round_.look(STAY_1)

    happens(ward)
    said = round_.look(STAY_1)
    again = round_.look(STAY_1)

    found = meal(ward, name)
    assert (found.state, found.why[0].rule) == ("cancelled", rule)
    assert (said, again) == (2, 0)
    assert ward.changes("meal.changed")[-1]["body"]["why"][0]["rule"] == rule


def test_what_the_kitchen_has_is_cancelled_too(ward: SmallWard) -> None:
    """A fasting order in the afternoon stops the tray that is being filled."""
    round_ = laid(ward)
    name = ordered(ward, "RD3")
    ward.clock.advance(6 * 3600)
    round_.look(STAY_1)
    before = meal(ward, name).state
    do(ward, "meal.cook", {"meal": name}, by=DESK)

    fasts(ward)
    round_.look(STAY_1)

    assert (before, meal(ward, name).state) == ("locked", "cancelled")


def test_a_meal_that_still_fits_stays(ward: SmallWard) -> None:
    """Another bed, or an allergy to a drug, is no reason."""
    round_ = laid(ward)
    name = ordered(ward, "RD3")

    says(ward, "encounter.transfer", Transfer(ward="w1", bed="b4"))
    says(ward, "encounter.update", UpdateEncounter(allergies=("青霉素",)))
    round_.look(STAY_1)

    assert meal(ward, name).state == "placed"


def test_when_a_day_holds_too_much_its_later_meals_go(ward: SmallWard) -> None:
    """M09: two low-salt meals are fine together; what goes over the limit is the last one."""
    round_ = laid(ward)
    says(ward, "encounter.update", UpdateEncounter(diet="low-salt"))
    day = TOMORROW.isoformat()
    names = [
        ordered(ward, code, on=day, slot=slot)
        for code, slot in (("LB1", "breakfast"), ("LL1", "lunch"), ("LD1", "dinner"))
    ]

    salty = SAMPLE.read_text().replace("na_mg = 400", "na_mg = 1400")
    round_.file.menu = None
    path = ward_file(ward, salty)
    other = MealRound(ward.core, path, nothing_expected)
    other.tell_menu()
    other.look(STAY_1)

    assert [meal(ward, name).state for name in names] == ["placed", "placed", "cancelled"]
    assert meal(ward, names[2]).why[0].rule == "M09"


def ward_file(ward: SmallWard, text: str) -> Path:
    """A menu of the hospital's own."""
    path = Path(ward.menu_folder) / "menu.toml"  # type: ignore[attr-defined]
    path.write_text(text)
    return path


@pytest.fixture(autouse=True)
def _folder(ward: SmallWard, tmp_path: Path) -> None:
    ward.menu_folder = str(tmp_path)  # type: ignore[attr-defined]


def test_at_the_cut_off_the_kitchen_has_the_order(ward: SmallWard) -> None:
    """By the server's clock: at 15:30, not a second before."""
    round_ = laid(ward)
    name = ordered(ward, "RD3")
    round_.look(STAY_1)

    ward.clock.advance((5 * 60 + 30) * 60 - 1)
    before = round_.look(STAY_1)
    ward.clock.advance(1)
    at_it = round_.look(STAY_1)

    assert (before, at_it, meal(ward, name).state) == (0, 1, "locked")


def test_a_card_follows_the_record(ward: SmallWard) -> None:
    """What the terminal judges by is what the server judges by, also after the stay."""
    round_ = laid(ward)
    round_.look(STAY_1)
    says(ward, "encounter.update", UpdateEncounter(diet="低盐糖尿病饮食", allergies=("花生", "某种野菜")))
    round_.look(STAY_1)
    with ward.db.read() as conn:
        card = card_of(conn, STAY_1)
    leaves(ward)
    round_.look(STAY_1)
    with ward.db.read() as conn:
        after = card_of(conn, STAY_1)

    assert card is not None
    assert card.eater.diets == ("low-salt", "diabetic")
    assert (card.eater.allergens, card.eater.unmapped) == (("peanut",), ("某种野菜",))
    assert after is not None
    assert after.ended
    assert round_.look(STAY_1) == 0


def test_a_broken_menu_is_refused_and_the_one_before_holds(ward: SmallWard) -> None:
    """The line is named; a ward that has a menu keeps it, and hears of the file once it is whole."""
    path = ward_file(ward, SAMPLE.read_text())
    round_ = MealRound(ward.core, path, nothing_expected)
    first = (round_.tell_menu(), round_.tell_menu())

    path.write_text(SAMPLE.read_text().replace("fen = 1800", "fen = -1800", 1))
    broken = round_.tell_menu()
    fault = round_.file.fault
    with ward.db.read() as conn:
        held = menu_of(conn, "w1")
    path.write_text(SAMPLE.read_text().replace("fen = 1800", "fen = 18000", 1))
    mended = (round_.tell_menu(), round_.file.fault)

    assert (first, broken, mended) == ((2, 0), 0, (2, None))
    assert fault is not None
    assert "line" in str(fault)
    assert held == sample_menu()


def test_every_bed_of_the_ward_holds_the_menu_and_its_own_meals_only(ward: SmallWard) -> None:
    """In the snapshot and in what it hears."""
    laid(ward).look(STAY_1)
    ordered(ward, "RD3")

    with ward.db.read() as conn:
        here = decode_snapshot(render_snapshot(conn, "w1", ward.clock.now(), bed="b1")).records
        there = decode_snapshot(render_snapshot(conn, "w1", ward.clock.now(), bed="b2")).records
        cart = decode_snapshot(render_snapshot(conn, "w1", ward.clock.now())).records
    told = [row for row in ward.changes("menu.changed") if for_bed(row | {"body": ""}, "w1", "b3")]

    assert {"menu", "meal", "diet-card"} <= here.keys() == cart.keys() & here.keys()
    assert "menu" in there
    assert "meal" not in there
    assert len(told) == 1


def test_a_meal_of_the_past_is_left_alone(ward: SmallWard) -> None:
    """What was served yesterday is not cancelled by today's diet."""
    round_ = laid(ward)
    name = ordered(ward, "RD3")
    ward.clock.advance(timedelta(hours=20).total_seconds())
    round_.look(STAY_1)

    low_salt(ward)
    round_.look(STAY_1)

    assert meal(ward, name).state == "locked"
    assert len(meals(ward)) == 1
    assert ward.answer(asks(ward.terminal, "meal.cancel", meal=name)).outcome == "refused"


def costs(ward: SmallWard, quantity: int) -> None:
    """So many nights are charged."""
    item = sample_prices().item("bed-3")
    assert item is not None
    now = ward.clock.now()
    with ward.db.write() as conn:
        charge_by_hand(
            conn,
            encounter=STAY_1,
            item=item,
            quantity_e4=quantity * E4,
            at=now,
            now=now,
            key=new_id(),
            reason="r",
            actor="k1",
        )


def pays(ward: SmallWard, amount_fen: int) -> None:
    """A deposit in cash."""
    with ward.db.write() as conn:
        deposit_in(
            conn,
            encounter=STAY_1,
            amount_fen=amount_fen,
            channel="cash",
            key=new_id(),
            at=ward.clock.now(),
            actor="k1",
        )


def told(ward: SmallWard, kind: str) -> dict[str, Any]:
    """The last change of a kind as those hear it who listen."""
    row = ward.changes(kind)[-1]
    return row | {"body": orjson.dumps(row["body"]).decode()}


LOOKED_AT = [
    ("monitor", {}, False),
    ("monitor", {"rr_per_min": 26, "spo2_pct": 84}, False),
    ("cart", {"temp_c": 39.5}, False),
    ("cart", {"acvpu": "A"}, True),
    ("cart", {"glucose_mmol_per_l": 3.1}, True),
]


@pytest.mark.parametrize(("who", "readings", "is_looked_at"), LOOKED_AT)
def test_of_vital_signs_only_what_the_diet_asks_for_brings_a_look(
    ward: SmallWard, who: str, readings: dict[str, Any], is_looked_at: bool
) -> None:
    """A monitor's set is scored in part, and the score names what is missing: that says nothing of the patient."""
    round_, speaker = laid(ward), getattr(ward, who)
    ward.take(speaker.command("vitals.record", vitals(72, **readings), encounter=STAY_1, bed="01"))

    assert round_.concerns(told(ward, "vitals.recorded")) == is_looked_at


def test_a_struck_set_brings_a_look(ward: SmallWard) -> None:
    """What is told of it does not say which readings go; a nurse strikes seldom."""
    round_, found = laid(ward), ward.cart.vitals()
    ward.take(found, ward.cart.command("vitals.strike", {"vitals": found.id, "reason": "artefact"}))

    assert round_.concerns(told(ward, "vitals.struck"))


def is_in_arrears(ward: SmallWard) -> bool:
    """Whether the card of the first stay says so."""
    with ward.db.read() as conn:
        card = card_of(conn, STAY_1)
    assert card is not None
    return card.eater.arrears


@pytest.mark.parametrize(("expected_fen", "in_arrears"), [(0, True), (3_999, True), (4_000, False)])
def test_what_the_insurance_will_pay_is_not_asked_before_a_meal(
    ward: SmallWard, expected_fen: int, in_arrears: bool
) -> None:
    """To the fen: one night of 40 yuan and no deposit are arrears until all of it is expected from the insurance."""
    round_ = laid(ward, lambda _conn, stay: {STAY_1: expected_fen}[stay])
    costs(ward, 1)
    round_.look(STAY_1)
    answer = ward.answer(asks(ward.terminal, "meal.order", dishes=["RD3"]))

    assert is_in_arrears(ward) == in_arrears
    assert (answer.outcome == "refused") == in_arrears


def test_who_has_paid_may_order_at_once(ward: SmallWard) -> None:
    """The round notices the money within seconds."""
    round_ = laid(ward)
    costs(ward, 1)
    round_.look(STAY_1)
    before = is_in_arrears(ward)
    ward.clock.advance(1)
    pays(ward, 4_000)
    round_.note_paid()
    round_.look_at_noted()

    assert before
    assert not is_in_arrears(ward)
