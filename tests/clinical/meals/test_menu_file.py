"""The menu as a hospital writes it: read whole, or refused with the line that is wrong."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from wardlink.clinical.meals.dishes import Nutrition, total
from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.meals.menu_file import read_menu, sample_menu
from wardlink.clinical.meals.suggestion import suggested
from wardlink.clinical.meals.times import MEALS, Slot
from wardlink.errors import FileWrong, Misconfigured
from wardlink.i18n import speaking

TEXT = files("wardlink.clinical.meals").joinpath("sample_menu.toml").read_text("utf-8")
MON, TUE, WED = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)

# Kilocalories, protein, sodium, carbohydrate and fen of a day. Source: ward domain sheet 6.4.
DAYS = [
    (MON, "regular", 1937, 88, 2460, 268, 5000),
    (TUE, "regular", 1772, 87, 2060, 248, 5250),
    (WED, "regular", 1875, 80, 2570, 265, 4800),
    (MON, "soft", 1670, 76, 2120, 238, 4800),
    (MON, "semi-liquid", 1539, 67, 2200, 239, 4700),
    (MON, "liquid", 1200, 66, 1600, 144, 3600),
    (MON, "diabetic", 1417, 90, 1720, 172, 6000),
    (MON, "low-salt", 1673, 79, 1080, 238, 5050),
    (MON, "low-fat", 1432, 82, 1620, 222, 5700),
    (MON, "low-purine", 1646, 63, 1600, 254, 4750),
    (MON, "low-protein", 1498, 27, 980, 262, 5200),
    (MON, "high-protein", 2388, 131, 2480, 286, 7400),
]


@pytest.mark.parametrize(("day", "diet", "kcal", "protein", "sodium", "carb", "fen"), DAYS)
def test_the_suggested_day_of_each_diet_is_that_of_the_sheet(
    day: date, diet: str, kcal: int, protein: int, sodium: int, carb: int, fen: int
) -> None:
    """The suggestion follows the weekly plan to the milligram and the fen."""
    menu, eater = sample_menu(), Eater(diets=(diet,))

    dishes = [dish for meal in MEALS for dish in suggested(eater, menu, Slot(day, meal))]

    held = total(dishes)
    assert (held.kcal, held.protein_g, held.na_mg, held.carb_g) == (kcal, protein, sodium, carb)
    assert sum(dish.fen_on(day) or 0 for dish in dishes) == fen


def test_a_day_before_the_first_cycle_offers_nothing() -> None:
    """A menu holds from its day on and not before."""
    assert sample_menu().dishes_of(Slot(date(2025, 12, 31), "lunch")) == []


def test_a_dish_is_offered_once_although_two_diets_have_it() -> None:
    """The steamed fish is lunch of the diabetic and of the low-fat diet."""
    codes = [dish.code for dish in sample_menu().dishes_of(Slot(MON, "lunch"))]

    assert codes.count("DL1") == 1


def line_of(part: str) -> int:
    """The line of the sample in which this begins."""
    return next(n for n, line in enumerate(TEXT.splitlines(), 1) if line.startswith(part))


LUNCH = 'lunch = ["SL1"]'
BROKEN = [
    ("RL1 = ", "kcal = 780", "kcal = 870", "grams make"),
    ("RL2 = ", 'allergens = ["fish", "soy"]', 'allergens = ["fisch", "soy"]', "fisch"),
    ("RL3 = ", "fen = 2300", "fen = 23.5", "fen"),
    ("RL4 = ", "fen = 2600", "fen = -1", "fen"),
    ("RD1 = ", 'diets = ["regular"]', 'diets = ["regulr"]', "regulr"),
    ("RD2 = ", "na_mg = 760, ", "", "na_mg"),
    ("SB1 = ", 'kind = "main"', 'kind = "maine"', "maine"),
    ("SL1 = ", "iddsi = 6", "iddsi = 9", "iddsi"),
    ("SD1 = ", "protein_g = 27", "protien_g = 27", "protien_g"),
    ("soft.every", LUNCH, 'lunch = ["SL9"]', "SL9"),
    ("soft.every", LUNCH, 'lunch = ["SB1"]', "SB1"),
    ("soft.every", "soft.every", "soft.evry", "evry"),
    ("low-fat.every", "low-fat.every", "low-fet.every", "low-fet"),
    ("[menu]", "sample = true", 'sample = "yes"', "sample"),
    ("TB1 = ", "k_mg = 320", "k_mg = -1", "k_mg"),
    ("RB2 = ", "fat_g = 12", "fat_g = ", "line"),
]


@pytest.mark.parametrize(("row", "right", "wrong", "said"), BROKEN)
def test_what_is_wrong_is_named_with_its_line(row: str, right: str, wrong: str, said: str) -> None:
    """Whoever keeps the menu finds the place at once, and nothing of the file is used."""
    lines = TEXT.splitlines()
    at = line_of(row) - 1
    found = next(n for n in range(at, len(lines)) if right in lines[n])
    lines[found] = lines[found].replace(right, wrong)

    with pytest.raises(Misconfigured) as refused:
        read_menu("\n".join(lines))

    expected = found + 1 if row != "[menu]" else at + 1
    assert f"line {expected}:" in str(refused.value)
    assert said in str(refused.value)


def test_a_fault_in_the_second_cycle_is_not_blamed_on_the_first() -> None:
    """The same row stands in both; the line is that of the wrong one."""
    text = TEXT + '\n[[cycles]]\nfrom = 2026-12-01\nsoft.every = { lunch = ["NONE"] }\n'

    with pytest.raises(Misconfigured) as refused:
        read_menu(text)

    assert f"line {len(text.splitlines())}:" in str(refused.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    """Whoever mends the file mends it once; a dish that is wrong itself is not called unknown as well."""
    text = (
        TEXT.replace("kcal = 780", "kcal = 870")
        .replace("fen = 2300", "fen = 23.5", 1)
        .replace("soft.every", "soft.evry")
    )

    with pytest.raises(FileWrong) as refused:
        read_menu(text)

    lines = [line_of("RL1 = "), line_of("RL3 = "), line_of("soft.every")]
    assert [fault.line for fault in refused.value.faults] == lines
    with speaking("zh_CN"):
        assert [fault.text().isascii() for fault in refused.value.faults] == [False] * 3


def test_energy_follows_from_what_is_in_a_dish() -> None:
    """4 kcal a gram of protein and of carbohydrate, 9 a gram of fat."""
    for dish in sample_menu().dishes:
        n: Nutrition = dish.nutrition
        assert n.kcal == 4 * n.protein_g + 9 * n.fat_g + 4 * n.carb_g
