"""What patients and nurses ask for: checked with what the record says now, and refused in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from server.batch import Batch
from server.identity.roles import may
from server.meals.facts import card_of, eater_of
from server.meals.menus import menu_of
from server.patients.asking import role_of, who_asks
from server.record.service import record_called, records_of
from server.record.writing import fold_in
from wardlink.clinical.meals.dishes import Dish
from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.meals.findings import Finding, blocks
from wardlink.clinical.meals.menu import Menu, dishes_called
from wardlink.clinical.meals.rules import Asker, check, of_day, one_main
from wardlink.clinical.meals.states import CHANGEABLE, STANDS
from wardlink.clinical.meals.times import DAYS_AHEAD, Meal, Slot
from wardlink.clock import ward_date
from wardlink.errors import Collision, InvalidInput, NotAllowed, NotFound
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView
from wardlink.messages.meals import CancelMeal, ChangeMeal, MealItem, MealView, OrderMeal
from wardlink.record.meals import MEAL

_BEGUN = N_("The kitchen has begun with this meal: it can no longer be changed. Please ask your nurse.")
_OTHERS = N_("This meal is of another patient.")
_TOO_FAR = N_("Meals can be ordered for today and tomorrow.")
_NO_MENU = N_("There is no menu yet. Please ask your nurse.")


class MealRefused(Collision):
    """The rules forbid it; each says why."""

    code = "meal-refused"
    sentence = N_("This meal cannot be ordered.")

    def __init__(self, found: Sequence[Finding]) -> None:
        super().__init__()
        self.found = tuple(found)

    def text(self) -> str:
        """The reasons, each once."""
        return " ".join(dict.fromkeys(finding.text() for finding in self.found))


@dataclass(frozen=True)
class _Table:
    """Who sits at it, what there is, and what was ordered already."""

    stay: EncounterView
    eater: Eater
    menu: Menu
    meals: tuple[MealView, ...]

    def others(self, slot: Slot, leave: str | None) -> dict[Meal, list[Dish]]:
        """The dishes of the other meals of that day, and of other trays of this meal; `leave`: a tray to leave out."""
        found: dict[Meal, list[Dish]] = {}
        for meal in self.meals:
            if meal.on == slot.on and meal.id != leave and meal.state in STANDS:
                found.setdefault(meal.slot, []).extend(dishes_called(self.menu, meal.codes))
        return found


def order(batch: Batch, command: Command, body: OrderMeal) -> int:
    """Take an order.

    Raises:
        MealRefused: a rule forbids it.
        NotAllowed: in another patient's name, or without the right to.
        InvalidInput: for a day that cannot be ordered for.
    """
    table, by = _sit(batch, command)
    slot = Slot(body.on, body.slot)
    if not ward_date(batch.now) <= slot.on <= ward_date(batch.now) + timedelta(days=DAYS_AHEAD):
        raise InvalidInput(_TOO_FAR)
    dietitian = _may_override(batch, command, body.dietitian_reason)
    found = _check(batch, table, slot, body.dishes, by, dietitian)
    return fold_in(batch, MEAL, command, body, then=lambda view: _filled(view, table, found)).seq


def change(batch: Batch, command: Command, body: ChangeMeal) -> int:
    """Other dishes in the place of those that were ordered.

    Raises:
        MealRefused: a rule forbids it.
        Collision: the kitchen has begun.
        NotFound: there is no such meal.
    """
    table, by = _sit(batch, command)
    meal = _meal(batch.conn, command, body.meal)
    slot = Slot(meal.on, meal.slot)
    if meal.state not in CHANGEABLE:
        raise Collision(_BEGUN)
    dietitian = _may_override(batch, command, body.dietitian_reason)
    found = _check(batch, table, slot, body.dishes, by, dietitian, leave=meal.id)
    return fold_in(batch, MEAL, command, body, then=lambda view: _filled(view, table, found)).seq


def cancel(batch: Batch, command: Command, body: CancelMeal) -> int:
    """It is not wanted; free until the cut-off.

    Raises:
        Collision: the kitchen has begun.
        NotFound: there is no such meal.
    """
    _who(batch, command)
    meal = _meal(batch.conn, command, body.meal)
    if meal.state not in CHANGEABLE or batch.now >= Slot(meal.on, meal.slot).cutoff_at:
        raise Collision(_BEGUN)
    return fold_in(batch, MEAL, command, body).seq


def _who(batch: Batch, command: Command) -> tuple[EncounterView, Asker]:
    stay, role = who_asks(batch, command, "meal.order", others=_OTHERS)
    if role is not None:
        return stay, "nurse"
    return stay, "family" if command.actor.kind == "family" else "patient"


def _sit(batch: Batch, command: Command) -> tuple[_Table, Asker]:
    stay, by = _who(batch, command)
    menu = menu_of(batch.conn, stay.ward)
    if menu is None:
        raise Collision(_NO_MENU)
    card = card_of(batch.conn, stay.id)
    # Money is judged by who follows the stay and can ask the insurance; the card says what was found.
    arrears = card is not None and card.eater.arrears
    eater = eater_of(batch.conn, stay, card, batch.now, arrears=arrears)
    return _Table(stay, eater, menu, tuple(records_of(batch.conn, MEAL, encounter=stay.id))), by


def _check(
    batch: Batch,
    table: _Table,
    slot: Slot,
    codes: Sequence[str],
    by: Asker,
    dietitian: bool,
    *,
    leave: str | None = None,
) -> list[Finding]:
    offered = {dish.code: dish for dish in table.menu.dishes_of(slot)}
    gone = [Finding("menu", "block", code, "gone") for code in codes if code not in offered]
    if gone:
        raise MealRefused(gone)
    dishes = [offered[code] for code in dict.fromkeys(codes)]
    others = table.others(slot, leave)
    beside = others.pop(slot.meal, [])
    found = check(table.eater, slot, dishes, batch.now, by=by, others=others, dietitian=dietitian)
    if beside:
        # A second tray for the same meal: an extra of the nurse's.
        found = [finding for finding in found if finding.rule not in ("M09", "M13")]
        found += one_main([*beside, *dishes])
        found += of_day(table.eater, slot, [*beside, *dishes], others, level="warn" if dietitian else "block")
    if blocks(found):
        raise MealRefused(blocks(found))
    return found


def _filled(view: MealView, table: _Table, found: Sequence[Finding]) -> MealView:
    day, eater = view.on, table.eater
    items = tuple(
        MealItem(code=dish.code, zh=dish.zh, en=dish.en, fen=dish.fen_on(day) or 0, nutrition=dish.nutrition)
        for dish in dishes_called(table.menu, tuple(dict.fromkeys(view.codes)))
    )
    label = {"diets": eater.diets, "allergens": eater.allergens, "iddsi": eater.iddsi, "disposable": eater.isolated}
    warnings = tuple(finding for finding in found if finding.level != "block")
    return view.model_copy(update={"items": items, "bed": table.stay.bed, "warnings": warnings} | label)


def _meal(conn: Connection, command: Command, meal: str) -> MealView:
    found = record_called(conn, MEAL, meal)
    if found is None or found[1].encounter != command.encounter:
        raise NotFound(what="meal", name=meal)
    return found[1]


def _may_override(batch: Batch, command: Command, reason: str | None) -> bool:
    if reason is None:
        return False
    role = role_of(batch, command)
    if role is None or not may(role, "meal.override"):
        raise NotAllowed
    return True
