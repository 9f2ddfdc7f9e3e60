"""Where a movement or a breath is after so many seconds: which pose, which breath, how often it was done. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wardlink.clinical.wellness import Breath, Pose, breath_s
from wardlink.terminal.figure import between


@dataclass(frozen=True)
class Moment:
    """`round`: how many times it was done whole. `step`: the pose one is on the way to. `left_s`: until that breath
    ends. `share`: how far that breath has come, 0–1."""

    round: int
    step: int
    breath: Breath
    left_s: float
    share: float
    pose: Pose


def moment(poses: Sequence[Pose], seconds: float) -> Moment:
    """Where one is `seconds` after beginning at the first pose."""
    ways = [*range(1, len(poses)), 0]
    lengths = [breath_s(poses[way].breath) for way in ways]
    rounds, rest_s = divmod(seconds, sum(lengths))
    for at, (way, length_s) in enumerate(zip(ways, lengths, strict=True)):
        if rest_s < length_s or at == len(ways) - 1:
            share = min(1.0, rest_s / length_s)
            start, end = poses[way - 1], poses[way]
            return Moment(int(rounds), way, end.breath, length_s - rest_s, share, between(start, end, share))
        rest_s -= length_s
    raise ValueError("a movement has poses")
