"""A monitor's values that were nobody's are given to a patient afterwards, by a person's word, and taken back by one.

What stands follows from the words alone: a set is the patient's of the first word that covers it and stands. Where
two people say differently, the later word waits, wholly, until one of the two is struck out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, select
from sqlmodel import col

from server.actors import staff_only
from server.batch import Batch
from server.census import Resident
from server.exceptions.closing import close_case, close_done
from server.exceptions.models import ExceptionRow
from server.handlers import Handler
from server.patients.models import Encounter
from server.record.collisions import note_place_and_time
from server.record.service import records_of
from server.record.writing import fold_in, tell
from server.vitals import nobodys
from wardlink.i18n import N_
from wardlink.messages.attributions import LONGEST, AttributeValues, AttributionView, StrikeAttribution
from wardlink.messages.commands import Command
from wardlink.record.attributions import ATTRIBUTION, state_of

_EXCEPTION: Table = ExceptionRow.__table__  # type: ignore[attr-defined]

_GIVEN = N_("The values were given to a patient.")
_CLEARED = N_("One of the two was struck out.")


def attribute(batch: Batch, command: Command, body: AttributeValues) -> int:
    """Give the sets that are nobody's to the patient; where somebody says otherwise, put it before a person instead."""
    staff_only(command)
    resident = batch.census.resident(batch.conn, command.encounter) if command.encounter else None

    def judged(view: AttributionView) -> AttributionView:
        if resident is None or _rivals(batch.conn, view) or nobodys.paired_with(batch.conn, view) is not None:
            return view.model_copy(update={"in_doubt": True})
        return view.model_copy(update={"sets": len(nobodys.within(batch.conn, view))})

    folded = fold_in(batch, ATTRIBUTION, command, body, then=judged)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    if folded.after is not None and folded.resident is not None:
        if folded.after.stands:
            _give(batch, command, folded.after, folded.resident)
        else:
            _put_before_a_person(batch, command, folded.after, folded.ward)
    return folded.seq


