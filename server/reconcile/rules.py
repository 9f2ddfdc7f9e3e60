"""When bills are compared, and what their words mean: read from `rules.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

from wardlink.clock import WARD_ZONE


@dataclass(frozen=True)
class Rules:
    """Times of day are those of the ward."""

    run_at: time
    empty_after: time
    retry_after: timedelta
    looks_back_days: int
    waits_days: int
    under_way: frozenset[str]
    failed: frozenset[str]

    def due_at(self, on: date) -> datetime:
        """When the bill of a day is first asked for."""
        return datetime.combine(on + timedelta(days=1), self.run_at, WARD_ZONE)

    def empty_at(self, on: date) -> datetime:
        """From when on no bill means an empty one."""
        return datetime.combine(on + timedelta(days=1), self.empty_after, WARD_ZONE)


@cache
def rules() -> Rules:
    """The rules of this installation."""
    table = tomllib.loads(files(__package__).joinpath("rules.toml").read_text("utf-8"))
    times, words = table["times"], table["refund_words"]
    return Rules(
        run_at=time.fromisoformat(times["run_at"]),
        empty_after=time.fromisoformat(times["empty_after"]),
        retry_after=timedelta(seconds=times["retry_s"]),
        looks_back_days=times["looks_back_days"],
        waits_days=times["waits_days"],
        under_way=frozenset(words["under_way"]),
        failed=frozenset(words["failed"]),
    )
