"""A doctor signs an order: looked at as a whole before anything is written, and refused in words where it cannot be."""

from __future__ import annotations

from datetime import timedelta

from server.batch import Batch
from server.census import Resident
from server.orders.drugs import drug_called, ordered
from server.orders.giving import note_running
from server.orders.planning import drop, plan
from server.orders.scheduling import schedules_at
from server.orders.timings import keep
from server.patients.service import encounter_view
from server.record.service import record_called
from server.record.writing import tell
from wardlink.clinical.drugs import is_allergy_to
from wardlink.clinical.frequencies import Frequency, frequencies
from wardlink.clinical.order_states import DRUG_CATEGORIES, after
from wardlink.clinical.routes import Route, route_written
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.orders import IssueOrder, OrderStep, OrderView
from wardlink.record.orders import ORDER

_BACKDATED = timedelta(hours=24)
_FORWARD = timedelta(days=90)
_ON_DEMAND = {"standing-prn": "prn", "temporary-prn": "sos"}


def issue(batch: Batch, command: Command, body: IssueOrder) -> int:
    """Write an order, and stop the one that it replaces.

    Raises:
        InvalidInput: something is missing or does not go together; says what.
        NotFound: no such stay, drug or order.
        Collision: the stay is over, or the order it replaces ended before.
    """
    resident = _resident(batch, command)
    frequency = schedules_at(batch.conn, batch.now).frequencies.get(body.frequency)
    if frequency is None:
        raise InvalidInput(N_("There is no frequency {name}."), name=body.frequency)
    route = _check(batch, body, frequency)
    if body.kind != "verbal":
        # What was said in a rescue was given already: an order that stays unwritten would hide it.
        _check_allergies(batch, command, body)
    facts = body.model_dump(exclude={"items", "route"})
    view = OrderView(
        id=command.id,
        encounter=command.encounter,
        bed=resident.bed,
        state="issued",
        items=tuple(ordered(item) for item in body.items),
        route=route.code if route else None,
        issued_at=command.entered_at,
        frequency_label=None if frequency.code in frequencies() else frequency.label,
        doctor=command.actor,
        doctor_name=batch.census.staff_name(batch.conn, command.actor.id) if command.actor.kind == "staff" else None,
        **facts,
    )
    seq = tell(batch, ORDER, view, ward=resident.ward, command=command, resident=resident, is_new=True)
    if body.replaces is not None:
        _replace(batch, command, body.replaces, view, resident)
    keep(batch, view.id, frequency)
    plan(batch, view, resident, frequency)
    return seq


def _resident(batch: Batch, command: Command) -> Resident:
    if command.encounter is None:
        raise InvalidInput(detail="encounter is missing")
    resident = batch.census.resident(batch.conn, command.encounter)
    if resident is None:
        raise NotFound(what="stay", name=command.encounter)
    if not resident.active:
        raise Collision(N_("This stay is over already."))
    return resident


def _check(batch: Batch, body: IssueOrder, frequency: Frequency) -> Route | None:
    wanted = _ON_DEMAND.get(body.kind)
    if (wanted or body.frequency) != body.frequency or (wanted is None and frequency.plan == "on-demand"):
        raise InvalidInput(N_("This frequency does not go with this kind of order."))
    if not batch.now - _BACKDATED <= body.start_at <= batch.now + _FORWARD:
        raise InvalidInput(N_("The order starts too long ago or too far ahead; please check the time."))
    if body.stop_at is not None and body.stop_at <= body.start_at:
        raise InvalidInput(N_("The order stops before it starts."))
    if body.kind == "standing-prn" and None in (body.indication, body.min_interval_min, body.max_per_day):
        raise InvalidInput(N_("What is given when needed says for what, how far apart and how often a day at most."))
    if body.category not in DRUG_CATEGORIES:
        if body.items or not body.text:
            raise InvalidInput(N_("An order without drugs says in words what is to be done."))
        return None
    return _check_drugs(body)


def _check_drugs(body: IssueOrder) -> Route:
    if not body.items:
        raise InvalidInput(N_("An order of drugs names at least one."))
    route = route_written(body.route or "")
    if route is None:
        raise InvalidInput(N_("There is no route {name}."), name=body.route or "-")
    for item in body.items:
        drug = drug_called(item.drug)
        if route.code not in drug.routes:
            raise InvalidInput(N_("{drug} is not given {route}."), drug=drug.name_zh, route=route.label_text())
    if route.infusion and None in (body.volume_ml, body.rate_ml_per_h):
        raise InvalidInput(N_("An infusion says its volume and how fast it runs."))
    return route


def _check_allergies(batch: Batch, command: Command, body: IssueOrder) -> None:
    stay = encounter_view(batch.conn, str(command.encounter))
    for allergy in stay.allergies if stay else ():
        for item in body.items:
            drug = drug_called(item.drug)
            if is_allergy_to(allergy, drug):
                said = N_("The record has an allergy to {allergy}: {drug}.")
                raise Collision(said, allergy=allergy, drug=drug.name_zh)


def _replace(batch: Batch, command: Command, old: str, new: OrderView, resident: Resident) -> None:
    found = record_called(batch.conn, ORDER, old)
    if found is None or found[1].encounter != new.encounter:
        raise NotFound(what="order", name=old)
    state = after(found[1].state, "stop")
    if state is None:
        raise Collision(N_("The order that shall be replaced is not carried out any more."))
    step = OrderStep(command=command.id, what="stop", at=new.start_at, by=command.actor, by_name=new.doctor_name)
    changed = {"state": state, "stop_at": new.start_at, "replaced_by": new.id, "steps": (*found[1].steps, step)}
    stopped = found[1].model_copy(update=changed)
    tell(batch, ORDER, stopped, ward=resident.ward, command=command, resident=resident, is_new=False, first=False)
    drop(batch, stopped, resident)
    note_running(batch, command, stopped, resident.ward)
