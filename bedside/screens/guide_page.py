"""What the pages of guides have in common: they read the guides that hold at this bed."""

from __future__ import annotations

from textual import on, work
from textual.message import Message

from bedside.screens.base import BedScreen
from wardlink.clinical.guides import Guides


class GuidePage(BedScreen):
    """A page that shows guides as they are now, and again when others were told."""

    class Read(Message):
        """The guides as they are now."""

        def __init__(self, guides: Guides) -> None:
            super().__init__()
            self.guides = guides

    def __init__(self) -> None:
        super().__init__()
        self.guides: Guides | None = None

    async def show_guides(self, guides: Guides) -> None:
        """Show these."""
        raise NotImplementedError

    def bed_changed(self) -> None:
        """Read again."""
        self._read_guides()

    @work(thread=True, exclusive=True, group="guides", exit_on_error=False)
    def _read_guides(self) -> None:
        from bedside.usecases.guides import guides_of

        bed = self.bedside.bed
        if bed is not None:
            self.post_message(self.Read(guides_of(bed.terminal.replica)))

    @on(Read)
    async def _read(self, event: Read) -> None:
        if event.guides != self.guides and self.stands:
            self.guides = event.guides
            await self.show_guides(event.guides)
