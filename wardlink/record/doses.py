"""Doses in the ward record: what was entered about each, all of it, and the state that follows from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from wardlink.clinical.dose_states import WAITING, DoseAct, DoseState, after
from wardlink.i18n import N_, gettext
from wardlink.messages.doses import DoseEvent, DoseView
from wardlink.record.kind import Fold, Kind, Said

NOT_BEGUN = N_("not begun in time")
"""The reason of a dose that the server's clock calls missed; `reason_text` says it in the reader's language."""

_WITHHELD: dict[str, DoseAct] = {"held": "hold", "refused": "refuse", "missed": "miss"}
_ACTS: dict[str, DoseAct | None] = {
    "dose.give": "give",
    "dose.start": "start",
    "dose.patrol": None,
    "dose.pause": "pause",
    "dose.resume": "resume",
    "dose.end": "end",
}
"""What an entry does to a dose; a patrol only looks."""

_FACTS = tuple(DoseEvent.model_fields.keys() - {"command", "act", "at", "entered_at", "received_at", "device", "by"})


def reason_text(reason: str) -> str:
    """A reason as it is read: a person's own words, or what the server's clock said."""
    return gettext(NOT_BEGUN) if reason == NOT_BEGUN else reason


def _entered(known: DoseView | None, said: Said) -> DoseView:
    """A dose with one entry more. A dose that nobody knows is made of what the entry says of it."""
    dose = known or _from_entry(said)
    if any(event.command == said.command.id for event in dose.events):
        return dose
    return _in_order(dose, (*dose.events, _event(said)))


def _struck(known: DoseView | None, said: Said) -> DoseView | None:
    if known is None:
        return None
    marks = {"struck_at": said.command.entered_at, "struck_by": said.command.actor, "struck_reason": said.body.reason}
    events = tuple(
        event.model_copy(update=marks) if event.command == said.body.entry and event.struck_at is None else event
        for event in known.events
    )
    return _in_order(known, events)


def _in_order(dose: DoseView, events: tuple[DoseEvent, ...]) -> DoseView:
    """The state that the entries make, in the order in which they happened; an entry that is no move is kept.

    By the instant of the deed and not of its arrival: what a cart without a network did first came first. What was
    taken back with its order is not due again when the entries about it are struck out.
    """
    state: DoseState = "planned"
    told = []
    for event in sorted(events, key=lambda event: (event.at, event.command)):
        act = cast("DoseAct | None", None if event.act == "patrol" else event.act)
        moved = None if act is None or event.struck_at is not None else after(state, act)
        told.append(event.model_copy(update={"counted": act is None or moved is not None}))
        state = moved or state
    if state == "planned" and dose.withdrawn_at is not None:
        state = "cancelled"
    return dose.model_copy(update={"state": state, "events": tuple(told)})


def _event(said: Said) -> DoseEvent:
    command, body = said.command, said.body
    act = _WITHHELD[body.why] if command.kind == "dose.withhold" else _ACTS[command.kind] or "patrol"
    facts = {name: value for name in _FACTS if (value := getattr(body, name, None)) is not None}
    return DoseEvent(
        command=command.id,
        act=act,
        at=command.measured_at,
        entered_at=command.entered_at,
        received_at=said.received_at,
        device=command.device,
        by=command.actor,
        by_name=said.actor_name,
        **facts,
    )


def _from_entry(said: Said) -> DoseView:
    body = said.body
    return DoseView(
        id=body.dose,
        encounter=said.command.encounter,
        bed=said.command.bed,
        order=body.order,
        due_at=body.due_at,
        state="planned",
        items=body.items,
    )


def _dose(command: Any, body: Any) -> str:
    return str(body.dose)


def _at(view: DoseView) -> datetime:
    if view.due_at is not None:
        return view.due_at
    # Given when needed: it has no time but that of its first entry.
    return min(event.at for event in view.events)


DOSE = Kind(
    "dose",
    DoseView,
    at=_at,
    folds={kind: Fold(_entered, target=_dose) for kind in (*_ACTS, "dose.withhold")}
    | {"dose.strike": Fold(_struck, target=_dose)},
    is_open=lambda view: view.state in WAITING,
    state=lambda view: view.state,
    kept_for=timedelta(hours=72),
    for_bed=True,
)
