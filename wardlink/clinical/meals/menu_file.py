"""Reads a menu as `sample_menu.toml` is written; what is wrong is named with its line, and nothing of it is used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from importlib.resources import files
from itertools import pairwise
from typing import Any, TypeVar, get_args

from wardlink.clinical.meals.dishes import Dish, DishKind, DishPrice, Nutrition, Purine
from wardlink.clinical.meals.menu import EVERY, WEEKDAYS, Cycle, Menu, Offered
from wardlink.clinical.meals.times import MEALS
from wardlink.clinical.tables import load
from wardlink.clinical.written import read_toml
from wardlink.errors import Fault, FileWrong
from wardlink.i18n import N_
from wardlink.money import MONEY_MAX

_WRONG = N_("The menu is wrong in line {line}: {what}")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}")
_NUTRIENTS = {"protein_g": 300, "fat_g": 300, "carb_g": 600, "na_mg": 10_000}
_K_MOST = 10_000
_KCAL_OFF = 5
"""Energy may differ by so much from what the grams make: tables round."""

_KEYS = {
    "zh",
    "en",
    "kind",
    "meals",
    "diets",
    "kcal",
    *_NUTRIENTS,
    "k_mg",
    "allergens",
    "traces",
    "contains",
    "iddsi",
    "drink",
    "purine",
    "prices",
}


_MISSING = N_("{name} is missing")
_FORM = N_("this is not written as it must be: {detail}")
_HEAD = N_("{name} is missing or not written as it must be")
_NO_CODE = N_("{dish} is no code of a dish")
_UNKNOWN = N_("{dish}: {names} is not known here")
_OF_DISH = N_("{dish}: {name} is missing or not written as it must be")
_OF_ONE = N_("{dish}: {one} is not known for {name}")
_BETWEEN = N_("{dish}: {name} is a whole number from {least} to {most}")
_AMOUNT = N_("{dish}: {name} is a number from 0 to {most}")
_ENERGY = N_("{dish}: kcal is {kcal}, but its grams make {made}")
_PRICE = N_("{dish}: a price is a day (from) and whole fen above 0 (fen)")
_ORDER = N_("{dish}: the prices are not in the order of their days")
_FROM = N_("from is a day")
_CYCLES = N_("the cycles are not in the order of their days")
_NO_DIET = N_("there is no diet {diet}")
_NO_DAY = N_("there is no day {day}")
_NO_MEAL = N_("there is no meal {meal}")
_NO_DISH = N_("there is no dish {dish}")
_NOT_FOR = N_("{dish} is not for {meal}")

T = TypeVar("T")


class _Wrong(ValueError):
    """Something is wrong in the row that is being read."""

    def __init__(self, sentence: str, **params: object) -> None:
        self.sentence, self.params = sentence, params
        super().__init__(sentence)


def read_menu(text: str) -> Menu:
    """The menu in this text.

    Raises:
        FileWrong: it is no TOML, or something in it is wrong; says in which lines and what.
    """
    table = read_toml(text, wrong=_WRONG)
    rows = _Rows(text)
    head = rows.read(r"\[menu\]", lambda: _head(table))
    dishes = tuple(_dishes(rows, table))
    known = dict.fromkeys(_codes(table)) | {dish.code: dish for dish in dishes}
    cycles = tuple(_cycles(rows, table, known))
    if head is None or rows.faults:
        raise FileWrong(_WRONG, rows.faults)
    return Menu(**head, dishes=dishes, cycles=cycles)


@cache
def sample_menu() -> Menu:
    """The menu that ships: invented."""
    return read_menu(files(__package__).joinpath("sample_menu.toml").read_text("utf-8"))


class _Rows:
    """The rows of a text as they are read; what is wrong with them is kept with their lines."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self.faults: list[Fault] = []

    def read(self, row: str, read: Callable[[], T], *, nth: int = 0) -> T | None:
        """What `read` gives; None where it finds something wrong with the `nth` such row."""
        try:
            return read()
        except _Wrong as exc:
            sentence, params = exc.sentence, exc.params
        except KeyError as exc:
            sentence, params = _MISSING, {"name": exc.args[0]}
        except (TypeError, ValueError, AttributeError) as exc:
            sentence, params = _FORM, {"detail": str(exc)}
        lines = [n for n, line in enumerate(self._lines, 1) if re.match(rf"\s*{row}", line)]
        self.faults.append(Fault(sentence, lines[nth] if nth < len(lines) else 1, params))
        return None


