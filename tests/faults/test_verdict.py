"""The judge of a fault run sees each way in which a promise can be broken."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from workbench.faults.plan import Break, Fault, Record, plan, pulse_of
from workbench.faults.verdict import Held, Promise, Verdict, judge

ASKED = {0: "stay-a", 1: "stay-b", 2: "stay-a"}
PROMISES = [Promise(token, "c1", f"id-{token}", token + 1) for token in ASKED]


def held(token: int, *, stay: str | None = None, seq: int = 0, n: int = 0, pulse: float | None = None) -> Held:
    """A set as the log, or a replica, holds it."""
    return Held(
        token,
        f"id-{token}",
        stay or ASKED[token],
        pulse_of(token) if pulse is None else pulse,
        seq or token + 1,
        n or token + 1,
        "c1",
    )


WHOLE = [held(0), held(1), held(2)]


def verdict(
    log: Sequence[Held] = WHOLE,
    replica: Sequence[Held] = WHOLE,
    *,
    numbers: Sequence[int] = (1, 2, 3),
    broken: Sequence[str] = (),
) -> Verdict:
    """The judgement over one cart."""
    return judge(ASKED, PROMISES, log, numbers, {"c1": replica}, broken)


def test_a_ward_that_keeps_its_promises_is_clean() -> None:
    """Everything promised is everywhere once, in order, at its patient."""
    assert verdict().is_clean
    assert verdict().promised == 3


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (verdict(log=[held(0), held(2)]), "lost"),
        (verdict(replica=[held(0), held(1)]), "lost"),
        (verdict(broken=["id-1"]), "lost"),
        (verdict(log=[*WHOLE, held(1, seq=4)], numbers=(1, 2, 3, 4)), "duplicated"),
        (verdict(replica=[*WHOLE, held(2)]), "duplicated"),
        (verdict(log=[held(0), held(2), held(1)]), "reordered"),
        (verdict(log=[held(0), held(1, stay="stay-a"), held(2)]), "wrong_patient"),
        (verdict(replica=[held(0, pulse=41.0 + pulse_of(0)), held(1), held(2)]), "wrong_patient"),
        (verdict(numbers=(1, 3, 4)), "log_gaps"),
    ],
)
def test_each_broken_promise_is_counted_as_what_it_is(found: Verdict, fault: str) -> None:
    """One fault, and no other."""
    counts = {name: getattr(found, name) for name in ("lost", "duplicated", "reordered", "wrong_patient", "log_gaps")}

    assert counts == dict.fromkeys(counts, 0) | {fault: 1}
    assert not found.is_clean


def test_a_repetition_is_no_disorder() -> None:
    """A number that comes once more later is a double, not a change of order."""
    found = verdict(log=[held(0), held(1), held(0, seq=3, n=1), held(2, seq=4)], numbers=(1, 2, 3, 4))

    assert (found.duplicated, found.reordered) == (1, 0)


def test_the_same_seed_gives_the_same_run() -> None:
    """A fault run can be repeated; another seed is another run."""
    first, again, other = (list(plan(200, 20, seed, carts=4, stays=8)) for seed in (1, 1, 2))

    assert first == again
    assert first != other


@pytest.mark.parametrize(("commands", "events"), [(1000, 40), (60, 11), (10, 0)])
def test_a_run_has_all_commands_and_all_events(commands: int, events: int) -> None:
    """Each token once in order, and as many faults as were asked for, of every kind as far as they go."""
    steps = list(plan(commands, events, 1, carts=4, stays=8))

    faults = [step for step in steps if isinstance(step, Break)]
    assert [step.token for step in steps if isinstance(step, Record)] == list(range(commands))
    assert len(faults) == events
    assert len({step.fault for step in faults}) >= min(events, len(Fault))
