"""Hand-overs in the ward record: one for each shift and stay, and one for the ward, whoever begins it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from wardlink.messages.handovers import (
    HandoverGiven,
    HandoverNote,
    HandoverStruck,
    HandoverTaken,
    HandoverView,
)
from wardlink.record.kind import Fold, Kind, Said

_NAMES = uuid.UUID("0b6f5c0e-2f0c-5a53-8a55-3f0d3f8f6a52")


class _Entry(Protocol):
    @property
    def command(self) -> str: ...

    @property
    def at(self) -> datetime: ...


Entry = TypeVar("Entry", bound=_Entry)


def handover_id(ward: str, shift_at: datetime, encounter: str | None) -> str:
    """The id of the hand-over of a shift about a stay, or about the ward: the same on every cart."""
    return str(uuid.uuid5(_NAMES, f"{ward}/{encounter or ''}/{shift_at.isoformat()}"))


def _written(known: HandoverView | None, said: Said) -> HandoverView:
    view = _begun(known, said)
    return view.model_copy(update={"notes": _with(view.notes, HandoverNote(**_who(said), note=said.body.note))})


def _given(known: HandoverView | None, said: Said) -> HandoverView:
    view, body = _begun(known, said), said.body
    given = HandoverGiven(**_who(said), lines=body.lines, note=body.note)
    return view.model_copy(update={"given": _with(view.given, given)})


def _taken(known: HandoverView | None, said: Said) -> HandoverView:
    view = _begun(known, said)
    return view.model_copy(update={"taken": _with(view.taken, HandoverTaken(**_who(said), given=said.body.given))})


def _struck(known: HandoverView | None, said: Said) -> HandoverView:
    view, body = _begun(known, said), said.body
    who = {key: value for key, value in _who(said).items() if key != "by_name"}
    struck = HandoverStruck(**who, given=body.given, reason=body.reason)
    return view.model_copy(update={"struck": _with(view.struck, struck)})


def _begun(known: HandoverView | None, said: Said) -> HandoverView:
    command = said.command
    return known or HandoverView(
        id=_target(command, said.body), encounter=command.encounter, bed=command.bed, shift_at=said.body.shift_at
    )


def _who(said: Said) -> dict[str, Any]:
    command = said.command
    return {"command": command.id, "at": command.measured_at, "by": command.actor, "by_name": said.actor_name}


def _with(known: tuple[Entry, ...], entry: Entry) -> tuple[Entry, ...]:
    """In the order in which it happened; what was said twice was said once."""
    if any(one.command == entry.command for one in known):
        return known
    return tuple(sorted((*known, entry), key=lambda one: (one.at, one.command)))


def _target(command: Any, body: Any) -> str:
    return handover_id(command.ward, body.shift_at, command.encounter)


HANDOVER = Kind(
    "handover",
    HandoverView,
    at=lambda view: view.shift_at,
    folds={
        "handover.write": Fold(_written, target=_target),
        "handover.give": Fold(_given, target=_target),
        "handover.take": Fold(_taken, target=_target),
        "handover.strike": Fold(_struck, target=_target),
    },
    state=lambda view: view.state,
    kept_for=timedelta(hours=72),
)
