"""Whatever the wire does to them: every command is applied once, in its device's order, and the log stays whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.db import Database
from tests.postgres import Spares, needs_postgres
from tests.server.conftest import MEMORY
from tests.server.wards import STAY_1, SmallWard, Speaker
from wardlink.link.port import Incoming
from wardlink.messages.commands import Command

# What one device does next: a set, a set that cannot be, a request that is refused, an event without a change.
WISHES = st.sampled_from(["set", "impossible", "refused", "event", "unreadable"])
DEVICES = st.integers(0, 1)
PLANS = st.lists(st.tuples(DEVICES, WISHES), min_size=1, max_size=12)
# How the wire treats them: every so often it drops, repeats and swaps; the device sends again what has no receipt.
FATES = st.lists(st.sampled_from(["pass", "drop", "twice", "swap", "late"]), min_size=1, max_size=30)
CUTS = st.lists(st.integers(1, 6), min_size=1, max_size=10)

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def _command(device: Speaker, wish: str) -> Command:
    match wish:
        case "impossible":
            return device.command("vitals.record", {"readings": {"pulse_per_min": 999}}, encounter=STAY_1)
        case "refused":
            return device.command("call.cancel", {"call": STAY_1})
        case "event":
            return device.command("audit.event", {"action": "view"})
        case "unreadable":
            return device.command("vitals.record", {"colour": "red"}, encounter=STAY_1)
        case _:
            return device.vitals(60 + device.n)


def _rounds(outbox: list[Command], fates: list[str], cuts: list[int]) -> Iterator[list[Command]]:
    """What reaches the server of what is sent: batches of some size, with losses, repeats and swaps."""
    sent: list[Command] = []
    late: list[Command] = []
    for i, command in enumerate(outbox):
        fate = fates[i % len(fates)]
        if fate == "late":
            late.append(command)
        elif fate == "swap" and sent:
            sent.insert(len(sent) - 1, command)
        elif fate != "drop":
            sent += [command] * (2 if fate == "twice" else 1)
    sent += late
    position = 0
    for size in cuts * (1 + len(sent)):
        if position >= len(sent):
            return
        yield sent[position : position + size]
        position += size


def check_everything_arrives_once(
    ward: SmallWard, plan: list[tuple[int, str]], fates: list[str], cuts: list[int]
) -> None:
    """Send until everything has a receipt, then compare the log with what the devices did."""
    devices = [ward.cart, ward.terminal]
    done = [_command(devices[i], wish) for i, wish in plan]
    waiting = {command.id: command for command in done}
    for kind in (fates, ["swap", "pass"], ["pass"], ["pass"]):
        for batch in _rounds(list(waiting.values()), kind, cuts):
            for receipt in ward.take(*batch).receipts:
                waiting.pop(receipt, None)

    answers = ward.take(*done).receipts

    assert (waiting, answers.keys()) == ({}, {command.id for command in done})
    assert [answers[c.id].outcome for c in done] == [
        OUTCOMES[c.device, wish] for c, (_, wish) in zip(done, plan, strict=True)
    ]
    for device in devices:
        mine = [c.id for c in done if c.device == device.id and answers[c.id].seq is not None]
        assert [row["command"] for row in ward.changes() if row["device"] == device.id] == mine
    assert ward.exceptions() == []
    ward.check_chains()


OUTCOMES = {
    ("c1", "set"): "already-applied",
    ("c1", "event"): "already-applied",
    ("c1", "impossible"): "parked",
    ("c1", "unreadable"): "parked",
    ("c1", "refused"): "refused",
    ("t1", "set"): "parked",  # a terminal measures nothing
    ("t1", "event"): "already-applied",
    ("t1", "impossible"): "parked",
    ("t1", "unreadable"): "parked",
    ("t1", "refused"): "refused",
}


@contextmanager
def sqlite_ward(template: Path) -> Iterator[SmallWard]:
    """A new ward for each example."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        path = shutil.copy(template, Path(folder) / "ward.db")
        db = Database(f"sqlite:///{path}")
        try:
            yield SmallWard(db)
        finally:
            db.close()


@QUICK
@given(PLANS, FATES, CUTS)
def test_everything_arrives_once_and_in_order(
    sqlite_template: Path, plan: list[tuple[int, str]], fates: list[str], cuts: list[int]
) -> None:
    """Dropped, repeated, swapped and late: each command is applied once, each device's in its order."""
    with sqlite_ward(sqlite_template) as ward:
        check_everything_arrives_once(ward, plan, fates, cuts)


@pytest.mark.postgres
@needs_postgres
@settings(QUICK, max_examples=5)
@given(PLANS, FATES, CUTS)
def test_everything_arrives_once_and_in_order_on_postgres(
    postgres_spares: Spares, plan: list[tuple[int, str]], fates: list[str], cuts: list[int]
) -> None:
    """The same, a few times, on PostgreSQL."""
    with postgres_spares.one() as url:
        db = Database(url)
        try:
            check_everything_arrives_once(SmallWard(db), plan, fates, cuts)
        finally:
            db.close()


JUNK = st.binary(max_size=60) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
).map(lambda value: json.dumps(value).encode())


@settings(QUICK, max_examples=20)
@given(st.lists(JUNK, min_size=1, max_size=8))
def test_no_bytes_stop_the_others(sqlite_template: Path, junk: list[bytes]) -> None:
    """Anything at all on the wire: the readings around it are applied, and every byte of it is kept."""
    with sqlite_ward(sqlite_template) as ward:
        before, after = ward.cart.vitals(81), ward.cart.vitals(82)

        answer = ward.take(before, *[Incoming("wardlink/v1/w1/up/c1", payload) for payload in junk], after)

        assert answer.outcomes() == ["applied", "applied"]
        assert {row.payload for row in ward.parked()} == set(junk)
        ward.check_chains()
