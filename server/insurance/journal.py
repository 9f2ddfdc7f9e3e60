"""Every message to the platform, written down before it goes out: what is not known to have ended is found again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, select, update

from server.db import Database
from server.insurance.models import InsuranceMessage
from server.insurance.stages import HARMLESS
from wardlink.clock import Clock

_MESSAGE: Table = InsuranceMessage.__table__  # type: ignore[attr-defined]

OPEN = ("sent", "unknown")
"""States of a message of which nobody knows whether it was done."""

_HIDDEN = frozenset(
    {"psn_name", "certno", "psn_cert_no", "mdtrt_cert_no", "card_sn", "brdy", "emp_name", "tel", "addr", "naty"}
    | {"opter_name", "cainfo", "sign_no", "coner_name"}
)
"""Fields whose values are never kept."""


class Exchange:
    """The log of one call of the port. What changes something ends with `end`, in the transaction of its effect."""

    def __init__(self, db: Database, clock: Clock, *, encounter: str | None, actor: str) -> None:
        self._db = db
        self._clock = clock
        self._encounter = encounter
        self._actor = actor
        self.no: int | None = None
        self.infno = ""
        self._reply: Mapping[str, Any] | None = None
        self._reference: str | None = None

    def sent(self, infno: str, make: Callable[[int, datetime], tuple[str, Mapping[str, Any]]]) -> None:
        """Write a message down; it is on disk when this returns."""
        now = self._clock.now()
        with self._db.write() as conn:
            no = (conn.execute(select(func.max(_MESSAGE.c.no))).scalar() or 0) + 1
            msgid, request = make(no, now)
            conn.execute(
                insert(_MESSAGE).values(
                    no=no,
                    msgid=msgid,
                    infno=infno,
                    encounter=self._encounter,
                    actor=self._actor,
                    at=now,
                    state="sent",
                    request=without_persons(request),
                )
            )
        self.no, self.infno, self._reply, self._reference = no, infno, None, None

    def answered(self, reply: Mapping[str, Any], reference: str | None) -> None:
        """An answer has come; that to a harmless message ends it at once."""
        self._reply, self._reference = without_persons(reply), reference
        if self.infno in HARMLESS:
            with self._db.write() as conn:
                self.end(conn, "answered")

    def end(self, conn: Connection, state: str) -> None:
        """How the last message ended, in the transaction of `conn`."""
        if self.no is not None:
            values = {"reply": self._reply, "inf_refmsgid": self._reference} if self._reply is not None else {}
            end(conn, self.no, state, self._clock.now(), **values)


def end(conn: Connection, no: int, state: str, at: datetime, **values: Any) -> None:
    """Let message `no` have ended so."""
    conn.execute(update(_MESSAGE).where(_MESSAGE.c.no == no).values(state=state, ended_at=at, **values))


def open_messages(conn: Connection, encounter: str) -> Sequence[Row[Any]]:
    """Messages about a stay that change something and of which nobody knows whether they were done, oldest first."""
    query = (
        select(_MESSAGE)
        .where(_MESSAGE.c.encounter == encounter, _MESSAGE.c.state.in_(OPEN), _MESSAGE.c.infno.not_in(HARMLESS))
        .order_by(_MESSAGE.c.no)
    )
    return conn.execute(query).all()


def without_persons(node: Any) -> Any:
    """The same without names and numbers of persons."""
    if isinstance(node, Mapping):
        return {key: "***" if key in _HIDDEN and value else without_persons(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [without_persons(value) for value in node]
    return node
