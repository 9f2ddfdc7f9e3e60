"""Takes over a file of admissions: all of its lines, or none, with the reason for every line that cannot be.

The same file again changes nothing: a stay with that admission number, of the same person, is there already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Table, select

from server.batch import Batch
from server.core import Core
from server.patients.errors import StayKnown
from server.patients.import_cells import Bad, admission, admitted_at
from server.patients.import_table import HEADERS, Line, read_table
from server.patients.models import Bed, Encounter, Patient
from wardlink.errors import ImportRejected, InvalidInput, NotFound, WardlinkError
from wardlink.i18n import N_, domain
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.encounters import Admit

_ = domain("server").gettext

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]
_BED: Table = Bed.__table__  # type: ignore[attr-defined]

_NO_WARD = N_("Which ward? Name it in the column 病区 (ward), or choose one for the whole file.")
_TWICE = N_("The same admission number stands in line {line} already.")
_SHOWN = 20

Allowed = Callable[[str], None]
"""Raises `NotAllowed` if whoever imports may not do so in this ward."""


@dataclass(frozen=True)
class LineFault:
    """Why a line cannot be taken over. `column` is None where it is not one cell's fault."""

    line: int
    column: str | None
    why: WardlinkError

    def text(self) -> str:
        """In words, with the line and the column."""
        if self.column is None:
            return _("Line {line}: {why}").format(line=self.line, why=self.why.text())
        column = HEADERS[self.column][0]
        return _("Line {line}, {column}: {why}").format(line=self.line, column=column, why=self.why.text())


class _Faults(tuple[LineFault, ...]):
    """Said in the language of whoever reads it."""

    def __format__(self, spec: str) -> str:
        shown = " ".join(fault.text() for fault in self[:_SHOWN])
        more = len(self) - _SHOWN
        return shown if more <= 0 else shown + " " + _("And {more} more.").format(more=more)


class LinesRejected(ImportRejected):
    """Some lines cannot be taken over; `faults` says which and why."""

    def __init__(self, faults: list[LineFault]) -> None:
        self.faults = _Faults(faults)
        super().__init__(detail=self.faults)


@dataclass(frozen=True)
class Imported:
    """What was done, or would be: stays that are new, and stays that were there already."""

    admitted: int
    already: int
    dry_run: bool


@dataclass(frozen=True)
class _Order:
    line: int
    ward: str
    bed: str
    admit: Admit
    at: datetime | None


class _Undone(Exception):
    """Nothing of this shall stay."""


def import_admissions(
    core: Core,
    data: bytes,
    *,
    actor: Actor,
    ward: str | None = None,
    dry_run: bool = False,
    allowed: Allowed = lambda ward: None,
) -> Imported:
    """Admit everybody in the file. `ward` is for lines that name none; `dry_run` checks and changes nothing.

    Raises:
        ImportRejected: the file is none of admissions.
        LinesRejected: some lines cannot be taken over; none was.
    """
    lines = read_table(data)
    faults: list[LineFault] = []
    orders = list(_orders(lines, ward, faults))
    done = Imported(0, 0, dry_run)
    try:
        with core.transaction() as batch:
            for order in orders:
                try:
                    new = _apply(core, batch, order, actor, allowed)
                except WardlinkError as why:
                    faults.append(LineFault(order.line, _column_of(why), why))
                else:
                    done = replace(done, admitted=done.admitted + new, already=done.already + (not new))
            if faults:
                raise LinesRejected(sorted(faults, key=lambda fault: fault.line))
            if dry_run:
                raise _Undone
    except _Undone:
        pass
    return done


def _orders(lines: list[Line], ward: str | None, faults: list[LineFault]) -> Iterator[_Order]:
    stood: dict[str, int] = {}
    for line in lines:
        try:
            admit, at = admission(line.cells), admitted_at(line.cells)
        except Bad as bad:
            faults.append(LineFault(line.number, bad.column, bad.why))
            continue
        into, bed = line.cells.get("ward", ward), line.cells.get("bed")
        if into is None:
            faults.append(LineFault(line.number, "ward", InvalidInput(_NO_WARD)))
        elif bed is None:
            faults.append(LineFault(line.number, "bed", NotFound(what="bed", name="")))
        elif admit.admission_no in stood:
            why = InvalidInput(_TWICE, line=stood[admit.admission_no])
            faults.append(LineFault(line.number, "admission_no", why))
        else:
            stood[admit.admission_no] = line.number
            yield _Order(line.number, into, bed, admit, at)


def _apply(core: Core, batch: Batch, order: _Order, actor: Actor, allowed: Allowed) -> bool:
    allowed(order.ward)
    if _is_there(batch, order.admit):
        return False
    admit = order.admit.model_copy(update={"bed": _bed(batch, order.ward, order.bed)})
    command = core.command(
        "encounter.admit", admit, ward=order.ward, actor=actor, encounter=new_id(), bed=admit.bed, measured_at=order.at
    )
    batch.flush()
    mark = batch.mark()
    try:
        with batch.conn.begin_nested():
            core.apply(batch, command)
            batch.flush()
    except WardlinkError:
        batch.rewind(mark)
        raise
    return True


def _is_there(batch: Batch, admit: Admit) -> bool:
    query = (
        select(_PATIENT.c.mrn, _PATIENT.c.name, _PATIENT.c.birth_on)
        .join(_ENCOUNTER, _ENCOUNTER.c.patient == _PATIENT.c.id)
        .where(_ENCOUNTER.c.admission_no == admit.admission_no)
    )
    row = batch.conn.execute(query).first()
    if row is not None and tuple(row) != (admit.mrn, admit.name, admit.birth_on):
        raise StayKnown(admission_no=admit.admission_no)
    return row is not None


def _bed(batch: Batch, ward: str, said: str) -> str:
    beds = batch.conn.execute(select(_BED.c.id, _BED.c.label).where(_BED.c.ward == ward)).all()
    called = [bed for bed, label in beds if said in (bed, label)]
    if len(called) != 1:
        raise NotFound(what="bed", name=f"{ward}/{said}"[:60])
    return str(called[0])


def _column_of(why: WardlinkError) -> str | None:
    return {"bed-taken": "bed", "bed-closed": "bed", "other-person": "mrn", "stay-known": "admission_no"}.get(why.code)
