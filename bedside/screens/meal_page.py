"""What the pages about meals have in common: they read the meals of the patient who has opened the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.message import Message

from bedside.screens.base import BedScreen

if TYPE_CHECKING:
    from bedside.usecases.meals import MyMeals


class MealPage(BedScreen):
    """A page that shows the meals as they are now, and again when something about the bed is new."""

    is_private: ClassVar[bool] = True

    class Read(Message):
        """The meals as they are now."""

        def __init__(self, mine: MyMeals) -> None:
            super().__init__()
            self.mine = mine

    def __init__(self) -> None:
        super().__init__()
        self.mine: MyMeals | None = None
        self._is_noted = False

    def show(self, mine: MyMeals) -> None:
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
        """A cut-off may have come."""
        super().tick()
        self._show_again()

    @work(thread=True, exclusive=True, group="meals", exit_on_error=False)
    def _read_bed(self) -> None:
        bed = self.bedside.bed
        session = bed.session if bed else None
        if bed is None or session is None:
            return
        from bedside.usecases.meals import read
        from bedside.usecases.session import note

        stay = bed.stay_of(session)
        if stay is None:
            return
        self.post_message(self.Read(read(bed.terminal, stay)))
        if not self._is_noted:
            self._is_noted = True
            note(bed.terminal, session, "view", "meals")

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
