"""The access audit over HTTP: search it, and check that nobody has touched it. Looking into it is audited too."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from server.chain import ChainCheck
from server.http import CoreOf, staff_with
from server.identity import anchors, audit
from server.identity.anchors import AUDIT
from server.identity.staff import Person
from wardlink.errors import InvalidInput
from wardlink.i18n import N_
from wardlink.messages.base import Instant

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])

_BAD_HEAD = N_("A head is 64 hexadecimal digits.")

Reader = Annotated[Person, Depends(staff_with("audit.read"))]


class AuditLine(BaseModel):
    """One line of the audit."""

    no: int
    at: datetime
    actor: str
    device: str | None
    action: str
    what: str
    encounter: str | None
    detail: dict[str, Any]


class AuditPage(BaseModel):
    """The newest lines first; ask again with `before` = `next` while it is set."""

    items: list[AuditLine]
    next: int | None = None


class Chain(BaseModel):
    """Whether a chain is whole. `rows` and `head` are worth writing down somewhere else, to be compared later."""

    name: str
    whole: bool
    rows: int
    head: str
    broken_at: int | None


@router.get("", summary="Search the audit")
def search(
    core: CoreOf,
    reader: Reader,
    actor: Annotated[str | None, Query(max_length=60, description="As staff:n-lijing or device:cart-1.")] = None,
    encounter: Annotated[str | None, Query(max_length=36)] = None,
    device: Annotated[str | None, Query(max_length=40)] = None,
    action: Annotated[str | None, Query(max_length=40)] = None,
    since: Instant | None = None,
    until: Instant | None = None,
    before: Annotated[int | None, Query(ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> AuditPage:
    """The newest lines first; `since` and `until` are about when it happened."""
    wanted = audit.Search(actor, encounter, device, action, since, until, before)
    with core.db.write() as conn:
        audit.note(core, conn, reader, "audit-read", "audit", encounter=encounter, **wanted.spoken())
    # A search takes as long as it takes: it must not keep readings from being written.
    with core.db.read() as conn:
        rows = audit.search(conn, wanted, limit + 1)
    items = [AuditLine.model_validate(row, from_attributes=True) for row in rows[:limit]]
    return AuditPage(items=items, next=items[-1].no if len(rows) > limit else None)


@router.get("/refused-scans", summary="Count refused scans")
def refused_scans(core: CoreOf, reader: Reader, since: Instant, until: Instant) -> list[audit.RefusedScans]:
    """By kind of code, reason, ward, bed and person, the most frequent first."""
    with core.db.write() as conn:
        audit.note(core, conn, reader, "audit-read", "refused scans")
    with core.db.read() as conn:
        return audit.refused_scans(conn, since, until)


@router.get("/check", summary="Check every chain")
def check(
    core: CoreOf,
    reader: Reader,
    rows: Annotated[int | None, Query(ge=1, description="A number of the audit written down before …")] = None,
    head: Annotated[str | None, Query(description="… and its head: they must still be in the audit.")] = None,
) -> list[Chain]:
    """Walks along the audit and the change log of every ward; takes a while where there are millions of rows."""
    known = {AUDIT: {rows: _bytes(head)}} if rows is not None and head is not None else {}
    found = anchors.check(core.db, known)
    anchors.note_check(core, str(reader.actor), found)
    return [_chain(name, result) for name, result in found.items()]


def _chain(name: str, found: ChainCheck) -> Chain:
    return Chain(name=name, whole=found.whole, rows=found.rows, head=found.head.hex(), broken_at=found.broken_at)


def _bytes(head: str) -> bytes:
    try:
        found = bytes.fromhex(head)
    except ValueError as exc:
        raise InvalidInput(_BAD_HEAD) from exc
    if len(found) != 32:
        raise InvalidInput(_BAD_HEAD)
    return found
