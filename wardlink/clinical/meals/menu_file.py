"""Reads a menu as `sample_menu.toml` is written; what is wrong is named with its line, and nothing of it is used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from wardlink.clinical.meals.dishes import Dish, DishKind, DishPrice, Nutrition, Purine
from wardlink.clinical.meals.menu import EVERY, WEEKDAYS, Cycle, Menu, Offered
from wardlink.clinical.meals.times import MEALS
from wardlink.clinical.tables import load
from wardlink.errors import Misconfigured
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


class _Wrong(ValueError):
    """Something is wrong in the row that is being read."""


def read_menu(text: str) -> Menu:
    """The menu in this text.

    Raises:
        Misconfigured: it is no TOML, or something in it is wrong; says in which line and what.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        found = re.search(r"line (\d+)", str(exc))
        raise Misconfigured(_WRONG, line=found[1] if found else str(text.count("\n") + 1), what=str(exc)) from exc
    dishes = tuple(_dishes(text, table))
    cycles = tuple(_cycles(text, table, {dish.code: dish for dish in dishes}))
    head = _at(text, r"\[menu\]", lambda: _head(table))
    return Menu(**head, dishes=dishes, cycles=cycles)


def read_menu_file(path: Path) -> Menu:
    """The menu in this file.

    Raises:
        Misconfigured: there is none, or it is wrong; says in which line and what.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise Misconfigured(_WRONG, line="1", what=" ".join(str(exc).split())) from exc
    return read_menu(text)


@cache
def sample_menu() -> Menu:
    """The menu that ships: invented."""
    return read_menu(files(__package__).joinpath("sample_menu.toml").read_text("utf-8"))


def _at(text: str, row: str, read: Any, *, nth: int = 0) -> Any:
    """What `read` gives; what it finds wrong is said with the line in which the `nth` such row stands."""
    try:
        return read()
    except (_Wrong, KeyError, TypeError, ValueError, AttributeError) as exc:
        lines = [n for n, line in enumerate(text.splitlines(), 1) if re.match(rf"\s*{row}", line)]
        what = f"{exc.args[0]} is missing" if isinstance(exc, KeyError) else str(exc)
        raise Misconfigured(_WRONG, line=str(lines[nth] if nth < len(lines) else 1), what=what) from exc


def _demand(right: bool, what: str) -> None:
    if not right:
        raise _Wrong(what)


def _head(table: Mapping[str, Any]) -> dict[str, Any]:
    head = table["menu"]
    _demand(isinstance(head["sample"], bool), "sample is true or false")
    _demand(type(head["as_of"]) is date, "as_of is a day")
    _demand(all(isinstance(head[name], str) and head[name] for name in ("name", "source")), "name, source")
    return {name: head[name] for name in ("name", "source", "as_of", "sample")}


def _dishes(text: str, table: Mapping[str, Any]) -> Iterator[Dish]:
    found = _at(text, r"\[dishes\]", lambda: list(table["dishes"].items()))
    for code, row in found:
        yield _at(text, rf'"?{re.escape(code)}"?\s*=', lambda code=code, row=row: _dish(code, row))


def _dish(code: str, row: Mapping[str, Any]) -> Dish:
    _demand(_CODE.fullmatch(code) is not None, f"{code} is no code")
    unknown = sorted(set(row) - _KEYS)
    _demand(not unknown, f"{code}: {', '.join(unknown)} is unknown")
    for name in ("zh", "en"):
        _demand(isinstance(row[name], str) and 0 < len(row[name]) <= 80, f"{code}: {name}")
    _demand(row["kind"] in get_args(DishKind), f"{code}: kind {row['kind']}")
    _demand(row.get("purine", "low") in get_args(Purine), f"{code}: purine {row.get('purine')}")
    meals = _listed(code, row, "meals", MEALS)
    diets = _listed(code, row, "diets", [d for d, entry in load("meals")["diets"].items() if entry["kind"] != "none"])
    _demand(bool(meals) and bool(diets), f"{code}: meals, diets")
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
    _demand(isinstance(found, list) and all(isinstance(one, str) for one in found), f"{code}: {name}")
    for one in found:
        _demand(known is None or one in known, f"{code}: {name} {one} is unknown")
    return tuple(found)


def _level(code: str, row: Mapping[str, Any], name: str, least: int, most: int) -> int | None:
    found = row.get(name)
    _demand(found is None or (type(found) is int and least <= found <= most), f"{code}: {name} is {least} to {most}")
    return found


def _nutrition(code: str, row: Mapping[str, Any]) -> Nutrition:
    for name, most in _NUTRIENTS.items():
        found = row[name]
        _demand(type(found) in (int, float) and 0 <= found <= most, f"{code}: {name} {found}")
    made = 4 * row["protein_g"] + 9 * row["fat_g"] + 4 * row["carb_g"]
    _demand(type(row["kcal"]) in (int, float), f"{code}: kcal")
    _demand(abs(row["kcal"] - made) <= _KCAL_OFF, f"{code}: kcal {row['kcal']}, but its grams make {made:g}")
    k_mg = row.get("k_mg")
    _demand(k_mg is None or (type(k_mg) in (int, float) and 0 <= k_mg <= _K_MOST), f"{code}: k_mg {k_mg}")
    return Nutrition(row["kcal"], row["protein_g"], row["fat_g"], row["carb_g"], row["na_mg"], k_mg)


def _prices(code: str, row: Mapping[str, Any]) -> tuple[DishPrice, ...]:
    found = row["prices"]
    _demand(isinstance(found, list) and bool(found), f"{code}: prices")
    for price in found:
        _demand(isinstance(price, dict) and type(price.get("from")) is date, f"{code}: prices: from")
        fen = price.get("fen")
        _demand(type(fen) is int and 0 < fen <= MONEY_MAX, f"{code}: prices: fen {fen}")
    prices = tuple(DishPrice(price["from"], price["fen"]) for price in found)
    _demand(all(a.from_on < b.from_on for a, b in pairwise(prices)), f"{code}: prices: not in order")
    return prices


def _cycles(text: str, table: Mapping[str, Any], dishes: Mapping[str, Dish]) -> Iterator[Cycle]:
    rows = _at(text, r"\[\[cycles\]\]", lambda: list(table["cycles"]))
    before: date | None = None
    for nth, row in enumerate(rows):
        begins = _at(text, r"\[\[cycles\]\]", lambda row=row, before=before: _begins(row, before), nth=nth)
        offers: list[Offered] = []
        for diet, days in row.items():
            if diet != "from":
                offers += _diet(text, diet, days, dishes, _times_before(rows, nth, diet))
        before = begins
        yield Cycle(begins, tuple(offers))


def _begins(row: Mapping[str, Any], before: date | None) -> date:
    found = row["from"]
    _demand(type(found) is date, "from is a day")
    _demand(before is None or found > before, "from: not in order")
    return found  # type: ignore[no-any-return]


def _times_before(rows: list[Mapping[str, Any]], nth: int, diet: str) -> Mapping[str, int]:
    days = (*WEEKDAYS, EVERY)
    return {day: sum(1 for row in rows[:nth] if isinstance(row.get(diet), dict) and day in row[diet]) for day in days}


def _diet(text: str, diet: str, days: Any, dishes: Mapping[str, Dish], before: Mapping[str, int]) -> Iterator[Offered]:
    known = _at(text, rf"{re.escape(diet)}\b", lambda: dict(days.items()))
    for day, meals in known.items():
        row = rf"{re.escape(diet)}\.{re.escape(day)}\s*="
        yield from _at(
            text,
            row,
            lambda day=day, meals=meals: list(_day(diet, day, meals, dishes)),
            nth=before.get(day, 0),
        )


def _day(diet: str, day: str, meals: Mapping[str, Any], dishes: Mapping[str, Dish]) -> Iterator[Offered]:
    _demand(diet in load("meals")["diets"], f"there is no diet {diet}")
    _demand(day in (*WEEKDAYS, EVERY), f"there is no day {day}")
    for meal, sets in meals.items():
        _demand(meal in MEALS, f"there is no meal {meal}")
        found = tuple(tuple(one.split("+")) for one in sets)
        for codes in found:
            for code in codes:
                _demand(code in dishes, f"there is no dish {code}")
                _demand(meal in dishes[code].meals, f"{code} is not for {meal}")
        yield Offered(diet, day, meal, found)  # type: ignore[arg-type]
