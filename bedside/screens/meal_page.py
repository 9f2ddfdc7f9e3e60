"""What the pages about meals have in common: they read the meals of the patient who has opened the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from bedside.screens.stay_page import StayPage

if TYPE_CHECKING:
    from bedside.ports import Terminal
    from bedside.usecases.meals import MyMeals
    from wardlink.messages.encounters import EncounterView


class MealPage(StayPage["MyMeals"]):
    """A page that shows the meals as they are now, and again when something about the bed is new."""

    is_private: ClassVar[bool] = True
    LOOKS_AT = "meals"

    def read(self, terminal: Terminal, stay: EncounterView) -> MyMeals:
        """The meals of this stay."""
        from bedside.usecases.meals import read

        session = self.bed.session
        is_family = session is not None and session.family is not None
        return read(terminal, stay, "family" if is_family else "patient")
