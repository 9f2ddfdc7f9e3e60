"""The fault run finds what it is there to find: four bugs that a ward link could have, and nothing where none is."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

# Every kind of fault once.
COMMANDS, EVENTS = 150, 11


SEEDS = (1, 2, 3)
"""A run this short may miss by chance what a bug would do; not three of them."""


def run(plant: str | None = None, *faults: str, seed: int = 1, events: int = EVENTS) -> tuple[int, dict[str, Any]]:
    """A short fault run in processes of its own, of all faults or of some: exit code and what it printed."""
    command = [sys.executable, "-m", "commands", "faults", "--json", "--seed", str(seed)]
    command += ["--commands", str(COMMANDS), "--events", str(events), *(["--plant", plant] if plant else [])]
    command += [word for fault in faults for word in ("--fault", fault)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout.strip() else {"said": done.stderr}


def test_a_ward_without_a_bug_loses_nothing() -> None:
    """Killed, cut off, stalled and wiped: nothing lost, doubled, out of order or at the wrong patient."""
    code, found = run()

    assert code == 0, found
    assert {found[name] for name in ("lost", "duplicated", "reordered", "wrong_patient", "log_gaps", "parked")} == {0}
    assert found["promised"] >= COMMANDS - EVENTS
    assert sum(found["events"].values()) == EVENTS
    assert found["drain_s"] <= 30


# The faults are those that bring the bug out: in so short a run the others are few.
@pytest.mark.parametrize(
    ("plant", "counted_as", "events", "faults"),
    [
        ("no-dedupe", "duplicated", EVENTS, ("server-cut", "server-loss", "cart-cut")),
        ("receipt-before-commit", "lost", 3, ("server-kill",)),
        ("gaps-accepted", "lost", EVENTS, ("cart-reset", "cart-http-cut", "cart-kill")),
        ("puback-is-receipt", "lost", EVENTS, ("server-kill", "server-cut")),
    ],
)
def test_a_planted_bug_is_found(plant: str, counted_as: str, events: int, faults: tuple[str, ...]) -> None:
    """The run fails, and names what was broken."""
    tries = []
    for seed in SEEDS:
        tries.append(run(plant, *faults, seed=seed, events=events))
        if tries[-1][0] == 1:
            break

    code, found = tries[-1]
    assert code == 1, tries
    assert found[counted_as] > 0