def _demand(right: bool, sentence: str, **params: object) -> None:
    if not right:
        raise _Wrong(sentence, **params)


def _head(table: Mapping[str, Any]) -> dict[str, Any]:
    head = table["menu"]
    _demand(isinstance(head["sample"], bool), _HEAD, name="sample")
    _demand(type(head["as_of"]) is date, _HEAD, name="as_of")
    for name in ("name", "source"):
        _demand(isinstance(head[name], str) and bool(head[name]), _HEAD, name=name)
    return {name: head[name] for name in ("name", "source", "as_of", "sample")}


def _codes(table: Mapping[str, Any]) -> Iterable[str]:
    found = table.get("dishes")
    return found if isinstance(found, Mapping) else ()


def _dishes(rows: _Rows, table: Mapping[str, Any]) -> Iterator[Dish]:
    for code, row in rows.read(r"\[dishes\]", lambda: list(table["dishes"].items())) or ():
        dish = rows.read(rf'"?{re.escape(code)}"?\s*=', partial(_dish, code, row))
        if dish is not None:
            yield dish


def _dish(code: str, row: Mapping[str, Any]) -> Dish:
    _demand(_CODE.fullmatch(code) is not None, _NO_CODE, dish=code)
    unknown = sorted(set(row) - _KEYS)
    _demand(not unknown, _UNKNOWN, dish=code, names=", ".join(unknown))
    for name in ("zh", "en"):
        _demand(isinstance(row[name], str) and 0 < len(row[name]) <= 80, _OF_DISH, dish=code, name=name)
    _demand(row["kind"] in get_args(DishKind), _OF_ONE, dish=code, name="kind", one=row["kind"])
    _demand(row.get("purine", "low") in get_args(Purine), _OF_ONE, dish=code, name="purine", one=row.get("purine"))
    meals = _listed(code, row, "meals", MEALS)
    diets = _listed(code, row, "diets", [d for d, entry in load("meals")["diets"].items() if entry["kind"] != "none"])
    _demand(bool(meals) and bool(diets), _OF_DISH, dish=code, name="meals, diets")
    allergens = list(load("meals")["allergens"])
    return Dish(
        code=code,
        zh=row["zh"],
        en=row["en"],
        kind=row["kind"],
        meals=meals,
        diets=diets,
        nutrition=_nutrition(code, row),
        prices=_prices(code, row),
        allergens=_listed(code, row, "allergens", allergens),
        traces=_listed(code, row, "traces", allergens),
        contains=_listed(code, row, "contains", None),
        iddsi=_level(code, row, "iddsi", 3, 7),
        drink=_level(code, row, "drink", 0, 4),
        purine=row.get("purine", "low"),
    )


def _listed(code: str, row: Mapping[str, Any], name: str, known: Any) -> tuple[Any, ...]:
    found = row.get(name, [])
    _demand(isinstance(found, list) and all(isinstance(one, str) for one in found), _OF_DISH, dish=code, name=name)
    for one in found:
        _demand(known is None or one in known, _OF_ONE, dish=code, name=name, one=one)
    return tuple(found)


def _level(code: str, row: Mapping[str, Any], name: str, least: int, most: int) -> int | None:
    found = row.get(name)
    right = found is None or (type(found) is int and least <= found <= most)
    _demand(right, _BETWEEN, dish=code, name=name, least=least, most=most)
    return found


