"""Those who work here: badge, PIN, role and wards."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Table, func, insert, or_, select, update

from server.identity.models import Staff, StaffBadge
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
_BADGE_TABLE: Table = StaffBadge.__table__  # type: ignore[attr-defined]

NO_PIN = ""
"""In the place of a PIN's hash: this person cannot sign in until somebody gives them a PIN."""

_BADGE = re.compile(r"[0-9A-Za-z-]{1,40}")
_PIN = re.compile(r"[0-9]{4,12}")

_BAD_ID = N_("A staff id has lower-case letters, digits and inner hyphens, at most 40.")
_BAD_BADGE = N_("A badge has letters, digits and hyphens, at most 40.")
_BAD_PIN = N_("A PIN has four to twelve digits.")
_BAD_ROLE = N_("There is no such role. The roles are: {roles}.")
_TAKEN = N_("There is already somebody with this id or badge.")
_MEANWHILE = N_("Somebody has changed this person meanwhile. Please look at it again.")

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
    """A line of the staff list. `version` goes up with every change."""

    id: str
    name: str
    role: str
    badge: str
    wards: tuple[str, ...]
    active: bool
    has_pin: bool = True
    version: int = 1


def add(
    conn: Connection, *, id: str, name: str, role: str, badge: str, pin_hash: str, wards: Sequence[str] = ()
) -> StaffEntry:
    """Add somebody. `pin_hash` is made by `hashed`, before the transaction begins, or `NO_PIN`.

    Raises:
        InvalidInput: one of these cannot be right.
        NotFound: there is no such ward.
        Collision: the id is taken, or the badge was given to somebody before.
    """
    name, kept = _checked(conn, name=name, role=role, badge=badge, wards=wards)
    if not is_slug(id):
        raise InvalidInput(_BAD_ID)
    if conn.execute(select(_STAFF.c.id).where(_STAFF.c.id == id)).first() or _owner(conn, badge) is not None:
        raise Collision(_TAKEN)
    row = {"id": id, "name": name, "role": role, "badge": badge, "wards": kept, "active": True, "version": 1}
    conn.execute(insert(_STAFF).values(**row, pin_hash=pin_hash))
    conn.execute(insert(_BADGE_TABLE).values(badge=badge, staff=id))
    return StaffEntry(id, name, role, badge, tuple(kept), True, has_pin=pin_hash != NO_PIN)


def change(
    conn: Connection, known: StaffEntry, *, name: str, role: str, badge: str, wards: Sequence[str]
) -> StaffEntry:
    """Give somebody another name, role, badge or other wards.

    Raises:
        InvalidInput: one of these cannot be right.
        NotFound: there is no such ward.
        Collision: the badge was given to somebody else before, or this person was changed meanwhile.
    """
    name, kept = _checked(conn, name=name, role=role, badge=badge, wards=wards)
    owner = _owner(conn, badge)
    if owner not in (None, known.id):
        raise Collision(_TAKEN)
    if owner is None:
        conn.execute(insert(_BADGE_TABLE).values(badge=badge, staff=known.id))
    return _change(conn, known, name=name, role=role, badge=badge, wards=kept)


def set_pin(conn: Connection, known: StaffEntry, pin_hash: str) -> StaffEntry:
    """Give somebody a new PIN, made into a hash by `hashed`. Raises Collision as `change` does."""
    return _change(conn, known, pin_hash=pin_hash)


def set_active(conn: Connection, known: StaffEntry, active: bool) -> StaffEntry:
    """End somebody's access, or give it back. Nobody is ever deleted: the records name them.

    Raises Collision as `change` does.
    """
    return _change(conn, known, active=active)


def check_role(role: str) -> None:
    """Let through what is a role.

    Raises:
        InvalidInput: there is no such role.
    """
    if role not in ROLES:
        raise InvalidInput(_BAD_ROLE, roles=", ".join(ROLES))


def called(conn: Connection, staff: str) -> StaffEntry:
    """The person with this id.

    Raises:
        NotFound: there is nobody.
    """
    row = conn.execute(select(_STAFF).where(_STAFF.c.id == staff)).first()
    if row is None:
        raise NotFound(what="member of staff", name=staff[:40])
    return _entry(row)


def _checked(conn: Connection, *, name: str, role: str, badge: str, wards: Sequence[str]) -> tuple[str, list[str]]:
    check_role(role)
    if not _BADGE.fullmatch(badge):
        raise InvalidInput(_BAD_BADGE)
    name = plain(name, most=60)
    known = set(conn.execute(select(Ward.__table__.c.id)).scalars())  # type: ignore[attr-defined]
    for ward in wards:
        if ward not in known:
            raise NotFound(what="ward", name=ward[:40])
    return name, sorted(set(wards))


def _owner(conn: Connection, badge: str) -> str | None:
    found: str | None = conn.execute(select(_BADGE_TABLE.c.staff).where(_BADGE_TABLE.c.badge == badge)).scalar()
    return found


def _change(conn: Connection, known: StaffEntry, **values: object) -> StaffEntry:
    query = update(_STAFF).where(_STAFF.c.id == known.id, _STAFF.c.version == known.version)
    if conn.execute(query.values(**values, version=known.version + 1)).rowcount == 0:
        raise Collision(_MEANWHILE)
    return called(conn, known.id)


def listed(
    conn: Connection,
    *,
    text: str = "",
    after: str = "",
    limit: int = 50,
    active: bool | None = None,
    wards: Sequence[str] | None = None,
) -> list[StaffEntry]:
    """Those whose id, name or badge holds `text`, by id, from behind `after`.

    `wards`: only who works in one of them, or in no ward at all; None: everybody.
    """
    query = select(_STAFF).where(_STAFF.c.id > after).order_by(_STAFF.c.id)
    if text:
        wanted = text.lower()
        query = query.where(
            or_(*(func.lower(column).contains(wanted, autoescape=True) for column in (_STAFF.c.id, _STAFF.c.name)))
            | (func.lower(_STAFF.c.badge) == wanted)
        )
    if active is not None:
        query = query.where(_STAFF.c.active == active)
    if wards is None:
        return [_entry(row) for row in conn.execute(query.limit(limit))]
    bound = set(wards)
    # The wards of a person are a list in one column, which each database searches in its own way.
    found = (row for row in conn.execute(query) if not row.wards or not bound.isdisjoint(row.wards))
    return [_entry(row) for row in islice(found, limit)]


def _entry(row: Row[Any]) -> StaffEntry:
    return StaffEntry(
        row.id,
        row.name,
        row.role,
        row.badge,
        tuple(row.wards),
        row.active,
        has_pin=row.pin_hash != NO_PIN,
        version=row.version,
    )


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
    return found and bool(pin_hash)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this PIN")
