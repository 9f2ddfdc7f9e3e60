"""What is fixed already for a patient and for whoever comes to a consultation, as far as the record knows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from server.record.service import records_of
from wardlink.clinical.consult_slots import (
    Span,
    clashes,
    exam_span,
    first_start,
    free_slots,
    operation_span,
    slot_of,
    spread,
)
from wardlink.clinical.consults import OPEN as OPEN_CONSULTS
from wardlink.clinical.order_states import OPEN as OPEN_ORDERS
from wardlink.clinical.tables import load
from wardlink.messages.consults import ConsultSlots, ConsultView
from wardlink.record.consults import CONSULT
from wardlink.record.orders import ORDER

_TESTS = frozenset({"lab", "imaging", "rehabilitation"})


@dataclass(frozen=True)
class Taken:
    """The spans, and whether there is an operation among them whose end nobody knows."""

    spans: tuple[Span, ...]
    unknown_operation: bool = False


def taken(
    conn: Connection, encounter: str, specialty: str, *, consultant: str | None = None, leave: str | None = None
) -> Taken:
    """Operations, tests, therapy and consultations of the patient; consultations of the team and of the consultant.

    As long as nobody says who comes, a team comes to one patient at a time, in the whole hospital. `leave`: a
    consultation to leave out, since it is the one that is being arranged.
    """
    orders = [one for one in records_of(conn, ORDER, encounter=encounter) if one.state in OPEN_ORDERS]
    operations = [operation_span(one.start_at) for one in orders if one.category == "operation"]
    tests = [exam_span(one.start_at) for one in orders if one.category in _TESTS]
    consults = _consults(conn, encounter, specialty, consultant, leave)
    return Taken((*operations, *tests, *consults), bool(operations))


def _consults(
    conn: Connection, encounter: str, specialty: str, consultant: str | None, leave: str | None
) -> Iterable[Span]:
    for one in records_of(conn, CONSULT, states=OPEN_CONSULTS):
        if one.id != leave and one.slot_at is not None and _concerns(one, encounter, specialty, consultant):
            yield slot_of(one.slot_at)


def _concerns(one: ConsultView, encounter: str, specialty: str, consultant: str | None) -> bool:
    if one.encounter == encounter:
        return True
    if consultant is None or one.consultant is None:
        return one.specialty == specialty
    return one.consultant == consultant


def slots(conn: Connection, encounter: str, specialty: str, now: datetime) -> ConsultSlots:
    """A few times that could be asked for, all of them before the deadline of a request made now."""
    rule = load("consults")
    until = now + timedelta(hours=rule["deadline"]["routine_h"])
    found = taken(conn, encounter, specialty)
    free = free_slots(first_start(now), until, found.spans)
    soon = found.unknown_operation and any(span.starts_at < until for span in found.spans)
    return ConsultSlots(
        slots=tuple(slot.starts_at for slot in spread(free, rule["slots"]["offered"])), unknown_operation=soon
    )


def is_free(conn: Connection, consult: ConsultView, slot_at: datetime, now: datetime, consultant: str | None) -> bool:
    """Whether a consultation may take place then: not before now, and beside everything that is fixed."""
    found = taken(conn, str(consult.encounter), consult.specialty, consultant=consultant, leave=consult.id)
    return slot_at >= now and not clashes(slot_of(slot_at), found.spans)
