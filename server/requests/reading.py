"""Lists of what patients have asked for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from server.record.service import records_of
from wardlink.clinical.requests.catalogue import Category
from wardlink.clinical.requests.states import OPEN, RequestState
from wardlink.messages.requests import RequestView
from wardlink.record.requests import REQUEST


def requests_of(
    conn: Connection,
    ward: str,
    *,
    category: Category | None = None,
    states: Collection[RequestState] = OPEN,
    since: datetime | None = None,
    most: int = 5_000,
) -> list[RequestView]:
    """The requests of a ward: open ones with what is urgent first and then the oldest, others the newest first."""
    only_open = set(states) <= OPEN
    found = records_of(conn, REQUEST, ward=ward, states=states, since=since, newest_first=not only_open, limit=most)
    found = [view for view in found if category in (None, view.category)]
    return sorted(found, key=lambda view: (not view.urgent, view.requested_at, view.id)) if only_open else found
