"""Lines that came late: after their stay had ended, or after it was settled. What became of each is derived.

A late line is open until another settlement of the stay takes it (a supplementary bill), or a person waives it with a
reason, which takes it back in the books for good. Nothing else marks it, so nothing can be marked and still be owed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, Table, and_, exists, or_, select

from server.money.charges import reverse_by_hand
from server.money.deposits import lock_stay
from server.money.lines import LINE
from server.patients.models import Encounter, Patient
from server.settlement.rows import SETTLEMENT, TAKEN
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]

LOOKS_BACK = timedelta(days=90)

State = Literal["open", "settling", "settled", "waived"]

_REASON = N_("Please say why.")
_NOT_LATE = N_("Only a line that came after the discharge or the settlement can be waived, and only while it is open.")


@dataclass(frozen=True)
class Late:
    """A late line. `reason` and `by`: of one that was waived; `receipt_no`: of one that was settled."""

    line: Row[Any]
    admission_no: str
    name: str
    ward: str
    discharged_at: datetime | None
    state: State
    receipt_no: str | None
    reason: str | None
    by: str | None


def late_lines(
    conn: Connection, now: datetime, *, wards: Collection[str] | None = None, encounter: str | None = None
) -> list[Late]:
    """Late lines of the last 90 days, the latest first. `wards`: those that did what is charged; None: all.

    The days of a stay are late only where the stay was settled before.
    """
    back, first, first_taken = LINE.alias("back"), LINE.alias("first"), TAKEN.alias("first_taken")
    before = SETTLEMENT.alias("before")
    settled_before = exists().where(
        before.c.encounter == LINE.c.encounter, before.c.status == "done", before.c.audited_at < LINE.c.booked_at
    )
    after_the_stay = and_(LINE.c.booked_at > _ENCOUNTER.c.discharged_at, LINE.c.source_kind != "day")
    query = (
        select(
            LINE,
            *(_ENCOUNTER.c[name] for name in ("admission_no", "discharged_at", "ward")),
            _PATIENT.c.name.label("patient_name"),
            SETTLEMENT.c.status.label("settlement_status"),
            SETTLEMENT.c.receipt_no,
            back.c.reason.label("back_reason"),
            back.c.actor.label("back_actor"),
        )
        .join(_ENCOUNTER, _ENCOUNTER.c.id == LINE.c.encounter)
        .join(_PATIENT, _PATIENT.c.id == _ENCOUNTER.c.patient)
        .outerjoin(TAKEN, TAKEN.c.entry == LINE.c.entry)
        .outerjoin(SETTLEMENT, SETTLEMENT.c.id == TAKEN.c.settlement)
        .outerjoin(back, and_(_same(back), back.c.turn == LINE.c.turn + 1, LINE.c.amount_fen > 0))
        .outerjoin(first, and_(_same(first), first.c.turn == LINE.c.turn - 1, LINE.c.amount_fen < 0))
        .outerjoin(first_taken, first_taken.c.entry == first.c.entry)
        # What takes back a line that nobody had settled is the waiver of that line, and no line of its own.
        .where(or_(LINE.c.amount_fen > 0, first_taken.c.entry.is_not(None)))
        .where(LINE.c.booked_at > now - LOOKS_BACK, or_(after_the_stay, settled_before))
        .order_by(LINE.c.booked_at.desc(), LINE.c.entry.desc())
    )
    if wards is not None:
        query = query.where(LINE.c.department.in_(wards))
    if encounter is not None:
        query = query.where(LINE.c.encounter == encounter)
    return [_late(row) for row in conn.execute(query)]


def waive(conn: Connection, *, encounter: str, entry: str, reason: str, now: datetime, actor: str) -> Row[Any]:
    """A person lets the patient off an open late line; the line that takes it back. The same again changes nothing.

    Raises:
        NotFound: the stay has no such line.
        Collision: it is no open late line.
        InvalidInput: without a reason.
    """
    if not reason.strip():
        raise InvalidInput(_REASON)
    lock_stay(conn, encounter)
    found = next((each for each in late_lines(conn, now, encounter=encounter) if each.line.entry == entry), None)
    if found is None:
        known = select(LINE.c.entry).where(LINE.c.entry == entry, LINE.c.encounter == encounter)
        if conn.execute(known).first() is None:
            raise NotFound(what="booking", name=entry)
    if found is None or found.line.amount_fen < 0 or found.state not in ("open", "waived"):
        raise Collision(_NOT_LATE)
    return reverse_by_hand(conn, encounter=encounter, entry=entry, reason=reason.strip()[:200], now=now, actor=actor)


def _same(other: Any) -> Any:
    return and_(
        other.c.source_kind == LINE.c.source_kind,
        other.c.source_id == LINE.c.source_id,
        other.c.item == LINE.c.item,
    )


def _late(row: Row[Any]) -> Late:
    state: State = "open"
    if row.settlement_status is not None:
        state = "settled" if row.settlement_status == "done" else "settling"
    elif row.back_actor is not None:
        state = "waived"
    return Late(
        line=row,
        admission_no=row.admission_no,
        name=row.patient_name,
        ward=row.ward,
        discharged_at=row.discharged_at,
        state=state,
        receipt_no=row.receipt_no,
        reason=row.back_reason if state == "waived" else None,
        by=row.back_actor if state == "waived" else None,
    )
