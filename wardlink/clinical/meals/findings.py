"""What a rule has found about a meal, in words that a patient understands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from wardlink.clinical.meals.allergens import allergen_text
from wardlink.clinical.meals.diets import diet_text
from wardlink.clinical.tables import load
from wardlink.clock import ward_time
from wardlink.i18n import N_, gettext

Level = Literal["block", "warn", "note"]


@dataclass(frozen=True)
class Finding:
    """One rule and what it says. `dish`: the dish it is about. `case`: which of the rule's sentences."""

    rule: str
    level: Level
    dish: str | None = None
    case: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """The sentence, in the language of this context."""
        values = {name: _WORDS[name](value) if name in _WORDS else value for name, value in self.params.items()}
        return gettext(SENTENCES[self.rule, self.case]).format(**values)


SENTENCES = {
    ("M01", ""): N_("No diet has been ordered for you yet. Please ask your nurse."),
    ("M01", "unknown"): N_("The kitchen does not know the diet “{said}”. Please ask your nurse."),
    ("M02", "order"): N_("You are not to eat at this time."),
    ("M02", "operation"): N_("You are not to eat before your operation."),
    ("M02", "test"): N_("You are not to eat before your examination."),
    ("M03", ""): N_("Not made for your {diet}."),
    ("M03", "sodium"): N_("Not made for your {diet}: {value} mg sodium."),
    ("M04", ""): N_("Contains {allergen}: you are allergic to it."),
    ("M04", "traces"): N_("May hold traces of {allergen}: you are allergic to it."),
    ("M04", "unmapped"): N_("A nurse must look at your allergy “{said}” first. Please call."),
    ("M05", "food"): N_("Too firm for you: level {value}, and you may have {limit} at most."),
    ("M05", "drink"): N_("Its drink is of level {value}, and yours must be {limit}."),
    ("M06", ""): N_("Orders for this meal closed at {at}."),
    ("M06", "extra"): N_("Only an extra can still be added."),
    ("M07", ""): N_("You will not be here for this meal."),
    ("M08", ""): N_("You are fed in another way; no meal can be ordered."),
    ("M09", "na_mg"): N_("Sodium of the day {value} mg: more than the {limit} mg of your diet."),
    ("M09", "protein_g"): N_("Protein of the day {value} g: more than the {limit} g of your diet."),
    ("M09", "fat_g"): N_("Fat of the day {value} g: more than the {limit} g of your diet."),
    ("M09", "k_mg"): N_("Potassium of the day {value} mg: more than the {limit} mg of your diet."),
    ("M09", "k_mg_unknown"): N_("How much potassium it holds is not known. Please ask your dietitian."),
    ("M09", "carb_g"): N_("Carbohydrate of this meal {value} g: your diet wants {least} to {limit} g."),
    ("M10", ""): N_("Mind: {food}."),
    ("M11", ""): N_("Does not go with your wish: {avoid}."),
    ("M12", ""): N_("Comes in disposable ware."),
    ("M13", ""): N_("Only one main dish a meal."),
    ("M14", ""): N_("The deposit is used up. Please ask your nurse."),
    ("M15", ""): N_("Please order together with your nurse or your family."),
    ("M16", ""): N_("Your blood sugar was low. Please tell the nurse before you wait for a meal."),
    ("M17", ""): N_("Until your test only dishes for it: {diet}."),
    ("menu", "gone"): N_("This dish is not on the menu of that meal."),
}
"""By rule and case. Source of the rules: ward domain sheet 6.3."""

_WORDS: Mapping[str, Callable[[str], str]] = {
    "diet": diet_text,
    "allergen": allergen_text,
    "food": lambda name: label_text("food_drug", name),
    "avoid": lambda name: label_text("avoids", name),
    "at": lambda at: ward_time(datetime.fromisoformat(at)).strftime("%H:%M"),
}


def label_text(part: str, name: str) -> str:
    """What a row of this part of the table of meals is called."""
    label: str = load("meals")[part][name]["label"]
    return gettext(label)


def blocks(found: Iterable[Finding]) -> list[Finding]:
    """Those that forbid it."""
    return [finding for finding in found if finding.level == "block"]


def number(value: float) -> str:
    """A quantity as people write it."""
    return f"{value:g}"
