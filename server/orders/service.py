"""Reads the doses of an order."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from server.record.service import records_of
from wardlink.messages.doses import DoseView
from wardlink.messages.orders import OrderView
from wardlink.record.doses import DOSE


def doses_of(conn: Connection, order: OrderView, *, states: Collection[str] = ()) -> list[DoseView]:
    """The doses of one order, the earliest first; with `states` only those that are in one of them."""
    return [dose for dose in records_of(conn, DOSE, encounter=order.encounter, states=states) if dose.order == order.id]
