"""What is to be cooked for a meal, and for whom: counts of dishes, and a tray a bed with what must not be on it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from server.patients.service import residents
from server.record.service import records_of
from wardlink.clinical.meals.allergens import allergen_text
from wardlink.clinical.meals.diets import diet_text
from wardlink.clinical.meals.states import state_text
from wardlink.clinical.meals.times import Slot
from wardlink.clinical.names import masked_name
from wardlink.codes.kinds import TrayLabel
from wardlink.i18n import domain, language
from wardlink.messages.encounters import EncounterView
from wardlink.messages.meals import MealItem, MealView
from wardlink.record.meals import MEAL

_ = domain("server").gettext

COOKED = frozenset({"placed", "locked", "cooking", "dispatched", "delivered", "closed"})
"""States of meals that are cooked; the others are listed, so that a tray is taken out of the line."""


@dataclass(frozen=True)
class Count:
    """So many portions of a dish."""

    item: MealItem
    portions: int


@dataclass(frozen=True)
class Tray:
    """One meal, where its patient lies now, and the name as passers-by may read it. `code` is on its label."""

    bed: str
    name: str
    meal: MealView

    @property
    def code(self) -> str:
        """What is scanned at the bed."""
        return TrayLabel(self.meal.id).text()

    @property
    def cooked(self) -> bool:
        """Whether it is to come."""
        return self.meal.state in COOKED

    def dishes_text(self) -> str:
        """What is on it."""
        return " + ".join(item_text(item) for item in self.meal.items)

    def diet_text(self) -> str:
        """The diets, as the label says them."""
        return ", ".join(diet_text(code) for code in self.meal.diets)

    def care_text(self) -> str:
        """What the label says in red: allergens, texture, ware."""
        said = [_("allergic: {what}").format(what=allergen_text(code)) for code in self.meal.allergens]
        said += [_("texture {level}").format(level=self.meal.iddsi)] if self.meal.iddsi is not None else []
        said += [_("disposable ware")] if self.meal.disposable else []
        return ", ".join(said)

    def state_text(self) -> str:
        """How far it is; why, where it does not come."""
        state = state_text(self.meal.state)
        why = " ".join(finding.text() for finding in self.meal.why)
        return _("{state}: {reason}").format(state=state, reason=why) if why else state


@dataclass(frozen=True)
class Production:
    """One meal of one ward."""

    slot: Slot
    counts: tuple[Count, ...]
    trays: tuple[Tray, ...]


def item_text(item: MealItem) -> str:
    """What a dish was called when it was ordered, in the language of this context."""
    return item.zh if language() == "zh_CN" else item.en


def production(conn: Connection, ward: str, slot: Slot) -> Production:
    """What a ward gets for a meal; trays in the order of the beds, counts in the order of the codes."""
    found = records_of(conn, MEAL, ward=ward, since=slot.served_at, until=slot.until_at)
    stays = {stay.id: stay for stay in residents(conn, ward)}
    trays = [
        _tray(meal, stays.get(meal.encounter or "")) for meal in found if (meal.on, meal.slot) == (slot.on, slot.meal)
    ]
    cooked = [item for tray in trays if tray.cooked for item in tray.meal.items]
    portions = Counter(item.code for item in cooked)
    items = {item.code: item for item in cooked}
    counts = tuple(Count(items[code], portions[code]) for code in sorted(portions))
    return Production(
        slot, counts, tuple(sorted(trays, key=lambda tray: (len(tray.bed), tray.bed, tray.meal.placed_at)))
    )


def as_csv(found: Production) -> str:
    """The trays as a file that a spreadsheet opens; a cell never begins a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Bed"), _("Patient"), _("Dishes"), _("Diet"), _("Mind"), _("State"), _("Tray code")])
    for tray in found.trays:
        row: Sequence[str] = (
            tray.bed,
            tray.name,
            tray.dishes_text(),
            tray.diet_text(),
            tray.care_text(),
            tray.state_text(),
            tray.code,
        )
        writer.writerow([f"'{cell}" if cell[:1] in "=+-@\t" and cell else cell for cell in row])
    for count in found.counts:
        writer.writerow(["", "", item_text(count.item), "", "", "", str(count.portions)])
    return out.getvalue()


def _tray(meal: MealView, stay: EncounterView | None) -> Tray:
    if stay is None:
        return Tray(meal.bed or "-", "-", meal)
    return Tray(stay.bed, masked_name(stay.name), meal)
