"""Why checks were passed over and doses were given early or late, held, refused or missed: counted in SQL."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import orjson
from sqlalchemy import Connection, Select, case, func, literal, select

from server.json_columns import Json
from server.medication.counting import Asked, giving_rows, not_begun_rows

What: TypeAlias = Literal["override", "early", "late", "held", "refused", "missed"]
WHATS: tuple[What, ...] = get_args(What)

_ACT_OF_STATE = {"held": "hold", "refused": "refuse", "missed": "miss"}


@dataclass(frozen=True, order=True)
class Reason:
    """What was done for it and how often. `check`: which one was passed over; `reason` None: nobody gave one."""

    what: What
    check: str | None
    reason: str | None
    times: int


def reasons(conn: Connection, asked: Asked) -> list[Reason]:
    """Every reason, what was done first and then the most frequent. Reads the database."""
    found: Counter[tuple[What, str | None, str | None]] = Counter()
    for early, late, reason, passed, times in conn.execute(_of_givings(conn, asked)):
        for over in orjson.loads(passed or "[]"):
            found["override", over["check"], over["reason"]] += times
        if early or late:
            found["early" if early else "late", None, reason] += times
    for state, reason, times in conn.execute(_of_doses(conn, asked)):
        found[state, None, reason] += times
    told = (Reason(*key, times) for key, times in found.items())
    return sorted(told, key=lambda r: (WHATS.index(r.what), -r.times, r.check or "", r.reason or ""))


def _of_givings(conn: Connection, asked: Asked) -> Select[Any]:
    # What was passed over stays a list here: few givings have one.
    json, given = Json(conn), giving_rows(conn, asked).subquery("given_rows")
    reason, passed = json.text(given.c.event, "reason"), json.text(given.c.event, "overrides")
    named = [given.c.early, given.c.late, reason.label("why"), passed.label("passed_over")]
    told: list[Any] = [*named, func.count()]
    return select(*told).where((given.c.overridden == 1) | (given.c.wrong_time == 1)).group_by(*named)


def _of_doses(conn: Connection, asked: Asked) -> Select[Any]:
    json, doses = Json(conn), not_begun_rows(conn, asked).subquery("not_begun")
    event = json.each(doses.c.doc, "events", "event")
    act = case(*[(doses.c.state == state, named) for state, named in _ACT_OF_STATE.items()])
    last = (
        select(
            doses.c.state,
            json.text(event.c.value, "reason").label("reason"),
            func.row_number().over(partition_by=doses.c.id, order_by=event.c.key.desc()).label("rank"),
        )
        .select_from(doses.join(event, literal(True)))
        .where(json.text(event.c.value, "act") == act, json.text(event.c.value, "struck_at").is_(None))
        .subquery("last_said")
    )
    return (
        select(last.c.state, last.c.reason, func.count()).where(last.c.rank == 1).group_by(last.c.state, last.c.reason)
    )
