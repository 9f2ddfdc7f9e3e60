"""Sets of a monitor that nobody has paired with a patient: found, and told anew with the patient or without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row, Select, Table, bindparam, func, select, update

from server.batch import Batch
from server.census import Resident
from server.models import ChangeRow
from server.record.service import records_of
from server.vitals.models import VitalsRow, is_told_by
from server.vitals.scoring import summary
from server.vitals.service import as_set
from wardlink.messages.attributions import AttributionView
from wardlink.messages.commands import Command
from wardlink.messages.vitals import Assigned, RecordVitals, VitalsRecorded
from wardlink.record.pairings import PAIRING

_CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_VITALS: Table = VitalsRow.__table__  # type: ignore[attr-defined]
# The change that told a set first: it alone knows which device said it, and at which bed.
_ORIGIN = _CHANGE.alias("origin")
_COMES_FROM = (_ORIGIN.c.ward == _VITALS.c.ward) & (_ORIGIN.c.seq == _VITALS.c.seq)

LOOK_BACK = timedelta(hours=72)
"""Values that have been nobody's for longer keep no case open: the cart that could show them has let go of them."""


@dataclass(frozen=True, slots=True)
class Found:
    """One set and the change that tells it now."""

    ward: str
    seq: int
    measured_at: datetime
    bed: str | None
    row: Row[Any]


class Left(NamedTuple):
    """How many sets there are, and when the first and the last of them were measured."""

    sets: int
    first_at: datetime | None
    last_at: datetime | None


def within(conn: Connection, view: AttributionView) -> list[Found]:
    """The sets of this monitor in this time that are nobody's, oldest first."""
    return _read(conn, _sets_in(view).where(_VITALS.c.encounter.is_(None)))


def given_by(conn: Connection, view: AttributionView) -> list[Found]:
    """The sets that are the patient's by this word, oldest first."""
    mine = (_VITALS.c.encounter == view.encounter) & (_VITALS.c.attribution == view.id)
    return _read(conn, _sets_in(view).where(mine))


def paired_with(conn: Connection, view: AttributionView) -> str | None:
    """A stay, other than the one that is said, with which the monitor was paired when it measured some of these."""
    pairings = records_of(conn, PAIRING, since=view.from_at - LOOK_BACK, until=view.until_at)
    stays = {pairing.encounter for pairing in pairings if pairing.monitor == view.monitor} - {view.encounter, None}
    theirs = _VITALS.c.encounter.in_(sorted(filter(None, stays))) & _VITALS.c.attribution.is_(None)
    row = conn.execute(_sets_in(view).where(theirs).limit(1)).first() if stays else None
    return None if row is None else str(row.encounter)


def left(conn: Connection, monitor: str, now: datetime) -> Left:
    """What is still nobody's of a monitor and was not struck out."""
    query = (
        select(func.count(), func.min(_VITALS.c.measured_at), func.max(_VITALS.c.measured_at))
        .select_from(_VITALS)
        .join(_ORIGIN, _COMES_FROM)
        .where(
            _VITALS.c.encounter.is_(None),
            _VITALS.c.struck_at.is_(None),
            _VITALS.c.measured_at > now - LOOK_BACK,
            _ORIGIN.c.device == monitor,
        )
    )
    return Left(*conn.execute(query).one())


def tell_anew(
    batch: Batch,
    command: Command,
    given: Iterable[tuple[Found, AttributionView | None]],
    resident: Resident | None,
) -> None:
    """Give each set to the patient of its word, or to nobody; everybody hears of it, and its row points to that change.

    `resident`: the patient who gets them or loses them.
    """
    rows = []
    for found, view in given:
        told = _as_given(found, view, resident)
        numbers = {
            ward: batch.change(
                ward,
                "vitals.recorded",
                orjson.loads(told.model_dump_json(exclude_none=True)),
                command=command,
                actor=str(command.actor),
                bed=resident.bed if resident is not None and resident.active else found.bed,
                encounter=told.encounter,
                first=False,
            )
            for ward in sorted({found.ward} | ({resident.ward} if resident is not None else set()))
        }
        score = told.news2
        rows.append(
            {
                "of_ward": found.ward,
                "of_seq": found.seq,
                "encounter": told.encounter,
                "attribution": None if view is None else view.id,
                "told_seq": numbers[found.ward],
                "news2_total": score and score.total,
                "news2_band": score and score.band,
                "news2_scale": score and score.scale,
            }
        )
    if rows:
        this = (_VITALS.c.ward == bindparam("of_ward")) & (_VITALS.c.seq == bindparam("of_seq"))
        batch.conn.execute(update(_VITALS).where(this), rows)


def _as_given(found: Found, view: AttributionView | None, resident: Resident | None) -> VitalsRecorded:
    known = as_set(found.row)
    if view is None:
        return known.model_copy(update={"encounter": None, "assigned": None, "news2": None})
    score = summary(RecordVitals(readings=known.readings), resident, found.measured_at)
    return known.model_copy(update={"encounter": view.encounter, "assigned": assigned_by(view), "news2": score})


def assigned_by(view: AttributionView) -> Assigned:
    """What a set says of the word by which it is its patient's."""
    return Assigned(attribution=view.id, at=view.entered_at, by=view.by, by_name=view.by_name, reason=view.reason)


def _read(conn: Connection, query: Select[Any]) -> list[Found]:
    return [Found(row.ward, row.seq, row.measured_at, row.bed, row) for row in conn.execute(query)]


def _sets_in(view: AttributionView) -> Select[Any]:
    return (
        select(
            _VITALS.c.ward,
            _VITALS.c.seq,
            _VITALS.c.encounter,
            _VITALS.c.measured_at,
            _VITALS.c.struck_at,
            _VITALS.c.struck_by,
            _VITALS.c.struck_reason,
            _ORIGIN.c.bed,
            _CHANGE.c.body,
        )
        .join(_ORIGIN, _COMES_FROM)
        .join(_CHANGE, is_told_by())
        .where(
            _VITALS.c.measured_at >= view.from_at,
            _VITALS.c.measured_at < view.until_at,
            _ORIGIN.c.device == view.monitor,
        )
        .order_by(_VITALS.c.measured_at, _VITALS.c.seq)
    )
