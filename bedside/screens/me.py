"""About me: level of care, diet, allergies, who looks after me."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import work
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

_ = domain("bedside").gettext


class MeScreen(BedScreen):
    """Words only; nothing can be changed here."""

    is_private: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._is_noted = False

    def body(self) -> Iterable[Widget]:
        """The title and the lines."""
        yield Words(_("About me"), classes="title")
        yield VerticalScroll(id="rows", can_focus=False)

    def right(self) -> Sequence[Touch]:
        """Where the page is longer than the screen."""
        return [Touch(_("Read on"), "on", kind="main", id="on")]

    def first_focus(self) -> Widget | None:
        """Reading on."""
        return self.query_one("#on")

    async def on_resize(self) -> None:
        """Other lines fit."""
        self.call_after_refresh(self._show_on)

    def bed_changed(self) -> None:
        """Show it anew."""
        self.run_worker(self._fill(), exclusive=True, group="rows", exit_on_error=False)
        if not self._is_noted:
            self._is_noted = True
            self._note()

    async def _fill(self) -> None:
        bed = self.bedside.bed
        if bed is None or bed.session is None or not self.stands:
            return
        from bedside.usecases.me import rows

        stay = bed.seen.of_session if bed.seen and bed.seen.of_session else bed.session.stay
        page = self.query_one("#rows", VerticalScroll)
        await page.remove_children()
        for row in rows(stay, bed.terminal.clock.now()):
            await page.mount(
                Horizontal(Words(row.label, classes="label"), Words(row.text, classes="prose"), classes="row")
            )
        self.call_after_refresh(self._show_on)

    def _show_on(self) -> None:
        if self.stands:
            page = self.query_one("#rows", VerticalScroll)
            self.query_one("#on").display = page.max_scroll_y > 0
            if page.max_scroll_y <= 0 and self.focused is not None and self.focused.id == "on":
                self.query_one("#back").focus()

    def do_on(self) -> None:
        """The next lines; after the last, the first again."""
        page = self.query_one("#rows", VerticalScroll)
        if page.scroll_y >= page.max_scroll_y:
            page.scroll_home(animate=False)
        else:
            page.scroll_to(y=page.scroll_y + max(1, page.size.height - 2), animate=False)

    @work(thread=True, exit_on_error=False)
    def _note(self) -> None:
        from bedside.usecases.session import note

        bed = self.bedside.bed
        if bed is not None and bed.session is not None:
            note(bed.terminal, bed.session, "view", "me")
