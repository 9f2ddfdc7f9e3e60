"""Decides what to do with a range of changes. Pure: a gap is never accepted, a repetition never applied twice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from wardlink.messages.changes import Change, ChangeRange


@dataclass(frozen=True)
class Position:
    """Where a replica stands in its ward's log. `log` None: it holds nothing yet."""

    log: str | None = None
    seq: int = 0


class Verdict(Enum):
    """What a range is to us."""

    APPLY = "apply"
    IGNORE = "ignore"  # nothing new
    REPAIR = "repair"  # something is missing before it: ask for it
    REPLACE = "replace"  # another history: begin anew


def judge(mine: Position, found: ChangeRange, *, asked: bool = False) -> Verdict:
    """What `found` means to somebody who stands at `mine`.

    `asked`: it answers our own question over HTTP. Then an end before our beginning means that the server has
    gone back in its history (restored from a backup); unasked it is only a message that came late.
    """
    if mine.log is None or found.log != mine.log:
        return Verdict.REPLACE
    if asked and found.upto < found.after:
        return Verdict.REPLACE
    if found.after > mine.seq:
        return Verdict.REPAIR
    if found.upto <= mine.seq:
        return Verdict.IGNORE
    return Verdict.APPLY


def news(mine: Position, found: ChangeRange) -> list[Change]:
    """The changes of a range that `mine` does not hold yet."""
    return [change for change in found.changes if change.seq > mine.seq]
