"""A page of lines that may be longer than the screen: one field turns it, and is there only when it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.containers import VerticalScroll
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.widgets.touch import Touch
from wardlink.i18n import domain

_ = domain("bedside").gettext


class ReadOn(BedScreen):
    """What `lines` holds scrolls by the touch of a field, since a trembling finger does not drag."""

    def lines(self, widgets: Iterable[Widget] = ()) -> VerticalScroll:
        """Where the lines stand: a part of the page's `body`."""
        return VerticalScroll(*widgets, id="rows", can_focus=False)

    def right(self) -> Sequence[Touch]:
        """Where the page is longer than the screen; until that is known it is not there."""
        on = Touch(_("Read on"), "on", kind="main", id="on")
        on.display = False
        return [on]

    def first_focus(self) -> Widget | None:
        """Reading on, or the way back."""
        on = self.query_one("#on")
        return on if on.display else self.query_one("#back")

    async def show_lines(self, widgets: Iterable[Widget]) -> None:
        """Show these instead."""
        page = self.query_one("#rows", VerticalScroll)
        await page.remove_children()
        await page.mount_all(widgets)
        self.call_after_refresh(self.show_on)

    async def on_resize(self) -> None:
        """Other lines fit."""
        self.call_after_refresh(self.show_on)

    def show_on(self) -> None:
        """Whether there is more than fits. Enter turns it, or leads back; it never falls on what stands beside."""
        if not self.stands:
            return
        on, back = self.query_one("#on"), self.query_one("#back")
        more = self.query_one("#rows", VerticalScroll).max_scroll_y > 0
        if self.focused in (None, on, back) and more != on.display:
            self.set_focus(on if more else back, scroll_visible=False)
        on.display = more

    def do_on(self) -> None:
        """The next lines; after the last, the first again."""
        page = self.query_one("#rows", VerticalScroll)
        if page.scroll_y >= page.max_scroll_y:
            page.scroll_home(animate=False)
        else:
            page.scroll_to(y=page.scroll_y + max(1, page.size.height - 2), animate=False)
