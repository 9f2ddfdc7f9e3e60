"""What the bedside program knows of its bed, whichever page is open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bedside.ports import Place, Terminal
    from bedside.usecases.calls import Call, Press
    from bedside.usecases.frame import Seen
    from bedside.usecases.rehabilitation import Halfway
    from bedside.usecases.session import Session
    from wardlink.messages.encounters import EncounterView


@dataclass
class Bed:
    """What outlives a page: the device, who has opened the screen, and what was last seen of the bed.

    `halfway`: a session of exercises that was begun here and is not over; it is nobody else's to see.
    """

    terminal: Terminal
    place: Place
    session: Session | None = None
    visitors: bool = False
    seen: Seen | None = None
    press: Press | None = None
    halfway: Halfway | None = None
    failures: list[str] = field(default_factory=list)

    def stay_of(self, session: Session) -> EncounterView | None:
        """The stay of who has opened the screen, as known now; None where what was last seen is another's."""
        stay = self.seen.of_session if self.seen and self.seen.of_session else session.stay
        return stay if stay.id == session.encounter else None

    @property
    def call(self) -> Call | None:
        """The call that matters now."""
        return self.seen.call if self.seen else None
