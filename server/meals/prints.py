"""What was printed for a meal, and what has changed on its trays since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Table, insert, select

from server.meals.kitchen import Production, Tray
from server.meals.models import KitchenPrint
from wardlink.clinical.meals.times import Slot
from wardlink.ids import new_id

PRINT: Table = KitchenPrint.__table__  # type: ignore[attr-defined]

ChangeKind = Literal["new", "changed", "gone"]


@dataclass(frozen=True)
class Printed:
    """The newest print of a meal, by the person of this id.

    `trays`: what stood on the label of each meal, by the id of the meal.
    """

    at: datetime
    by: str
    labels: int
    trays: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """A tray that is another one than was printed. `bed_before`: where its label says it goes."""

    kind: ChangeKind
    tray: Tray
    bed_before: str | None = None


def marks(trays: Iterable[Tray]) -> dict[str, dict[str, Any]]:
    """What stands on the labels of these trays, in no language; trays that are not to come have none."""
    return {tray.meal.id: _mark(tray) for tray in trays if tray.cooked}


def _mark(tray: Tray) -> dict[str, Any]:
    meal = tray.meal
    return {
        "bed": tray.bed,
        "name": tray.name,
        "dishes": list(meal.codes),
        "diets": list(meal.diets),
        "allergens": list(meal.allergens),
        "iddsi": meal.iddsi,
        "disposable": meal.disposable,
    }


def changes(printed: Mapping[str, Any], trays: Sequence[Tray]) -> list[Change]:
    """What is other than it was printed, in the order of the trays. Pure."""
    found = []
    now = marks(trays)
    for tray in trays:
        before, after = printed.get(tray.meal.id), now.get(tray.meal.id)
        if before == after:
            continue
        kind: ChangeKind = "new" if before is None else "gone" if after is None else "changed"
        found.append(Change(kind, tray, before["bed"] if before is not None else None))
    return found


def newest(conn: Connection, ward: str, slot: Slot) -> Printed | None:
    """The newest print of a meal of a ward; None as long as nobody has printed it."""
    here = (PRINT.c.ward == ward, PRINT.c.on == slot.on, PRINT.c.meal == slot.meal)
    row = conn.execute(select(PRINT).where(*here).order_by(PRINT.c.at.desc(), PRINT.c.id.desc()).limit(1)).first()
    return None if row is None else Printed(row.at, row.by, row.labels, row.trays)


def note_print(conn: Connection, ward: str, found: Production, *, labels: int, at: datetime, by: str) -> None:
    """Write down that so many labels were printed now, and how all trays stood."""
    conn.execute(
        insert(PRINT).values(
            id=new_id(),
            ward=ward,
            on=found.slot.on,
            meal=found.slot.meal,
            at=at,
            by=by,
            labels=labels,
            trays=marks(found.trays),
        )
    )
