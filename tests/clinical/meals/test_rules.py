"""M01 to M17: each rule at its bound and one step to either side (ward domain sheet 6.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from wardlink.clinical.meals.diets import day_limits, diets_written
from wardlink.clinical.meals.dishes import Dish, Nutrition
from wardlink.clinical.meals.eater import Eater, Fasting, food_drugs_of
from wardlink.clinical.meals.findings import SENTENCES, Finding
from wardlink.clinical.meals.menu_file import sample_menu
from wardlink.clinical.meals.rules import check, of_dish, of_slot, recheck
from wardlink.clinical.meals.suggestion import suggested
from wardlink.clinical.meals.times import Meal, Slot
from wardlink.clock import WARD_ZONE
from wardlink.i18n import LANGUAGES, speaking

DAY = date(2026, 11, 23)
LUNCH = Slot(DAY, "lunch")
DISH = sample_menu().by_code
MIN = timedelta(minutes=1)


def at(text: str, day: date = DAY) -> datetime:
    """An instant of the ward's clock."""
    return datetime.fromisoformat(f"{day.isoformat()}T{text}").replace(tzinfo=WARD_ZONE)


EARLY = at("08:00")
WELL = Eater(diets=("regular",))


def rules(found: Any, level: str = "block") -> list[str]:
    """The rules that have found something of this level."""
    return sorted({finding.rule for finding in found if finding.level == level})


def asked(
    eater: Eater, *codes: str, now: datetime = EARLY, by: Any = "patient", slot: Slot = LUNCH, **more: Any
) -> Any:
    """Everything the rules say."""
    return check(eater, slot, [DISH[code] for code in codes], now, by=by, **more)


# Who, which dishes of the sample, and the rules that block. Source: ward domain sheet 6.3 and 6.4 (block tests).
DISHES = [
    (WELL, "RL1", []),
    (replace(WELL, allergens=("peanut",)), "RL3", ["M04"]),
    (replace(WELL, allergens=("fish",)), "RL1", []),
    (replace(WELL, allergens=("fish",)), "RL2", ["M04"]),
    (Eater(diets=("low-fat",), allergens=("crustacean",)), "FD1", ["M04"]),
    (Eater(diets=("diabetic", "low-salt")), "DD1", ["M03"]),
    (Eater(diets=("diabetic", "low-salt")), "DB1", []),
    (Eater(diets=("low-salt",)), "RL1", ["M03"]),
    (Eater(diets=("low-salt",)), "LL1", []),
    (Eater(diets=("regular", "low-salt")), "LL1", []),
    (Eater(diets=("soft", "low-salt")), "LL1", ["M03"]),
    (replace(WELL, iddsi=5), "RL1", ["M05"]),
    (Eater(diets=("soft",), iddsi=5), "SL1", ["M05"]),
    (Eater(diets=("soft",), iddsi=6), "SL1", []),
    (Eater(diets=("soft",), iddsi=7), "SL1", []),
    (Eater(diets=("liquid",), drink=1), "FL1", ["M05"]),
    (Eater(diets=("liquid",), drink=0), "FL1", []),
    (replace(WELL, food_drugs=("maoi",)), "RL1", []),
    (Eater(diets=("semi-liquid",), food_drugs=("maoi",)), "HB1", ["M10"]),
    (replace(WELL, food_drugs=("warfarin",)), "RL2", []),
    (replace(WELL, avoids=("halal",)), "RL1", ["M11"]),
    (replace(WELL, avoids=("halal",)), "RL4", []),
    (replace(WELL, avoids=("no-beef",)), "RL4", ["M11"]),
    (replace(WELL, avoids=("vegetarian",)), "RL3", ["M11"]),
    (Eater(diets=("occult-blood",)), "RL1", ["M17"]),
    (Eater(diets=("creatinine", "low-salt")), "LL1", ["M17"]),
]


@pytest.mark.parametrize(("eater", "code", "expected"), DISHES)
def test_a_dish_is_blocked_by_these_rules_and_no_others(eater: Eater, code: str, expected: list[str]) -> None:
    """M03, M04, M05, M10, M11 and M17, each with its neighbour that is allowed."""
    assert rules(of_dish(eater, DISH[code])) == expected


def test_a_drug_and_a_dish_that_only_want_care_are_said_and_allowed() -> None:
    """M10: warfarin with vitamin K, a quinolone with milk."""
    assert rules(of_dish(replace(WELL, food_drugs=("warfarin",)), DISH["RL2"]), "warn") == ["M10"]
    assert rules(of_dish(replace(WELL, food_drugs=("milk",)), DISH["RB2"]), "warn") == ["M10"]


