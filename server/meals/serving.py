"""What the kitchen and the carts report of a meal, and what the server itself says of it: kept as it happened."""

from __future__ import annotations

from typing import Any

from server.actors import staff_only
from server.batch import Batch
from server.family.acting import is_for_patient
from server.handlers import Handler
from server.meals.facts import card_of
from server.meals.ordering import cancel, change, order
from server.record.collisions import note_place_and_time
from server.record.writing import fold_in
from wardlink.errors import NotAllowed
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.meals import SetDietCard
from wardlink.record.diet_cards import DIET_CARD
from wardlink.record.kinds import BY_COMMAND
from wardlink.record.meals import MEAL

_AT_BED = frozenset({"meal.deliver", "meal.return"})
_OWN_WISH = N_("A patient can only give up a wish here. Please ask your nurse.")


def report(batch: Batch, command: Command, body: Any) -> int:
    """Keep a fact about a meal; a case where it was not under way.

    Raises:
        NotAllowed: a patient or a device by itself says it.
    """
    staff_only(command)
    folded = fold_in(batch, MEAL, command, body)
    if command.kind in _AT_BED:
        note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    meal = folded.after
    mine = next((step for step in meal.steps if step.command == command.id), None) if meal else None
    if meal is not None and mine is not None and not mine.counted and command.kind in _AT_BED:
        batch.exception(
            "meal-contradicts",
            ward=folded.ward,
            command=command,
            encounter=meal.encounter,
            bed=meal.bed,
            meal_is=meal.state,
        )
    return folded.seq


def keep(batch: Batch, command: Command, body: Any) -> int:
    """Keep what the server says of its own menu and cards."""
    return fold_in(batch, BY_COMMAND[command.kind], command, body).seq


def decide(batch: Batch, command: Command, body: SetDietCard) -> int:
    """Keep what staff have decided about how a patient eats; a patient may take one of the own wishes back.

    Raises:
        NotAllowed: a patient says something else.
    """
    if command.actor.kind in ("patient", "family"):
        card = card_of(batch.conn, command.encounter or "")
        only_wishes = body.model_dump(exclude_none=True, exclude_defaults=True).keys() <= {"avoids"}
        fewer = card is not None and body.avoids is not None and set(body.avoids) < set(card.avoids)
        if not is_for_patient(command) or not only_wishes or not fewer:
            raise NotAllowed(_OWN_WISH)
    else:
        staff_only(command)
    return fold_in(batch, DIET_CARD, command, body).seq


_HERE: frozenset[str] = frozenset()
_BOTH = frozenset({"terminal", "cart"})

HANDLERS = {
    "meal.order": Handler(order, request=True, devices=_BOTH),
    "meal.change": Handler(change, request=True, devices=_BOTH),
    "meal.cancel": Handler(cancel, request=True, devices=_BOTH),
    **{kind: Handler(report, devices=_HERE) for kind in ("meal.lock", "meal.cook", "meal.dispatch", "meal.stop")},
    **{kind: Handler(report) for kind in ("meal.deliver", "meal.return", "meal.undo", "meal.intake")},
    "diet-card.set": Handler(decide, request=True, devices=_BOTH),
    "diet-card.follow": Handler(keep, devices=_HERE),
    "menu.set": Handler(keep, devices=_HERE),
}
