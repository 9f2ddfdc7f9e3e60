"""What was cooked and not eaten: trays that went back and why, and meals cancelled too late, counted over days.

A tray counts for the ward in which its patient lay when something was said of it last, and for the diets that stood on
its label.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

import orjson
from sqlalchemy import ColumnElement, Connection, Integer, Select, Table, cast, func, select

from server.json_columns import Json
from server.meals.kitchen import COOKED
from server.record.models import RecordRow
from wardlink.clinical.meals.returns import ReturnReason, reason_said
from wardlink.clinical.meals.times import MEALS, Slot
from wardlink.messages.meals import MealView

_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]

Part = Literal["day", "meal", "ward", "diet"]
By = Literal["day", "meal", "ward", "diet", "each"]
BY: Mapping[By, tuple[Part, ...]] = {
    "day": ("day",),
    "meal": ("meal",),
    "ward": ("ward",),
    "diet": ("diet",),
    "each": ("ward", "meal", "diet"),
}
"""What tells one line from another."""
Key: TypeAlias = tuple[str, ...]
"""A text for each of these parts; diets that stood on one label together are joined by a comma."""

_SENT = (*sorted(COOKED), "returned")


@dataclass
class Waste:
    """Trays. `made`: that were cooked, whatever became of them; `late`: cancelled after that; `back`: those that went
    back, by reason, the cancelled ones not among them; `eaten_pct` of so many `noted`.
    """

    made: int = 0
    back: Counter[ReturnReason] = field(default_factory=Counter)
    late: int = 0
    noted: int = 0
    eaten_pct: float = 0

    @property
    def in_vain(self) -> int:
        """What nobody ate anything of."""
        return sum(self.back.values()) + self.late

    @property
    def share(self) -> float | None:
        """That of all that were made; None where there are none."""
        return self.in_vain / self.made if self.made else None

    @property
    def eaten(self) -> float | None:
        """How much was eaten of those of which it was noted, in per cent; None where it was noted of none."""
        return self.eaten_pct / self.noted if self.noted else None


@dataclass(frozen=True)
class Asked:
    """Some wards, days with both ends, and the instant at which somebody asks: what is served later is not counted."""

    wards: tuple[str, ...]
    since: date
    until: date
    now: datetime


def waste(conn: Connection, asked: Asked, by: By) -> Mapping[Key, Waste]:
    """What was cooked, a line each. Reads the database."""
    lines: dict[Key, Waste] = defaultdict(Waste)
    for row in conn.execute(_sent(conn, asked)).mappings():
        line = lines[_key(by, row["ward"], row["on"], row["slot"], orjson.loads(row["diets"] or "[]"))]
        line.made += row["trays"]
        line.noted += row["noted"]
        line.eaten_pct += float(row["eaten_pct"] or 0)
    for ward, body in conn.execute(_told(asked)):
        meal = MealView.model_validate_json(body)
        key = _key(by, ward, meal.on.isoformat(), meal.slot, list(meal.diets))
        if meal.state == "returned":
            lines[key].back[reason_said(meal.back.reason if meal.back else None)] += 1
        elif meal.cancelled_late:
            lines[key].made += 1
            lines[key].late += 1
    return {key: lines[key] for key in sorted(lines, key=_order)}


def total(lines: Mapping[Key, Waste]) -> Waste:
    """All lines together."""
    found = Waste()
    for line in lines.values():
        found.made += line.made
        found.back += line.back
        found.late += line.late
        found.noted += line.noted
        found.eaten_pct += line.eaten_pct
    return found


def _key(by: By, ward: str, on: str, slot: str, diets: list[str]) -> Key:
    parts: dict[Part, str] = {"day": on, "meal": slot, "ward": ward, "diet": ",".join(diets)}
    return tuple(parts[part] for part in BY[by])


def _order(key: Key) -> tuple[Any, ...]:
    return tuple((list(MEALS).index(text) if text in MEALS else 0, text) for text in key)


def _sent(conn: Connection, asked: Asked) -> Select[Any]:
    json = Json(conn)
    doc = json.parsed(_RECORD.c.body)
    fields = {name: json.text(doc, name).label(name) for name in ("on", "slot", "diets")}
    eaten = cast(json.text(doc, "eaten_pct"), Integer).label("eaten")
    trays = select(_RECORD.c.ward, *fields.values(), eaten).where(_meals(asked) & _RECORD.c.state.in_(_SENT)).subquery()
    same = [trays.c.ward, *(trays.c[name] for name in fields)]
    told: list[Any] = [
        *same,
        func.count().label("trays"),
        func.count(trays.c.eaten).label("noted"),
        func.sum(trays.c.eaten).label("eaten_pct"),
    ]
    return select(*told).group_by(*same)


def _told(asked: Asked) -> Select[Any]:
    went_back = _RECORD.c.state.in_(("returned", "cancelled"))
    return select(_RECORD.c.ward, _RECORD.c.body).where(_meals(asked) & went_back)


def _meals(asked: Asked) -> ColumnElement[bool]:
    first, last = Slot(asked.since, MEALS[0]).served_at, Slot(asked.until, MEALS[-1]).until_at
    at = (_RECORD.c.at >= first) & (_RECORD.c.at <= min(last, asked.now))
    return (_RECORD.c.kind == "meal") & _RECORD.c.ward.in_(asked.wards) & at
