"""The rules of ordering meals, M01 to M17 (ward domain sheet 6.3): one function for terminal, cart and server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from wardlink.clinical.meals.diets import carb_range, day_limits, diets, is_therapeutic, made_for, test_diet
from wardlink.clinical.meals.dishes import Dish, total
from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.meals.findings import Finding, number
from wardlink.clinical.meals.times import Meal, Slot
from wardlink.clinical.tables import load

Asker = Literal["patient", "family", "nurse"]

MEDICAL = frozenset({"M01", "M02", "M03", "M04", "M05", "M07", "M08", "M09", "M10", "M11", "M17"})
"""Rules by which a meal that was ordered is cancelled when something about the patient changes. M06, M13, M14 and M15
are about the moment of ordering."""

_SALT = ("low-salt", "low-sodium", "no-salt")


def check(
    eater: Eater,
    slot: Slot,
    dishes: Sequence[Dish],
    now: datetime,
    *,
    by: Asker,
    others: Mapping[Meal, Sequence[Dish]] | None = None,
    dietitian: bool = False,
) -> list[Finding]:
    """Everything the rules say about ordering these dishes for this meal now.

    `others`: what is ordered for the other meals of that day. `dietitian`: somebody who may has looked at the sums, so
    M09 warns only.
    """
    found = [*of_slot(eater, slot, now, by=by, dishes=dishes)]
    for dish in dishes:
        found += of_dish(eater, dish)
    found += one_main(dishes)
    found += of_day(eater, slot, dishes, others or {}, level="warn" if dietitian else "block")
    return found


def recheck(
    eater: Eater, slot: Slot, dishes: Sequence[Dish], others: Mapping[Meal, Sequence[Dish]] | None = None
) -> list[Finding]:
    """What forbids a meal that was ordered, now that something about the patient has changed."""
    found = check(eater, slot, dishes, slot.cutoff_at - timedelta(seconds=1), by="nurse", others=others)
    return [finding for finding in found if finding.level == "block" and finding.rule in MEDICAL]


def of_slot(
    eater: Eater, slot: Slot, now: datetime, *, by: Asker, dishes: Sequence[Dish] | None = None
) -> Iterator[Finding]:
    """Whether anything at all can be ordered for this meal now: M01, M02, M06 to M08, M12, M14 to M16, M04's words."""
    yield from of_orders(eater)
    for fasting in eater.fasting:
        if fasting.meets(slot):
            yield Finding("M02", "block", case=fasting.why)
            break
    yield from _cutoff(slot, now, by, dishes)
    if eater.leaves_at is not None and eater.leaves_at <= slot.served_at:
        yield Finding("M07", "block")
    if eater.isolated:
        yield Finding("M12", "note")
    if eater.arrears and not is_therapeutic(eater.diets):
        yield Finding("M14", "block")
    if by == "patient" and (eater.young or eater.confused or eater.distressed):
        yield Finding("M15", "block")
    low = load("meals")["low_glucose"]
    if eater.low_glucose_at is not None and now - eater.low_glucose_at <= timedelta(minutes=low["within_min"]):
        yield Finding("M16", "warn")


def of_dish(eater: Eater, dish: Dish) -> Iterator[Finding]:
    """Whether this patient may eat this dish: M03 to M05, M10, M11, M17."""
    test = test_diet(eater.diets)
    if test is not None and test not in dish.diets:
        yield Finding("M17", "block", dish.code, params={"diet": test})
    elif test is None:
        yield from _made_for(eater, dish)
    for allergen in eater.allergens:
        if allergen in dish.allergens:
            yield Finding("M04", "block", dish.code, params={"allergen": allergen})
        elif allergen in dish.traces:
            yield Finding("M04", "warn", dish.code, "traces", {"allergen": allergen})
    yield from _texture(eater, dish)
    for name in eater.food_drugs:
        row = load("meals")["food_drug"][name]
        if row["food"] in dish.contains:
            yield Finding("M10", row["result"], dish.code, params={"food": name})
    for name in eater.avoids:
        what = load("meals")["avoids"][name]["contains"]
        if any(thing in dish.contains or thing in dish.allergens for thing in what):
            yield Finding("M11", "block", dish.code, params={"avoid": name})


def one_main(dishes: Sequence[Dish]) -> Iterator[Finding]:
    """M13: a second main dish, and the same dish twice."""
    mains = [dish for dish in dishes if dish.kind == "main"]
    for dish in mains[1:]:
        yield Finding("M13", "block", dish.code)


def of_day(
    eater: Eater,
    slot: Slot,
    dishes: Sequence[Dish],
    others: Mapping[Meal, Sequence[Dish]],
    *,
    level: Literal["block", "warn"] = "block",
) -> Iterator[Finding]:
    """M09: what the day would hold with these dishes, and the carbohydrate of the meal."""
    day = sum((total(found) for meal, found in others.items() if meal != slot.meal), total(dishes))
    for name, most in day_limits(eater.diets).items():
        value = getattr(day, name)
        if value is None:
            yield Finding("M09", level, case=f"{name}_unknown")
        elif value > most:
            yield Finding("M09", level, case=name, params={"value": number(value), "limit": number(most)})
    span = carb_range(eater.diets, slot.meal)
    carb_g = total(dishes).carb_g
    if span is not None and dishes and not span[0] <= carb_g <= span[1]:
        params = {"value": number(carb_g), "least": number(span[0]), "limit": number(span[1])}
        yield Finding("M09", level, case="carb_g", params=params)


def of_orders(eater: Eater) -> Iterator[Finding]:
    """Whether anything may be eaten by what is ordered: M01, M08, and M04's words that nobody has explained yet."""
    if eater.unknown_diets:
        for text in eater.unknown_diets:
            yield Finding("M01", "block", case="unknown", params={"said": text})
    elif not eater.diets and not eater.fasting:
        yield Finding("M01", "block")
    if eater.diets and all(diets()[code].kind == "none" for code in eater.diets):
        yield Finding("M08", "block")
    for text in eater.unmapped:
        yield Finding("M04", "block", case="unmapped", params={"said": text})


def _cutoff(slot: Slot, now: datetime, by: Asker, dishes: Sequence[Dish] | None) -> Iterator[Finding]:
    if now < slot.cutoff_at:
        return
    closed = Finding("M06", "block", params={"at": slot.cutoff_at.isoformat()})
    if by != "nurse" or now >= slot.extra_until_at:
        yield closed
    elif dishes is not None and any(dish.kind != "extra" for dish in dishes):
        yield Finding("M06", "block", case="extra")


def _made_for(eater: Eater, dish: Dish) -> Iterator[Finding]:
    for diet in made_for([code for code in eater.diets if diets()[code].kind != "none"]) if eater.diets else ():
        if diet not in dish.diets:
            if diet in _SALT:
                params = {"diet": diet, "value": number(dish.nutrition.na_mg)}
                yield Finding("M03", "block", dish.code, "sodium", params)
            else:
                yield Finding("M03", "block", dish.code, params={"diet": diet})


def _texture(eater: Eater, dish: Dish) -> Iterator[Finding]:
    if eater.iddsi is not None and dish.iddsi is not None and dish.iddsi > eater.iddsi:
        params = {"value": str(dish.iddsi), "limit": str(eater.iddsi)}
        yield Finding("M05", "block", dish.code, "food", params)
    if eater.drink is not None and dish.drink is not None and dish.drink != eater.drink:
        params = {"value": str(dish.drink), "limit": str(eater.drink)}
        yield Finding("M05", "block", dish.code, "drink", params)
