"""What could not be taken in: kept whole for an operator, and remembered so that it gets the same answer again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import Connection, Table, delete, insert, select, update
from sqlmodel import col

from server.answers import Reasons, receipt
from server.batch import Batch
from server.models import Parked, Refusal
from server.reading import Read, digest
from wardlink.messages.commands import Command
from wardlink.messages.receipts import Outcome

log = structlog.get_logger(__name__)

_PARKED: Table = Parked.__table__  # type: ignore[attr-defined]

_AT_ONCE = 500


def keep(batch: Batch, r: Read, why: Reasons) -> None:
    """Put a message aside as it came, with the reason. The same one again is counted, not kept twice."""
    name = digest(r.incoming)
    again = batch.conn.execute(update(_PARKED).where(_PARKED.c.digest == name).values(times=_PARKED.c.times + 1))
    if again.rowcount:
        return
    batch.conn.execute(
        insert(_PARKED).values(
            digest=name,
            received_at=batch.now,
            topic=r.incoming.topic[:200],
            device=r.device[:40],
            command=r.command.id if r.command else None,
            code=why.code,
            reason=why.en,
            payload=r.incoming.payload,
            times=1,
        )
    )
    log.warning("ingest.parked", device=r.device[:40], code=why.code, digest=name[:12])


def remember(batch: Batch, command: Command, outcome: Outcome, why: Reasons) -> None:
    """Give this answer again whenever this command comes again."""
    batch.insert(
        Refusal,
        {
            "command": command.id,
            "outcome": outcome,
            "code": why.code,
            "reason_zh": why.zh,
            "reason_en": why.en,
            "at": batch.now,
            "device": command.device,
        },
    )


def forget(batch: Batch, command: Command) -> None:
    """The command has been applied after all."""
    batch.conn.execute(delete(Refusal).where(col(Refusal.command) == command.id))


def answered_before(conn: Connection, commands: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The receipts of those of these commands that were refused, parked, or applied without a change."""
    found = {}
    for start in range(0, len(commands), _AT_ONCE):
        rows = conn.execute(select(Refusal).where(col(Refusal.command).in_(commands[start : start + _AT_ONCE])))
        for row in rows:
            found[row.command] = _receipt_of(row)
    return found


def _receipt_of(row: Any) -> dict[str, Any]:
    if row.outcome == "applied":
        return receipt(row.command, "already-applied")
    return receipt(row.command, row.outcome, None, Reasons(row.code, row.reason_zh, row.reason_en))
