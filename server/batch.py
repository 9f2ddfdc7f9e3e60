"""One transaction's work: rows to write, changes to number, and what to say once it has committed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Table, select
from sqlmodel import SQLModel, col

from server.census import Census, KnownHead
from server.chain import COVERED, linked
from server.exceptions.models import ExceptionRow
from server.identity import audit
from server.models import ChangeRow
from server.patients.models import Ward
from server.writing import Columns, Row, form_of, move_heads, write_ready, write_rows
from wardlink.clock import to_micros
from wardlink.errors import Collision, NotFound
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.commands import Command
from wardlink.messages.exceptions import ExceptionKind, ExceptionView

_CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_WARD: Table = Ward.__table__  # type: ignore[attr-defined]

CHANGE_COLUMNS: Columns = (*COVERED, "first", "hash")


@dataclass(slots=True)
class Head:
    """Where a ward's log stands inside this transaction, and where it stood at its beginning (`first`, `before`)."""

    log_id: str
    first: int
    seq: int
    hash: bytes
    before: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A point to come back to when one command fails alone."""

    heads: dict[str, tuple[int, bytes]]
    told: dict[str, int]


@dataclass
class Batch:
    """Collects the work of many commands and writes it with few statements.

    `now` is the server's clock for the whole transaction: every command in it is received at `now`.
    `told` holds, by ward, the change rows of this transaction in order, their values in the order of
    `CHANGE_COLUMNS` and in `form`; they may be published only after the commit.
    """

    conn: Connection
    now: datetime
    census: Census
    told: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    heads: dict[str, Head] = field(default_factory=dict)
    _changes: list[Row] = field(default_factory=list)
    _ready: dict[tuple[Table, Columns], list[Row]] = field(default_factory=lambda: defaultdict(list))
    _pending: dict[tuple[Table, Columns], list[Row]] = field(default_factory=lambda: defaultdict(list))
    _foreign: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.form = form_of(self.conn)
        self._at = self.form.instant(self.now)
        self._now_micros = to_micros(self.now)

    def insert(self, model: type[SQLModel], row: dict[str, Any]) -> None:
        """Write `row` with the next flush; columns that it does not name take their default."""
        self.add(model.__table__, tuple(row), tuple(row.values()))  # type: ignore[attr-defined]

    def add(self, table: Table, columns: Columns, row: Row) -> None:
        """Write `row`, whose values stand in the order of `columns`, with the next flush."""
        self._pending[table, columns].append(row)

    def add_ready(self, table: Table, columns: Columns, row: Row) -> None:
        """The same as `add`, of a row whose values are in `form` already."""
        self._ready[table, columns].append(row)

    def flush(self) -> None:
        """Write everything collected so far, so that it can be read inside this transaction."""
        if self._changes:
            write_ready(self.conn, _CHANGE, CHANGE_COLUMNS, self._changes)
            self._changes.clear()
        for (table, columns), rows in self._ready.items():
            write_ready(self.conn, table, columns, rows)
        self._ready.clear()
        for (table, columns), rows in self._pending.items():
            write_rows(self.conn, table, columns, rows)
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
        if command is None:
            return self.link(ward, kind, body, None, None, None, actor, encounter, bed, first)
        return self.link(ward, kind, body, command.id, command.n, command.device, actor, encounter, bed, first)

    def link(
        self,
        ward: str,
        kind: str,
        body: dict[str, Any],
        id_: str | None,
        n: int | None,
        device: str | None,
        actor: str,
        encounter: str | None,
        bed: str | None,
        first: bool,
    ) -> int:
        """The same as `change`, with what it takes from its command."""
        head = self.heads.get(ward) or self.head(ward)
        seq = head.seq = head.seq + 1
        text = orjson.dumps(body).decode()
        covered = (ward, seq, kind, self._now_micros, id_, n, device, actor, encounter, bed, text)
        head.hash = linked(head.hash, covered)
        # In the order of CHANGE_COLUMNS.
        row = (ward, seq, kind, self._at, id_, n, device, actor, encounter, bed, text, first, head.hash)
        self._changes.append(row)
        self.told[ward].append(row)
        return seq

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

    def number_in(self, ward: str, seq: int | None) -> int | None:
        """`seq` if it can be one that this ward's log has been given here; None if another ward was told.

        A device waits for the number in its receipt, and hears of its own ward only.
        """
        head = self.heads.get(ward)
        return seq if seq is not None and head is not None and head.first < seq <= head.seq else None

    def head(self, ward: str) -> Head:
        """Where the log of this ward stands now.

        Raises:
            NotFound: there is no such ward.
        """
        if ward not in self.heads:
            known = self.census.heads.get(ward)
            if known is None or self.conn.dialect.name != "sqlite":
                # PostgreSQL keeps other writers of this ward away until we commit; SQLite has one writer anyway.
                query = select(_WARD.c.log_id, _WARD.c.seq, _WARD.c.head).where(_WARD.c.id == ward)
                row = self.conn.execute(query.with_for_update()).first()
                if row is None:
                    raise NotFound(what="ward", name=ward)
                if known is not None and known.seq != row.seq:
                    self._foreign.append(ward)
                known = KnownHead(row.log_id, row.seq, row.head)
            self.heads[ward] = Head(known.log_id, known.seq, known.seq, known.hash, known.hash)
        return self.heads[ward]

    def mark(self) -> Mark:
        """Remember this point. Nothing may be pending."""
        return Mark(
            {ward: (head.seq, head.hash) for ward, head in self.heads.items()},
            {ward: len(rows) for ward, rows in self.told.items()},
        )

    def rewind(self, mark: Mark) -> None:
        """Go back to `mark`, after the database has gone back to its savepoint."""
        self._changes.clear()
        self._ready.clear()
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
        moved = [(ward, head.first, head.seq, head.hash) for ward, head in self.heads.items() if head.seq != head.first]
        if self._foreign or (moved and move_heads(self.conn, moved) != len(moved)):
            wards = self._foreign or [ward for ward, *_ in moved]
            raise Collision(detail=f"another process writes to one of the wards {', '.join(wards)}")

    def committed(self) -> None:
        """The transaction has committed: the next one begins where this one has ended."""
        self.census.forget_absent()
        self.census.heads.update(
            {ward: KnownHead(head.log_id, head.seq, head.hash) for ward, head in self.heads.items()}
        )


def changes_of(conn: Connection, commands: list[str]) -> dict[str, int]:
    """Commands that have already been applied, and the number of the change each made."""
    return {command: seq for command, (_, seq) in told_of(conn, commands).items()}


def told_of(conn: Connection, commands: list[str]) -> dict[str, tuple[str, int]]:
    """The same, with the ward in whose log that number stands."""
    found: dict[str, tuple[str, int]] = {}
    for start in range(0, len(commands), 500):
        rows = conn.execute(
            select(col(ChangeRow.command), col(ChangeRow.ward), col(ChangeRow.seq)).where(
                col(ChangeRow.command).in_(commands[start : start + 500]), col(ChangeRow.first)
            )
        )
        found.update((command, (ward, seq)) for command, ward, seq in rows if command is not None)
    return found
