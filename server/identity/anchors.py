"""Anchors: the heads of the chains, written down where the database's owner cannot change them.

Who can write to the database can write a whole chain anew, every hash right. What was written down outside before then
fits no more. A file of anchors grows by a line a chain and time; each line carries the digest of the line before, so
that one taken out of the middle shows, and a seal if a key is given that lies elsewhere. What was cut off the end of
the file itself only another copy of it can show: keep one away from the server.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection, Table, select

from server.chain import ChainCheck, Known, verify_changes
from server.identity import audit
from server.identity.models import AccessAudit
from server.patients.models import Ward
from wardlink.errors import InvalidInput, NotFound
from wardlink.i18n import N_
from wardlink.messages.base import Instant

if TYPE_CHECKING:
    from server.core import Core
    from server.db import Database

_AUDIT: Table = AccessAudit.__table__  # type: ignore[attr-defined]
_WARD: Table = Ward.__table__  # type: ignore[attr-defined]

AUDIT = "audit"
CHECKED = "audit-check"

_UNREADABLE = N_("Line {no} of the anchors is no anchor.")
_CHANGED = N_("Line {no} of the anchors does not follow the line before: somebody has changed the file of anchors.")
_UNSEALED = N_("Line {no} of the anchors was not sealed with this key.")

_HEX = r"^[0-9a-f]{64}$"


class Anchor(BaseModel):
    """One line. `chain`: `audit` or `ward ID`. `before`: the digest of the line before, empty on the first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    chain: str = Field(min_length=1, max_length=60)
    rows: int = Field(ge=0)
    head: str = Field(pattern=_HEX)
    at: Instant
    before: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    seal: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


def name_of(ward: str) -> str:
    """How the chain of a ward's changes is called."""
    return f"ward {ward}"


def heads(conn: Connection) -> dict[str, tuple[int, bytes]]:
    """How long each chain is, and its head: the audit first, then the wards."""
    wards = conn.execute(select(_WARD.c.id, _WARD.c.seq, _WARD.c.head).order_by(_WARD.c.id))
    return {AUDIT: audit.head(conn)} | {name_of(ward): (seq, head) for ward, seq, head in wards}


def lines(
    found: Mapping[str, tuple[int, bytes]], at: datetime, *, after: bytes = b"", key: bytes | None = None
) -> list[bytes]:
    """The anchors of these heads as lines; `after` is the last line that stands in the file already."""
    written: list[bytes] = []
    for chain, (rows, head) in found.items():
        before = hashlib.sha256(after).hexdigest() if after else ""
        anchor = Anchor(chain=chain, rows=rows, head=head.hex(), at=at, before=before)
        sealed = anchor if key is None else anchor.model_copy(update={"seal": _seal(anchor, key)})
        after = orjson.dumps(sealed.model_dump(mode="json"))
        written.append(after)
    return written


def read(content: bytes, key: bytes | None = None) -> dict[str, dict[int, bytes]]:
    """What a file of anchors knows, by chain. With `key` every line must be sealed with it.

    Raises:
        InvalidInput: a line is none, does not follow the one before, or has another seal.
    """
    known: dict[str, dict[int, bytes]] = {}
    before = b""
    for no, line in enumerate(content.splitlines(), 1):
        anchor = _anchor(line, no)
        if anchor.before != (hashlib.sha256(before).hexdigest() if before else ""):
            raise InvalidInput(_CHANGED, no=no)
        if key is not None and not hmac.compare_digest(anchor.seal, _seal(anchor, key)):
            raise InvalidInput(_UNSEALED, no=no)
        if anchor.rows:
            known.setdefault(anchor.chain, {}).setdefault(anchor.rows, bytes.fromhex(anchor.head))
        else:
            known.setdefault(anchor.chain, {})
        before = line
    return known


def check(db: Database, known: Mapping[str, Known]) -> dict[str, ChainCheck]:
    """Walk along every chain, also those that only the anchors know."""
    with db.read() as conn:
        names = dict.fromkeys((*heads(conn), *known))
        return {name: _check(conn, name, known.get(name, {})) for name in names}


def note_check(core: Core, actor: str, found: Mapping[str, ChainCheck], **detail: object) -> None:
    """Write down that the chains were checked, and what was found."""
    broken = {name: each.broken_at for name, each in found.items() if not each.whole}
    core.audit(CHECKED, actor=actor, what="audit", detail={"chains": len(found), "broken": broken, **detail})


def last_check(conn: Connection) -> tuple[datetime, str, bool] | None:
    """When the chains were last checked, by whom, and whether they were whole; None: never."""
    c = _AUDIT.c
    query = select(c.at, c.actor, c.detail).where(c.action == CHECKED).order_by(c.no.desc()).limit(1)
    row = conn.execute(query).first()
    return None if row is None else (row.at, row.actor, not row.detail.get("broken"))


def _check(conn: Connection, name: str, known: Known) -> ChainCheck:
    if name == AUDIT:
        return audit.verify(conn, known)
    with suppress(NotFound):
        return verify_changes(conn, name.removeprefix(name_of("")), known)
    return ChainCheck(0, bytes(32), 1, "cut")


def _anchor(line: bytes, no: int) -> Anchor:
    try:
        return Anchor.model_validate_json(line)
    except ValidationError as exc:
        raise InvalidInput(_UNREADABLE, no=no) from exc


def _seal(anchor: Anchor, key: bytes) -> str:
    return hmac.new(key, orjson.dumps(anchor.model_dump(mode="json", exclude={"seal"})), hashlib.sha256).hexdigest()


def as_text(anchors: Iterable[bytes]) -> str:
    """Lines as they are copied."""
    return "\n".join(line.decode() for line in anchors)
