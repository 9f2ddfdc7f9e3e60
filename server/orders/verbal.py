"""Doses on a doctor's word: kept, put before a doctor as an order to be written, and closed by writing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.actors import staff_only
from server.batch import Batch
from server.exceptions.closing import close_done
from server.handlers import Handler
from server.orders.acting import demand_right
from server.orders.stories import name_of
from server.patients.service import encounter_view
from server.record.collisions import note_place_and_time
from server.record.service import record_called
from server.record.writing import Folded, fold_in
from wardlink.clinical.drugs import is_allergy_to, sample_drugs, two_people
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_
from wardlink.messages.base import Actor
from wardlink.messages.commands import Command
from wardlink.messages.exceptions import ExceptionKind
from wardlink.messages.orders import IssueOrder, OrderItem
from wardlink.messages.verbal import GiveVerbal, NameVerbalOverdue, StrikeVerbal, VerbalView, WriteVerbal
from wardlink.record.orders import ORDER
from wardlink.record.verbal import VERBAL, waits

if TYPE_CHECKING:
    from server.core import Core

_CASES: tuple[ExceptionKind, ...] = ("order-unwritten", "order-overdue")
_UNKNOWN_DRUG = N_("The drug is not in the dictionary by this name. Write the order yourself and name it.")
_WRITTEN = "order written"
_STRUCK = "struck out"


def give(batch: Batch, command: Command, body: GiveVerbal) -> int:
    """Keep what was given, and ask for its order.

    Raises:
        NotAllowed: a patient or a device by itself says it.
    """
    staff_only(command)
    folded = fold_in(batch, VERBAL, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    view = folded.after
    if view is not None and folded.before is None:
        _open(batch, command, folded, view, "order-unwritten")
        for kind, detail in _unsafe(batch, view):
            _open(batch, command, folded, view, kind, **detail)
    return folded.seq


def write(batch: Batch, command: Command, body: WriteVerbal) -> int:
    """A doctor has written the order; the case closes with it.

    Raises:
        NotFound: no such dose or order.
        Collision: it was written or struck out before, or the order is another patient's.
    """
    view, order = _known(batch, body.verbal), record_called(batch.conn, ORDER, body.order)
    demand_right(batch, command, "order.write")
    if order is None:
        raise NotFound(what="order", name=body.order)
    if order[1].encounter != view.encounter:
        raise Collision(N_("This order belongs to another patient."))
    if not waits(view):
        raise Collision(N_("Its order was written already, or the entry was struck out."))
    folded = fold_in(batch, VERBAL, command, body)
    close_done(batch, command, _CASES, view.id, _WRITTEN)
    return folded.seq


def write_order(
    core: Core,
    doctor: Actor,
    ward: str,
    view: VerbalView,
    order: str | None,
    *,
    command: str | None = None,
    issue_command: str | None = None,
) -> None:
    """Say which order was written; without one it is issued now, as it was said, from the time it was given.

    Raises:
        InvalidInput: the drug is not in the dictionary, so that only a doctor can say what was meant.
    """
    place: dict[str, Any] = {"ward": ward, "actor": doctor, "encounter": view.encounter, "bed": view.bed}
    if order is None:
        if view.drug is None:
            raise InvalidInput(_UNKNOWN_DRUG)
        said = IssueOrder(
            kind="verbal",
            category="drug",
            items=(OrderItem(drug=view.drug, dose=view.dose, unit=view.unit),),
            route=view.route,
            frequency="once",
            start_at=view.given_at,
            note=view.note,
        )
        order = core.execute("order.issue", said, command_id=issue_command, **place).id
    core.execute("verbal.write", WriteVerbal(verbal=view.id, order=order), command_id=command, **place)


def name_overdue(batch: Batch, command: Command, body: NameVerbalOverdue) -> int:
    """The order was not written in time: a person hears of it once.

    Raises:
        NotFound: no such dose.
        Collision: its order was written meanwhile.
    """
    if not waits(_known(batch, body.verbal)):
        raise Collision(N_("Its order was written already, or the entry was struck out."))
    folded = fold_in(batch, VERBAL, command, body)
    if folded.after is not None and folded.before is not None and folded.before.overdue_at is None:
        _open(batch, command, folded, folded.after, "order-overdue")
    return folded.seq


def strike(batch: Batch, command: Command, body: StrikeVerbal) -> int:
    """It was not given; nobody needs to write an order for it.

    Raises:
        NotAllowed: a patient or a device by itself says it.
    """
    staff_only(command)
    folded = fold_in(batch, VERBAL, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    if folded.after is not None:
        close_done(batch, command, _CASES, folded.after.id, _STRUCK)
    return folded.seq


def _known(batch: Batch, verbal: str) -> VerbalView:
    found = record_called(batch.conn, VERBAL, verbal)
    if found is None:
        raise NotFound(what="verbal order", name=verbal)
    return found[1]


def _unsafe(batch: Batch, view: VerbalView) -> list[tuple[ExceptionKind, dict[str, str]]]:
    found: list[tuple[ExceptionKind, dict[str, str]]] = []
    drug = sample_drugs().get(view.drug or "")
    stay = encounter_view(batch.conn, view.encounter) if view.encounter else None
    for allergy in stay.allergies if stay and drug else ():
        if drug is not None and is_allergy_to(allergy, drug):
            found.append(("given-against-allergy", {"allergy": allergy}))
    alone = view.witness is None or (view.by.kind == "staff" and view.witness == view.by.id)
    if alone and (drug is None or two_people([drug.high_alert])):
        found.append(("given-without-witness", {}))
    return found


def _open(
    batch: Batch, command: Command, folded: Folded[VerbalView], view: VerbalView, kind: ExceptionKind, **detail: str
) -> None:
    story = {
        "subject": view.id,
        "act": "give",
        "done_at": view.given_at.isoformat(),
        "done_by": name_of(view.by_name, view.by),
        "on_device": view.device,
        "said": f"{view.name} {view.dose:g} {view.unit}",
        "said_by": view.doctor_name,
    }
    bed = folded.resident.bed if folded.resident else view.bed
    batch.exception(
        kind, ward=folded.ward, command=command, encounter=view.encounter, bed=bed, first=False, **story, **detail
    )


_HERE: frozenset[str] = frozenset()

HANDLERS = {
    "verbal.give": Handler(give),
    "verbal.strike": Handler(strike),
    "verbal.write": Handler(write, request=True, devices=_HERE),
    "verbal.name-overdue": Handler(name_overdue, request=True, devices=_HERE),
}
