"""The ward's meals: which do not come and why, which are at the bed, and what was eaten of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cart.keys import Key, bindings
from cart.screens.amounts import Amount, Amounts
from cart.screens.list_page import ListPage
from cart.screens.question import Question
from cart.usecases.meals import (
    EATEN,
    UNDO_REASONS,
    dishes_text,
    listed,
    must_not_come,
    note_intake,
    return_reasons,
    said_text,
    send_back,
    slot_text,
    undo,
)
from cart.widgets.grid import Cell, Column, Line
from wardlink.clinical.meals.states import after
from wardlink.i18n import N_, domain
from wardlink.messages.meals import MealView
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cart.ports import Ward

_ = domain("cart").gettext


class MealsScreen(ListPage[MealView]):
    """Meals that were cancelled come first: a tray that comes all the same goes back."""

    GRID = "meals"
    HEADING = N_("Meals. A tray is brought by two scans: the wristband, then the tray.")
    NOTHING = N_("No meals are ordered.")
    KEYS: ClassVar = (
        Key("enter,i", "intake", N_("Eaten"), N_("Write down what was eaten and drunk.")),
        Key("b", "back_to_kitchen", N_("Send back"), N_("The tray goes back: say why.")),
        Key("x", "undo", N_("Undo"), N_("The tray was not brought to this bed, or did not go back.")),
        Key("o", "open", N_("Patient"), N_("Open the patient of this meal.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    def read(self, ward: Ward) -> tuple[list[MealView], dict[str, str]]:
        """The meals, and names by stay."""
        names = {stay.id: stay.name for stay in ward.replica.encounters()}
        return listed(ward.replica, ward.clock.now()), names

    def columns(self) -> tuple[Column, ...]:
        """Whose, which meal, what is on the tray, and how far it is."""
        return (
            Column(_("Bed"), 4, "right"),
            Column(_("Name"), 10),
            Column(_("Meal"), 11),
            Column(_("State"), 34, grow=True),
            Column(_("Dishes"), 30),
        )

    def line(self, meal: MealView, now: datetime) -> Line:
        """One meal; loud where it must not come."""
        tone = "alarm" if must_not_come(meal) else "good" if meal.state in ("delivered", "closed") else "plain"
        return Line(
            meal.id,
            (
                Cell(meal.bed or "", "strong"),
                Cell(plain(self.name_of(meal.encounter)), "strong"),
                Cell(slot_text(meal)),
                Cell(plain(said_text(meal)), tone),
                Cell(plain(dishes_text(meal))),
            ),
        )

    def chosen(self, meal: MealView) -> None:
        """What was eaten."""
        self.action_intake()

    def action_intake(self) -> None:
        """Ask how much was eaten, then how much was drunk."""
        meal = self.here
        if meal is None:
            return
        if meal.state not in ("delivered", "closed"):
            self.notify(_("This meal is not at the bed: scan the wristband, then the tray."), severity="warning")
            return

        def eaten(answer: str | None) -> None:
            if answer is not None:
                self._ask_drunk(meal, int(answer))

        asked = _("Bed {bed}: how much was eaten?")
        self.app.push_screen(Question(lambda: asked.format(bed=meal.bed or ""), EATEN), eaten)

    def _ask_drunk(self, meal: MealView, eaten_pct: int) -> None:
        def drunk(answer: Mapping[str, float] | None) -> None:
            if answer is not None:
                self.do(lambda ward, session: note_intake(ward, session, meal, eaten_pct, answer["ml"]))

        amount = Amount("ml", N_("Drunk with it"), "mL", 0, 3_000, "0")
        self.app.push_screen(Amounts(lambda: _("Bed {bed}: drinks").format(bed=meal.bed or ""), [amount]), drunk)

    def action_back_to_kitchen(self) -> None:
        """Ask why, and send it back."""
        meal = self.here
        if meal is None:
            return
        if meal.back is not None or after(meal.state, "return") is None:
            self.notify(_("This meal cannot be sent back any more, or was never cooked."), severity="warning")
            return
        asked = _("Bed {bed}: why does the tray go back?")
        self.ask(
            lambda: asked.format(bed=meal.bed or ""),
            return_reasons(),
            lambda reason: lambda ward, session: send_back(ward, session, meal, reason),
        )

    def action_undo(self) -> None:
        """Ask why, and take the delivery back, or that the tray went back."""
        meal = self.here
        if meal is None or after(meal.state, "undo") is None:
            return
        came = _("Bed {bed}: why was it not brought here?")
        asked = _("Bed {bed}: why did the tray not go back?") if meal.state == "returned" else came
        self.ask(
            lambda: asked.format(bed=meal.bed or ""),
            UNDO_REASONS,
            lambda reason: lambda ward, session: undo(ward, session, meal, reason),
        )

    def action_open(self) -> None:
        """Open the patient."""
        meal = self.here
        if meal is not None:
            self.open_patient(meal.encounter)
