"""Gives beds to nurses at a desk, in the record that carts keep: they show it at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Table, select

from server.core import Core
from server.identity import audit
from server.identity.models import Staff
from server.identity.staff import Person
from server.record.service import records_of
from server.wards.service import beds_of
from wardlink.clinical.roster import NURSES
from wardlink.clinical.shifts import Shift, shift_at
from wardlink.errors import InvalidInput, NotFound
from wardlink.i18n import N_
from wardlink.messages.assignments import AssignmentView, LeaveBed, TakeBed
from wardlink.record.assignments import ASSIGNMENT

_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]

_NOT_NOW = N_("Beds are given for the running shift and the next one.")
_NO_BED = N_("Please tick the beds.")
_NO_NURSE = N_("Please choose a nurse of this ward.")


def given(conn: Connection, ward: str, shift: Shift) -> dict[str, AssignmentView]:
    """What was said about the beds of a ward in a shift, by bed."""
    found = records_of(conn, ASSIGNMENT, ward=ward, since=shift.begins_at, until=shift.ends_at)
    return {view.bed: view for view in found if view.bed is not None and view.shift_at == shift.begins_at}


def give(
    core: Core, by: Person, ward: str, shift_begins_at: datetime, nurse: str, beds: Collection[str], *, takes: bool
) -> int:
    """Let beds be this nurse's in a shift, or not any more (`takes` is False); of how many it was not so already.

    Who may is asked before.

    Raises:
        NotFound: there is no such ward or bed.
        InvalidInput: no bed, no nurse of the ward, or another shift than the running one and the next.
    """
    running = shift_at(core.clock.now())
    shift = next((each for each in (running, running.after()) if each.begins_at == shift_begins_at), None)
    if shift is None:
        raise InvalidInput(_NOT_NOW)
    if not beds:
        raise InvalidInput(_NO_BED)
    with core.transaction() as batch:
        name = _nurse(batch.conn, ward, nurse)
        known = {bed.id for bed in beds_of(batch.conn, ward)}
        held = given(batch.conn, ward, shift)
        changed = []
        for bed in dict.fromkeys(beds):
            if bed not in known:
                raise NotFound(what="bed", name=bed[:40])
            has = any(step.by.id == nurse for step in held[bed].nurses) if bed in held else False
            if has == takes:
                continue
            body = (TakeBed if takes else LeaveBed)(
                shift_at=shift.begins_at, bed=bed, nurse=nurse, nurse_name=name if nurse != by.id else None
            )
            kind = "assignment.take" if takes else "assignment.leave"
            core.apply(batch, core.command(kind, body, ward=ward, actor=by.actor, bed=bed))
            changed.append(bed)
        if changed:
            action = "assignment-given" if takes else "assignment-ended"
            audit.note(
                core,
                batch.conn,
                by,
                action,
                f"ward {ward} nurse {nurse}",
                beds=changed,
                shift=shift.begins_at.isoformat(),
            )
    return len(changed)


def _nurse(conn: Connection, ward: str, nurse: str) -> str:
    row = conn.execute(select(_STAFF).where(_STAFF.c.id == nurse)).first()
    if row is None or not row.active or row.role not in NURSES or ward not in row.wards:
        raise InvalidInput(_NO_NURSE)
    name: str = row.name
    return name
