"""Hash chains: a changed, removed or inserted row breaks the chain from there on.

Each ward's change log is one; the access audit is another (`server.identity.audit`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

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


COVERED = ("ward", "seq", "kind", "at", "command", "n", "device", "actor", "encounter", "bed", "body")

Link = Callable[[bytes, Mapping[str, Any]], bytes]
"""The hash of a row, chained to the hash before it."""


@dataclass(frozen=True)
class ChainCheck:
    """What a walk along a chain has found. `broken_at`: the first number that does not fit; None: it is whole.

    `rows` and `head` are how far it was whole: worth writing down somewhere else, see `known` of `check_links`.
    """

    rows: int
    head: bytes
    broken_at: int | None = None

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
    rows: Iterable[Mapping[str, Any]], link: Link, *, number: str, known: tuple[int, bytes] | None = None
) -> ChainCheck:
    """Walk along rows from the first one: no `number` missing, every hash right.

    A chain cannot show by itself that its newest rows were cut off: `known` is a number and its hash that
    somebody wrote down before, which must still be in it.
    """
    last, head = 0, GENESIS
    for row in rows:
        after = link(head, row)
        if row[number] != last + 1 or row["hash"] != after or (known and known[0] == last + 1 and known[1] != after):
            return ChainCheck(last, head, last + 1)
        last, head = last + 1, after
    cut_off = known is not None and known[0] > last
    return ChainCheck(last, head, last + 1 if cut_off else None)


def verify_changes(conn: Connection, ward: str) -> ChainCheck:
    """Go through the change log of a ward and say whether it is whole and ends where the ward says it does.

    Raises:
        NotFound: there is no such ward.
    """
    head = conn.execute(select(_WARD.c.seq, _WARD.c.head).where(_WARD.c.id == ward)).first()
    if head is None:
        raise NotFound(what="ward", name=ward)
    query = select(_CHANGE).where(_CHANGE.c.ward == ward).order_by(_CHANGE.c.seq)
    with conn.execute(query, execution_options={"yield_per": 1_000}) as rows:
        check = check_links((row._asdict() for row in rows), _link, number="seq")
    if check.whole and (check.rows, check.head) != (head.seq, head.head):
        return ChainCheck(check.rows, check.head, min(check.rows, head.seq) + 1)
    return check


def _link(before: bytes, row: Mapping[str, Any]) -> bytes:
    return chain_hash(before, {**row, "at": to_micros(row["at"])})