def _nutrition(code: str, row: Mapping[str, Any]) -> Nutrition:
    for name, most in _NUTRIENTS.items():
        found = row[name]
        _demand(type(found) in (int, float) and 0 <= found <= most, _AMOUNT, dish=code, name=name, most=most)
    made = 4 * row["protein_g"] + 9 * row["fat_g"] + 4 * row["carb_g"]
    _demand(type(row["kcal"]) in (int, float), _OF_DISH, dish=code, name="kcal")
    _demand(abs(row["kcal"] - made) <= _KCAL_OFF, _ENERGY, dish=code, kcal=row["kcal"], made=f"{made:g}")
    k_mg = row.get("k_mg")
    right = k_mg is None or (type(k_mg) in (int, float) and 0 <= k_mg <= _K_MOST)
    _demand(right, _AMOUNT, dish=code, name="k_mg", most=_K_MOST)
    return Nutrition(row["kcal"], row["protein_g"], row["fat_g"], row["carb_g"], row["na_mg"], k_mg)


def _prices(code: str, row: Mapping[str, Any]) -> tuple[DishPrice, ...]:
    found = row["prices"]
    _demand(isinstance(found, list) and bool(found), _OF_DISH, dish=code, name="prices")
    for price in found:
        _demand(isinstance(price, dict) and type(price.get("from")) is date, _PRICE, dish=code)
        fen = price.get("fen")
        _demand(type(fen) is int and 0 < fen <= MONEY_MAX, _PRICE, dish=code)
    prices = tuple(DishPrice(price["from"], price["fen"]) for price in found)
    _demand(all(a.from_on < b.from_on for a, b in pairwise(prices)), _ORDER, dish=code)
    return prices


def _cycles(rows: _Rows, table: Mapping[str, Any], dishes: Mapping[str, Dish | None]) -> Iterator[Cycle]:
    """`dishes`: by their codes; None for one that is wrong itself."""
    found = rows.read(r"\[\[cycles\]\]", lambda: [dict(row) for row in table["cycles"]]) or []
    before: date | None = None
    for nth, row in enumerate(found):
        begins = rows.read(r"\[\[cycles\]\]", partial(_begins, row, before), nth=nth)
        offers: list[Offered] = []
        for diet, days in row.items():
            if diet != "from":
                offers += _diet(rows, diet, days, dishes, _times_before(found, nth, diet))
        if begins is not None:
            before = begins
            yield Cycle(begins, tuple(offers))


def _begins(row: Mapping[str, Any], before: date | None) -> date:
    found = row["from"]
    _demand(type(found) is date, _FROM)
    _demand(before is None or found > before, _CYCLES)
    return found  # type: ignore[no-any-return]


def _times_before(rows: Sequence[Mapping[str, Any]], nth: int, diet: str) -> Mapping[str, int]:
    days = (*WEEKDAYS, EVERY)
    return {day: sum(1 for row in rows[:nth] if isinstance(row.get(diet), dict) and day in row[diet]) for day in days}


def _diet(
    rows: _Rows, diet: str, days: Any, dishes: Mapping[str, Dish | None], before: Mapping[str, int]
) -> Iterator[Offered]:
    for day, meals in (rows.read(rf"{re.escape(diet)}\b", lambda: dict(days.items())) or {}).items():
        offered = rows.read(
            rf"{re.escape(diet)}\.{re.escape(day)}\s*=",
            partial(_day, diet, day, meals, dishes),
            nth=before.get(day, 0),
        )
        yield from offered or ()


def _day(diet: str, day: str, meals: Mapping[str, Any], dishes: Mapping[str, Dish | None]) -> list[Offered]:
    _demand(diet in load("meals")["diets"], _NO_DIET, diet=diet)
    _demand(day in (*WEEKDAYS, EVERY), _NO_DAY, day=day)
    offered = []
    for meal, sets in meals.items():
        _demand(meal in MEALS, _NO_MEAL, meal=meal)
        found = tuple(tuple(one.split("+")) for one in sets)
        for codes in found:
            for code in codes:
                _demand(code in dishes, _NO_DISH, dish=code)
                dish = dishes[code]
                _demand(dish is None or meal in dish.meals, _NOT_FOR, dish=code, meal=meal)
        offered.append(Offered(diet, day, meal, found))  # type: ignore[arg-type]
    return offered
