"""Takes over a file of results: a line a value, lines of one report number together; all of it, or none with reasons.

The same file again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, Table, select

from server.core import Core
from server.identity import audit
from server.patients.import_table import Line, read_table
from server.patients.models import Encounter
from server.results.taking import take_in
from wardlink.clock import WARD_ZONE
from wardlink.errors import ImportRejected, InvalidInput, NotFound, WardlinkError
from wardlink.i18n import N_
from wardlink.messages.base import Actor
from wardlink.messages.commands import faults as named_faults
from wardlink.messages.results import ReportResult, ResultItem

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]

HEADERS: Mapping[str, tuple[str, ...]] = {
    "admission_no": ("住院号", "admission no", "admission number"),
    "number": ("报告号", "report no", "report number"),
    "category": ("类别", "category"),
    "report_code": ("报告代码", "report code"),
    "report_name": ("报告名称", "report name"),
    "status": ("状态", "status"),
    "collected_at": ("采样时间", "collected"),
    "issued_at": ("审核时间", "报告时间", "issued", "verified"),
    "verified_by": ("审核者", "审核人", "verified by"),
    "conclusion": ("结论", "诊断意见", "conclusion"),
    "code": ("项目代码", "loinc", "item code"),
    "name": ("项目名称", "item name"),
    "value": ("结果", "值", "value"),
    "unit": ("单位", "unit"),
    "low": ("参考下限", "low"),
    "high": ("参考上限", "high"),
    "flag": ("标志", "flag"),
}
"""The name of each column, and what else it may be called."""

_NEEDED = ("admission_no", "number", "report_code", "report_name", "status")
_OF_REPORT = ("category", "report_code", "report_name", "status", "collected_at", "issued_at", "verified_by")
_STATUS = {"登记": "registered", "初步": "preliminary", "已审核": "final", "最终": "final", "更正": "corrected"}
_STATUS |= {"取消": "cancelled", "作废": "cancelled"}
_FLAGS = {"↑": "H", "↓": "L", "高": "H", "低": "L", "正常": "N", "阳性": "POS", "阴性": "NEG", "异常": "A"}
_FLAGS |= {"危急高": "HH", "危急低": "LL", "危急": "AA"}

_NO_STAY = N_("There is no stay with the admission number {no}.")
_OTHER = N_("Line {line} of the same report says something else here: {column}.")
_TIME = N_("This is no time. Write it as 2026-11-25 08:30.")

_NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?")

M = TypeVar("M", bound=BaseModel)

Allowed = Callable[[str], None]
"""Raises `NotAllowed` if whoever imports may not do so in this ward."""


@dataclass(frozen=True)
class Fault:
    """Why a line cannot be taken over, in the language of whoever imports."""

    line: int
    reason: str


class ResultsRejected(ImportRejected):
    """Some lines cannot be taken over; `faults` says which and why. None was."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(detail=" ".join(f"{fault.line}: {fault.reason}" for fault in faults[:20]))


@dataclass(frozen=True)
class Imported:
    """Reports that are new or changed, and reports that were there already."""

    taken: int
    already: int


def import_results(core: Core, data: bytes, *, actor: Actor, allowed: Allowed = lambda ward: None) -> Imported:
    """Take in every report of a file.

    Raises:
        ImportRejected: the file is none of results.
        ResultsRejected: lines of it cannot be taken over; nothing was.
    """
    lines = read_table(data, HEADERS, _NEEDED)
    faults: list[Fault] = []
    taken = already = 0
    wards: set[str] = set()
    with core.db.write() as conn:
        for together in _reports(lines):
            try:
                encounter = _stay(conn, together[0], allowed)
                done = take_in(core, conn, encounter, _report(together), actor)
            except _AtLine as at:
                faults.append(Fault(at.line, at.why.text()))
            except WardlinkError as why:
                faults.append(Fault(together[0].number, why.text()))
            else:
                wards.add(done.ward)
                taken, already = taken + done.is_new, already + (not done.is_new)
        if faults:
            # Leaving the block by an error takes back what the good reports have written.
            raise ResultsRejected(sorted(faults, key=lambda fault: fault.line))
        audit.append(
            conn,
            at=core.clock.now(),
            actor=str(actor),
            device=actor.id if actor.kind == "device" else None,
            action="import",
            what=f"{taken} results, {already} there already",
            encounter=None,
            command=None,
            detail={},
        )
    for ward in sorted(wards):
        core.results_changed(ward)
    return Imported(taken, already)


class _AtLine(Exception):
    """A line that cannot be taken over."""

    def __init__(self, line: int, why: WardlinkError) -> None:
        super().__init__(line)
        self.line, self.why = line, why


def _reports(lines: Iterable[Line]) -> list[list[Line]]:
    found: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        found.setdefault((line.cells.get("admission_no", ""), line.cells.get("number", "")), []).append(line)
    return list(found.values())


def _stay(conn: Connection, line: Line, allowed: Allowed) -> str:
    no = line.cells.get("admission_no", "")
    row = conn.execute(select(_ENCOUNTER.c.id, _ENCOUNTER.c.ward).where(_ENCOUNTER.c.admission_no == no)).first()
    if row is None:
        raise _AtLine(line.number, NotFound(_NO_STAY, no=no[:20]))
    allowed(row.ward)
    return str(row.id)


def _report(lines: list[Line]) -> ReportResult:
    first = lines[0]
    for line in lines[1:]:
        for column in _OF_REPORT:
            if line.cells.get(column) != first.cells.get(column):
                raise _AtLine(line.number, InvalidInput(_OTHER, line=first.number, column=HEADERS[column][0]))
    cells = first.cells
    said: dict[str, Any] = {
        "number": cells.get("number", ""),
        "category": cells.get("category", "LAB"),
        "code": cells.get("report_code", ""),
        "name": cells.get("report_name", ""),
        "status": _STATUS.get(cells.get("status", ""), cells.get("status")),
        "collected_at": _instant(first, "collected_at"),
        "issued_at": _instant(first, "issued_at"),
        "verified_by": cells.get("verified_by"),
        "conclusion": next((line.cells["conclusion"] for line in lines if "conclusion" in line.cells), None),
        "items": tuple(_item(line) for line in lines if "code" in line.cells),
    }
    return _checked(ReportResult, first, said)


def _item(line: Line) -> ResultItem:
    cells = line.cells
    value, comparator = cells.get("value", ""), None
    if value[:1] in ("<", ">"):
        comparator = value[:2] if value[1:2] == "=" else value[:1]
        value = value.removeprefix(comparator).strip()
    is_number = _NUMBER.fullmatch(value) is not None
    said = {
        "code": cells.get("code"),
        "name": cells.get("name") or cells.get("code"),
        "value": value if is_number else None,
        "comparator": comparator if is_number else None,
        "text": None if is_number or not value else cells.get("value"),
        "unit": cells.get("unit"),
        "low": cells.get("low"),
        "high": cells.get("high"),
        "flag": _FLAGS.get(cells.get("flag", ""), cells.get("flag")),
    }
    return _checked(ResultItem, line, said)


def _checked(model: type[M], line: Line, said: Mapping[str, Any]) -> M:
    try:
        return model.model_validate(said)
    except ValidationError as exc:
        raise _AtLine(line.number, InvalidInput(detail=named_faults(exc))) from exc


def _instant(line: Line, column: str) -> datetime | None:
    text = line.cells.get(column)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError as exc:
        raise _AtLine(line.number, InvalidInput(_TIME)) from exc
    return found if found.tzinfo is not None else found.replace(tzinfo=WARD_ZONE)
