"""Random walks of one device and one server over a wire that drops, repeats and reorders, with restarts of both.

Whatever has happened: in the end every command was applied once and in order, and the replica equals the server.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.device.fake_server import NOW, REFUSED, Books, FakeHttp, FakeServer, stay
from tests.device.wards import NURSE, STAY_1, vitals
from wardlink.clock import FixedClock
from wardlink.device.entries import Entry
from wardlink.device.intake import Intake
from wardlink.device.journal import Journal, News
from wardlink.device.outbox import Outbox
from wardlink.device.repair import Repairer
from wardlink.device.replica import Replica
from wardlink.device.sender import Sender
from wardlink.device.store import Store
from wardlink.messages.calls import CancelCall
from wardlink.messages.receipts import Receipts
from wardlink.messages.rounds import RecordRound, StrikeRound
from wardlink.messages.vitals import StrikeVitals
from wardlink.record.rounds import ROUND

CALL = "00000000-0000-7000-8000-0000000000aa"


TROUBLE = st.lists(st.sampled_from(["none", "drop", "repeat", "overtake"]), max_size=6)


class LinkMachine(RuleBasedStateMachine):
    """`up` and `down` are what is on the wire; the clock moves only when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.scratch = tempfile.TemporaryDirectory()
        self.server = FakeServer()
        self.copy: Books = self.server.backup()
        self.struck_by: dict[str, str] = {}
        self.recorded: list[str] = []
        self.refused: set[str] = set()
        self.sets: list[str] = []
        self.rounds: list[str] = []
        self.struck_rounds: set[str] = set()
        self.up: list[bytes] = []
        self.down: list[News] = []
        self.now_s = 0.0
        self.open()

    def open(self) -> None:
        self.store = Store(Path(self.scratch.name))
        self.outbox = Outbox(self.store, ward="w3", device="c1")
        self.journal = Journal(self.store, self.outbox, Intake(ward="w3", bed=None))
        self.replica = Replica(self.store)
        self.sender = Sender(cursor=self.outbox.first_open())
        self.http = FakeHttp(self.server)

    @initialize()
    def first_contact(self) -> None:
        self.repair()

    @rule(pulse=st.integers(20, 200))
    def record_vitals(self, pulse: int) -> None:
        self.sets.append(self.record("vitals.record", vitals(pulse)))

    @precondition(lambda self: self.sets)
    @rule(which=st.integers(0, 1000))
    def strike(self, which: int) -> None:
        struck = self.sets[-1 - which % len(self.sets)]
        strike = self.record("vitals.strike", StrikeVitals(vitals=struck, reason="wrong patient"))
        self.struck_by[strike] = struck

    @rule()
    def do_a_round(self) -> None:
        self.rounds.append(self.record("round.record", RecordRound(evidence="bed-tag")))

    @precondition(lambda self: self.rounds)
    @rule(which=st.integers(0, 1000))
    def strike_a_round(self, which: int) -> None:
        struck = self.rounds[-1 - which % len(self.rounds)]
        self.record("round.strike", StrikeRound(round=struck, reason="wrong bed"))
        self.struck_rounds.add(struck)

    @rule()
    def ask_for_what_is_refused(self) -> None:
        self.refused.add(self.record(REFUSED, CancelCall(call=CALL)))

    def record(self, kind: str, body: Any) -> str:
        entry = Entry(kind, body, NURSE, encounter=STAY_1, bed="1")
        [command] = self.journal.record([entry], NOW)
        self.recorded.append(command.id)
        return command.id

    @rule(up=TROUBLE, down=TROUBLE, batches=st.integers(1, 3))
    def pass_on(self, up: list[str], down: list[str], batches: int) -> None:
        """What waits is sent, suffers on its way, is served in a few batches, and the answers suffer too."""
        self.send(1000)
        cause(up, self.up)
        size = max(1, -(-len(self.up) // batches))
        while self.up:
            self.serve(size)
        cause(down, self.down)
        while self.down:
            self.deliver(2)

    @rule(most=st.integers(1, 5))
    def send(self, most: int) -> None:
        room = min(most, self.sender.room(self.now_s))
        for n, payload in self.outbox.page(self.sender.cursor, room, self.sender.replay_upto) if room > 0 else ():
            self.up.append(payload)
            self.sender.sent(n, self.now_s)

    @precondition(lambda self: self.up)
    @rule(most=st.integers(1, 6))
    def serve(self, most: int) -> None:
        batch, self.up = self.up[:most], self.up[most:]
        receipts, found = self.server.batch(batch)
        self.down.append(receipts)
        if found is not None:
            self.down.append(found)

    @precondition(lambda self: self.down)
    @rule(most=st.integers(1, 4))
    def deliver(self, most: int) -> None:
        batch, self.down = self.down[:most], self.down[most:]
        outcome = self.journal.take_in(batch)
        self.sender.settled(found.n for found in outcome.settled)
        for found in batch:
            if isinstance(found, Receipts) and found.expect is not None:
                self.sender.expected(found.expect, self.outbox.base, self.now_s)

    @rule(seconds=st.sampled_from([0.5, 3.0, 30.0]))
    def wait(self, seconds: float) -> None:
        self.now_s += seconds

    @rule()
    def reconnect(self) -> None:
        self.up.clear()
        self.down.clear()
        self.sender.begin(self.outbox.first_open())

    @rule()
    def kill_the_device(self) -> None:
        self.store.close()
        self.open()

    @rule()
    def begin_anew_from_a_snapshot(self) -> None:
        self.repair(snapshot=True)

    @rule(snapshot=st.just(False))
    def repair(self, snapshot: bool = False) -> None:
        repairer = Repairer(
            self.journal,
            self.http,
            FixedClock(NOW),
            emit=lambda event: None,
            answered=lambda at, asked_s, answered_s: None,
            unsent_again=lambda: self.sender.begin(self.outbox.first_open()),
            name="c1",
        )
        repairer.ask(snapshot)
        repairer.repair()

    @rule(bed=st.sampled_from(["1", "4"]), heard=st.booleans())
    def others_go_on(self, bed: str, heard: bool) -> None:
        """Another device changes something, perhaps in a history that ours does not know yet."""
        found = self.server.change("encounter.changed", stay(2, bed), bed=bed, encounter=stay(2, bed).id)
        if heard:
            self.down.append(found)

    @rule()
    def back_up_the_server(self) -> None:
        self.copy = self.server.backup()

    @rule()
    def restore_the_server(self) -> None:
        self.server.restore(self.copy)
        self.down.clear()

    @invariant()
    def what_is_unsent_is_shown(self) -> None:
        waiting = {entry.id: entry.kind for entry in self.outbox.entries() if entry.state == "waiting"}
        shown = {v.id: v.struck_at is not None for v in self.replica.vitals(STAY_1)}

        assert {i for i, kind in waiting.items() if kind == "vitals.record"} <= shown.keys()
        assert all(shown.get(self.struck_by[i], True) for i, kind in waiting.items() if kind == "vitals.strike")

    @invariant()
    def every_round_is_shown_as_it_was_entered_here(self) -> None:
        waiting = {entry.id: entry.kind for entry in self.outbox.entries() if entry.state == "waiting"}
        shown = {found.id: found.struck_at is not None for found in self.replica.records(ROUND, encounter=STAY_1)}

        assert {i for i, kind in waiting.items() if kind == "round.record"} <= shown.keys()

    def teardown(self) -> None:
        for _ in range(40):
            self.now_s += 20
            self.repair()
            for _ in range(100):
                self.send(1000)
                if not self.up and not self.down:
                    break
                if self.up:
                    self.serve(1000)
                if self.down:
                    self.deliver(1000)
            if self.outbox.depth() == 0 and not self.sender.in_flight and self.sender.cursor > self.sender.replay_upto:
                break
        self.repair()
        self.check()
        self.store.close()
        self.scratch.cleanup()

    def check(self) -> None:
        assert [c.id for c in self.server.books.applied] == [i for i in self.recorded if i not in self.refused]
        assert self.outbox.depth() == 0
        assert {entry.id for entry in self.outbox.refused()} == self.refused
        assert self.server.books.notes == []
        assert self.replica.seq == self.server.seq
        assert {v.id: v for v in self.replica.vitals(STAY_1)} == {v.id: v for v in self.server.snapshot().vitals}
        assert {v.id: v for v in self.replica.encounters()} == self.server.books.stays
        rounds = self.replica.records(ROUND)
        assert {r.id: r for r in rounds} == {record: view for (_, record), view in self.server.books.records.items()}
        assert self.replica.unsent_records(ROUND) == frozenset()
        assert {r.id for r in rounds if r.struck_at is not None} == self.struck_rounds
        counted = [v for v in self.replica.vitals(STAY_1) if v.struck_at is None]
        newest = max(counted, key=lambda v: (v.measured_at, v.id), default=None)
        latest = self.replica.latest(STAY_1).get("pulse_per_min")
        assert (latest and latest.vitals_id) == (newest and newest.id)


def cause(troubles: list[str], wire: list[Any]) -> None:
    """Let messages on the wire be lost, come twice, or come in another order."""
    for number, trouble in enumerate(troubles):
        if not wire:
            return
        at = number % len(wire)
        match trouble:
            case "drop":
                del wire[at]
            case "repeat":
                wire.append(wire[at])
            case "overtake":
                wire.insert(0, wire.pop(at))


LinkMachine.TestCase.settings = settings(
    max_examples=300, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestLink = LinkMachine.TestCase


@pytest.mark.parametrize("asks_first", ["changes", "snapshot"])
def test_a_restored_server_gets_back_what_it_lost_even_from_a_device_that_was_killed(asks_first: str) -> None:
    """An answer of the lost history is no answer any more; that outlives the device, and a fresh copy hides it not."""
    machine = LinkMachine()
    machine.first_contact()
    machine.ask_for_what_is_refused()
    machine.record_vitals(pulse=70)
    machine.pass_on(up=[], down=[], batches=1)
    machine.restore_the_server()
    machine.kill_the_device()

    machine.repair(snapshot=asks_first == "snapshot")
    machine.kill_the_device()

    assert [entry.kind for entry in machine.outbox.entries()] == ["call.cancel", "vitals.record"]
    machine.teardown()
