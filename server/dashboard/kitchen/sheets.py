"""A meal as tables: what is to be cooked, the trays, what has changed since the print, and what came back. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from server.dashboard.kitchen.asked import OfWard
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.meals.kitchen import Tray, item_text
from server.meals.prints import Change, ChangeKind
from wardlink.clinical.meals.allergens import allergen_text
from wardlink.clinical.meals.diets import diet_text
from wardlink.clinical.meals.returns import reason_said, reason_text
from wardlink.clinical.meals.states import EATEN
from wardlink.i18n import N_, domain
from wardlink.messages.meals import MealItem, MealView

_ = domain("server").gettext

KINDS: Mapping[ChangeKind, str] = {
    "new": N_("new"),
    "changed": N_("changed: take the old label away"),
    "gone": N_("does not come any more: take the tray away"),
}


def production_sheet(wards: Iterable[OfWard]) -> Sheet:
    """A line a dish: how many portions, how many of them for which diet, texture and allergy."""
    trays = [tray for ward in wards for tray in ward.found.trays if tray.cooked]
    dishes: dict[str, MealItem] = {}
    portions: dict[str, list[Tray]] = defaultdict(list)
    for tray in trays:
        for item in tray.meal.items:
            dishes[item.code] = item
            portions[item.code].append(tray)
    columns = (
        Column("code", _("Code"), "mono"),
        Column("dish", _("Dish"), "wide"),
        Column("portions", _("Portions"), "number"),
        Column("diets", _("For which diets")),
        Column("textures", _("Textures")),
        Column("allergies", _("Allergies among them")),
        Column("disposable", _("In disposable ware"), "number"),
    )
    return Sheet(columns, tuple(_dish(code, dishes[code], portions[code]) for code in sorted(portions)))


def _dish(code: str, item: MealItem, trays: Sequence[Tray]) -> Row:
    cells = {
        "code": Cell(code),
        "dish": Cell(item_text(item)),
        "portions": Cell(str(len(trays))),
        "diets": Cell(_counted(diet_text(diet) for tray in trays for diet in tray.meal.diets)),
        "textures": Cell(_counted(str(tray.meal.iddsi) for tray in trays if tray.meal.iddsi is not None)),
        "allergies": Cell(_counted(allergen_text(a) for tray in trays for a in tray.meal.allergens)),
        "disposable": Cell(str(sum(tray.meal.disposable for tray in trays))),
    }
    return Row(code, cells)


def _counted(texts: Iterable[str]) -> str:
    return ", ".join(f"{text} × {n}" for text, n in Counter(texts).most_common())


def trays_sheet(wards: Sequence[OfWard]) -> Sheet:
    """A line a tray, in the order of wards and beds; those that do not come stand there with the reason."""
    columns = (
        *_ward_column(wards),
        Column("bed", _("Bed")),
        Column("name", _("Patient")),
        Column("dishes", _("Dishes"), "wide"),
        Column("diet", _("Diet")),
        Column("care", _("Mind")),
        Column("state", _("State")),
        Column("by", _("Ordered by")),
        Column("code", _("Tray code"), "mono"),
    )
    return Sheet(columns, tuple(_tray(ward, tray) for ward in wards for tray in ward.found.trays))


def _tray(ward: OfWard, tray: Tray) -> Row:
    care = tray.care_text()
    cells = {
        "ward": Cell(ward.name),
        "bed": Cell(tray.bed),
        "name": Cell(tray.name),
        "dishes": Cell(tray.dishes_text()),
        "diet": Cell(tray.diet_text()),
        "care": Cell(care, cls="bad" if care else ""),
        "state": Cell(tray.state_text(), cls="why"),
        "by": Cell(_by(tray.meal)),
        "code": Cell(tray.code),
    }
    return Row(tray.meal.id, cells, cls="" if tray.cooked else "struck")


def _by(meal: MealView) -> str:
    if meal.by.kind == "patient":
        return _("the patient")
    return _("the family") if meal.by.kind == "family" else meal.by_name or meal.by.id


def changes_sheet(wards: Sequence[OfWard]) -> Sheet:
    """A line a tray whose label is not right any more, or that has none yet."""
    columns = (
        *_ward_column(wards),
        Column("what", _("What has changed")),
        Column("bed", _("Bed")),
        Column("name", _("Patient")),
        Column("dishes", _("Dishes"), "wide"),
        Column("diet", _("Diet")),
        Column("care", _("Mind")),
    )
    return Sheet(columns, tuple(_change(ward, change) for ward in wards for change in ward.changes))


def _change(ward: OfWard, change: Change) -> Row:
    tray, moved = change.tray, change.bed_before not in (None, change.tray.bed)
    bed = _("{before}, now {bed}").format(before=change.bed_before, bed=tray.bed) if moved else tray.bed
    cells = {**_tray(ward, tray).cells} | {
        "what": Cell(_(KINDS[change.kind]), cls="bad" if change.kind != "new" else ""),
        "bed": Cell(bed),
    }
    return Row(tray.meal.id, cells)


def waste_sheet(wards: Sequence[OfWard]) -> Sheet:
    """A line a dish: how many trays it was on, how many came to a bed, went back, and how much was eaten of it."""
    columns = (
        Column("code", _("Code"), "mono"),
        Column("dish", _("Dish"), "wide"),
        Column("portions", _("Portions"), "number"),
        Column("delivered", _("At the bed"), "number"),
        Column("returned", _("Went back"), "number"),
        Column("why", _("Why")),
        Column("late", _("Cancelled after cooking"), "number"),
        Column("eaten", _("Eaten on average"), "number"),
        Column("noted", _("Noted of so many"), "number"),
    )
    dishes: dict[str, MealItem] = {}
    trays: dict[str, list[Tray]] = defaultdict(list)
    for ward in wards:
        for tray in ward.found.trays:
            if tray.cooked or tray.meal.state == "returned" or tray.meal.cancelled_late:
                for item in tray.meal.items:
                    dishes[item.code] = item
                    trays[item.code].append(tray)
    return Sheet(columns, tuple(_waste(code, dishes[code], trays[code]) for code in sorted(trays)))


def _waste(code: str, item: MealItem, trays: Sequence[Tray]) -> Row:
    eaten = [tray.meal.eaten_pct for tray in trays if tray.meal.eaten_pct is not None]
    back = [tray.meal for tray in trays if tray.meal.state == "returned"]
    cells = {
        "code": Cell(code),
        "dish": Cell(item_text(item)),
        "portions": Cell(str(len(trays))),
        "delivered": Cell(str(sum(tray.meal.state in EATEN for tray in trays))),
        "returned": Cell(str(len(back)), cls="bad" if back else ""),
        "why": Cell(_counted(reason_text(reason_said(meal.back.reason if meal.back else None)) for meal in back)),
        "late": Cell(str(sum(tray.meal.cancelled_late for tray in trays))),
        "eaten": Cell(f"{sum(eaten) / len(eaten):.0f} %" if eaten else ""),
        "noted": Cell(str(len(eaten))),
    }
    return Row(code, cells)


def _ward_column(wards: Sequence[OfWard]) -> tuple[Column, ...]:
    return (Column("ward", _("Ward")),) if len(wards) > 1 else ()