@pytest.mark.parametrize(
    ("food", "drug", "level"),
    [
        ("tyramine", "maoi", "block"),
        ("vitamin-k", "warfarin", "warn"),
        ("grapefruit", "grapefruit", "block"),
        ("milk", "milk", "warn"),
    ],
)
def test_each_pair_of_a_drug_and_food_is_told_as_the_sheet_has_it(food: str, drug: str, level: str) -> None:
    """M10: who takes it, beside the same patient without it, and the same drug with another dish."""
    dish = replace(DISH["RL1"], contains=(food,))
    other = replace(DISH["RL1"], contains=())

    found = list(of_dish(replace(WELL, food_drugs=(drug,)), dish))
    assert [(one.rule, one.level) for one in found] == [("M10", level)]
    assert list(of_dish(WELL, dish)) == list(of_dish(replace(WELL, food_drugs=(drug,)), other)) == []


def test_traces_of_an_allergen_warn_and_do_not_block() -> None:
    """M04: cross-contact is said; whether it is eaten the patient decides."""
    dish = replace(DISH["RL1"], traces=("peanut",))

    found = list(of_dish(replace(WELL, allergens=("peanut",)), dish))

    assert (rules(found), rules(found, "warn")) == ([], ["M04"])


def test_a_test_diet_lets_its_own_dishes_through() -> None:
    """M17: the dish that is made for the test is what may be eaten."""
    dish = replace(DISH["RL1"], diets=("occult-blood",))

    assert rules(of_dish(Eater(diets=("occult-blood",)), dish)) == []


@pytest.mark.parametrize(
    ("drug", "expected"),
    [
        (("warfarin", ["anticoagulant"]), ("warfarin",)),
        (("levofloxacin", []), ("milk",)),
        (("anything", ["quinolone"]), ("milk",)),
        (("selegiline", []), ("maoi",)),
        (("amlodipine", []), ("grapefruit",)),
        (("metformin", ["oral-hypoglycaemic"]), ()),
    ],
)
def test_a_drug_meets_food_by_its_ingredient_or_class(drug: tuple[str, list[str]], expected: tuple[str, ...]) -> None:
    """M10 asks for what is in a drug, not for its name."""

    class Taken:
        ingredient, classes = drug

    assert food_drugs_of([Taken()]) == expected


def fasting(start: str | None, end: str | None) -> Eater:
    """Somebody who fasts that long on this day."""
    times = (None if start is None else at(start), None if end is None else at(end))
    return replace(WELL, fasting=(Fasting(*times, why="order"),))


# Service of lunch is from 11:30 on and before 12:00.
FASTINGS = [
    ("08:00", "11:29", []),
    ("08:00", "11:30", []),
    ("08:00", "11:31", ["M02"]),
    ("11:59", "15:00", ["M02"]),
    ("12:00", "15:00", []),
    (None, None, ["M02"]),
    (None, "11:30", []),
    ("11:30", None, ["M02"]),
    ("12:00", None, []),
]


@pytest.mark.parametrize(("start", "end", "expected"), FASTINGS)
def test_fasting_that_meets_the_service_blocks_the_meal(start: Any, end: Any, expected: list[str]) -> None:
    """M02: one minute in common is enough, none is not."""
    assert rules(of_slot(fasting(start, end), LUNCH, EARLY, by="patient")) == expected


@pytest.mark.parametrize(
    ("meal", "now", "blocked"),
    [
        ("lunch", at("09:29:59"), False),
        ("lunch", at("09:30"), True),
        ("lunch", at("09:30:01"), True),
        ("dinner", at("15:29:59"), False),
        ("dinner", at("15:30"), True),
        ("breakfast", at("19:59:59", DAY - timedelta(days=1)), False),
        ("breakfast", at("20:00", DAY - timedelta(days=1)), True),
    ],
)
def test_a_patient_orders_until_the_cutoff_and_not_at_it(meal: Meal, now: datetime, blocked: bool) -> None:
    """M06: breakfast the evening before, lunch and dinner on the day."""
    found = rules(of_slot(WELL, Slot(DAY, meal), now, by="patient"))

    assert found == (["M06"] if blocked else [])


@pytest.mark.parametrize(
    ("code", "now", "expected"),
    [
        ("DS1", at("10:59:59"), []),
        ("DS1", at("11:00"), ["M06"]),
        ("RL1", at("09:30"), ["M06"]),
        ("RL1", at("09:29"), []),
    ],
)
def test_a_nurse_adds_an_extra_until_half_an_hour_before_service(code: str, now: datetime, expected: list[str]) -> None:
    """M06: after the cut-off only an extra, and not in the last half hour."""
    eater = Eater(diets=("diabetic",)) if code == "DS1" else WELL

    found = [one for one in asked(eater, code, now=now, by="nurse") if one.rule == "M06"]

    assert rules(found) == expected


