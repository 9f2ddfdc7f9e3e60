"""Beds out of service: taken out for a time, given back, and asked for by admissions, the board and the KPIs.

Inside the caller's transaction. Who admits and who closes both hold the ward's row first: neither misses the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, insert, select, update

from server.patients.models import Stay, Ward
from server.wards.models import BedClosure
from server.words import plain
from wardlink.clinical.bed_closing import OTHER, reason_text, reasons
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_
from wardlink.ids import new_id

_CLOSURE: Table = BedClosure.__table__  # type: ignore[attr-defined]
_STAY: Table = Stay.__table__  # type: ignore[attr-defined]
_WARD: Table = Ward.__table__  # type: ignore[attr-defined]

_NO_REASON = N_("Please choose why the bed is closed.")
_NO_WORDS = N_("Please write why the bed is closed.")
_NO_TIME = N_("The end of the closing must lie after its beginning.")
_LIES_THERE = N_("A patient lies in bed {bed}. Move or discharge the patient first; then the bed can be closed.")
_LAY_THERE = N_("A patient lay in bed {bed} at that time. Please check the beginning of the closing.")
_CLOSED_ALREADY = N_("Bed {bed} is closed at that time already.")
_OPEN_ALREADY = N_("This bed is open again already.")
_MEANWHILE = N_("Somebody has changed this meanwhile. Please look at it again.")


@dataclass(frozen=True)
class Closing:
    """What is asked for. `from_at` None: from now; `until_at` None: until the bed is given back."""

    from_at: datetime | None
    until_at: datetime | None
    reason: str
    words: str = ""


@dataclass(frozen=True)
class Closure:
    """A time in which a bed is, was or will be out of service."""

    id: str
    ward: str
    bed: str
    from_at: datetime
    until_at: datetime | None
    reason: str
    words: str
    closed_at: datetime
    closed_by: str
    back_at: datetime | None
    back_by: str | None

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, or has ended; None while nobody knows."""
        return min((at for at in (self.until_at, self.back_at) if at is not None), default=None)

    def holds(self, at: datetime) -> bool:
        """Whether the bed is closed at that instant."""
        return self.from_at <= at and not self.is_over(at)

    def is_over(self, at: datetime) -> bool:
        """Whether it has ended by then."""
        return self.ends_at is not None and self.ends_at <= at

    def text(self) -> str:
        """Why, in the language of this context."""
        return reason_text(self.reason, self.words)


def close(conn: Connection, ward: str, bed: str, asked: Closing, *, seen: str, now: datetime, by: str) -> Closure:
    """Take a bed whose history was seen as `seen` (`mark`) out of service.

    Raises:
        InvalidInput: no such reason, no words, or an end before the beginning.
        Collision: a patient lies there in that time, it is closed then, or somebody was faster.
    """
    if asked.reason not in reasons():
        raise InvalidInput(_NO_REASON)
    if asked.reason == OTHER and not asked.words:
        raise InvalidInput(_NO_WORDS)
    begin, until = asked.from_at or now, asked.until_at
    words = plain(asked.words, most=100) if asked.words else ""
    if until is not None and until <= begin:
        raise InvalidInput(_NO_TIME)
    _hold(conn, ward)
    _as_seen(conn, ward, bed, seen)
    _nobody_there(conn, ward, bed, begin, until)
    if overlapping(conn, ward, bed, begin, until):
        raise Collision(_CLOSED_ALREADY, bed=bed)
    closure = Closure(new_id(), ward, bed, begin, until, asked.reason, words, now, by, back_at=None, back_by=None)
    conn.execute(insert(_CLOSURE).values(**vars(closure)))
    return closure


def give_back(conn: Connection, ward: str, bed: str, closure: str, *, seen: str, now: datetime, by: str) -> None:
    """End a closing now, or call off one that has not begun.

    Raises:
        NotFound: there is no such closing of this bed.
        Collision: it is over, or somebody was faster.
    """
    _hold(conn, ward)
    _as_seen(conn, ward, bed, seen)
    found = next((each for each in history(conn, ward, bed) if each.id == closure), None)
    if found is None:
        raise NotFound(what="bed", name=bed[:40])
    if found.is_over(now):
        raise Collision(_OPEN_ALREADY)
    conn.execute(update(_CLOSURE).where(_CLOSURE.c.id == closure).values(back_at=now, back_by=by))


def history(conn: Connection, ward: str, bed: str) -> list[Closure]:
    """Every closing of a bed, the latest first."""
    query = select(_CLOSURE).where(_CLOSURE.c.ward == ward, _CLOSURE.c.bed == bed)
    order = (_CLOSURE.c.from_at.desc(), _CLOSURE.c.id.desc())
    return [Closure(*row) for row in conn.execute(query.order_by(*order))]


def mark(closures: Sequence[Closure]) -> str:
    """A bed's history in short: another one after every act on it."""
    return f"{len(closures)}-{sum(each.back_at is not None for each in closures)}"


def not_over(conn: Connection, ward: str, now: datetime) -> dict[str, list[Closure]]:
    """Closings of the beds of a ward that hold or will hold, the first first."""
    query = select(_CLOSURE).where(_CLOSURE.c.ward == ward, _CLOSURE.c.back_at.is_(None))
    query = query.where(_CLOSURE.c.until_at.is_(None) | (_CLOSURE.c.until_at > now)).order_by(_CLOSURE.c.from_at)
    found: dict[str, list[Closure]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.bed].append(Closure(*row))
    return dict(found)


def closed_now(conn: Connection, wards: Collection[str], now: datetime) -> list[tuple[str, str]]:
    """Ward and bed of each bed of these wards that is out of service."""
    c = _CLOSURE.c
    holds = (c.from_at <= now) & (c.until_at.is_(None) | (c.until_at > now)) & c.back_at.is_(None)
    found = conn.execute(select(c.ward, c.bed).where(c.ward.in_(wards), holds).distinct())
    return [(ward, bed) for ward, bed in found]


def overlapping(conn: Connection, ward: str, bed: str, since: datetime, until: datetime | None) -> list[Closure]:
    """Closings of a bed that share an instant with this time; one called off before it began has none."""
    return [
        each
        for each in history(conn, ward, bed)
        if (until is None or each.from_at < until) and (each.ends_at is None or each.ends_at > max(since, each.from_at))
    ]


def _hold(conn: Connection, ward: str) -> None:
    # As an admission does: who comes second sees what the first has done.
    conn.execute(select(_WARD.c.id).where(_WARD.c.id == ward).with_for_update())


def _as_seen(conn: Connection, ward: str, bed: str, seen: str) -> None:
    if mark(history(conn, ward, bed)) != seen:
        raise Collision(_MEANWHILE)


def _nobody_there(conn: Connection, ward: str, bed: str, since: datetime, until: datetime | None) -> None:
    s = _STAY.c
    there = select(s.until_at).where(s.ward == ward, s.bed == bed, s.until_at.is_(None) | (s.until_at > since))
    if until is not None:
        there = there.where(s.from_at < until)
    found = conn.execute(there).scalars().all()
    if found:
        raise Collision(_LIES_THERE if None in found else _LAY_THERE, bed=bed)
