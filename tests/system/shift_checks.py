"""What must hold at the end of a random shift, when everybody is in step again."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import chain
from typing import Any

import orjson
from sqlalchemy import select

from server.vitals.models import VitalsRow
from tests.system.shift_hands import ShiftHands
from tests.system.shift_ward import CARTS, WARD, ShiftCart
from wardlink.record.doses import DOSE
from wardlink.record.kinds import KINDS
from wardlink.record.leases import LEASE
from wardlink.record.orders import ORDER
from wardlink.record.rounds import ROUND

_VITALS: Any = VitalsRow.__table__  # type: ignore[attr-defined]


class ShiftChecks(ShiftHands):
    """The shift, and what is asked of server and carts after it."""

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


def _only(mine: list[Any], told: list[Any]) -> tuple[list[Any], list[Any]]:
    """What one has and the other has not, on either side."""
    return [found for found in mine if found not in told], [found for found in told if found not in mine]


def _body(row: Any) -> Any:
    from wardlink.messages.calls import CallChanged

    return CallChanged.model_validate_json(row.body)
