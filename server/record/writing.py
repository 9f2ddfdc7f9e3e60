"""Changes the ward record: folds a command in or writes what the server decided, and tells everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, insert, select, update

from server.batch import Batch
from server.census import Resident
from server.kpis import sums as kpi_sums
from server.kpis.alert_times import follow_alert
from server.medication import sums as medication_sums
from server.medication.facts import Placed
from server.record.models import RecordRow
from server.record.service import record_called
from wardlink.messages.alerts import AlertView
from wardlink.messages.commands import Command
from wardlink.messages.doses import DoseView
from wardlink.messages.records import RecordView
from wardlink.record.doses import DOSE
from wardlink.record.kind import Kind, Said

_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]

V = TypeVar("V", bound=RecordView)


@dataclass(frozen=True)
class Folded(Generic[V]):
    """What a command has made of a record. `before` and `after` are None where there was none and is none."""

    before: V | None
    after: V | None
    seq: int
    ward: str
    resident: Resident | None


def fold_in(
    batch: Batch, kind: Kind[V], command: Command, body: Any, *, then: Callable[[V], V] = lambda view: view
) -> Folded[V]:
    """Fold a command into its record, write it and tell it; an exception where nobody knows the record.

    `then`: what the server adds to the view, in the same change.
    """
    record = kind.target(command, body)
    known = record_called(batch.conn, kind, record)
    before = known[1] if known else None
    name = batch.census.staff_name(batch.conn, command.actor.id) if command.actor.kind == "staff" else None
    after = kind.fold(before, Said(command, body, name, batch.now))
    after = None if after is None else then(after)
    encounter = after.encounter if after else command.encounter
    resident = batch.census.resident(batch.conn, encounter) if encounter else None
    ward = resident.ward if resident else known[0] if known else command.ward
    if after is None:
        seq = batch.exception(
            "unknown-record",
            ward=ward,
            command=command,
            encounter=encounter,
            bed=command.bed,
            first=True,
            thing=kind.name,
            record=record,
        )
    else:
        seq = tell(batch, kind, after, ward=ward, command=command, resident=resident, is_new=known is None)
    return Folded(before, after, seq, ward, resident)


def tell(
    batch: Batch,
    kind: Kind[V],
    view: V,
    *,
    ward: str,
    is_new: bool,
    command: Command | None = None,
    resident: Resident | None = None,
    actor: str = "system:server",
    first: bool = True,
) -> int:
    """Write a record and tell everybody; returns the number of the change.

    `first` is False for the second and later changes that one command causes.
    """
    bed = resident.bed if resident and resident.active else view.bed
    body = view.model_dump(mode="json", exclude_none=True)
    text = view.model_dump_json(exclude_none=True)
    row = {
        "ward": ward,
        "encounter": view.encounter,
        "bed": bed,
        "at": kind.at(view),
        "state": kind.state(view),
        "is_open": kind.is_open(view),
        "body": text,
    }
    if isinstance(view, DoseView):
        _follow_dose(batch.conn, None if is_new else _dose(batch.conn, view.id), Placed(ward, bed, view))
    if isinstance(view, AlertView):
        follow_alert(batch.conn, ward, view)
    if is_new:
        batch.conn.execute(insert(_RECORD).values(kind=kind.name, id=view.id, **row))
    else:
        batch.conn.execute(update(_RECORD).where(_RECORD.c.kind == kind.name, _RECORD.c.id == view.id).values(**row))
    return batch.change(
        ward,
        kind.change,
        body,
        command=command,
        actor=str(command.actor) if command else actor,
        bed=bed,
        encounter=view.encounter,
        first=first,
    )


def _follow_dose(conn: Connection, before: Placed | None, after: Placed) -> None:
    kpi_sums.follow_dose(conn, None if before is None else (before.ward, before.dose), after.ward, after.dose)
    medication_sums.follow_dose(conn, before, after)


def _dose(conn: Connection, dose: str) -> Placed | None:
    c = _RECORD.c
    row = conn.execute(select(c.ward, c.bed, c.body).where(c.kind == DOSE.name, c.id == dose)).one_or_none()
    return None if row is None else Placed(row.ward, row.bed, DoseView.model_validate_json(row.body))
