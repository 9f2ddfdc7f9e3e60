"""The numbers of payments, read from `policy.toml`, and when to look again."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

Plan = Sequence[tuple[int, int]]
"""So many times, so many seconds apart; the last line goes on for ever."""


@dataclass(frozen=True)
class Policy:
    """What the hospital has decided about payments. Amounts in fen."""

    deposit_least_fen: int
    deposit_most_fen: int
    order_lives: timedelta
    order_grace: timedelta
    order_looks: Plan
    refund_looks: Plan
    notice_skew: timedelta


@cache
def policy() -> Policy:
    """The policy of this installation."""
    table = tomllib.loads(files(__package__).joinpath("policy.toml").read_text("utf-8"))
    amounts, order, refund = table["amounts"], table["order"], table["refund"]
    return Policy(
        deposit_least_fen=amounts["deposit_least_fen"],
        deposit_most_fen=amounts["deposit_most_fen"],
        order_lives=timedelta(seconds=order["lives_s"]),
        order_grace=timedelta(seconds=order["grace_s"]),
        order_looks=tuple(map(tuple, order["looks"])),
        refund_looks=tuple(map(tuple, refund["looks"])),
        notice_skew=timedelta(seconds=table["notice"]["skew_s"]),
    )


def next_look(plan: Plan, looks: int, now: datetime, *, ends_at: datetime | None = None) -> datetime:
    """When to ask the channel again after so many looks; not past `ends_at` while that lies ahead."""
    every_s, begins = plan[-1][1], 0
    for times, seconds in plan[:-1]:
        begins += times
        if looks < begins:
            every_s = seconds
            break
    at = now + timedelta(seconds=every_s)
    return ends_at if ends_at is not None and now < ends_at < at else at
