"""Invented times at which specialists could come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardlink.clinical.consult_slots import first_start, free_slots, spread
from wardlink.clinical.consults import deadline_at
from wardlink.errors import Unreachable, WardlinkError
from wardlink.messages.consults import ConsultSlots

if TYPE_CHECKING:
    from bedside.sample.terminal import SampleTerminal


class SampleConsultTimes:
    """The port of `bedside.ports.ConsultTimes`. `is_full` and `unknown_operation` may be set at any time."""

    def __init__(self, terminal: SampleTerminal) -> None:
        self._terminal = terminal
        self.is_full = False
        self.unknown_operation = False
        self.fails_with: WardlinkError | None = None

    def of_team(self, encounter: str, specialty: str) -> ConsultSlots:
        """Everything beside meals is free, unless nothing is."""
        if self.fails_with is not None:
            raise self.fails_with
        if not (self._terminal.online and self._terminal.server_alive):
            raise Unreachable
        now = self._terminal.clock.now()
        free = [] if self.is_full else spread(free_slots(first_start(now), deadline_at(now, "routine"), ()), 4)
        return ConsultSlots(slots=tuple(slot.starts_at for slot in free), unknown_operation=self.unknown_operation)
