"""Decides what to do with a range of changes. Pure: a gap is never accepted, a repetition never applied twice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from wardlink.messages.changes import Change, ChangeRange


@dataclass(frozen=True)
class Position:
    """Where a replica stands in its ward's log. `log` None: it holds nothing yet; `joint`: see `Joint`."""

    log: str | None = None
    seq: int = 0
    joint: str = ""


class Verdict(Enum):
    """What a range is to us."""

    APPLY = "apply"
    IGNORE = "ignore"  # nothing new
    REPAIR = "repair"  # something is missing before it: ask for it
    REPLACE = "replace"  # another history: begin anew


def judge(mine: Position, found: ChangeRange, *, asked: bool = False) -> Verdict:
    """What `found` means to somebody who stands at `mine`.

    `asked`: it answers our own question over HTTP. Then an end before our beginning means that the server has
    gone back in its history (restored from a backup), and another joint where ours ends that it has gone on since;
    unasked the one is only a message that came late, and the other a reason to ask.
    """
    if mine.log is None or found.log != mine.log:
        return Verdict.REPLACE
    if asked and found.upto < found.after:
        return Verdict.REPLACE
    if asked and found.after == mine.seq and found.joint_after != mine.joint:
        return Verdict.REPLACE
    if found.upto == mine.seq and found.joint_upto != mine.joint:
        return Verdict.REPAIR
    if found.upto <= mine.seq:
        return Verdict.IGNORE
    # Only where two edges meet can be seen that they belong to one history; the answer to a question begins at ours.
    return Verdict.APPLY if found.after == mine.seq and found.joint_after == mine.joint else Verdict.REPAIR


def news(mine: Position, found: ChangeRange) -> list[Change]:
    """The changes of a range that `mine` does not hold yet."""
    return [change for change in found.changes if change.seq > mine.seq]
