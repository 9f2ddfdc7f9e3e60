"""When something happens in the invented ward: samples, rounds, calls and who answers them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wardlink.messages.base import Message
from wardlink.messages.calls import AcknowledgeCall, ArriveAtCall, CallChanged, ResolveCall
from workbench.simulation.bodies import Body
from workbench.simulation.noise import between, chance

COARSE = timedelta(minutes=5)
"""How far apart a monitor's samples are that it makes up for the time before it was switched on."""

MONITOR_BACK = timedelta(hours=24)
ROUNDS_BACK = timedelta(hours=48)
"""How far into the past of the first start the invented history goes."""

_ROUND_EVERY_H = {"special": 1, "level1": 2, "level2": 4, "level3": 12}
_WATCHED_EVERY_H = {"sepsis": 1, "pneumonia": 2, "post-op": 2, "delirium": 2}

_CALL_WINDOW_S = 100
_CALL_SHARE = 0.55
_REASONS = (None, "INFUSION", "PAIN", "ELIM", "MOVE", "WATER", "QUESTION", "TOILET")


@dataclass(frozen=True)
class Press:
    """Somebody presses Call."""

    at: datetime
    bed: str
    reason: str | None


def samples(after: datetime, upto: datetime, interval: timedelta) -> list[tuple[datetime, timedelta]]:
    """The instants at which a monitor takes a sample, later than `after` and not later than `upto`.

    A long gap is filled coarsely: each instant comes with the interval that it stands for.
    """
    if upto - after <= COARSE:
        return [(at, interval) for at in _grid(after, upto, interval)]
    found = [(at, COARSE) for at in _grid(after, upto - interval, COARSE)]
    return [*found, *((at, interval) for at in _grid(upto - interval, upto, interval))]


def rounds(body: Body, level: str, after: datetime, upto: datetime) -> list[datetime]:
    """When a nurse takes a full set of this patient, later than `after` and not later than `upto`."""
    every = timedelta(hours=min(_ROUND_EVERY_H[level], _WATCHED_EVERY_H.get(body.story, 24)))
    # Not all on the same minute: a nurse goes from bed to bed.
    shift = timedelta(seconds=int(between(0, min(every.total_seconds(), 7_200), body.seed, body.name, "round")))
    return [at + shift for at in _grid(after - shift, upto - shift, every)]


def presses(seed: int, beds: Sequence[str], after: datetime, upto: datetime) -> list[Press]:
    """Who calls, later than `after` and not later than `upto`: about every three minutes, one of `beds`."""
    window = timedelta(seconds=_CALL_WINDOW_S)
    found = []
    for at in _grid(after - window, upto, window):
        number = int(at.timestamp()) // _CALL_WINDOW_S
        pressed_at = at + timedelta(seconds=int(between(0, _CALL_WINDOW_S, seed, "press", number)))
        if beds and chance(seed, "calls", number) < _CALL_SHARE and after < pressed_at <= upto:
            bed = beds[int(chance(seed, "bed", number) * len(beds))]
            found.append(Press(pressed_at, bed, _REASONS[int(chance(seed, "reason", number) * len(_REASONS))]))
    return found


def answer(call: CallChanged, now: datetime, seed: int, *, patience: float = 1.0) -> tuple[str, Message] | None:
    """What the nurse does about a call now: the kind of her command and its body; None: nothing yet.

    `patience`: how many times longer she lets it ring than usual.
    """

    def waited_s(since: datetime | None) -> float:
        return (now - (since or call.raised_at)).total_seconds()

    def takes_s(step: str, low: float, high: float) -> float:
        return patience * between(low, high, seed, call.id, step)

    match call.state:
        case "raised" if waited_s(call.raised_at) >= takes_s("take", 8, 25):
            return "call.acknowledge", AcknowledgeCall(call=call.id, eta_min=1 + int(3 * chance(seed, call.id, "eta")))
        case "acknowledged" if waited_s(call.acknowledged_at) >= takes_s("walk", 20, 60):
            return "call.arrive", ArriveAtCall(call=call.id)
        case "arrived" if waited_s(call.arrived_at) >= takes_s("help", 20, 60):
            return "call.resolve", ResolveCall(call=call.id)
    return None


def _grid(after: datetime, upto: datetime, every: timedelta) -> Iterator[datetime]:
    every_s = every.total_seconds()
    number = int(after.timestamp() // every_s) + 1
    while (at := datetime.fromtimestamp(number * every_s, UTC)) <= upto:
        yield at
        number += 1
