"""Two marks on a strip: A or B is in hand, goes by samples or from beat to beat, and the paper follows it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardlink.terminal.ecg_looking import Looking


class Calipers:
    """The marks of one strip. `in_hand` None: there are none."""

    def __init__(self, looking: Looking) -> None:
        self._looking = looking
        self.in_hand: int | None = None

    @property
    def marks(self) -> tuple[int, ...]:
        """Their samples: A, then B."""
        return self._looking.look.marks

    def turn(self, columns: int) -> None:
        """Both marks and A in hand; then B; then none."""
        if self.in_hand is None:
            self._set(self._first(columns))
            self.in_hand = 0
        elif self.in_hand == 0:
            self.in_hand = 1
        else:
            self._set(())
            self.in_hand = None

    def move(self, samples: int, columns: int) -> None:
        """The mark in hand, so many samples on or back."""
        if self.in_hand is not None:
            self.put(self.marks[self.in_hand] + samples, columns)

    def to_beat(self, by: int, columns: int) -> None:
        """The mark in hand to the beat before or after."""
        if self.in_hand is None:
            return
        here, beats = self.marks[self.in_hand], self._looking.look.beats
        index = bisect_right(beats, here) if by > 0 else bisect_left(beats, here) - 1
        if 0 <= index < len(beats):
            self.put(beats[index], columns)

    def put(self, sample: int, columns: int) -> None:
        """The mark in hand to this sample; so much paper is moved that it can be seen."""
        if self.in_hand is None:
            return
        looking, strip = self._looking, self._looking.strip
        marks = list(self.marks)
        marks[self.in_hand] = max(0, min(strip.length - 1, sample))
        mm = int(looking.look.paper.mm(marks[self.in_hand] / strip.rate_hz))
        left = max(min(looking.look.left_mm, mm), mm - columns + 1)
        looking.look = replace(looking.look, marks=tuple(marks), left_mm=left)

    def _set(self, marks: tuple[int, ...]) -> None:
        self._looking.look = replace(self._looking.look, marks=marks)

    def _first(self, columns: int) -> tuple[int, int]:
        """On the first two beats that can be seen; without them, a third from each edge."""
        strip, look = self._looking.strip, self._looking.look
        first = round(look.paper.seconds(look.left_mm) * strip.rate_hz)
        after = min(strip.length - 1, round(look.paper.seconds(look.left_mm + columns) * strip.rate_hz))
        seen = [beat for beat in look.beats if first <= beat < after]
        if len(seen) >= 2:
            return seen[0], seen[1]
        return first + (after - first) // 3, first + (after - first) * 2 // 3
