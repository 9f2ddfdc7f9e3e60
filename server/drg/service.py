"""Codes stays, by hand or from a file, and holds what is paid for each against what it has cost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, func, insert, or_, select, update

from server.core import Core
from server.drg.models import DrgStay
from server.drg.tables import Outlier, tables
from server.identity import audit
from server.identity.staff import Person
from server.money.accounts import RECEIVABLE
from server.money.ledger import ENTRY, POSTING
from server.patients.import_table import Fault, Line, LinesRejected, read_table
from server.patients.models import Encounter, Patient
from wardlink.clock import ward_date
from wardlink.errors import Collision, InvalidInput, NotAllowed, NotFound
from wardlink.i18n import N_, domain

_ = domain("server").gettext

DRG: Table = DrgStay.__table__  # type: ignore[attr-defined]
_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]

HEADERS = {
    "admission_no": ("住院号", "admission no", "admission number"),
    "code": ("DRG编码", "DRG组编码", "分组编码", "drg", "group"),
    "weight": ("权重", "组权重", "weight"),
}
MOST = 5_000
_AT_ONCE = 500
_CODE = re.compile(r"[A-Z][A-Z][0-9A-Z]{1,6}")
_WEIGHT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,4}))?")
_CHARGES = ("charge", "charge_reversal")

_NO_CODE = N_("{code} is no group code: two letters and up to six letters or digits.")
_NO_WEIGHT = N_("{weight} is no weight: above nothing, with at most four decimals.")
_UNKNOWN = N_("The group {code} is not in the table of that day. Please give its weight as well.")
_NO_STAY = N_("There is no stay with the number {no} where you work.")
_TWICE = N_("The stay {no} stands in the file twice.")
_MEANWHILE = N_("Somebody has coded this stay meanwhile. Please look at it again.")


@dataclass(frozen=True)
class Coded:
    """A stay with its group. Money in fen; `expected_fen` is None where nobody has coded it or nothing is published."""

    encounter: str
    admission_no: str
    name: str
    ward: str
    bed: str
    admitted_at: datetime
    discharged_at: datetime | None
    code: str | None
    group_zh: str
    group_en: str
    weight_e4: int | None
    days: int
    standard_days: int | None
    expected_fen: int | None
    cost_fen: int
    outlier: Outlier
    version: int

    @property
    def difference_fen(self) -> int | None:
        """What is paid less what it has cost."""
        return None if self.expected_fen is None else self.expected_fen - self.cost_fen


def weight_of(text: str) -> int | None:
    """A weight in ten-thousandths; None where none is typed.

    Raises:
        InvalidInput: it is none.
    """
    if not text:
        return None
    found = _WEIGHT.fullmatch(text)
    weight_e4 = int(found[1]) * 10_000 + int((found[2] or "").ljust(4, "0")) if found else 0
    if weight_e4 <= 0:
        raise InvalidInput(_NO_WEIGHT, weight=text[:20])
    return weight_e4


def stays(conn: Connection, wards: Sequence[str] | None, now: datetime, text: str = "") -> list[Coded]:
    """Stays of these wards (None: all), the latest admission first; `text`: a number, a part of a name, or a code."""
    query = _query(wards)
    if text:
        named = _PATIENT.c.name.icontains(text, autoescape=True)
        query = query.where(or_(named, _ENCOUNTER.c.admission_no == text, DRG.c.code.startswith(text.upper())))
    rows = conn.execute(query.order_by(_ENCOUNTER.c.admitted_at.desc(), _ENCOUNTER.c.id).limit(MOST)).all()
    costs = _costs(conn, [row.id for row in rows])
    return [_coded(row, costs.get(row.id, 0), now) for row in rows]


def code_stay(
    core: Core, person: Person, wards: Sequence[str] | None, encounter: str, *, code: str, weight: str, version: int
) -> None:
    """Give a stay its group. `version`: of the coding that this person has seen; 0: none.

    Raises:
        NotFound: there is no such stay where this person works.
        InvalidInput: no such code or weight, or a group without a weight.
        Collision: somebody has coded it meanwhile.
    """
    with core.db.write() as conn:
        row = conn.execute(_query(wards).where(_ENCOUNTER.c.id == encounter)).first()
        if row is None:
            raise NotFound(what="stay", name=encounter[:40])
        if (row.version or 0) != version:
            raise Collision(_MEANWHILE)
        _write(core, conn, person, row, *_checked(row, code, weight, core.clock.now()))


def import_codes(core: Core, person: Person, wards: Sequence[str] | None, data: bytes) -> int:
    """Code every stay of a file; how many.

    Raises:
        ImportRejected: it is no such file.
        LinesRejected: lines of it cannot be taken over; nothing was.
    """
    lines = read_table(data, HEADERS, ("admission_no", "code"))
    with core.db.write() as conn:
        now, faults, seen = core.clock.now(), list[Fault](), set[str]()
        for line in lines:
            try:
                row = _of_line(conn, wards, line, seen)
                _write(core, conn, person, row, *_checked(row, line.cells["code"], line.cells.get("weight", ""), now))
            except (InvalidInput, NotAllowed) as fault:
                faults.append(Fault(line.number, fault.text()))
        if faults:
            # Leaving the block by an error takes back what the good lines have written.
            raise LinesRejected(faults)
        audit.note(core, conn, person, "drg-import", f"{len(lines)} stays")
    return len(lines)


def _of_line(conn: Connection, wards: Sequence[str] | None, line: Line, seen: set[str]) -> Row[Any]:
    no = line.cells.get("admission_no", "")
    if not line.cells.get("code"):
        raise InvalidInput(_NO_CODE, code="—")
    if no in seen:
        raise InvalidInput(_TWICE, no=no[:20])
    seen.add(no)
    row = conn.execute(_query(wards).where(_ENCOUNTER.c.admission_no == no)).first()
    if row is None:
        raise InvalidInput(_NO_STAY, no=no[:20])
    return row


def _checked(row: Row[Any], code: str, weight: str, now: datetime) -> tuple[str, int | None]:
    code = code.strip().upper()
    if not _CODE.fullmatch(code):
        raise InvalidInput(_NO_CODE, code=code[:20])
    weight_e4 = weight_of(weight.strip())
    if weight_e4 is None and tables().group(code, _day(row, now)) is None:
        raise InvalidInput(_UNKNOWN, code=code)
    return code, weight_e4


def _write(core: Core, conn: Connection, person: Person, row: Row[Any], code: str, weight_e4: int | None) -> None:
    values = {"code": code, "weight_e4": weight_e4, "set_at": core.clock.now(), "set_by": str(person.actor)}
    here = (DRG.c.encounter == row.id) & (DRG.c.version == (row.version or 0))
    if row.version is None:
        conn.execute(insert(DRG).values(encounter=row.id, version=1, **values))
    elif conn.execute(update(DRG).where(here).values(version=row.version + 1, **values)).rowcount == 0:
        raise Collision(_MEANWHILE)
    told = {"code": code, "weight_e4": weight_e4, "before": row.code}
    audit.note(core, conn, person, "drg-coded", "group of a stay", encounter=row.id, **told)


def _query(wards: Sequence[str] | None) -> Select[Any]:
    e = _ENCOUNTER.c
    columns = (e.id, e.admission_no, _PATIENT.c.name, e.ward, e.bed, e.admitted_at, e.discharged_at)
    joined = _ENCOUNTER.join(_PATIENT, _PATIENT.c.id == e.patient).outerjoin(DRG, DRG.c.encounter == e.id)
    query = select(*columns, DRG.c.code, DRG.c.weight_e4, DRG.c.version).select_from(joined)
    return query if wards is None else query.where(e.ward.in_(wards))


def _costs(conn: Connection, ids: Sequence[str]) -> dict[str, int]:
    """What the ledger has charged to each of these stays, in fen."""
    found: dict[str, int] = {}
    for start in range(0, len(ids), _AT_ONCE):
        query = (
            select(POSTING.c.encounter, func.sum(POSTING.c.amount_fen))
            .join(ENTRY, ENTRY.c.id == POSTING.c.entry)
            .where(POSTING.c.account == RECEIVABLE, ENTRY.c.kind.in_(_CHARGES))
            .where(POSTING.c.encounter.in_(ids[start : start + _AT_ONCE]))
        )
        found |= {id: int(fen) for id, fen in conn.execute(query.group_by(POSTING.c.encounter))}
    return found


def _coded(row: Row[Any], cost_fen: int, now: datetime) -> Coded:
    on = _day(row, now)
    group = tables().group(row.code, on) if row.code else None
    weight_e4 = row.weight_e4 or (group.weight_e4 if group else None)
    expected_fen = None if weight_e4 is None else tables().expected_fen(weight_e4, on)
    return Coded(
        encounter=row.id,
        admission_no=row.admission_no,
        name=row.name,
        ward=row.ward,
        bed=row.bed,
        admitted_at=row.admitted_at,
        discharged_at=row.discharged_at,
        code=row.code,
        group_zh=group.name_zh if group else "",
        group_en=group.name_en if group else "",
        weight_e4=weight_e4,
        days=max((on - ward_date(row.admitted_at)).days, 1),
        standard_days=group.days if group else None,
        expected_fen=expected_fen,
        cost_fen=cost_fen,
        # A stay that goes on has not cost all of it yet: too little says nothing.
        outlier=_outlier(cost_fen, expected_fen, is_over=row.discharged_at is not None),
        version=row.version or 0,
    )


def _outlier(cost_fen: int, expected_fen: int | None, *, is_over: bool) -> Outlier:
    found = "" if expected_fen is None else tables().outlier(cost_fen, expected_fen)
    return "" if found == "low" and not is_over else found


def _day(row: Row[Any], now: datetime) -> date:
    return ward_date(row.discharged_at or now)
