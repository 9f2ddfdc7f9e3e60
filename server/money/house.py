"""How all the stays of a house stand with their money, read together: a list of a thousand is not a thousand reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from server.money.accounts import DEPOSIT, RECEIVABLE
from server.money.ledger import POSTING
from server.money.lines import LINE
from server.money.policy import LEVELS, runway_over_days
from server.money.standing import AGREEMENT, Standing, of_sums
from wardlink.clock import ward_date
from wardlink.messages.encounters import EncounterView

_AT_ONCE = 500


def standings(
    conn: Connection, stays: Sequence[EncounterView], now: datetime, expected: Mapping[str, int] | None = None
) -> Mapping[str, Standing]:
    """What `standing` says of each of these stays, by the id of the stay.

    `expected`: what of the charges of a stay its insurance is expected to pay, in fen.
    """
    ids, from_insurance = [stay.id for stay in stays], expected or {}
    deposits, charged = _balances(conn, DEPOSIT, ids), _balances(conn, RECEIVABLE, ids)
    agreed = _agreements(conn, ids)
    costs = _costs(conn, [stay for stay in stays if stay.discharged_at is None], now)
    return {
        id: of_sums(
            -deposits.get(id, 0), charged.get(id, 0), from_insurance.get(id, 0), agreed.get(id, ()), costs.get(id)
        )
        for id in ids
    }


def _balances(conn: Connection, account: str, ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for here in _parts(POSTING.c.encounter, ids):
        query = select(POSTING.c.encounter, func.sum(POSTING.c.amount_fen)).where(POSTING.c.account == account, here)
        found |= {id: int(fen) for id, fen in conn.execute(query.group_by(POSTING.c.encounter))}
    return found


def _agreements(conn: Connection, ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for here in _parts(AGREEMENT.c.encounter, ids):
        query = select(AGREEMENT).where(here, AGREEMENT.c.ended_at.is_(None)).order_by(AGREEMENT.c.at, AGREEMENT.c.id)
        for row in conn.execute(query):
            found.setdefault(row.encounter, []).append(row)
    return found


def _costs(conn: Connection, stays: Sequence[EncounterView], now: datetime) -> dict[str, int]:
    """What a day has cost each of them of late, in fen; none of a stay that has no whole day yet."""
    today = ward_date(now)
    first = today - timedelta(days=runway_over_days())
    since = {stay.id: max(ward_date(stay.admitted_at), first) for stay in stays}
    days = {id: (today - begin).days for id, begin in since.items() if begin < today}
    sums: dict[str, int] = dict.fromkeys(days, 0)
    for here in _parts(LINE.c.encounter, list(days)):
        query = select(LINE.c.encounter, LINE.c.charged_on, func.sum(LINE.c.amount_fen))
        query = query.where(here, LINE.c.charged_on >= first, LINE.c.charged_on < today)
        for id, on, fen in conn.execute(query.group_by(LINE.c.encounter, LINE.c.charged_on)):
            sums[id] += int(fen) if on >= since[id] else 0
    return {id: (fen + days[id] // 2) // days[id] for id, fen in sums.items()}


def _parts(column: ColumnElement[str], ids: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield column.in_(ids[start : start + _AT_ONCE])


def gravest_first(stays: Iterable[EncounterView], known: Mapping[str, Standing]) -> list[EncounterView]:
    """Those with the gravest arrears first, and among them who has least left."""
    return sorted(stays, key=lambda stay: (-LEVELS.index(known[stay.id].level), known[stay.id].available_fen, stay.id))