def strike(batch: Batch, command: Command, body: StrikeAttribution) -> int:
    """The values are nobody's again, unless another word that stands covers them; a word that had to wait may stand."""
    staff_only(command)
    folded = fold_in(batch, ATTRIBUTION, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    before = folded.before
    if before is None or before.struck_at is not None:
        return folded.seq
    close_done(batch, command, ("values-claimed-twice",), before.id, _CLEARED)
    if before.stands:
        _take_back(batch, command, before, folded.resident)
    for waiting in _overlapping(batch.conn, before):
        if state_of(waiting) == "in-doubt" and waiting.encounter is not None:
            _look_again(batch, command, waiting)
    return folded.seq


def given_afterwards(conn: Connection, monitor: str, at: datetime) -> AttributionView | None:
    """By which word a set that comes only now is a patient's already."""
    return next((view for view in _said_of(conn, monitor, at, at) if view.stands and view.covers(at)), None)


def said_about(conn: Connection, monitor: str, since: datetime) -> list[AttributionView]:
    """What was said about this monitor since then and was not struck out, in the order in which it came."""
    found = records_of(conn, ATTRIBUTION, states=("stands", "in-doubt"), since=since)
    return [view for view in found if view.monitor == monitor]


def _give(batch: Batch, command: Command, view: AttributionView, resident: Resident) -> None:
    nobodys.tell_anew(batch, command, [(found, view) for found in nobodys.within(batch.conn, view)], resident)
    batch.flush()
    if not nobodys.left(batch.conn, view.monitor, batch.now).sets:
        for case in _cases(batch.conn, view.monitor):
            close_case(batch, command, case, _GIVEN)


def _take_back(batch: Batch, command: Command, view: AttributionView, resident: Resident | None) -> None:
    others = [other for other in _overlapping(batch.conn, view) if other.stands]
    mine = nobodys.given_by(batch.conn, view)
    given = [(found, next((each for each in others if each.covers(found.measured_at)), None)) for found in mine]
    nobodys.tell_anew(batch, command, given, resident)
    loose = next((found for found, other in given if other is None), None)
    if loose is not None and not _cases(batch.conn, view.monitor):
        batch.exception("unknown-encounter", ward=loose.ward, command=command, bed=loose.bed, monitor=view.monitor)


def _look_again(batch: Batch, command: Command, waiting: AttributionView) -> None:
    resident = batch.census.resident(batch.conn, waiting.encounter or "")
    paired = nobodys.paired_with(batch.conn, waiting)
    if resident is None or paired is not None or _rivals(batch.conn, waiting):
        return
    view = waiting.model_copy(update={"in_doubt": False, "sets": len(nobodys.within(batch.conn, waiting))})
    tell(
        batch,
        ATTRIBUTION,
        view,
        ward=resident.ward,
        command=command,
        resident=resident,
        actor=str(command.actor),
        is_new=False,
        first=False,
    )
    close_done(batch, command, ("values-claimed-twice",), view.id, _CLEARED)
    _give(batch, command, view, resident)


def _rivals(conn: Connection, view: AttributionView) -> list[AttributionView]:
    """Words that stand for another patient and mean some of the same time."""
    return [other for other in _overlapping(conn, view) if other.stands and other.encounter != view.encounter]


def _overlapping(conn: Connection, view: AttributionView) -> list[AttributionView]:
    last = view.until_at - timedelta(microseconds=1)
    return [other for other in _said_of(conn, view.monitor, view.from_at, last) if other.id != view.id]


def _said_of(conn: Connection, monitor: str, first: datetime, last: datetime) -> list[AttributionView]:
    """Every word about this monitor that means a part of `first` to `last`, in the order in which they came."""
    found = records_of(conn, ATTRIBUTION, since=first - LONGEST, until=last + timedelta(microseconds=1))
    meant = [view for view in found if view.monitor == monitor and view.until_at > first]
    return sorted(meant, key=lambda view: (view.received_at or view.entered_at, view.id))


def _cases(conn: Connection, monitor: str) -> list[str]:
    """The open cases that say that this monitor stands at nobody."""
    query = select(_EXCEPTION.c.id, _EXCEPTION.c.device, _EXCEPTION.c.detail).where(
        _EXCEPTION.c.kind == "unknown-encounter", _EXCEPTION.c.encounter.is_(None), _EXCEPTION.c.closed_at.is_(None)
    )
    return [name for name, device, detail in conn.execute(query) if monitor in (device, (detail or {}).get("monitor"))]


def _put_before_a_person(batch: Batch, command: Command, view: AttributionView, ward: str) -> None:
    told = _story(batch, view) | {"monitor": view.monitor, "subject": view.id}
    rivals = _rivals(batch.conn, view)
    if rivals:
        told |= {f"other_{name}": text for name, text in _story(batch, rivals[0]).items()}
    elif (stay := nobodys.paired_with(batch.conn, view)) is not None:
        told["paired_no"] = _admission_no(batch.conn, stay)
    batch.exception(
        "values-claimed-twice",
        ward=ward,
        command=command,
        encounter=view.encounter,
        bed=view.bed,
        first=False,
        **told,
    )


def _story(batch: Batch, view: AttributionView) -> dict[str, str]:
    return {
        "from_at": view.from_at.isoformat(),
        "until_at": view.until_at.isoformat(),
        "admission_no": _admission_no(batch.conn, view.encounter or ""),
        "done_by": view.by_name or str(view.by),
        "done_at": view.entered_at.isoformat(),
        "done_on": view.device,
        "reason": view.reason,
    }


def _admission_no(conn: Connection, stay: str) -> str:
    return str(conn.execute(select(col(Encounter.admission_no)).where(col(Encounter.id) == stay)).scalar() or "?")


HANDLERS = {"attribution.record": Handler(attribute), "attribution.strike": Handler(strike)}
