"""Wards and beds from a file: what is new is made, what is known is named anew, the rest stays. All or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from server.core import Core
from server.identity import audit
from server.identity.staff import Person
from server.patients.import_table import Fault, Line, LinesRejected, OnlyLooked, Taken, read_table
from server.wards import service
from wardlink.errors import InvalidInput, WardlinkError
from wardlink.i18n import N_

HEADERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ward": ("病区编号", "ward id"),
        "name": ("病区", "病区名称", "ward", "ward name"),
        "bed": ("床位编号", "bed id"),
        "label": ("床头标识", "床号", "what stands on the wall", "bed label"),
    }
)
"""The name of each column, and what else it may be called: a file that was exported can be taken over again."""

NEEDED = ("ward",)

_NO_NAME = N_("There is no ward {ward} yet: a new one needs a name.")
_TWO_NAMES = N_("The ward {ward} has another name further up.")
_TWICE = N_("The bed {bed} of ward {ward} stands in the file twice.")
_NO_WARD = N_("The id of the ward is missing.")
_NO_BED = N_("What stands on the wall is said of no bed.")


def take(core: Core, by: Person, data: bytes, *, only_look: bool = False) -> Taken:
    """Take a file over; who may is asked before.

    `only_look`: find out what would come of it, and leave everything as it is. A bed without a label gets its id.

    Raises:
        LinesRejected: lines that cannot be taken over.
        ImportRejected: it is no such file at all.
    """
    lines = read_table(data, HEADERS, NEEDED)
    taken = Taken((), (), 0)
    try:
        with core.db.write() as conn:
            taken = _Taking(core, conn, by).take(lines)
            if only_look:
                raise OnlyLooked
    except OnlyLooked:
        return taken
    core.beds_changed()
    return taken


class _Taking:
    def __init__(self, core: Core, conn: Connection, by: Person) -> None:
        self._core, self._conn, self._by = core, conn, by
        known = service.wards(conn)
        self._names = {ward.id: ward.name for ward in known}
        self._labels = {(ward.id, bed.id): bed.label for ward in known for bed in ward.beds}
        self._said: dict[str, str] = {}
        self._beds: set[tuple[str, str]] = set()
        self._added: list[str] = []
        self._changed: list[str] = []

    def take(self, lines: Sequence[Line]) -> Taken:
        faults: list[Fault] = []
        same = 0
        for line in lines:
            before = len(self._added) + len(self._changed)
            try:
                self._ward(line.cells)
                self._bed(line.cells)
            except WardlinkError as fault:
                faults.append(Fault(line.number, fault.text()))
                continue
            same += len(self._added) + len(self._changed) == before
        if faults:
            raise LinesRejected(faults)
        return Taken(tuple(self._added), tuple(self._changed), same)

    def _ward(self, cells: Mapping[str, str]) -> None:
        ward, name = cells.get("ward", ""), cells.get("name")
        if not ward:
            raise InvalidInput(_NO_WARD)
        if name is not None and self._said.setdefault(ward, name) != name:
            raise InvalidInput(_TWO_NAMES, ward=ward[:40])
        known = self._names.get(ward)
        if known is None:
            if name is None:
                raise InvalidInput(_NO_NAME, ward=ward[:40])
            service.add_ward(self._conn, ward, name)
            self._note("ward-added", f"ward {ward}", beds=0)
            self._added.append(name)
        elif name is not None and name != known:
            service.rename_ward(self._conn, ward, name, was=known)
            self._note("ward-renamed", f"ward {ward}", name=[known, name])
            self._changed.append(name)
        self._names[ward] = name or self._names[ward]

    def _bed(self, cells: Mapping[str, str]) -> None:
        ward, bed, label = cells["ward"], cells.get("bed"), cells.get("label")
        if bed is None:
            if label is not None:
                raise InvalidInput(_NO_BED)
            return
        if (ward, bed) in self._beds:
            raise InvalidInput(_TWICE, ward=ward, bed=bed[:40])
        self._beds.add((ward, bed))
        known, place = self._labels.get((ward, bed)), f"{self._names[ward]} {label or bed}"
        if known is None:
            service.add_bed(self._conn, ward, bed, label or bed, at=self._core.clock.now())
            self._note("bed-added", f"ward {ward} bed {bed}")
            self._added.append(place)
        elif label is not None and label != known:
            service.relabel_bed(self._conn, ward, bed, label, was=known)
            self._note("bed-relabelled", f"ward {ward} bed {bed}", label=[known, label])
            self._changed.append(place)

    def _note(self, action: str, what: str, **detail: Any) -> None:
        audit.note(self._core, self._conn, self._by, action, what, **detail)
