"""Who works here, from a file: who is new is added, who is known is changed, who is not in it stays. All or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import Connection, Table, select

from server.core import Core
from server.identity import staff, staff_acts
from server.identity.models import Staff
from server.identity.staff import Person, StaffEntry
from server.identity.staff_acts import Details
from server.patients.import_table import Fault, Line, LinesRejected, OnlyLooked, Taken, read_table
from server.patients.models import Ward
from wardlink.errors import InvalidInput, WardlinkError
from wardlink.i18n import N_

HEADERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "id": ("标识", "编号", "staff id"),
        "badge": ("工号", "胸牌号", "工牌号", "staff number"),
        "name": ("姓名", "full name"),
        "role": ("角色", "岗位"),
        "wards": ("病区", "科室", "ward"),
    }
)
"""The name of each column, and what else it may be called."""

NEEDED = ("badge", "name", "role")

_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]
_SPLIT = re.compile(r"[;；、|]")

_TWICE = N_("The badge {badge} stands in the file twice.")
_NO_ROLE = N_("There is no role called {role}.")
_NO_WARD = N_("There is no ward called {ward}.")
_NEEDED = N_("Badge, name and role are needed.")


def take(core: Core, by: Person, data: bytes, roles: Mapping[str, str], *, only_look: bool = False) -> Taken:
    """Take a file over. `roles`: what a role may be called, in lower case, to its code; codes are known anyway.

    `only_look`: find out what would come of it, and leave everything as it is. Who is new has no PIN yet.

    Raises:
        LinesRejected: lines that cannot be taken over.
        ImportRejected: it is no such file at all.
    """
    lines = read_table(data, HEADERS, NEEDED)
    taken = Taken((), (), 0)
    try:
        with core.db.write() as conn:
            taken = _take(core, conn, by, lines, roles)
            if only_look:
                raise OnlyLooked
    except OnlyLooked:
        return taken
    core.devices_changed()
    return taken


def _take(core: Core, conn: Connection, by: Person, lines: Sequence[Line], roles: Mapping[str, str]) -> Taken:
    wards = dict(conn.execute(select(Ward.__table__.c.name, Ward.__table__.c.id)).all())  # type: ignore[attr-defined]
    wards |= {ward: ward for ward in wards.values()}
    added: list[str] = []
    changed: list[str] = []
    seen: set[str] = set()
    faults: list[Fault] = []
    for line in lines:
        try:
            is_new, is_changed = _line(core, conn, by, line, roles, wards, seen)
        except WardlinkError as fault:
            faults.append(Fault(line.number, fault.text()))
            continue
        if is_new:
            added.append(line.cells["name"])
        elif is_changed:
            changed.append(line.cells["name"])
    if faults:
        raise LinesRejected(faults)
    return Taken(tuple(added), tuple(changed), len(lines) - len(added) - len(changed))


def _line(
    core: Core,
    conn: Connection,
    by: Person,
    line: Line,
    roles: Mapping[str, str],
    wards: Mapping[str, str],
    seen: set[str],
) -> tuple[bool, bool]:
    cells = line.cells
    if any(name not in cells for name in NEEDED):
        raise InvalidInput(_NEEDED)
    badge = cells["badge"]
    if badge in seen:
        raise InvalidInput(_TWICE, badge=badge[:40])
    seen.add(badge)
    role = roles.get(cells["role"].lower(), cells["role"].lower())
    if role not in roles.values():
        raise InvalidInput(_NO_ROLE, role=cells["role"][:40])
    details = Details(cells["name"], role, badge, _wards(cells.get("wards", ""), wards))
    known = _known(conn, cells)
    if known is None:
        id = cells.get("id") or badge.lower()
        staff_acts.add_in(core, conn, by, id, details, staff.NO_PIN)
        return True, False
    if "wards" not in cells:
        details = Details(details.name, role, badge, known.wards)
    was = (known.name, known.role, known.badge, known.wards)
    if was == (details.name, details.role, details.badge, tuple(sorted(set(details.wards)))):
        return False, False
    staff_acts.change_in(core, conn, by, known, details)
    return False, True


def _wards(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    named = [part.strip() for part in _SPLIT.split(text) if part.strip()]
    for name in named:
        if name not in known:
            raise InvalidInput(_NO_WARD, ward=name[:40])
    return tuple(known[name] for name in named)


def _known(conn: Connection, cells: Mapping[str, str]) -> StaffEntry | None:
    is_them = _STAFF.c.id == cells["id"] if "id" in cells else _STAFF.c.badge == cells["badge"]
    found: str | None = conn.execute(select(_STAFF.c.id).where(is_them)).scalar()
    return staff.called(conn, found) if found is not None else None
