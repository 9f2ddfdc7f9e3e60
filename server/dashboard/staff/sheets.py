"""The tables of staff and of what each role may do. Nothing of a person's PIN is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from sqlalchemy import Connection

from server.dashboard.guard import address
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.staff.words import RIGHTS
from server.dashboard.words import ROLES, word
from server.identity import roles, staff
from server.identity.staff import StaffEntry
from wardlink.i18n import domain

_ = domain("server").gettext

Show = Literal["active", "no-pin", "ended", "all"]
SHOWN: tuple[Show, ...] = get_args(Show)

_MOST = 20_000


def entries(conn: Connection, wards: Sequence[str] | None, show: Show) -> list[StaffEntry]:
    """Those that a visitor bound to `wards` (None: everywhere) may see."""
    found = staff.listed(conn, limit=_MOST, wards=wards)
    match show:
        case "active":
            return [each for each in found if each.active]
        case "no-pin":
            return [each for each in found if each.active and not each.has_pin]
        case "ended":
            return [each for each in found if not each.active]
        case "all":
            return found


def staff_sheet(found: Sequence[StaffEntry], names: Mapping[str, str]) -> Sheet:
    """A line for each person; what is exported can be taken over again as a file. `names`: of the wards."""
    columns = (
        Column("id", _("Staff id"), "mono"),
        Column("badge", _("Staff number"), "mono"),
        Column("name", _("Full name")),
        Column("role", _("Role")),
        Column("wards", _("Ward"), "wide"),
        Column("state", _("Access")),
    )
    return Sheet(columns, tuple(_row(each, names) for each in found))


def _row(each: StaffEntry, names: Mapping[str, str]) -> Row:
    cells = {
        "id": Cell(each.id),
        "badge": Cell(each.badge),
        "name": Cell(each.name, href=address(f"/staff/{each.id}")),
        "role": Cell(word(ROLES, each.role)),
        "wards": Cell(_("; ").join(names.get(ward, ward) for ward in each.wards)),
        "state": Cell(state_text(each)),
    }
    return Row(each.id, cells, "" if each.active else "faded")


def state_text(each: StaffEntry) -> str:
    """Whether the person can sign in, and why not."""
    if not each.active:
        return _("Access ended")
    return _("can sign in") if each.has_pin else _("no PIN yet")


def rights_sheet() -> Sheet:
    """A line for each right, a column for each role; a role that has it is marked, also in words."""
    columns = (Column("right", _("Right"), "wide"), *(Column(role, word(ROLES, role)) for role in roles.ROLES))
    rows = []
    for right, words in RIGHTS.items():
        cells = {str(role): Cell(_("✓ yes")) for role in roles.ROLES if roles.may(role, right)}
        rows.append(Row(right, {"right": Cell(_(words)), **cells}))
    return Sheet(columns, tuple(rows))
