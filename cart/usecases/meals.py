"""Meals on the cart: a tray at the bed, what went back, what was eaten and drunk, and the ward's list of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from wardlink.clinical.meals.returns import FREE, REASONS, reason_said, reason_text
from wardlink.clinical.meals.states import OPEN, after, state_text
from wardlink.clinical.meals.times import Slot, times
from wardlink.i18n import N_, domain, language
from wardlink.messages.fluids import RecordFluid
from wardlink.messages.meals import DeliverMeal, NoteIntake, ReturnMeal, UndoDelivery
from wardlink.record.meals import MEAL

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command
    from wardlink.messages.meals import MealView

_ = domain("cart").gettext

AT_BED_WITHIN = timedelta(minutes=5)
"""A tray belongs to the patient whose wristband was scanned no longer ago."""

LISTED_BACK = timedelta(hours=6)
"""Meals that were served longer ago are not listed."""

EATEN: tuple[tuple[str, str], ...] = (
    ("100", N_("all of it")),
    ("75", N_("three quarters")),
    ("50", N_("half")),
    ("25", N_("a quarter")),
    ("0", N_("nothing")),
)
"""How much was eaten, in per cent and in words."""

UNDO_REASONS = (N_("wrong patient"), N_("entered by mistake"))


def refusal(meal: MealView | None, at_bed: str | None) -> str | None:
    """Why this tray is not for the patient at this bed, as a word of the red page; None if it is."""
    if at_bed is None:
        return "tray-no-wristband"
    if meal is None:
        return "tray-unknown"
    if meal.encounter != at_bed:
        return "tray-wrong-patient"
    return None if after(meal.state, "deliver") is not None else "tray-not-wanted"


def deliver(ward: Ward, session: Session, meal: MealView, tray_code: str, bed_code: str) -> Command:
    """The tray has come to its patient."""
    body = DeliverMeal(meal=meal.id, tray_code=tray_code[:160], bed_code=bed_code[:400])
    return ward.record("meal.deliver", body, actor=session.actor, encounter=meal.encounter, bed=meal.bed)


def return_reasons() -> list[str]:
    """Why a tray goes back, in words to choose from."""
    return [reason_text(reason) for reason in REASONS if reason != "other"]


def send_back(ward: Ward, session: Session, meal: MealView, reason: str) -> Command:
    """The tray goes back; without a charge only for a medical reason or the kitchen's mistake."""
    body = ReturnMeal(meal=meal.id, reason=reason, medical=reason_said(reason) in FREE)
    return ward.record("meal.return", body, actor=session.actor, encounter=meal.encounter, bed=meal.bed)


def undo(ward: Ward, session: Session, meal: MealView, reason: str) -> Command:
    """It was not brought here."""
    body = UndoDelivery(meal=meal.id, reason=reason)
    return ward.record("meal.undo", body, actor=session.actor, encounter=meal.encounter, bed=meal.bed)


def note_intake(ward: Ward, session: Session, meal: MealView, eaten_pct: int, fluid_ml: float) -> Command:
    """So much was eaten and drunk; what was drunk stands in the fluid chart as an entry of its own."""
    fluid = None
    if fluid_ml > 0:
        said = RecordFluid(direction="intake", kind="oral", volume_ml=fluid_ml, note=slot_text(meal))
        fluid = ward.record("fluid.record", said, actor=session.actor, encounter=meal.encounter, bed=meal.bed).id
    body = NoteIntake(meal=meal.id, eaten_pct=eaten_pct, fluid_ml=fluid_ml, fluid=fluid)
    return ward.record("meal.intake", body, actor=session.actor, encounter=meal.encounter, bed=meal.bed)


def listed(board: Board, now: datetime) -> list[MealView]:
    """The ward's meals: those that do not come first, then by meal and bed."""
    found = [meal for meal in board.records(MEAL, since=now - LISTED_BACK) if _is_new(meal, now)]
    return sorted(found, key=lambda m: (not must_not_come(m), m.served_at, len(m.bed or ""), m.bed or "", m.id))


def must_not_come(meal: MealView) -> bool:
    """Whether somebody has to stop its tray."""
    return meal.state == "cancelled" and meal.back is None


def slot_text(meal: MealView) -> str:
    """Which meal of which day."""
    return f"{meal.on:%m-%d} {times(meal.slot).text()}"


def dishes_text(meal: MealView) -> str:
    """What is on the tray; the codes as long as the server has not named them."""
    return " + ".join((item.zh if language() == "zh_CN" else item.en) or item.code for item in meal.items)


def said_text(meal: MealView) -> str:
    """How far it is; why, where it does not come; how much was eaten; that family has ordered it, or it went back."""
    parts = [state_text(meal.state), *(finding.text() for finding in meal.why)]
    if meal.eaten_pct is not None:
        parts.append(_("eaten: {n} %").format(n=meal.eaten_pct))
    if meal.fluid_ml:
        parts.append(_("{n} mL drunk").format(n=f"{meal.fluid_ml:g}"))
    if meal.by.kind == "family":
        parts.append(_("ordered by the family"))
    if meal.back is not None:
        parts += [] if meal.state == "returned" else [_("the tray went back")]
        parts += [meal.back.reason] if meal.back.reason else []
    return " · ".join(parts)


def _is_new(meal: MealView, now: datetime) -> bool:
    return meal.state in OPEN or Slot(meal.on, meal.slot).until_at > now - LISTED_BACK
