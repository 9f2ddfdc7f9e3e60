"""What is written about differences: each once, whatever is compared how often, and never over a person's word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from server.reconcile.matching import Difference, Subject
from server.reconcile.rows import DIFFERENCE, RUN
from server.reconcile.rules import rules
from wardlink.ids import new_id

SYSTEM = "system:reconcile"
_C = DIFFERENCE.c
_BATCH = 1_000
_STILL = ("waiting", "open")
_MOST_ASKED = 500
"""So many questions to a channel in one comparison; where more is wrong, a person is needed first."""


def is_done(conn: Connection, channel: str, on: date) -> bool:
    """Whether the bill of this day has been compared."""
    return conn.execute(select(RUN.c.status).where(RUN.c.channel == channel, RUN.c.on == on)).scalar() == "done"


def met_on_other_days(conn: Connection, channel: str, on: date) -> set[tuple[Subject, str]]:
    """What bills of the days around have shown already of what our books have on this day."""
    near = [on + timedelta(days=days) for days in range(-rules().waits_days, rules().waits_days + 1) if days]
    query = select(_C.subject, _C.number).where(_C.channel == channel, _C.kind == "other_day", _C.on.in_(near))
    return {(subject, number) for subject, number in conn.execute(query)}


def write(conn: Connection, channel: str, on: date, found: Sequence[Difference], now: datetime, *, waits: bool) -> None:
    """Write down what does not fit on this day; what did not and now does settles.

    `waits`: what the bill does not have may still stand in the next one.
    """
    here = (_C.channel == channel) & (_C.on == on)
    known = {
        _key(row): row for row in conn.execute(select(_C.id, _C.kind, _C.subject, _C.number, _C.state).where(here))
    }
    fresh = {_key(each): each for each in found}
    rows = [_row(channel, on, each, now, waits) for key, each in fresh.items() if key not in known]
    for start in range(0, len(rows), _BATCH):
        conn.execute(insert(DIFFERENCE), rows[start : start + _BATCH])
    for key, row in known.items():
        if key not in fresh and row.state in _STILL:
            settle(conn, row.id, "fits now", now)
        elif row.state == "waiting" and not waits:
            conn.execute(update(DIFFERENCE).where(_C.id == row.id).values(state="open"))
    _end_waiting(conn, channel, on, [each for each in found if each.kind == "other_day"], now)


def settle(conn: Connection, id: str, outcome: str, now: datetime) -> None:
    """It is no difference any more, by itself."""
    ended = {"state": "settled", "outcome": outcome, "ended_at": now, "ended_by": SYSTEM}
    conn.execute(update(DIFFERENCE).where(_C.id == id, _C.state.in_(_STILL)).values(ended))


def to_ask(conn: Connection, channel: str, on: date) -> Sequence[Any]:
    """Id, kind, number and order of the payments of a day that one side has alone and about which we know an order."""
    alone = _C.kind.in_(("channel_only", "local_only")) & (_C.subject == "payment") & _C.twice.is_(False)
    here = (_C.channel == channel) & (_C.on == on) & _C.state.in_(_STILL) & _C.pay_order.is_not(None)
    return conn.execute(select(_C.id, _C.kind, _C.number, _C.pay_order).where(here, alone).limit(_MOST_ASKED)).all()


def _end_waiting(conn: Connection, channel: str, on: date, found: Sequence[Difference], now: datetime) -> None:
    """What waited for this bill: it is there on this day, or it is missing."""
    there = {(each.subject, each.number) for each in found}
    before = on - timedelta(days=rules().waits_days)
    here = (_C.channel == channel) & (_C.on == before) & (_C.kind == "local_only") & _C.state.in_(_STILL)
    for id, subject, number in conn.execute(select(_C.id, _C.subject, _C.number).where(here)).all():
        if (subject, number) in there:
            settle(conn, id, f"in the bill of {on}", now)
    conn.execute(update(DIFFERENCE).where(here, _C.state == "waiting").values(state="open"))


def _key(each: Any) -> tuple[str, str, str]:
    return each.kind, each.subject, each.number


def _row(channel: str, on: date, each: Difference, now: datetime, waits: bool) -> dict[str, Any]:
    ours, theirs = each.ours, each.theirs
    state = "settled" if each.kind == "other_day" else "waiting" if each.kind == "local_only" and waits else "open"
    is_settled = state == "settled"
    return {
        "id": new_id(),
        "channel": channel,
        "on": on,
        "kind": each.kind,
        "subject": each.subject,
        "number": each.number,
        "channel_trade_no": theirs.channel_trade_no if theirs else None,
        "pay_order": ours.id if ours else None,
        "our_fen": ours.fen if ours else None,
        "channel_fen": theirs.amount_fen if theirs else None,
        "our_state": ours.state if ours else None,
        "channel_state": theirs.state[:24] if theirs else None,
        "twice": each.twice,
        "state": state,
        "opened_at": now,
        "ended_at": now if is_settled else None,
        "ended_by": SYSTEM if is_settled else None,
        "outcome": f"ours on {ours.on}" if is_settled and ours else None,
    }
