"""Settlements as they stand in the database: read, and moved on under a condition, so that nothing is done twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, func, insert, literal, select, update

from server.money.lines import LINE
from server.settlement.insurer import Cover, Division
from server.settlement.models import Settlement, SettlementLine, SettlementPayout
from wardlink.errors import NotFound

SETTLEMENT: Table = Settlement.__table__  # type: ignore[attr-defined]
TAKEN: Table = SettlementLine.__table__  # type: ignore[attr-defined]
PAYOUT: Table = SettlementPayout.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Saga:
    """One settlement."""

    id: str
    encounter: str
    status: str
    step: str
    begun_at: datetime
    begun_by: str
    cover: dict[str, Any] | None
    lines: int | None
    total_fen: int | None
    audited_at: datetime | None
    audited_by: str | None
    division: dict[str, Any] | None
    decided_by: str | None
    decided_reason: str | None
    confirmed_fen: int | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    sent_at: datetime | None
    deposits_fen: int | None
    receipt_no: str | None
    ended_at: datetime | None
    ended_by: str | None
    ended_reason: str | None
    wait: dict[str, Any] | None
    version: int

    @property
    def is_open(self) -> bool:
        """Whether something is left to do."""
        return self.status == "open"

    @property
    def is_going_back(self) -> bool:
        """Whether a person has said that it shall end, and the insurance platform has still to take it back."""
        return self.is_open and self.ended_reason is not None

    @property
    def insured(self) -> Cover | None:
        """How the stay is insured; None: the patient pays alone."""
        return None if self.cover is None else Cover.model_validate(self.cover)

    @property
    def divided(self) -> Division:
        """Who pays what.

        Raises:
            ValueError: it is not worked out yet.
        """
        if self.division is None:
            raise ValueError("nobody has worked out who pays what")
        return Division(**self.division)


@dataclass(frozen=True)
class Payout:
    """One part of the rest of the deposits."""

    settlement: str
    no: int
    channel: str
    pay_order: str | None
    refund: str | None
    amount_fen: int
    status: str
    way: str | None
    done_at: datetime | None
    done_by: str | None

    @property
    def by_hand(self) -> bool:
        """Whether a person hands it out."""
        return self.status == "refused" or (self.status == "due" and self.pay_order is None)


_COLUMNS = [SETTLEMENT.c[field.name] for field in fields(Saga)]
_PAYOUT_COLUMNS = [PAYOUT.c[field.name] for field in fields(Payout)]


def sagas(conn: Connection, *where: ColumnElement[bool], to_write: bool = False) -> list[Saga]:
    """Settlements, the newest first."""
    query = select(*_COLUMNS).where(*where).order_by(SETTLEMENT.c.begun_at.desc(), SETTLEMENT.c.id.desc())
    return [Saga(*row) for row in conn.execute(query.with_for_update() if to_write else query)]


def saga_called(conn: Connection, id: str, *, to_write: bool = False) -> Saga:
    """One settlement; `to_write`: nobody else may move it until this transaction ends.

    Raises:
        NotFound: there is none with this id.
    """
    found = sagas(conn, SETTLEMENT.c.id == id, to_write=to_write)
    if not found:
        raise NotFound(what="settlement", name=id)
    return found[0]


def move(conn: Connection, saga: Saga, step: str, **values: object) -> bool:
    """Let it stand before `step`; False: it has moved on meanwhile, and nothing was written."""
    here = (SETTLEMENT.c.id == saga.id) & (SETTLEMENT.c.version == saga.version) & (SETTLEMENT.c.status == "open")
    values = {"step": step, "version": SETTLEMENT.c.version + 1, "wait": None} | values
    return conn.execute(update(SETTLEMENT).where(here).values(values)).rowcount == 1


def note_wait(conn: Connection, saga: Saga, wait: dict[str, Any]) -> None:
    """Say why it does not go on."""
    here = (SETTLEMENT.c.id == saga.id) & (SETTLEMENT.c.version == saga.version)
    conn.execute(update(SETTLEMENT).where(here).values(wait=wait))


def take_lines(conn: Connection, saga: Saga) -> None:
    """Let every line of the stay that no settlement has belong to this one."""
    conn.execute(delete(TAKEN).where(TAKEN.c.settlement == saga.id))
    free = select(LINE.c.entry, literal(saga.id)).where(
        LINE.c.encounter == saga.encounter, LINE.c.entry.not_in(select(TAKEN.c.entry))
    )
    conn.execute(insert(TAKEN).from_select(["entry", "settlement"], free))


def drop_lines(conn: Connection, saga: Saga) -> None:
    """Let its lines be free again."""
    conn.execute(delete(TAKEN).where(TAKEN.c.settlement == saga.id))


def sums_of(conn: Connection, saga: Saga) -> tuple[int, int]:
    """How many lines it settles, and what they come to in fen."""
    query = (
        select(func.count(), func.coalesce(func.sum(LINE.c.amount_fen), 0))
        .select_from(TAKEN)
        .join(LINE, LINE.c.entry == TAKEN.c.entry)
        .where(TAKEN.c.settlement == saga.id)
    )
    count, total = conn.execute(query).one()
    return int(count), int(total)


def lines_taken(conn: Connection, saga: Saga) -> list[Row[Any]]:
    """Every line that it settles in the order in which it happened, reversals among them."""
    query = select(LINE).join(TAKEN, TAKEN.c.entry == LINE.c.entry).where(TAKEN.c.settlement == saga.id)
    return list(conn.execute(query.order_by(LINE.c.at, LINE.c.booked_at, LINE.c.entry)))


def standing_lines(lines: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The lines among these that were not taken back, and those that take back what an earlier settlement had."""
    last: dict[tuple[str, str, str], list[Row[Any]]] = {}
    for row in lines:
        turns = last.setdefault((row.source_kind, row.source_id, row.item), [])
        if turns and turns[-1].amount_fen == -row.amount_fen:
            turns.pop()
        else:
            turns.append(row)
    kept = {row.entry for turns in last.values() for row in turns}
    return [row for row in lines if row.entry in kept]


def payouts_of(conn: Connection, settlement: str) -> list[Payout]:
    """How the rest goes back, in order."""
    query = select(*_PAYOUT_COLUMNS).where(PAYOUT.c.settlement == settlement).order_by(PAYOUT.c.no)
    return [Payout(*row) for row in conn.execute(query)]


def mark_payout(conn: Connection, payout: Payout, **values: object) -> bool:
    """Write down what became of it; False: somebody has done so meanwhile."""
    here = (PAYOUT.c.settlement == payout.settlement) & (PAYOUT.c.no == payout.no) & (PAYOUT.c.status == payout.status)
    return conn.execute(update(PAYOUT).where(here).values(values)).rowcount == 1
