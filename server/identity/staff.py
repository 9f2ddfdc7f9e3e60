"""Those who work here: badge, PIN, role and wards."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table, func, insert, or_, select, update

from server.identity.models import Staff
from server.identity.roles import EVERYWHERE, ROLES, Right, demand
from server.patients.models import Ward
from server.words import plain
from wardlink.errors import Collision, InvalidInput, NoRight, NotFound
from wardlink.i18n import N_
from wardlink.ids import is_slug
from wardlink.messages.base import Actor
from wardlink.messages.changes import StaffView

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]

_BADGE = re.compile(r"[0-9A-Za-z-]{1,40}")
_PIN = re.compile(r"[0-9]{4,12}")

_BAD_ID = N_("A staff id has lower-case letters, digits and inner hyphens, at most 40.")
_BAD_BADGE = N_("A badge has letters, digits and hyphens, at most 40.")
_BAD_PIN = N_("A PIN has four to twelve digits.")
_BAD_ROLE = N_("There is no such role. The roles are: {roles}.")
_TAKEN = N_("There is already somebody with this id or badge.")

# Argon2 takes 64 MiB and every core: many at once would push everything else out.
_HASHING = threading.Lock()


@dataclass(frozen=True)
class Person:
    """Somebody who works here, as the server's entrances know them."""

    id: str
    name: str
    role: str
    wards: tuple[str, ...]

    @property
    def actor(self) -> Actor:
        """Who acts, for commands and the audit."""
        return Actor(kind="staff", id=self.id)

    @property
    def view(self) -> StaffView:
        """As others may see them."""
        return StaffView(id=self.id, name=self.name, role=self.role)

    def demand(self, right: Right, ward: str | None = None) -> None:
        """Let through who has the right, in `ward` if one is given.

        Raises:
            NoRight: the role does not have it, or the person does not work in that ward.
        """
        demand(self.role, right)
        if ward is not None and ward not in self.wards and self.role not in EVERYWHERE:
            raise NoRight


@dataclass(frozen=True)
class StaffEntry:
    """A line of the staff list."""

    id: str
    name: str
    role: str
    badge: str
    wards: tuple[str, ...]
    active: bool


def add(
    conn: Connection, *, id: str, name: str, role: str, badge: str, pin_hash: str, wards: Sequence[str] = ()
) -> StaffEntry:
    """Add somebody. `pin_hash` is made by `hashed`, before the transaction begins: it takes its time.

    Raises:
        InvalidInput: one of these cannot be right.
        NotFound: there is no such ward.
        Collision: the id or the badge is taken.
    """
    if not is_slug(id):
        raise InvalidInput(_BAD_ID)
    if role not in ROLES:
        raise InvalidInput(_BAD_ROLE, roles=", ".join(ROLES))
    if not _BADGE.fullmatch(badge):
        raise InvalidInput(_BAD_BADGE)
    name = plain(name, most=60)
    known = set(conn.execute(select(Ward.__table__.c.id)).scalars())  # type: ignore[attr-defined]
    for ward in wards:
        if ward not in known:
            raise NotFound(what="ward", name=ward)
    if conn.execute(select(_STAFF.c.id).where(or_(_STAFF.c.id == id, _STAFF.c.badge == badge))).first():
        raise Collision(_TAKEN)
    kept = sorted(set(wards))
    conn.execute(
        insert(_STAFF).values(id=id, name=name, role=role, badge=badge, pin_hash=pin_hash, wards=kept, active=True)
    )
    return StaffEntry(id, name, role, badge, tuple(kept), True)


def set_pin(conn: Connection, staff: str, pin_hash: str) -> None:
    """Give somebody a new PIN, made into a hash by `hashed`.

    Raises:
        NotFound: there is nobody with this id.
    """
    _change(conn, staff, pin_hash=pin_hash)


def set_active(conn: Connection, staff: str, active: bool) -> None:
    """End somebody's access, or give it back. Nobody is ever deleted: the records name them.

    Raises:
        NotFound: there is nobody with this id.
    """
    _change(conn, staff, active=active)


def _change(conn: Connection, staff: str, **values: object) -> None:
    if conn.execute(update(_STAFF).where(_STAFF.c.id == staff).values(**values)).rowcount == 0:
        raise NotFound(what="member of staff", name=staff[:40])


def listed(
    conn: Connection, *, text: str = "", after: str = "", limit: int = 50, active: bool | None = None
) -> list[StaffEntry]:
    """Those whose id, name or badge holds `text`, by id, from behind `after`."""
    query = select(_STAFF).where(_STAFF.c.id > after).order_by(_STAFF.c.id).limit(limit)
    if text:
        wanted = text.lower()
        query = query.where(
            or_(*(func.lower(column).contains(wanted, autoescape=True) for column in (_STAFF.c.id, _STAFF.c.name)))
            | (func.lower(_STAFF.c.badge) == wanted)
        )
    if active is not None:
        query = query.where(_STAFF.c.active == active)
    return [
        StaffEntry(row.id, row.name, row.role, row.badge, tuple(row.wards), row.active) for row in conn.execute(query)
    ]


def hashed(pin: str) -> str:
    """What a PIN can be checked against. Argon2 takes about a tenth of a second: not on an event loop.

    Raises:
        InvalidInput: no PIN.
    """
    if not _PIN.fullmatch(pin):
        raise InvalidInput(_BAD_PIN)
    with _HASHING:
        return _hasher().hash(pin)


def matches(pin_hash: str | None, pin: str) -> bool:
    """Whether this is the PIN; takes as long when there is nobody to compare with."""
    from argon2.exceptions import VerificationError

    with _HASHING:
        try:
            found = _hasher().verify(pin_hash or _nobody(), pin[:100])
        except VerificationError:
            return False
    return found and pin_hash is not None


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this PIN")
