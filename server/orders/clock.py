"""What happens to orders because time passes: doses are planned ahead, missed ones are named, what was not used lapses.

By the server's clock, whether or not anybody looks; after a restart it goes on where it stood.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import structlog

from server.core import Core
from server.orders.planning import horizon, plan
from server.patients.service import encounter_view
from server.record.service import records_of
from server.record.writing import tell
from wardlink.errors import WardlinkError
from wardlink.messages.base import Actor, Message
from wardlink.messages.doses import DoseView, WithholdDose
from wardlink.messages.orders import StopOrder
from wardlink.messages.records import RecordView
from wardlink.messages.verbal import NameVerbalOverdue
from wardlink.record.doses import DOSE, NOT_BEGUN
from wardlink.record.orders import ORDER
from wardlink.record.verbal import VERBAL, waits, write_by

log = structlog.get_logger(__name__)

EVERY_S = 30.0
LAPSES_AFTER = timedelta(hours=12)
"""A dose that may be given once if needed, and was not (ward domain sheet 4.1)."""

SERVER = Actor(kind="system", id="server")

_LOOKED_BACK = timedelta(days=3)
"""A server that was away for longer leaves what should have lapsed to a person: it still waits on the list."""

_AT_ONCE = 200


class OrderClock:
    """Looks twice a minute; plans the next day when the ward's midnight has passed."""

    def __init__(self, core: Core, *, every_s: float = EVERY_S) -> None:
        self._core = core
        self._every_s = every_s
        self._planned_until: datetime | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="order clock", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._stopping.set()
        self._thread.join(timeout=10)

    def look(self) -> None:
        """Look once."""
        now = self._core.clock.now()
        if self._planned_until != horizon(now):
            self.plan_ahead()
            self._planned_until = horizon(now)
        self.name_missed(now)
        self.let_lapse(now)
        self.name_unwritten(now)

    def plan_ahead(self) -> None:
        """Make the doses of every active order until the end of tomorrow; a few orders a transaction."""
        with self._core.db.read() as conn:
            orders = records_of(conn, ORDER, states=("active",))
        for start in range(0, len(orders), _AT_ONCE):
            with self._core.transaction() as batch:
                for order in orders[start : start + _AT_ONCE]:
                    if order.encounter is not None:
                        plan(batch, order, batch.census.resident(batch.conn, order.encounter))

    def name_missed(self, now: datetime) -> None:
        """Say of each planned dose whose time is over that it was missed."""
        with self._core.db.read() as conn:
            planned = records_of(conn, DOSE, states=("planned",), until=now)
            # A dose of an order on hold waits for the doctor; it was not missed.
            on_hold = {order.id for order in records_of(conn, ORDER, states=("on-hold",))}
        for dose in planned:
            if dose.missed_at is not None and dose.missed_at <= now and dose.order not in on_hold:
                self._miss(dose, now)

    def let_lapse(self, now: datetime) -> None:
        """End what may be given once within twelve hours and was not."""
        with self._core.db.read() as conn:
            orders = [
                order
                for order in records_of(
                    conn, ORDER, states=("active",), since=now - _LOOKED_BACK, until=now - LAPSES_AFTER
                )
                if order.kind == "temporary-prn"
            ]
        for order in orders:
            stop = StopOrder(order=order.id, stop_at=order.start_at + LAPSES_AFTER, reason="12 h")
            self._say("order.stop", stop, order, now)

    def name_unwritten(self, now: datetime) -> None:
        """Say of each dose on a doctor's word whose order was not written in time that it is overdue."""
        with self._core.db.read() as conn:
            found = records_of(conn, VERBAL, only_open=True, until=now)
        for view in found:
            if view.overdue_at is None and waits(view) and now > write_by(view):
                self._say("verbal.name-overdue", NameVerbalOverdue(verbal=view.id), view, now)

    def _miss(self, dose: DoseView, now: datetime) -> None:
        gone_at = self._gone_at(dose)
        if gone_at is not None and dose.due_at is not None and dose.due_at >= gone_at:
            self._withdraw(dose, gone_at)
            return
        body = WithholdDose(
            dose=dose.id,
            order=dose.order,
            due_at=dose.due_at,
            why="missed",
            reason=NOT_BEGUN,
            seen=tuple(event.command for event in dose.events),
        )
        missed_at = dose.missed_at or now
        self._say("dose.withhold", body, dose, min(missed_at, gone_at) if gone_at else missed_at)

    def _gone_at(self, dose: DoseView) -> datetime | None:
        """When the stay of a dose was over; None while it is in progress."""
        if dose.encounter is None:
            return None
        with self._core.db.read() as conn:
            stay = encounter_view(conn, dose.encounter)
        return stay.discharged_at if stay is not None else None

    def _withdraw(self, dose: DoseView, at: datetime) -> None:
        # Who has gone home does not miss what would have been due afterwards.
        with self._core.transaction() as batch:
            resident = batch.census.resident(batch.conn, str(dose.encounter))
            if resident is not None:
                back = dose.model_copy(update={"state": "cancelled", "withdrawn_at": at})
                tell(batch, DOSE, back, ward=resident.ward, resident=resident, is_new=False)

    def _say(self, kind: str, body: Message, about: RecordView, at: datetime) -> None:
        if about.encounter is None:
            return
        with self._core.transaction() as batch:
            resident = batch.census.resident(batch.conn, about.encounter)
            if resident is None:
                return
            command = self._core.command(
                kind,
                body,
                ward=resident.ward,
                actor=SERVER,
                encounter=about.encounter,
                bed=about.bed,
                measured_at=at,
            )
            self._core.apply(batch, command)

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            try:
                self.look()
            except WardlinkError as fault:
                log.warning("order-clock.refused", error=fault.code)
            except Exception as fault:
                # An edge: whatever it is, the next look tries again.
                log.exception("order-clock.failed", error=type(fault).__name__)