@pytest.mark.parametrize(("leaves", "expected"), [("11:29", ["M07"]), ("11:30", ["M07"]), ("11:31", [])])
def test_somebody_who_has_left_by_then_gets_no_meal(leaves: str, expected: list[str]) -> None:
    """M07: discharge, transfer or leave before the service."""
    assert rules(of_slot(replace(WELL, leaves_at=at(leaves)), LUNCH, EARLY, by="patient")) == expected


WHO = [
    (Eater(), ["M01"], []),
    (Eater(unknown_diets=("keto",)), ["M01"], []),
    (replace(WELL, unmapped=("something",)), ["M04"], []),
    (Eater(diets=("tube",)), ["M08"], []),
    (Eater(diets=("parenteral",)), ["M08"], []),
    (Eater(diets=("soft", "tube")), [], []),
    (replace(WELL, isolated=True), [], []),
    (replace(WELL, arrears=True), ["M14"], []),
    (Eater(diets=("low-salt",), arrears=True), [], []),
    (replace(WELL, young=True), ["M15"], []),
    (replace(WELL, confused=True), ["M15"], []),
    (replace(WELL, distressed=True), ["M15"], []),
    (replace(WELL, low_glucose_at=EARLY - 30 * MIN), [], ["M16"]),
    (replace(WELL, low_glucose_at=EARLY - 31 * MIN), [], []),
]


@pytest.mark.parametrize(("eater", "blocked", "warned"), WHO)
def test_who_may_order_at_all(eater: Eater, blocked: list[str], warned: list[str]) -> None:
    """M01, M04's words, M08, M14 to M16, each with its neighbour."""
    found = list(of_slot(eater, LUNCH, EARLY, by="patient"))

    assert (rules(found), rules(found, "warn")) == (blocked, warned)


def test_a_nurse_orders_for_somebody_who_cannot() -> None:
    """M15 is about the patient's own hand."""
    eater = replace(WELL, young=True, confused=True)

    assert rules(of_slot(eater, LUNCH, EARLY, by="nurse")) == []


def test_isolation_is_a_label_and_no_obstacle() -> None:
    """M12: the meal comes in disposable ware."""
    assert rules(of_slot(replace(WELL, isolated=True), LUNCH, EARLY, by="patient"), "note") == ["M12"]


def test_only_one_main_a_meal() -> None:
    """M13: the second main is blocked, an extra beside it is not."""
    both = asked(WELL, "RL1", "RL2")

    assert [finding.dish for finding in both if finding.rule == "M13"] == ["RL2"]
    assert "M13" not in rules(asked(Eater(diets=("semi-liquid",)), "HL1", "HS1"))


def dish(**held: float) -> Dish:
    """A dish that holds this and is made for every diet."""
    plain = DISH["RL1"]
    every = ("low-salt", "low-protein", "low-fat", "diabetic", "low-sodium", "no-salt", "low-potassium")
    return replace(plain, diets=every, nutrition=Nutrition(**held))


LIMITS = [
    ("low-salt", "na_mg", 2000),
    ("low-sodium", "na_mg", 500),
    ("no-salt", "na_mg", 700),
    ("low-protein", "protein_g", 40),
    ("low-fat", "fat_g", 40),
    ("low-potassium", "k_mg", 2000),
]


@pytest.mark.parametrize(("diet", "what", "most"), LIMITS)
@pytest.mark.parametrize(("more", "expected"), [(-1, []), (0, []), (1, ["M09"])])
def test_a_day_may_hold_its_limit_and_nothing_more(
    diet: str, what: str, most: int, more: int, expected: list[str]
) -> None:
    """M09: what the other meals of the day hold counts with it."""
    others: dict[Meal, list[Dish]] = {"breakfast": [dish(**{what: most / 4})], "dinner": [dish(**{what: most / 4})]}

    found = check(Eater(diets=(diet,)), LUNCH, [dish(**{what: most / 2 + more})], EARLY, by="patient", others=others)

    assert rules(found) == expected


@pytest.mark.parametrize("known", [{}, {"k_mg": 0}], ids=["unknown", "none"])
@pytest.mark.parametrize("other", [{}, {"k_mg": 0}], ids=["other-unknown", "other-none"])
def test_potassium_that_nobody_has_said_is_no_zero(known: dict[str, float], other: dict[str, float]) -> None:
    """M09: one dish of the day without its figure is enough; who has no such limit does not mind."""
    others: dict[Meal, list[Dish]] = {"breakfast": [dish(**other)]}

    def found(diet: str) -> list[str]:
        said = check(Eater(diets=(diet,)), LUNCH, [dish(**known)], EARLY, by="patient", others=others)
        return [finding.case for finding in said if finding.rule == "M09"]

    assert found("low-potassium") == ([] if known and other else ["k_mg_unknown"])
    assert found("low-fat") == []


