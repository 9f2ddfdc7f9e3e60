"""Tubes and machines that patients have: put in, taken out, struck out; and their days for the KPIs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update

from server.adverse.models import DeviceUse
from server.core import Core
from server.identity import audit
from server.identity.roles import demand
from server.identity.staff import Person
from server.patients.models import Encounter, Stay
from wardlink.clinical.adverse_events import devices
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_

_USE: Table = DeviceUse.__table__  # type: ignore[attr-defined]
_STAY: Table = Stay.__table__  # type: ignore[attr-defined]
_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]

LONGEST_REASON = 200
_OLDEST = timedelta(days=366)
_DAY = timedelta(days=1)

_NO_DEVICE = N_("Please say which tube it is.")
_NOT_YET = N_("This time has not come yet.")
_TOO_OLD = N_("This is more than a year ago.")
_BEFORE = N_("It cannot come out before it was put in.")
_GONE = N_("It is out already, or was struck out. Please look again.")
_OTHER = N_("Another tube was entered with this form already. Please open the page again.")
_NO_REASON = N_("Please say why.")


def tubes_of(conn: Connection, encounter: str) -> Sequence[Row[Any]]:
    """Those of a stay: what is in place first, then the newest."""
    found = conn.execute(
        select(_USE).where(_USE.c.encounter == encounter).order_by(_USE.c.inserted_at.desc(), _USE.c.id)
    )
    return sorted(found, key=lambda row: row.removed_at is not None or row.struck_by is not None)


def put_in(core: Core, person: Person, use: str, encounter: str, device: str, at: datetime) -> None:
    """The patient has it since then, also from before the stay. The same form sent twice is kept once.

    Raises:
        InvalidInput: no such device, or the time cannot be right.
        Collision: something else has this id.
        NoRight: without the right.
    """
    demand(person.role, "tube.write")
    if device not in devices():
        raise InvalidInput(_NO_DEVICE)
    _possible(core, at)
    row = {"id": use, "encounter": encounter, "device": device, "inserted_at": at, "inserted_by": str(person.actor)}
    with core.db.write() as conn:
        before = conn.execute(select(_USE).where(_USE.c.id == use)).mappings().first()
        if before is not None:
            if any(before[name] != value for name, value in row.items()):
                raise Collision(_OTHER)
            return
        conn.execute(insert(_USE).values(**row))
        audit.note(core, conn, person, "tube-in", f"tube {use}", encounter=encounter)


def take_out(core: Core, person: Person, use: str, encounter: str, at: datetime, *, planned: bool) -> None:
    """It is out since then; unplanned is an adverse event, which somebody has to report.

    Raises:
        InvalidInput: the time cannot be right.
        NotFound: this stay has no such tube.
        Collision: it is out already, or was struck out.
        NoRight: without the right.
    """
    demand(person.role, "tube.write")
    _possible(core, at)
    with core.db.write() as conn:
        row = _of_stay(conn, use, encounter)
        if row.removed_at is not None:
            raise Collision(_GONE)
        if at <= row.inserted_at:
            raise InvalidInput(_BEFORE)
        done = {"removed_at": at, "removed_by": str(person.actor), "planned": planned}
        conn.execute(update(_USE).where(_USE.c.id == use).values(**done))
        audit.note(core, conn, person, "tube-out", f"tube {use}", encounter=encounter)


def strike_out(core: Core, person: Person, use: str, encounter: str, reason: str) -> None:
    """It was entered by mistake: it stays to be read and counts no more.

    Raises:
        InvalidInput: without a reason.
        NotFound, Collision, NoRight: as for `take_out`.
    """
    demand(person.role, "tube.write")
    said = reason.strip()[:LONGEST_REASON]
    if not said:
        raise InvalidInput(_NO_REASON)
    with core.db.write() as conn:
        _of_stay(conn, use, encounter)
        conn.execute(update(_USE).where(_USE.c.id == use).values(struck_by=str(person.actor), reason=said))
        audit.note(core, conn, person, "tube-struck", f"tube {use}", encounter=encounter)


def tube_days(conn: Connection, wards: Collection[str], since: date, until: date) -> Mapping[date, Mapping[str, int]]:
    """The days of each kind, for the ward in which its patient lay at 24:00; two of a kind count once a patient.

    In and out on one day counts one. What nobody has taken out ends with the stay.
    """
    begin, end = (datetime.combine(on, time(), WARD_ZONE) for on in (since, until + _DAY))
    columns = (
        _USE.c.encounter,
        _USE.c.device,
        _USE.c.inserted_at,
        _USE.c.removed_at,
        _ENCOUNTER.c.admitted_at,
        _ENCOUNTER.c.discharged_at,
    )
    query = (
        select(*columns, _STAY.c.ward, _STAY.c.from_at, _STAY.c.until_at)
        .select_from(
            _USE.join(_STAY, _STAY.c.encounter == _USE.c.encounter).join(
                _ENCOUNTER, _ENCOUNTER.c.id == _USE.c.encounter
            )
        )
        .where(_STAY.c.ward.in_(wards), _USE.c.struck_by.is_(None), _USE.c.inserted_at < end, _STAY.c.from_at < end)
        .where(_USE.c.removed_at.is_(None) | (_USE.c.removed_at >= begin))
        .where(_STAY.c.until_at.is_(None) | (_STAY.c.until_at >= begin))
    )
    counted = {
        (on, row.ward, row.encounter, row.device) for row in conn.execute(query) for on in _days(row, since, until)
    }
    found: dict[date, Counter[str]] = {}
    for on, _ward, _encounter, device in counted:
        found.setdefault(on, Counter())[f"days_{device}"] += 1
    return found


def _days(row: Any, since: date, until: date) -> list[date]:
    """Of one tube and one bed of its patient."""
    ends = [at for at in (row.removed_at, row.discharged_at) if at is not None]
    out_at = min(ends) if ends else None
    had_at = max(row.inserted_at, row.admitted_at)
    if out_at is not None and had_at >= out_at:
        return []
    if out_at is not None and ward_date(had_at) == ward_date(out_at):
        was_here = row.from_at < out_at and (row.until_at is None or out_at <= row.until_at)
        on = ward_date(out_at)
        return [on] if was_here and since <= on <= until else []
    first = max(ward_date(row.inserted_at), ward_date(row.from_at), since)
    last = min([until, *(ward_date(at) - _DAY for at in (out_at, row.until_at) if at is not None)])
    return [first + n * _DAY for n in range((last - first).days + 1)]


def _of_stay(conn: Connection, use: str, encounter: str) -> Row[Any]:
    # Locked where the engine locks rows: of two who take it out at once, one is told.
    query = select(_USE).where(_USE.c.id == use, _USE.c.encounter == encounter).with_for_update()
    row = conn.execute(query).first()
    if row is None:
        raise NotFound(what="tube", name=use[:40])
    if row.struck_by is not None:
        raise Collision(_GONE)
    return row


def _possible(core: Core, at: datetime) -> None:
    now = core.clock.now()
    if at > now:
        raise InvalidInput(_NOT_YET)
    if at < now - _OLDEST:
        raise InvalidInput(_TOO_OLD)
