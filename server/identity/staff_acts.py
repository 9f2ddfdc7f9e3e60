"""What may be done with those who work here, each in one transaction with its line of the audit.

An administrator does it with everybody. A ward's manager does it with those who work in the manager's wards alone and
whose role belongs to a ward.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.identity import audit, sessions, staff
from server.identity.roles import EVERYWHERE, GIVEN_BY_MANAGERS
from server.identity.staff import Person, StaffEntry
from wardlink.errors import Collision, InvalidInput, NoRight
from wardlink.i18n import N_

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from server.core import Core

_YOURSELF = N_("You cannot end your own access. Ask somebody else with this right.")
_OWN_ROLE = N_("You cannot change your own role or wards. Ask somebody else with this right.")
_NO_WARD = N_("Please choose at least one of your wards.")
_MEANWHILE = N_("Somebody has changed this person meanwhile. Please look at it again.")


@dataclass(frozen=True)
class Details:
    """What can be changed about somebody."""

    name: str
    role: str
    badge: str
    wards: tuple[str, ...]


def demand_over(by: Person, role: str, wards: Sequence[str]) -> None:
    """Let through who may manage somebody with this role in these wards.

    Raises:
        NoRight: the role is not theirs to give, or a ward is not theirs.
        InvalidInput: there is no such role, or it is to be somebody of no ward.
    """
    by.demand("staff.manage")
    staff.check_role(role)
    if by.role in EVERYWHERE:
        return
    if role not in GIVEN_BY_MANAGERS or not set(wards) <= set(by.wards):
        raise NoRight
    if not wards:
        raise InvalidInput(_NO_WARD)


def add(core: Core, by: Person, id: str, details: Details, pin: str | None) -> StaffEntry:
    """Add somebody; without a PIN they cannot sign in yet. Takes a tenth of a second: not on an event loop.

    Raises:
        InvalidInput, NotFound, Collision: as `staff.add` and `staff.hashed`.
        NoRight: see `demand_over`.
    """
    demand_over(by, details.role, details.wards)
    pin_hash = staff.hashed(pin) if pin is not None else staff.NO_PIN
    with core.db.write() as conn:
        entry = add_in(core, conn, by, id, details, pin_hash)
    core.devices_changed()
    return entry


def add_in(core: Core, conn: Connection, by: Person, id: str, details: Details, pin_hash: str) -> StaffEntry:
    """The same inside a transaction."""
    demand_over(by, details.role, details.wards)
    entry = staff.add(
        conn, id=id, name=details.name, role=details.role, badge=details.badge, pin_hash=pin_hash, wards=details.wards
    )
    audit.note(core, conn, by, "staff-added", f"staff {entry.id}", role=entry.role, wards=list(entry.wards))
    return entry


def change(core: Core, by: Person, id: str, details: Details, *, version: int) -> StaffEntry:
    """Change somebody of whom this version was seen. Another role holds from the next request on.

    Raises:
        InvalidInput, NotFound: as `staff.change`; or it is their own role.
        Collision: the badge is taken, or somebody has changed the person meanwhile.
        NoRight: see `demand_over`; both for what the person was and for what they shall be.
    """
    with core.db.write() as conn:
        entry = change_in(core, conn, by, _seen(conn, by, id, version), details)
    core.devices_changed()
    return entry


def change_in(core: Core, conn: Connection, by: Person, known: StaffEntry, details: Details) -> StaffEntry:
    """The same inside a transaction."""
    demand_over(by, known.role, known.wards)
    demand_over(by, details.role, details.wards)
    if known.id == by.id and (details.role, tuple(sorted(set(details.wards)))) != (known.role, known.wards):
        raise InvalidInput(_OWN_ROLE)
    entry = staff.change(conn, known, name=details.name, role=details.role, badge=details.badge, wards=details.wards)
    changed = {
        name: [_told(getattr(known, name)), _told(getattr(entry, name))]
        for name in ("name", "role", "badge", "wards")
        if getattr(known, name) != getattr(entry, name)
    }
    audit.note(core, conn, by, "staff-changed", f"staff {entry.id}", changed=changed)
    return entry


def new_pin(core: Core, by: Person, id: str, pin: str, *, version: int | None = None) -> None:
    """Give somebody a new PIN; they are signed out everywhere. Takes a tenth of a second: not on an event loop.

    Raises:
        InvalidInput: no PIN.
        NotFound, NoRight, Collision: as `change`.
    """
    pin_hash = staff.hashed(pin)
    with core.db.write() as conn:
        staff.set_pin(conn, _seen(conn, by, id, version), pin_hash)
        sessions.end_all(conn, id)
        audit.note(core, conn, by, "staff-pin", f"staff {id}")


def end(core: Core, by: Person, id: str, *, version: int | None = None) -> None:
    """End somebody's access; they are signed out everywhere, and what they did keeps their name.

    Raises:
        InvalidInput: it is their own.
        NotFound, NoRight, Collision: as `change`.
    """
    if id == by.id:
        raise InvalidInput(_YOURSELF)
    with core.db.write() as conn:
        staff.set_active(conn, _seen(conn, by, id, version), False)
        sessions.end_all(conn, id)
        audit.note(core, conn, by, "staff-deactivated", f"staff {id}")
    core.devices_changed()


def give_back(core: Core, by: Person, id: str, *, version: int | None = None) -> None:
    """Give somebody their access back, with the PIN they had. Raises NotFound, NoRight, Collision: as `change`."""
    with core.db.write() as conn:
        staff.set_active(conn, _seen(conn, by, id, version), True)
        audit.note(core, conn, by, "staff-activated", f"staff {id}")
    core.devices_changed()


def _seen(conn: Connection, by: Person, id: str, version: int | None) -> StaffEntry:
    known = staff.called(conn, id)
    demand_over(by, known.role, known.wards)
    if version is not None and known.version != version:
        raise Collision(_MEANWHILE)
    return known


def _told(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
