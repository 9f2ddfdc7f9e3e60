"""Random shifts on two carts, a server that is away for hours, killed and started anew, and a doctor who goes on.

Whatever has happened: when the network is back, every fact that a cart has promised is on the server once and whole,
nothing that collides is silent, both carts hold what the server holds, and nothing is pending.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from server.record.models import RecordRow
from server.vitals.models import VitalsRow
from tests.device.test_link_machine import TROUBLE, cause
from tests.server.orders.ward import DOCTOR
from tests.server.wards import CHANGE, DESK, NOW, NURSE, OTHER_NURSE, STAY_1, STAY_2
from tests.system.shift_model import GIVINGS, Dose, Order, Promise, ShiftModel, Stay
from tests.system.shift_ward import CARTS, WARD, ShiftCart, ShiftWard, Trouble, clean, forget_template
from wardlink.messages.base import Actor, Message
from wardlink.messages.bodies import BODIES
from wardlink.messages.doses import DoseView
from wardlink.record.doses import DOSE
from wardlink.record.kinds import KINDS
from wardlink.record.leases import LEASE
from wardlink.record.orders import ORDER
from wardlink.record.rounds import ROUND

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
_VITALS: Any = VitalsRow.__table__  # type: ignore[attr-defined]

cart_names = st.sampled_from(CARTS)
picks = st.integers(0, 1000)


class ShiftMachine(RuleBasedStateMachine):
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

    # -- nurses

    @rule(name=cart_names, stay=st.sampled_from(STAYS), pulse=st.integers(40, 180))
    def vitals(self, name: str, stay: str, pulse: int) -> None:
        self._say(name, "vitals.record", {"readings": {"pulse_per_min": pulse}}, stay=stay, pulse=pulse)

    @rule(name=cart_names, which=picks)
    def strike_vitals(self, name: str, which: int) -> None:
        cart = self.ward.carts[name]
        for found in pick([v for stay in STAYS for v in cart.replica.vitals(stay)], which):
            self._say(name, "vitals.strike", {"vitals": found.id, "reason": "x"}, stay=found.encounter, about=found.id)

    @rule(name=cart_names, stay=st.sampled_from(STAYS))
    def round(self, name: str, stay: str) -> None:
        self._say(name, "round.record", {"evidence": "bed-tag"}, stay=stay)

    @rule(name=cart_names, which=picks)
    def strike_round(self, name: str, which: int) -> None:
        for found in pick(self.ward.carts[name].replica.records(ROUND), which):
            self._say(name, "round.strike", {"round": found.id, "reason": "x"}, stay=found.encounter, about=found.id)

    @rule(name=cart_names, which=picks, how=st.sampled_from(["give", "give", "give", "unscanned", "held", "refused"]))
    def dose(self, name: str, which: int, how: str) -> None:
        """One that is due about now, whatever the cart knows of it."""
        for dose in pick(self._due(name), which):
            self._enter(name, dose, how)

    @rule(names=st.permutations(CARTS), which=picks, how=st.sampled_from(["give", "held"]))
    def both_carts_at_one_dose(self, names: list[str], which: int, how: str) -> None:
        for dose in pick(self._due(names[0]), which):
            self._enter(names[0], dose, "give")
            for mine in self._due(names[1]):
                if mine.id == dose.id:
                    self._enter(names[1], mine, how)

    @rule(name=cart_names, which=picks)
    def give_when_needed(self, name: str, which: int) -> None:
        cart = self.ward.carts[name]
        known = [o for o in cart.replica.records(ORDER) if o.state == "active" and o.frequency == "prn"]
        for order in pick(known, which):
            new = "00000000-0000-7000-8000-" + f"{len(self.model.promises):012d}"
            dose = DoseView(id=new, encounter=order.encounter, order=order.id, state="planned", items=order.items)
            self._enter(name, dose, "give")

    @rule(name=cart_names, which=picks)
    def end_infusion(self, name: str, which: int) -> None:
        running = [d for d in self._doses(name) if d.state == "running"]
        for dose in pick(running, which):
            self._say_of_dose(name, dose, "dose.end", {"infused_ml": 240})

    @rule(name=cart_names, which=picks)
    def strike_entry(self, name: str, which: int) -> None:
        entries = [(d, e) for d in self._doses(name) for e in d.events if e.struck_at is None and e.by.kind == "staff"]
        for dose, entry in pick(entries, which):
            self._say_of_dose(name, dose, "dose.strike", {"entry": entry.command, "reason": "x"}, entry=entry.command)

    @rule(name=cart_names, stay=st.sampled_from(STAYS))
    def take_lease(self, name: str, stay: str) -> None:
        doses = [d.id for d in self._due(name) if d.encounter == stay]
        if doses:
            until = (self.ward.now + timedelta(minutes=30)).isoformat()
            self._say(name, "lease.take", {"doses": doses[:5], "until_at": until}, stay=stay)

    @rule(name=cart_names, which=picks)
    def release_lease(self, name: str, which: int) -> None:
        held = [found for found in self.ward.carts[name].replica.records(LEASE) if found.released_at is None]
        for lease in pick(held, which):
            self._say(name, "lease.release", {"lease": lease.id}, stay=lease.encounter, about=lease.id)

    @rule(name=cart_names, which=picks, step=st.sampled_from(["transcribed", "checked", "reject"]))
    def act_on_order(self, name: str, which: int, step: str) -> None:
        state = {"transcribed": "reviewed", "checked": "transcribed", "reject": "reviewed"}[step]
        known = [o for o in self.ward.carts[name].replica.records(ORDER) if o.state == state]
        for order in pick(known, which):
            if step == "reject":
                self._say(
                    name, "order.reject", {"order": order.id, "reason": "x"}, stay=order.encounter, about=order.id
                )
            else:
                self._check(name, order.id, step)

    @rule(name=cart_names, bed=st.sampled_from(["b1", "b2"]))
    def call(self, name: str, bed: str) -> None:
        self._say(name, "call.raise", {}, stay=None, bed=bed)

    @rule(name=cart_names, which=picks, what=st.sampled_from(["acknowledge", "resolve"]))
    def answer_call(self, name: str, which: int, what: str) -> None:
        for call in pick([c for c in self.ward.carts[name].replica.calls() if c.closed_at is None], which):
            self._say(name, f"call.{what}", {"call": call.id}, stay=None, about=call.id, bed=call.bed)

    @rule(name=cart_names, which=picks)
    def close_exception(self, name: str, which: int) -> None:
        ages = {command: age for age, command in enumerate(self.model.promises)}
        known = [e for e in self.ward.carts[name].replica.exceptions() if e.closed_at is None]
        known.sort(key=lambda e: (e.opened_at, ages.get(e.command or "", -1), e.kind, e.measured_at))
        for found in pick(known, which):
            self._say(name, "exception.close", {"exception": found.id, "reason": "x"}, stay=None, about=found.id)

    # -- the desk and the doctor

    @rule(stay=st.sampled_from(STAYS), drug=st.sampled_from(sorted(ORDERED)))
    def issue(self, stay: str, drug: str) -> None:
        if (
            self.model.stays[stay].left_at is None
            and not self.model.stays[stay].allergies
            and len(self.model.orders) < 8
        ):
            order = self._issued(drug, stay)
            self._step("order.review", order, "review", {"accepted": True}, DESK)

    @rule(which=picks, what=st.sampled_from(["hold", "resume", "stop", "cancel", "replace"]))
    def doctor_acts(self, which: int, what: str) -> None:
        fits = {
            "hold": ("active",),
            "resume": ("on-hold",),
            "stop": ("active", "on-hold"),
            "replace": ("active", "on-hold"),
            "cancel": ("reviewed", "transcribed", "active", "on-hold"),
        }[what]
        given = {d.order for d in self.model.doses.values() if d.givings()}
        known = [o for o in self.model.orders.values() if o.state in fits and not (what == "cancel" and o.id in given)]
        for order in pick(known, which):
            self._tick()
            at = self.ward.now.isoformat()
            if what == "replace":
                self._replace(order)
            else:
                said = {"stop": {"stop_at": at}, "resume": {}}.get(what, {"reason": "x"})
                self._step(f"order.{what}", order.id, what, said, DOCTOR)

    @rule(stay=st.sampled_from(STAYS), where=st.sampled_from(BEDS))
    def move(self, stay: str, where: tuple[str, str]) -> None:
        known = self.model.stays[stay]
        if known.left_at is None and where not in self.beds.values():
            self._tick()
            self._desk("encounter.transfer", {"ward": where[0], "bed": where[1]}, stay)
            self.beds[stay] = where
            known.places.append((self.ward.now, where[0]))

    @rule(stay=st.sampled_from(STAYS), really=st.integers(0, 3))
    def discharge(self, stay: str, really: int) -> None:
        known = self.model.stays[stay]
        if known.left_at is None and really == 0:
            self._tick()
            self._desk("encounter.discharge", {}, stay)
            known.left_at = self.ward.now
            self.beds.pop(stay)

    @rule(stay=st.sampled_from(STAYS))
    def an_allergy_comes_up(self, stay: str) -> None:
        self._tick()
        self._desk("encounter.update", {"allergies": ["阿司匹林"]}, stay)
        self.model.stays[stay].allergies.add(ASPIRIN)

    # -- the network, the power and the time

    @rule(name=cart_names, up=TROUBLE, down=TROUBLE, at_once=st.integers(1, 8))
    def exchange(self, name: str, up: list[str], down: list[str], at_once: int) -> None:
        self.ward.carts[name].exchange(trouble(up), trouble(down), at_once=at_once)
        self._learn_doses()

    @rule(name=cart_names, mqtt=st.booleans(), http=st.booleans())
    def partition(self, name: str, mqtt: bool, http: bool) -> None:
        self.ward.carts[name].reach(mqtt=mqtt, http=http)

    @rule(up=st.booleans())
    def server_is_away(self, up: bool) -> None:
        if up and not self.server.up:
            self.server.start_anew()
        self.server.up = up

    @rule()
    def server_is_killed(self) -> None:
        self.server.start_anew()

    @rule(name=cart_names)
    def cart_is_killed(self, name: str) -> None:
        self.ward.carts[name].kill()

    @rule(name=cart_names)
    def cart_repairs(self, name: str) -> None:
        self.ward.carts[name].repair()

    @rule(hours=st.sampled_from([0.2, 1, 3, 12]))
    def hours_pass(self, hours: float) -> None:
        self.ward.pass_hours(hours)
        self._learn_doses()

    # -- what must hold all the time, and in the end

    @invariant()
    def what_a_cart_has_promised_it_shows(self) -> None:
        for cart in self.ward.carts.values():
            waiting = {e.id: e.kind for e in cart.outbox.entries() if e.state != "refused"}
            held = cart.replica.records(DOSE)
            shown = {event.command for dose in held for event in dose.events}
            sets = {v.id for stay in STAYS for v in cart.replica.vitals(stay)}
            rounds = {found.id for found in cart.replica.records(ROUND)}

            kinds = (*GIVINGS, "dose.withhold", "dose.end")
            assert {i for i, kind in waiting.items() if kind in kinds} <= shown
            assert {i for i, kind in waiting.items() if kind == "vitals.record"} <= sets
            assert {i for i, kind in waiting.items() if kind == "round.record"} <= rounds

    def teardown(self) -> None:
        try:
            self.ward.settle()
            self._learn_doses()
            self.check()
        finally:
            self.ward.close()

    def check(self) -> None:
        assert self.model.wrong == []
        self._check_each_promise_once()
        self._check_facts()
        self._check_cases()
        self._check_carts()
        self.server.ward.check_chains()

    def _check_each_promise_once(self) -> None:
        log = [row for ward in (WARD, "w2") for row in self._log(ward)]
        applied = Counter(row.command for row in log if row.first and row.device in CARTS)
        refused = {p.id for p in self.model.promises.values() if p.outcome == "refused"}

        assert {p.id: p.kind for p in self.model.promises.values() if p.outcome is None} == {}
        assert applied == Counter(p.id for p in self.model.applied())
        assert {e.id for cart in self.ward.carts.values() for e in cart.outbox.refused()} == refused
        assert self.server.ward.parked() == []

    def _check_facts(self) -> None:
        told = {row.command: orjson.loads(row.body) for row in chain(self._log(WARD), self._log("w2")) if row.first}
        for said in self.model.sets.values():
            assert told[said.id]["readings"] == {"pulse_per_min": said.facts["pulse"]}
            assert (told[said.id]["encounter"], told[said.id]["device"]) == (said.stay, said.cart)
        with self.server.ward.db.read() as conn:
            sets = conn.execute(select(_VITALS.c.ward, _VITALS.c.seq, _VITALS.c.struck_at)).all()
        assert len(sets) == len(self.model.sets)
        assert sum(row.struck_at is not None for row in sets) == len(self.model.struck_sets)
        assert {r.id: r.struck_at is None for r in self._records(ROUND)} == self.model.rounds
        assert {r.id: r.released_at is None for r in self._records(LEASE)} == self.model.leases
        assert {o.id: o.state for o in self._records(ORDER)} == {o.id: o.state for o in self.model.orders.values()}
        self._check_doses()
        self._check_calls()

    def _check_doses(self) -> None:
        held = {dose.id: dose for dose in self._records(DOSE)}
        assert {i: len(d.entries) for i, d in self.model.doses.items()} == {i: len(d.events) for i, d in held.items()}
        for dose in self.model.doses.values():
            events = {event.command: event for event in held[dose.id].events}
            for said in dose.entries:
                if said.by == "server":
                    continue
                event = events[said.id]
                assert (event.at, event.device, event.by.id, event.seen) == (
                    said.at,
                    said.cart,
                    said.by,
                    tuple(sorted(said.seen)),
                )
                assert (event.struck_at is not None) == (said.id in dose.struck)
                assert bool(event.scans) == said.facts.get("scanned", False)
        states = [(d.state, self.model.dose_state(self.model.doses[i]), d) for i, d in held.items()]
        differing = [found for found in states if found[0] != found[1]]
        assert not differing, differing

    def _check_calls(self) -> None:
        last = {row.id: row for row in map(_body, (r for r in self._log(WARD) if r.kind == "call.changed"))}
        found = {i: (call.bed, call.count, call.closed_at is not None) for i, call in last.items()}
        assert found == {i: (c.bed, c.count, c.closed) for i, c in self.model.calls.items()}

    def _check_cases(self) -> None:
        rows = self.server.ward.exceptions()
        told = Counter((row.kind, row.command, orjson.dumps(row.detail)) for row in rows)
        known = self.model.promises.keys() | {command for _, command in self.model.cases}
        found = {(row.kind, row.command if row.command in known else "server") for row in rows}
        missed = {command for _, command in self.model.cases if command.startswith("missed ")}

        expected = {(kind, "server" if command in missed else command) for kind, command in self.model.cases}
        silent, uncalled_for = self._named(expected - found), self._named(found - expected)
        assert not silent, silent
        assert not uncalled_for, uncalled_for
        assert [case for case, times in told.items() if times > 1] == []
        assert {row.id for row in rows if row.closed_at is not None} == self.model.closed

    def _named(self, cases: set[tuple[str, str]]) -> list[tuple[str, Any]]:
        return [(kind, self.model.promises.get(command, command)) for kind, command in sorted(cases)]

    def _check_carts(self) -> None:
        fresh = self.ward.fresh()
        for cart in self.ward.carts.values():
            assert (cart.replica.position, cart.outbox.depth()) == (fresh.replica.position, 0)
            pending = self._pending(cart)
            assert not pending, (cart.replica.position, pending)
            mine, told = self._held(cart), self._held(fresh)
            differing = [(name, *_only(mine[name], told[name])) for name in told if mine[name] != told[name]]
            assert not differing, differing
        fresh.close()

    # -- how it is done

    def _held(self, cart: ShiftCart) -> dict[str, Any]:
        """Everything that a screen can ask, of those who lie here."""
        here = {stay.id for stay in cart.replica.encounters()}
        found: dict[str, Any] = {
            kind.name: [r for r in cart.replica.records(kind) if r.encounter is None or r.encounter in here]
            for kind in KINDS
        }
        since = self.ward.now - timedelta(hours=72)
        return found | {
            "stays": cart.replica.encounters(),
            "beds": cart.replica.beds(),
            "vitals": [cart.replica.vitals(stay, since=since) for stay in sorted(here)],
            "latest": [cart.replica.latest(stay) for stay in sorted(here)],
            "calls": [call for call in cart.replica.calls() if call.closed_at is None],
            "exceptions": sorted(cart.replica.exceptions(), key=lambda e: e.id),
        }

    @staticmethod
    def _pending(cart: ShiftCart) -> list[Any]:
        """What a screen would show as not confirmed."""
        with cart.store.read() as conn:
            own = conn.execute("SELECT kind, settled_seq, target FROM pending").fetchall()
            sets = conn.execute("SELECT 'set', id FROM vitals WHERE pending = 1").fetchall()
            records = conn.execute("SELECT kind, id FROM record WHERE pending = 1").fetchall()
        return [*own, *sets, *records]

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


def _only(mine: list[Any], told: list[Any]) -> tuple[list[Any], list[Any]]:
    """What one has and the other has not, on either side."""
    return [found for found in mine if found not in told], [found for found in told if found not in mine]


def _body(row: Any) -> Any:
    from wardlink.messages.calls import CallChanged

    return CallChanged.model_validate_json(row.body)


@pytest.fixture(scope="module", autouse=True)
def _template() -> Iterator[None]:
    yield
    forget_template()


# Minutes to spare for what a failure is made smaller in; a run without one takes a quarter of a minute.
pytestmark = pytest.mark.timeout(1800)
ShiftMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestShift = ShiftMachine.TestCase
