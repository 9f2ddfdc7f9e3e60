"""Hash chains: a changed, removed or inserted row breaks the chain from there on.

Each ward's change log is one; the access audit is another (`server.identity.audit`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, Table, select

from server.models import ChangeRow
from server.patients.models import Ward
from wardlink.clock import to_micros
from wardlink.errors import NotFound

GENESIS = bytes(32)
"""The head of a chain without rows."""

_CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_WARD: Table = Ward.__table__  # type: ignore[attr-defined]


def joint(head: bytes) -> str:
    """The short form of a hash in which ranges of changes show where they begin and end."""
    return head[:8].hex()


Break = Literal["changed", "cut", "replaced"]
"""A row that does not fit the one before; numbers that are not there; rows that fit, but are not those of before."""

Known = Mapping[int, bytes]
"""Numbers and their hashes that somebody wrote down outside."""

_NOTHING_KNOWN: Known = {}

COVERED = ("ward", "seq", "kind", "at", "command", "n", "device", "actor", "encounter", "bed", "body")

Link = Callable[[bytes, Mapping[str, Any]], bytes]
"""The hash of a row, chained to the hash before it."""


@dataclass(frozen=True)
class ChainCheck:
    """What a walk along a chain has found. `broken_at`: the first number that does not fit; None: it is whole.

    `rows` and `head` are how far it was whole: worth writing down somewhere else, see `known` of `check_links`.
    `replaced`: the rows after the last known number before `broken_at` and up to it were written anew.
    """

    rows: int
    head: bytes
    broken_at: int | None = None
    why: Break | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, removed or inserted."""
        return self.broken_at is None


def chain_hash(before: bytes, row: Mapping[str, Any]) -> bytes:
    """The hash of `row`, chained to the hash `before` it. Covers every column but the hash itself and `first`."""
    return linked(before, tuple(row[name] for name in COVERED))


def linked(before: bytes, covered: tuple[Any, ...]) -> bytes:
    """The hash of a row whose `COVERED` values are these; its instant is in microseconds."""
    return hashlib.sha256(before + orjson.dumps(covered)).digest()


def check_links(
    rows: Iterable[Mapping[str, Any]], link: Link, *, number: str, known: Known = _NOTHING_KNOWN
) -> ChainCheck:
    """Walk along rows from the first one: no `number` missing, every hash right.

    A chain cannot show by itself that its newest rows were cut off, or that all of it was written anew: what is
    `known` from before must still be in it.
    """
    last, head = 0, GENESIS
    for row in rows:
        after = link(head, row)
        if row[number] != last + 1 or row["hash"] != after:
            return ChainCheck(last, head, last + 1, "changed")
        if known.get(last + 1, after) != after:
            return ChainCheck(last, head, last + 1, "replaced")
        last, head = last + 1, after
    if max(known, default=0) > last:
        return ChainCheck(last, head, last + 1, "cut")
    return ChainCheck(last, head)


def verify_changes(conn: Connection, ward: str, known: Known = _NOTHING_KNOWN) -> ChainCheck:
    """Go through the change log of a ward and say whether it is whole and ends where the ward says it does.

    Raises:
        NotFound: there is no such ward.
    """
    head = conn.execute(select(_WARD.c.seq, _WARD.c.head).where(_WARD.c.id == ward)).first()
    if head is None:
        raise NotFound(what="ward", name=ward)
    query = select(_CHANGE).where(_CHANGE.c.ward == ward).order_by(_CHANGE.c.seq)
    with conn.execute(query, execution_options={"yield_per": 1_000}) as rows:
        check = check_links((row._asdict() for row in rows), _link, number="seq", known=known)
    if check.whole and (check.rows, check.head) != (head.seq, head.head):
        return ChainCheck(check.rows, check.head, min(check.rows, head.seq) + 1, "cut")
    return check


def _link(before: bytes, row: Mapping[str, Any]) -> bytes:
    return chain_hash(before, {**row, "at": to_micros(row["at"])})
