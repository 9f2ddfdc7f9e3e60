"""What a fault run does, drawn from a seed: the same seed gives the same steps. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """One way to break the link."""

    CART_KILL = "cart-kill"
    SERVER_KILL = "server-kill"
    BROKER_KILL = "broker-kill"
    BROKER_WIPE = "broker-wipe"
    CART_CUT = "cart-cut"
    CART_HTTP_CUT = "cart-http-cut"
    CART_RESET = "cart-reset"
    CART_LOSS = "cart-loss"
    SERVER_CUT = "server-cut"
    SERVER_LOSS = "server-loss"
    SERVER_STALL = "server-stall"


# How often each is drawn, and for how long it lasts: from, to, in seconds.
FAULTS: dict[Fault, tuple[int, float, float]] = {
    Fault.CART_KILL: (5, 0.0, 1.5),
    Fault.SERVER_KILL: (4, 0.0, 1.0),
    Fault.BROKER_KILL: (3, 0.0, 1.0),
    Fault.BROKER_WIPE: (2, 0.0, 1.0),
    Fault.CART_CUT: (4, 0.5, 8.0),
    Fault.CART_HTTP_CUT: (3, 0.5, 4.0),
    Fault.CART_RESET: (4, 0.0, 0.0),
    Fault.CART_LOSS: (3, 1.0, 4.0),
    Fault.SERVER_CUT: (2, 0.5, 6.0),
    Fault.SERVER_LOSS: (2, 1.0, 3.0),
    Fault.SERVER_STALL: (2, 0.5, 2.0),
}


@dataclass(frozen=True)
class Record:
    """Let a cart record one set of vital signs. `token` tells it from all others; `cart` is a wish."""

    token: int
    cart: int
    stay: int


@dataclass(frozen=True)
class Break:
    """Let one thing fail for `lasts_s` seconds, then heal it."""

    fault: Fault
    cart: int
    lasts_s: float


Step = Record | Break


def plan(
    commands: int, events: int, seed: int, *, carts: int, stays: int, kinds: Sequence[Fault] = ()
) -> Iterator[Step]:
    """`commands` recordings with `events` faults spread evenly among them.

    Every kind of fault, or each of `kinds` if some are given, comes once before any is drawn by chance, as far as
    there are events.
    """
    chance = random.Random(seed)
    kinds = [*(kinds or FAULTS)]
    weights = [FAULTS[kind][0] for kind in kinds]
    drawn = [*kinds]
    chance.shuffle(drawn)
    broken = 0
    for token in range(commands):
        while broken < events and broken * commands <= token * events:
            fault = drawn[broken] if broken < len(drawn) else chance.choices(kinds, weights)[0]
            _, least_s, most_s = FAULTS[fault]
            yield Break(fault, chance.randrange(carts), chance.uniform(least_s, most_s))
            broken += 1
        yield Record(token, chance.randrange(carts), chance.randrange(stays))


def pulse_of(token: int) -> float:
    """The reading that goes with a token, so that a mixed-up value shows."""
    return 40.0 + token % 160
