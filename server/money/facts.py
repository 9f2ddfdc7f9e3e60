"""Reads what is known of a stay, as far as charges follow from it."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from sqlalchemy import Connection, Table, select, text

from server.models import ChangeRow
from server.money.rules import Level, StayFacts
from server.patients.models import Encounter
from server.patients.service import places_of
from server.record.service import records_of
from wardlink.clinical.dose_states import GIVEN
from wardlink.errors import NotFound
from wardlink.messages.doses import DoseView
from wardlink.messages.meals import MealView
from wardlink.messages.orders import OrderView
from wardlink.record.doses import DOSE
from wardlink.record.meals import MEAL
from wardlink.record.orders import ORDER

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_SERVED = ("delivered", "closed", "returned")
_CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]


def facts_of(conn: Connection, encounter: str) -> StayFacts:
    """When and where a stay was, and its levels of care as they were decided.

    Raises:
        NotFound: there is no such stay.
    """
    query = select(_ENCOUNTER.c.admitted_at, _ENCOUNTER.c.discharged_at, _ENCOUNTER.c.level)
    row = conn.execute(query.where(_ENCOUNTER.c.id == encounter)).first()
    if row is None:
        raise NotFound(what="stay", name=encounter)
    levels = tuple(_levels(conn, encounter)) or (Level(row.admitted_at, row.level),)
    return StayFacts(encounter, row.admitted_at, row.discharged_at, places_of(conn, encounter), levels)


def given_doses(conn: Connection, encounter: str) -> Iterator[tuple[DoseView, OrderView | None]]:
    """The doses of a stay of which something was given, each with its order."""
    doses = records_of(conn, DOSE, encounter=encounter, states=GIVEN)
    orders = {order.id: order for order in records_of(conn, ORDER, encounter=encounter)} if doses else {}
    for dose in doses:
        yield dose, orders.get(dose.order)


def served_meals(conn: Connection, encounter: str) -> list[MealView]:
    """The meals of a stay that came to the bed or were sent back."""
    return records_of(conn, MEAL, encounter=encounter, states=_SERVED)


def _levels(conn: Connection, encounter: str) -> Iterator[Level]:
    # As the index has it, word for word: SQLite does not use it otherwise.
    stays = text("kind = 'encounter.changed'")
    query = select(_CHANGE.c.at, _CHANGE.c.body).where(_CHANGE.c.encounter == encounter, stays)
    for at, body in conn.execute(query.order_by(_CHANGE.c.at, _CHANGE.c.seq)):
        yield Level(at, orjson.loads(body)["level"])
