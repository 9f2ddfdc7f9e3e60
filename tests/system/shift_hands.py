"""What hands do in a random shift: on the carts, at the desk, at the doctor's; and what the model learns of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import select

from server.record.models import RecordRow
from tests.device.test_link_machine import cause
from tests.server.orders.ward import DOCTOR
from tests.server.wards import CHANGE, DESK, NOW, NURSE, OTHER_NURSE, STAY_1, STAY_2
from tests.system.shift_model import Dose, Order, Promise, ShiftModel, Stay
from tests.system.shift_ward import WARD, ShiftWard, Trouble, clean
from wardlink.messages.base import Actor, Message
from wardlink.messages.bodies import BODIES
from wardlink.messages.doses import DoseView
from wardlink.record.doses import DOSE

NURSES = {"c1": NURSE, "c2": OTHER_NURSE}
STAYS = (STAY_1, STAY_2)
BEDS = ((WARD, "b1"), (WARD, "b2"), (WARD, "b3"), (WARD, "b4"), ("w2", "b1"))
ASPIRIN, NACL, IBUPROFEN = "aspirin-100mg", "nacl-0.9-250", "ibuprofen-300mg"
ORDERED: dict[str, dict[str, Any]] = {
    ASPIRIN: {"kind": "standing", "category": "drug", "route": "po", "frequency": "tid", "unit": "片"},
    NACL: {
        "kind": "standing",
        "category": "infusion",
        "route": "ivgtt",
        "frequency": "bid",
        "unit": "mL",
        "volume_ml": 250,
        "rate_ml_per_h": 100,
    },
    IBUPROFEN: {
        "kind": "standing-prn",
        "category": "drug",
        "route": "po",
        "frequency": "prn",
        "unit": "粒",
        "indication": "疼痛",
        "min_interval_min": 240,
        "max_per_day": 2,
    },
}
_RECORD: Any = RecordRow.__table__  # type: ignore[attr-defined]


class ShiftHands(RuleBasedStateMachine):
    """Two nurses, each on her cart; a doctor and a desk at the server; one clock for all."""

    def __init__(self) -> None:
        super().__init__()
        self.ward = ShiftWard()
        self.server = self.ward.server
        self.model = ShiftModel({stay: Stay([(NOW - timedelta(days=1), WARD)]) for stay in STAYS})
        self.server.on_decided = self.model.decide
        self.server.on_look = self._look
        self.beds = {STAY_1: (WARD, "b1"), STAY_2: (WARD, "b2")}
        for cart in self.ward.carts.values():
            cart.repair()
        for stay, drug in ((STAY_1, ASPIRIN), (STAY_1, NACL), (STAY_2, ASPIRIN)):
            order = self._issued(drug, stay)
            self._step("order.review", order, "review", {"accepted": True}, DESK)
        self._exchange_all()
        for step, cart in (("transcribed", "c1"), ("checked", "c2")):
            for order in list(self.model.orders):
                self._check(cart, order, step)
            self._exchange_all()
        self._learn_doses()

    def _due(self, name: str) -> list[DoseView]:
        near = timedelta(hours=8)
        return [d for d in self._doses(name) if d.due_at and abs(d.due_at - self.ward.now) < near]

    def _doses(self, name: str) -> list[DoseView]:
        """In an order that does not depend on their ids, so that a run can be played again."""
        orders = list(self.model.orders)
        doses = self.ward.carts[name].replica.records(DOSE)
        return sorted(doses, key=lambda d: (DOSE.at(d), orders.index(d.order)))

    def _enter(self, name: str, dose: DoseView, how: str) -> None:
        if how in ("held", "refused"):
            self._say_of_dose(name, dose, "dose.withhold", {"why": how, "reason": "x"}, why=how)
            return
        drips = dose.items[0].drug == NACL
        at = self.ward.now.isoformat()
        codes = [{"what": "wristband", "code": "p", "at": at}, {"what": "drug", "code": "d", "at": at}]
        scans = {"scans": [] if how == "unscanned" else codes}
        more = {"volume_ml": 250, "rate_ml_per_h": 100} if drips else {}
        kind = "dose.start" if drips else "dose.give"
        self._say_of_dose(name, dose, kind, scans | more, scanned=how != "unscanned")

    def _say_of_dose(self, name: str, dose: DoseView, kind: str, body: dict[str, Any], **facts: Any) -> None:
        seen = tuple(sorted(event.command for event in dose.events))
        said = {
            "dose": dose.id,
            "order": dose.order,
            "due_at": dose.due_at,
            "items": [item.model_dump() for item in dose.items],
            "seen": seen,
        }
        facts |= {"order": dose.order}
        self._say(name, kind, said | body, stay=dose.encounter, about=dose.id, seen=frozenset(seen), **facts)

    def _check(self, name: str, order: str, step: str) -> None:
        stay = self.model.orders[order].stay
        self._say(name, "order.check", {"order": order, "step": step}, stay=stay, about=order, step=step)

    def _say(
        self,
        name: str,
        kind: str,
        body: dict[str, Any],
        *,
        stay: str | None,
        about: str | None = None,
        seen: frozenset[str] = frozenset(),
        bed: str | None = None,
        **facts: Any,
    ) -> None:
        self._tick()
        actor, said = NURSES[name], BODIES[kind].model_validate(body)
        command = self.ward.carts[name].record(kind, said, actor, stay, bed)
        facts |= {"bed": bed}
        promise = Promise(command.id, kind, name, actor.id, command.measured_at, stay, about or command.id, facts, seen)
        self.model.promise(promise)

    def _tick(self) -> None:
        self.server.clock.advance(7)

    def _desk(self, kind: str, body: dict[str, Any], stay: str, by: Actor = DESK) -> str:
        said: Message = BODIES[kind].model_validate(body)
        ward = self.model.stays[stay].places[-1][1]
        done = self.server.execute(kind, said, ward=ward, actor=by, encounter=stay)
        return str(done.id)

    def _step(self, kind: str, order: str, what: str, said: dict[str, Any], by: Actor) -> None:
        done = self._desk(kind, {"order": order} | said, self.model.orders[order].stay, by)
        self.model.step(order, what, self.ward.now, by.id, done)
        self._learn_doses()

    def _issued(self, drug: str, stay: str, **more: Any) -> str:
        self._tick()
        how = dict(ORDERED[drug])
        item = {"drug": drug, "dose": 1, "unit": how.pop("unit")}
        body = how | {"items": [item], "start_at": self.ward.now.isoformat()} | more
        name = self._desk("order.issue", body, stay, DOCTOR)
        self.model.orders[name] = Order(name, stay, drug, how.get("min_interval_min"), how.get("max_per_day"))
        return name

    def _replace(self, order: Order) -> None:
        stay = self.model.stays[order.stay]
        if stay.left_at is not None or (order.drug in stay.allergies):
            return
        new = self._issued(order.drug, order.stay, replaces=order.id)
        order.replaced = True
        self.model.step(order.id, "stop", self.ward.now, DOCTOR.id, new)

    def _look(self) -> None:
        self._learn_doses()
        self.model.look(self.ward.now)
        for found in self._records(DOSE):
            said = [event.command for event in found.events if event.by.kind == "system"]
            called = [e for e in self.model.doses[found.id].entries if e.by == "server"]
            for entry, command in zip(called, said, strict=False):
                # Carts say that they have seen it by the name that the server has given it.
                entry.id = command

    def _learn_doses(self) -> None:
        """Which doses were planned is the server's to say; what becomes of them is not."""
        for found in self._records(DOSE):
            dose = self.model.doses.setdefault(found.id, Dose(found.id, found.order))
            dose.due_at, dose.missed_at = found.due_at, found.missed_at

    def _records(self, kind: Any) -> list[Any]:
        with self.server.ward.db.read() as conn:
            bodies = conn.execute(select(_RECORD.c.body).where(_RECORD.c.kind == kind.name)).scalars()
            return [kind.view.model_validate_json(body) for body in bodies]

    def _log(self, ward: str) -> list[Any]:
        with self.server.ward.db.read() as conn:
            return list(conn.execute(select(CHANGE).where(CHANGE.c.ward == ward).order_by(CHANGE.c.seq)))

    def _exchange_all(self) -> None:
        for cart in self.ward.carts.values():
            cart.exchange(clean, clean, at_once=100)
        for cart in self.ward.carts.values():
            cart.hear(clean)


def pick(found: list[Any], which: int) -> list[Any]:
    """One of them, the last one most easily; none of none."""
    return [found[-1 - which % len(found)]] if found else []


def trouble(found: list[str]) -> Trouble:
    """What spoils a wire in these ways."""
    return lambda wire: cause(found, wire)
