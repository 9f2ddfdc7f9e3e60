"""A lead as few points: the least and the greatest of each column of a picture, so that it looks like all of it. Pure.

A picture has far fewer columns than a strip has samples. Every peak is kept; what is left out lies between two points
of the same column.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from wardlink.clinical.ecg.strip import MISSING, Samples

Run = tuple[tuple[int, int], ...]
"""Column and value of points that one line joins."""


def traced(samples: Samples, *, rate_hz: float, columns_per_s: float) -> tuple[Run, ...]:
    """The points of a lead from left to right: a run for each stretch without a gap.

    In a run a column has at most two, its least and its greatest value in the order in which they came; where samples
    are fewer than columns, some have none.
    """
    per_column = rate_hz / columns_per_s
    return tuple(tuple(_points(samples, first, end, per_column)) for first, end in _stretches(samples))


def _stretches(samples: Samples) -> Iterator[tuple[int, int]]:
    if MISSING not in samples:
        if samples:
            yield 0, len(samples)
        return
    for is_known, group in groupby(range(len(samples)), key=lambda index: samples[index] != MISSING):
        if is_known:
            indices = list(group)
            yield indices[0], indices[-1] + 1


def _points(samples: Samples, first: int, end: int, per_column: float) -> Iterator[tuple[int, int]]:
    for column, group in groupby(range(first, end), key=lambda index: int(index / per_column)):
        indices = list(group)
        piece = samples[indices[0] : indices[-1] + 1]
        low, high = min(piece), max(piece)
        if low == high:
            yield column, low
        elif piece.index(low) < piece.index(high):
            yield from ((column, low), (column, high))
        else:
            yield from ((column, high), (column, low))
