"""What carts report of doses: kept as it happened, whatever it is, and put before a person where it does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from server.actors import staff_only
from server.batch import Batch
from server.identity.models import Staff
from server.identity.roles import may
from server.orders.service import doses_of
from server.orders.skin_tests import untested
from server.orders.stories import Found, name_of, story_of
from server.patients.service import encounter_view
from server.record.collisions import note_place_and_time
from server.record.service import record_called
from server.record.writing import Folded, fold_in, tell
from wardlink.clinical import on_demand
from wardlink.clinical.drugs import is_allergy_to, two_people
from wardlink.clinical.order_states import after
from wardlink.messages.commands import Command
from wardlink.messages.doses import DoseEvent, DoseView
from wardlink.messages.orders import OrderStep, OrderView
from wardlink.record.doses import DOSE
from wardlink.record.orders import ORDER, state_at

_GIVING = frozenset({"dose.give", "dose.start"})
_TAKEN_BACK = frozenset({"cancelled", "rejected", "entered-in-error"})
_NOT_YET = frozenset({"issued", "reviewed", "transcribed"})
_ONCE = frozenset({"temporary", "temporary-prn"})
_WITHHELD = frozenset({"hold", "refuse", "miss"})
_OF_PATIENT = frozenset({"wristband", "presence"})
_OF_DRUG = frozenset({"bag", "drug"})


def report(batch: Batch, command: Command, body: Any) -> int:
    """Keep an entry about a dose.

    Raises:
        NotAllowed: a patient or a device by itself says it.
    """
    staff_only(command)
    folded = fold_in(batch, DOSE, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    dose = folded.after
    if dose is not None:
        bed = folded.resident.bed if folded.resident else dose.bed
        for kind, detail in _collisions(batch, command, folded, dose):
            batch.exception(
                kind, ward=folded.ward, command=command, encounter=dose.encounter, bed=bed, first=False, **detail
            )
        _complete(batch, command, folded, dose)
    return folded.seq


def _complete(batch: Batch, command: Command, folded: Folded[DoseView], dose: DoseView) -> None:
    """What was ordered once is carried out when it was given once."""
    found = record_called(batch.conn, ORDER, dose.order) if dose.state == "done" else None
    if found is None or found[1].kind not in _ONCE:
        return
    order = found[1]
    state = after(order.state, "complete")
    if state is not None:
        step = OrderStep(command=command.id, what="complete", at=command.measured_at, by=command.actor)
        done = order.model_copy(update={"state": state, "steps": (*order.steps, step)})
        tell(batch, ORDER, done, ward=folded.ward, command=command, resident=folded.resident, is_new=False, first=False)


def _collisions(batch: Batch, command: Command, folded: Folded[DoseView], dose: DoseView) -> Iterator[Found]:
    mine = next((event for event in dose.events if event.command == command.id), None)
    if command.kind in _GIVING and mine is not None:
        found = record_called(batch.conn, ORDER, dose.order)
        yield from _with_its_order(mine, found[1] if found else None)
        yield from _with_other_givings(mine, dose)
        if found is not None and dose.state in ("running", "paused") and _began_in_time(mine, found[1]):
            yield "runs-after-stop", _runs_on(dose, found[1])
        if found is not None:
            yield from _too_soon(batch, mine, dose, found[1])
        yield from _unsafe(batch, mine, dose)
        yield from untested(batch, mine, dose, found[1] if found else None)
    yield from _contradictions(folded.before, dose)
    if mine is not None:
        yield from _unseen(mine, dose)


def _with_its_order(mine: DoseEvent, order: OrderView | None) -> Iterator[Found]:
    story = story_of(mine)
    if order is None:
        yield "unknown-order", story
        return
    was, at = state_at(order, mine.at), mine.at
    if order.stop_at is not None and at >= order.stop_at and order.state == "stopped":
        last = next((step for step in reversed(order.steps) if step.what == "stop"), None)
        stopped = {
            "stopped_at": order.stop_at.isoformat(),
            "stopped_by": name_of(last.by_name, last.by) if last else "-",
        }
        yield ("given-superseded" if order.replaced_by else "given-after-stop"), story | stopped
    elif order.state in _TAKEN_BACK:
        last = order.steps[-1]
        yield (
            "given-cancelled",
            story | {"stopped_at": last.at.isoformat(), "stopped_by": name_of(last.by_name, last.by)},
        )
    elif was == "on-hold":
        last = next(step for step in reversed(order.steps) if step.what == "hold" and step.at <= at)
        yield "given-on-hold", story | {"held_at": last.at.isoformat(), "held_by": name_of(last.by_name, last.by)}
    elif was in _NOT_YET:
        yield "given-unchecked", story | {"order_was": was}


def _began_in_time(mine: DoseEvent, order: OrderView) -> bool:
    # Begun before the order ended, and heard of only afterwards.
    return order.state == "stopped" and order.stop_at is not None and mine.at < order.stop_at


def note_running(batch: Batch, command: Command, order: OrderView, ward: str) -> None:
    """Put before a person what still drips of an order that has ended: somebody must end it at the bed."""
    for dose in doses_of(batch.conn, order, states=("running", "paused")):
        story = _runs_on(dose, order)
        batch.exception(
            "runs-after-stop",
            ward=ward,
            command=command,
            encounter=dose.encounter,
            bed=dose.bed,
            first=False,
            **story,
        )


def _runs_on(dose: DoseView, order: OrderView) -> dict[str, str]:
    began, last = next(reversed(dose.givings()), None), order.steps[-1]
    stopped = {"stopped_at": last.at.isoformat(), "stopped_by": name_of(last.by_name, last.by)}
    return (story_of(began) if began else {}) | stopped


def _with_other_givings(mine: DoseEvent, dose: DoseView) -> Iterator[Found]:
    for other in dose.givings():
        if other.command != mine.command:
            yield "given-twice", story_of(mine) | {f"other_{name}": said for name, said in story_of(other).items()}


def _too_soon(batch: Batch, mine: DoseEvent, dose: DoseView, order: OrderView) -> Iterator[Found]:
    if order.min_interval_min is None and order.max_per_day is None:
        return
    found = [known for known in doses_of(batch.conn, order) if known.id != dose.id]
    others = {giving.at: giving for known in found for giving in known.givings()}
    near = on_demand.too_near(others, mine.at, order.min_interval_min)
    if near is None and on_demand.too_often(others, mine.at, order.max_per_day):
        near = max(on_demand.within_a_day(others, mine.at))
    if near is not None:
        yield (
            "given-too-soon",
            story_of(mine) | {f"other_{name}": said for name, said in story_of(others[near]).items()},
        )


def _unsafe(batch: Batch, mine: DoseEvent, dose: DoseView) -> Iterator[Found]:
    story = story_of(mine)
    stay = encounter_view(batch.conn, dose.encounter) if dose.encounter else None
    for allergy in stay.allergies if stay else ():
        if any(is_allergy_to(allergy, item) for item in dose.items):
            yield "given-against-allergy", story | {"allergy": allergy}
    alone = mine.witness is None or (mine.by.kind == "staff" and mine.witness == mine.by.id)
    if two_people(item.high_alert for item in dose.items) and alone:
        yield "given-without-witness", story
    read = {scan.what for scan in mine.scans}
    if not mine.overrides and not (read & _OF_PATIENT and read & _OF_DRUG):
        yield "given-unscanned", story
    role = batch.conn.execute(select(col(Staff.role)).where(col(Staff.id) == mine.by.id)).scalar()
    if role is not None and not may(role, "dose.give"):
        yield "given-without-right", story | {"role": role}


def _unseen(mine: DoseEvent, dose: DoseView) -> Iterator[Found]:
    """One nurse had decided not to give it, another gave it and did not know that: whichever of them is heard last."""
    for withheld in dose.events:
        for giving in dose.givings():
            if (
                withheld.act in _WITHHELD
                and withheld.struck_at is None
                and mine in (withheld, giving)
                and withheld.device != giving.device
                and withheld.at <= giving.at
                and withheld.command not in giving.seen
            ):
                told = {f"other_{name}": said for name, said in story_of(withheld).items()}
                yield "dose-contradicts", story_of(giving) | told | {"dose_is": dose.state}


def _contradictions(before: DoseView | None, dose: DoseView) -> Iterator[Found]:
    """Entries that do not go together any more since this one came, givings on givings left aside."""
    unmoved = {event.command for event in before.events if not event.counted} if before else set()
    for event in dose.events:
        if event.counted or event.command in unmoved or event.struck_at is not None:
            continue
        again = event.act in ("give", "start") and len(dose.givings()) > 1
        if not again:
            other = next((e for e in reversed(dose.events) if e.counted and e.command != event.command), None)
            told = {f"other_{name}": said for name, said in story_of(other).items()} if other else {}
            yield "dose-contradicts", story_of(event) | told | {"dose_is": dose.state}
