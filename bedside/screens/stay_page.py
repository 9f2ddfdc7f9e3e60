"""A page about the stay of the patient who has opened the screen, read from this terminal's own disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from textual import on, work
from textual.message import Message

from bedside.screens.base import BedScreen

if TYPE_CHECKING:
    from bedside.ports import Terminal
    from wardlink.messages.encounters import EncounterView


class OfStay(Protocol):
    """What is read: it says of which stay."""

    @property
    def stay(self) -> EncounterView:
        """The stay."""


T = TypeVar("T", bound=OfStay)


class StayPage(BedScreen, Generic[T]):
    """Reads in a worker whenever something about the bed is new, and shows it again each second.

    `LOOKS_AT`: what is written down the first time, since somebody has looked at it.
    """

    LOOKS_AT: ClassVar[str]

    class Read(Message):
        """It as it is now."""

        def __init__(self, mine: Any) -> None:
            super().__init__()
            self.mine = mine

    def __init__(self) -> None:
        super().__init__()
        self.mine: T | None = None
        self._is_noted = False

    def read(self, terminal: Terminal, stay: EncounterView) -> T:
        """What the page shows of this stay. Called from a worker."""
        raise NotImplementedError

    def show(self, mine: T) -> None:
        """Show this."""
        raise NotImplementedError

    def bed_changed(self) -> None:
        """Read again; the first time, write down that it was looked at."""
        self._read_bed()

    def on_screen_resume(self) -> None:
        """Back from another page."""
        self.show_frame()
        self._read_bed()

    def tick(self) -> None:
        """What depends on the time may be otherwise now."""
        super().tick()
        self._show_again()

    @work(thread=True, exclusive=True, group="stay", exit_on_error=False)
    def _read_bed(self) -> None:
        bed = self.bedside.bed
        session = bed.session if bed else None
        if bed is None or session is None:
            return
        from bedside.usecases.session import note

        stay = bed.stay_of(session)
        if stay is None:
            return
        self.post_message(self.Read(self.read(bed.terminal, stay)))
        if not self._is_noted:
            self._is_noted = True
            note(bed.terminal, session, "view", self.LOOKS_AT)

    @on(Read)
    def _read(self, event: Read) -> None:
        self.mine = event.mine
        self._show_again()

    def _show_again(self) -> None:
        bed, mine = self.bedside.bed, self.mine
        if mine is None or bed is None or bed.session is None or not self.stands:
            return
        if mine.stay.id == bed.session.encounter:
            self.show(mine)