def test_what_was_ordered_for_this_meal_before_does_not_count_twice() -> None:
    """M09: a changed meal takes the place of the former one."""
    others: dict[Meal, list[Dish]] = {"lunch": [dish(na_mg=1500)]}

    assert rules(check(Eater(diets=("low-salt",)), LUNCH, [dish(na_mg=1500)], EARLY, by="patient", others=others)) == []


@pytest.mark.parametrize(("carb", "expected"), [(44, ["M09"]), (45, []), (75, []), (76, ["M09"])])
def test_a_diabetic_meal_holds_carbohydrate_from_and_to(carb: int, expected: list[str]) -> None:
    """M09: too little is as wrong as too much."""
    assert rules(check(Eater(diets=("diabetic",)), LUNCH, [dish(carb_g=carb)], EARLY, by="patient")) == expected


def test_a_dietitian_may_pass_over_the_sums_of_a_day_only() -> None:
    """M09 becomes a warning; an allergy stays a block."""
    eater = Eater(diets=("low-salt",), allergens=("egg",))

    found = check(eater, LUNCH, [dish(na_mg=2500)], EARLY, by="nurse", dietitian=True)

    assert (rules(found), rules(found, "warn")) == (["M04"], ["M09"])


def test_two_diets_have_the_lower_limit() -> None:
    """Low sodium and low salt together: the stricter one."""
    assert day_limits(("low-salt", "low-sodium")) == {"na_mg": 500}


@pytest.mark.parametrize(
    ("eater", "expected"),
    [
        (WELL, []),
        (Eater(diets=("low-salt",)), ["M03"]),
        (replace(WELL, allergens=("egg",)), ["M04"]),
        (fasting(None, None), ["M02"]),
        (replace(WELL, leaves_at=EARLY), ["M07"]),
        (replace(WELL, young=True, arrears=True, confused=True), []),
    ],
)
def test_a_meal_that_was_ordered_is_forbidden_for_medical_causes_only(eater: Eater, expected: list[str]) -> None:
    """After a change of diet, allergy, fasting or stay; never for money or for who has ordered."""
    assert rules(recheck(eater, LUNCH, [DISH["RL1"]])) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("low-salt", ("low-salt",)),
        ("低盐饮食", ("low-salt",)),
        ("低盐糖尿病饮食", ("low-salt", "diabetic")),
        ("半流质", ("semi-liquid",)),
        ("清流质饮食", ("clear-liquid",)),
        ("流质", ("liquid",)),
        ("diabetic,low-salt", ("low-salt", "diabetic")),
        ("禁食", ("nil-by-mouth",)),
        ("生酮", ()),
    ],
)
def test_diets_are_read_as_orders_write_them(text: str, expected: tuple[str, ...]) -> None:
    """A longer word is never taken for the shorter one inside it, and what is unknown is nothing."""
    assert diets_written(text) == expected


@pytest.mark.parametrize("eater", [WELL, Eater(diets=("low-salt",), allergens=("egg", "milk")), Eater(diets=("soft",))])
def test_what_is_suggested_could_be_ordered(eater: Eater) -> None:
    """No suggestion is one that the rules then refuse; where nothing fits, nothing is suggested."""
    for meal in ("breakfast", "lunch", "dinner"):
        slot = Slot(DAY + timedelta(days=1), meal)
        found = suggested(eater, sample_menu(), slot)
        assert rules(check(eater, slot, found, EARLY, by="patient")) == []
    assert suggested(Eater(diets=("low-salt",), allergens=("egg",)), sample_menu(), Slot(DAY, "breakfast")) == ()


def test_every_rule_of_the_sheet_has_words() -> None:
    """M01 to M17, none left out."""
    assert {rule for rule, _case in SENTENCES} >= {f"M{n:02d}" for n in range(1, 18)}


def test_every_finding_has_words_in_both_languages() -> None:
    """A patient is told why; no code, no bracket."""
    values = {
        "diet": "low-salt",
        "allergen": "egg",
        "food": "milk",
        "avoid": "halal",
        "at": EARLY.isoformat(),
        "said": "x",
        "value": "1",
        "limit": "2",
        "least": "0",
    }
    texts: dict[str, set[str]] = {}
    for code in LANGUAGES:
        with speaking(code):
            texts[code] = {Finding(rule, "block", None, case, values).text() for rule, case in SENTENCES}
    assert all(len(found) == len(SENTENCES) for found in texts.values())
    assert not any("{" in text for found in texts.values() for text in found)
    assert not texts["en"] & texts["zh_CN"]
