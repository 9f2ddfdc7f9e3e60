"""Random shifts on two carts, a server that is away for hours, killed and started anew, and a doctor who goes on.

Whatever has happened: when the network is back, every fact that a cart has promised is on the server once and whole,
nothing that collides is silent, both carts hold what the server holds, and nothing is pending.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from tests.device.test_link_machine import TROUBLE
from tests.server.orders.ward import DOCTOR
from tests.server.wards import DESK
from tests.system.shift_checks import ShiftChecks
from tests.system.shift_hands import (
    ASPIRIN,
    BEDS,
    ORDERED,
    STAYS,
    pick,
    trouble,
)
from tests.system.shift_model import GIVINGS
from tests.system.shift_ward import CARTS, forget_template
from wardlink.messages.doses import DoseView
from wardlink.record.doses import DOSE
from wardlink.record.leases import LEASE
from wardlink.record.orders import ORDER
from wardlink.record.rounds import ROUND

cart_names = st.sampled_from(CARTS)
picks = st.integers(0, 1000)


class ShiftMachine(ShiftChecks):
    """What may happen, in any order."""

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

    # -- what must hold all the time

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
