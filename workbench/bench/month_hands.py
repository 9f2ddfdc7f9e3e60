"""A nurse's hands on the cart of `wardlink bench month`: how many keys and scans, and how long at a person's pace.

What was saved is read from the cart's own disk afterwards: a script that missed its page saves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wardlink.clinical.drugs import sample_drugs
from wardlink.codes.kinds import Wristband
from wardlink.device.outbox import Outbox
from wardlink.device.store import Store
from wardlink.messages.encounters import EncounterView
from workbench.bench.figures import Goal
from workbench.bench.watched import Watched

VITALS_KEYS, VITALS_S, ROUND_ACTIONS = 30, 20.0, 10

PACE_S = 0.35
"""Between two keys of a nurse with gloves."""

_SET = ("36.8\r", "72\r", "16\r", "122\r", "78\r", "98\r", "1", "a", "0\r")
"""Temperature, pulse, respiration, both pressures, oxygen; then air by its digit, alert by its letter, no pain."""
_SAVE = b"\x1bOQ"
_DRUGS = ("amlodipine-5mg", "metformin-500mg", "aspirin-100mg")


@dataclass(frozen=True)
class Hands:
    """A usual set of vital signs, from the patient's page and back, and a round with three drugs from the ward's.

    A scan counts as one action. `sets` and `given` are what then stood in the cart's outbox: 1 and 3.
    """

    vitals_keys: int
    vitals_s: float
    round_actions: int
    round_s: float
    sets: int
    given: int


def goals(hands: Hands) -> list[Goal]:
    """What was asked of a set and of a round; missed if nothing was saved."""
    saved = hands.sets == 1
    given = hands.given == len(_DRUGS)
    nothing = float("nan")
    return [
        Goal("a usual set in keys", hands.vitals_keys if saved else nothing, "at most", VITALS_KEYS),
        Goal("a usual set in seconds", hands.vitals_s if saved else nothing, "at most", VITALS_S),
        Goal(
            "a round with three drugs in actions", hands.round_actions if given else nothing, "at most", ROUND_ACTIONS
        ),
    ]


def at_work(watched: Watched, stay: EncounterView) -> tuple[int, float, int, float]:
    """Enter a set and give three drugs; the program stands at the ward's page."""
    watched.key_to_rest_s(Wristband(stay.id).text().encode() + b"\r")
    before_s = watched.elapsed_s()
    keys = 1
    watched.key_to_rest_s(b"v")
    for text in _SET:
        keys += len(text)
        watched.type(text, every_s=PACE_S)
    watched.key_to_rest_s(_SAVE)
    vitals_s, keys = watched.elapsed_s() - before_s, keys + 1
    watched.key_to_rest_s(b"\x1b")
    before_s, actions = watched.elapsed_s(), 2
    watched.key_to_rest_s(Wristband(stay.id).text().encode() + b"\r")
    watched.key_to_rest_s(b"m")
    for drug in _DRUGS:
        watched.pause(PACE_S)
        watched.key_to_rest_s(sample_drugs()[drug].gtins[0].encode() + b"\r")
        watched.pause(PACE_S)
        watched.key_to_rest_s(b"g")
        actions += 2
    watched.settle()
    return keys, vitals_s, actions, watched.elapsed_s() - before_s


def saved(folder: Path, ward: str, device: str) -> tuple[int, int]:
    """How many sets and how many doses given wait in the outbox of a cart that has ended."""
    store = Store(folder)
    try:
        kinds = [entry.kind for entry in Outbox(store, ward=ward, device=device).entries()]
    finally:
        store.close()
    return kinds.count("vitals.record"), kinds.count("dose.give")
