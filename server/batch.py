"""One transaction's work: rows to write, changes to number, and what to say once it has committed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Table, insert, select, update
from sqlmodel import SQLModel, col

from server.census import Census
from server.chain import chain_hash
from server.exceptions.models import ExceptionRow
from server.identity import audit
from server.models import ChangeRow
from server.patients.models import Ward
from wardlink.clock import to_micros
from wardlink.errors import Collision, NotFound
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.commands import Command
from wardlink.messages.exceptions import ExceptionKind, ExceptionView

_CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_WARD: Table = Ward.__table__  # type: ignore[attr-defined]


@dataclass(slots=True)
class Head:
    """Where a ward's log stands inside this transaction, and where it stood at its beginning."""

    log_id: str
    first: int
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A point to come back to when one command fails alone."""

    heads: dict[str, tuple[int, bytes]]
    told: dict[str, int]


@dataclass
class Batch:
    """Collects the work of many commands and writes it with few statements.

    `now` is the server's clock for the whole transaction: every command in it is received at `now`.
    `told` holds, by ward, the change rows of this transaction in order; they may be published only after
    the commit.
    """

    conn: Connection
    now: datetime
    census: Census
    told: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    heads: dict[str, Head] = field(default_factory=dict)
    _pending: dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def insert(self, model: type[SQLModel], row: dict[str, Any]) -> None:
        """Write `row` with the next flush; columns that it does not name take their default."""
        self._collect(model.__table__, row)  # type: ignore[attr-defined]

    def _collect(self, table: Table, row: dict[str, Any]) -> None:
        self._pending[table, tuple(row)].append(row)

    def flush(self) -> None:
        """Write everything collected so far, so that it can be read inside this transaction."""
        for (table, _), rows in self._pending.items():
            self.conn.execute(insert(table), rows)
        self._pending.clear()

    def change(
        self,
        ward: str,
        kind: str,
        body: dict[str, Any],
        *,
        command: Command | None,
        actor: str,
        bed: str | None = None,
        encounter: str | None = None,
        first: bool = True,
    ) -> int:
        """Give the ward's next number to a change and chain it to the one before.

        `first` is False for the second and later changes that one command causes.

        Raises:
            NotFound: there is no such ward.
        """
        head = self.head(ward)
        row = {
            "ward": ward,
            "seq": head.seq + 1,
            "kind": kind,
            "at": to_micros(self.now),
            "command": command.id if command else None,
            "n": command.n if command else None,
            "device": command.device if command else None,
            "actor": actor,
            "encounter": encounter,
            "bed": bed,
            "body": orjson.dumps(body).decode(),
        }
        head.hash = chain_hash(head.hash, row)
        head.seq += 1
        row["at"] = self.now
        row["first"] = first
        row["hash"] = head.hash
        self._collect(_CHANGE, row)
        self.told[ward].append(row)
        return head.seq

    def exception(
        self,
        kind: ExceptionKind,
        *,
        ward: str,
        command: Command | None,
        encounter: str | None = None,
        bed: str | None = None,
        first: bool = False,
        **detail: str,
    ) -> int:
        """Put two stories that do not fit before a person; returns the number of the change that says so."""
        view = ExceptionView(
            id=new_id(),
            kind=kind,
            opened_at=self.now,
            command=command.id if command else None,
            encounter=encounter,
            bed=bed,
            device=command.device if command else None,
            actor=command.actor if command else None,
            measured_at=command.measured_at if command else None,
            entered_at=command.entered_at if command else None,
            received_at=self.now,
            detail=detail,
        )
        row = view.model_dump(exclude={"actor"})
        row["actor"] = str(command.actor) if command else None
        self.insert(ExceptionRow, row | {"ward": ward})
        return self.change(
            ward,
            "exception.opened",
            view.model_dump(mode="json", exclude_none=True),
            command=command,
            actor=str(command.actor) if command else "system:server",
            bed=bed,
            encounter=encounter,
            first=first,
        )

    def audit(
        self,
        action: str,
        *,
        actor: Actor | str,
        device: str | None = None,
        what: str = "",
        encounter: str | None = None,
        command: str | None = None,
        at: datetime | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Add a line to the access audit, in this transaction."""
        audit.append(
            self.conn,
            at=at or self.now,
            actor=str(actor),
            device=device,
            action=action,
            what=what,
            encounter=encounter,
            command=command,
            detail=detail or {},
        )

    def head(self, ward: str) -> Head:
        """Where the log of this ward stands now.

        Raises:
            NotFound: there is no such ward.
        """
        if ward not in self.heads:
            query = select(_WARD.c.log_id, _WARD.c.seq, _WARD.c.head).where(_WARD.c.id == ward)
            # PostgreSQL keeps other writers of this ward away until we commit; SQLite has one writer anyway.
            row = self.conn.execute(query.with_for_update()).first()
            if row is None:
                raise NotFound(what="ward", name=ward)
            self.heads[ward] = Head(row.log_id, row.seq, row.seq, row.head)
        return self.heads[ward]

    def mark(self) -> Mark:
        """Remember this point. Nothing may be pending."""
        return Mark(
            {ward: (head.seq, head.hash) for ward, head in self.heads.items()},
            {ward: len(rows) for ward, rows in self.told.items()},
        )

    def rewind(self, mark: Mark) -> None:
        """Go back to `mark`, after the database has gone back to its savepoint."""
        self._pending.clear()
        for ward, head in self.heads.items():
            head.seq, head.hash = mark.heads.get(ward, (head.first, head.hash))
        for ward in [ward for ward in self.heads if ward not in mark.heads]:
            del self.heads[ward]
        for ward, rows in self.told.items():
            del rows[mark.told.get(ward, 0) :]
        self.census.forget()

    def finish(self) -> None:
        """Write what is left and move the wards' heads; the last thing before the commit.

        Raises:
            Collision: another process has written to a ward that is ours.
        """
        self.flush()
        for ward, head in self.heads.items():
            if head.seq == head.first:
                continue
            moved = self.conn.execute(
                update(_WARD).where(_WARD.c.id == ward, _WARD.c.seq == head.first).values(seq=head.seq, head=head.hash)
            )
            if moved.rowcount != 1:
                raise Collision(detail=f"another server writes to ward {ward}")


def changes_of(conn: Connection, commands: list[str]) -> dict[str, int]:
    """Commands that have already been applied, and the number of the change each made."""
    found: dict[str, int] = {}
    for start in range(0, len(commands), 500):
        rows = conn.execute(
            select(col(ChangeRow.command), col(ChangeRow.seq)).where(
                col(ChangeRow.command).in_(commands[start : start + 500]), col(ChangeRow.first)
            )
        )
        found.update((command, seq) for command, seq in rows if command is not None)
    return found
