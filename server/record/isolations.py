"""Isolations come in: kept as they were told, and two stories about one of them put before a person."""

from __future__ import annotations

from server.actors import staff_only
from server.batch import Batch
from server.handlers import Handler
from server.record.collisions import note_place_and_time
from server.record.handlers import keep
from server.record.service import records_of
from server.record.writing import Folded, fold_in
from wardlink.messages.commands import Command
from wardlink.messages.isolations import EndIsolation, IsolationView, StartIsolation
from wardlink.record.isolations import ISOLATION, holding


def start(batch: Batch, command: Command, body: StartIsolation) -> int:
    """Keep that a patient is isolated. Where one of this kind holds already, both hold until a person has looked.

    Raises:
        NotAllowed: a patient or a device by itself says it.
    """
    staff_only(command)
    folded = fold_in(batch, ISOLATION, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    view = folded.after
    if view is not None and view.encounter is not None:
        others = holding(records_of(batch.conn, ISOLATION, encounter=view.encounter))
        for other in others:
            if other.id != view.id and other.precaution == view.precaution:
                _collide(batch, command, folded, _began(view) | _other(_began(other)))
    return folded.seq


def end(batch: Batch, command: Command, body: EndIsolation) -> int:
    """It is over. Who ended it first stays; somebody else who ended it, or one that was struck out, makes a case.

    Raises:
        NotAllowed: a patient or a device by itself says it.
    """
    staff_only(command)
    folded = fold_in(batch, ISOLATION, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    before = folded.before
    if before is not None and not before.holds:
        mine = _story("end-isolation", command.measured_at.isoformat(), _name(batch, command), command.device)
        _collide(batch, command, folded, mine | _other(_ended(before)))
    return folded.seq


def _collide(batch: Batch, command: Command, folded: Folded[IsolationView], detail: dict[str, str]) -> None:
    bed = folded.resident.bed if folded.resident else command.bed
    encounter = folded.after.encounter if folded.after else command.encounter
    batch.exception(
        "isolation-differs", ward=folded.ward, command=command, encounter=encounter, bed=bed, first=False, **detail
    )


def _name(batch: Batch, command: Command) -> str:
    return batch.census.staff_name(batch.conn, command.actor.id) or str(command.actor)


def _began(view: IsolationView) -> dict[str, str]:
    return _story("isolate", view.started_at.isoformat(), view.by_name or str(view.by), view.device)


def _ended(view: IsolationView) -> dict[str, str]:
    if view.ended_at is None:
        return _began(view)
    who = view.ended_by_name or str(view.ended_by)
    return _story("end-isolation", view.ended_at.isoformat(), who, view.ended_device or "?")


def _story(act: str, at: str, who: str, device: str) -> dict[str, str]:
    return {"act": act, "done_at": at, "done_by": who, "on_device": device}


def _other(story: dict[str, str]) -> dict[str, str]:
    return {f"other_{name}": text for name, text in story.items()}


HANDLERS = {
    "isolation.start": Handler(start),
    "isolation.end": Handler(end),
    "isolation.strike": Handler(keep),
}
