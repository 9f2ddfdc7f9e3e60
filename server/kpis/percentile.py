"""The one definition of a percentile of waits: nearest rank, with what nobody has answered behind all others. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def nearest_rank(waits: Mapping[int, int], n: int, share: int) -> int | None:
    """The wait at place ⌈`share` % of `n`⌉ of all waits, the shortest first; None where one without an answer stands.

    `waits`: how many waited how long. `n`: how many there are in all; those that `waits` lacks have not been answered
    and stand behind everybody who was, so that they never make a figure better. `share` is from 1 to 100.
    """
    place, passed = max(1, -(-n * share // 100)), 0
    for wait in sorted(waits):
        passed += waits[wait]
        if passed >= place:
            return wait
    return None
