"""One request: how far it is, who said what of it when, the answer; and taken back as long as nobody has begun."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from bedside.screens.read_on import ReadOn
from bedside.screens.request_page import RequestPage
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.usecases.requests import MyRequests

_ = domain("bedside").gettext


class RequestScreen(ReadOn, RequestPage):
    """By its id. To cancel it is asked twice, the second time elsewhere on the screen."""

    is_private: ClassVar[bool] = True

    def __init__(self, request: str) -> None:
        super().__init__()
        self.request = request
        self._is_asking = False
        self._shown: list[tuple[str, str]] = []

    def body(self) -> Iterable[Widget]:
        """What it is, what is known of it, and the question whether to cancel it."""
        yield Words(id="what", classes="title")
        yield self.lines()
        yield Words(_("Shall this request be cancelled?"), id="question", classes="prose")
        acts = [Touch(_("Yes, cancel it"), "yes", id="yes"), Touch(_("No, keep it"), "no", id="no")]
        yield Choices(acts, most=2, id="acts")

    def right(self) -> Sequence[Touch]:
        """Take it back; read on."""
        return [Touch(_("Cancel it"), "cancel", id="cancel"), *super().right()]

    def show(self, mine: MyRequests) -> None:
        """As it is now."""
        from bedside.usecases.request_words import detail_lines, request_text
        from bedside.usecases.requests import can_cancel

        found = mine.called(self.request)
        if found is None:
            self.leave()
            return
        can = can_cancel(found)
        self._is_asking = self._is_asking and can
        self.query_one("#what", Words).show(request_text(found))
        self.query_one("#cancel", Touch).display = can and not self._is_asking
        self.query_one("#rows").display = not self._is_asking
        for name in ("#question", "#acts"):
            self.query_one(name).display = self._is_asking
        said = detail_lines(mine, found, self.bed.terminal.clock.now())
        if said != self._shown:
            self._shown = said
            self.call_later(self.show_lines, [Words(text, classes=classes) for text, classes in said])

    async def speak_anew(self) -> None:
        """The lines are new as well."""
        self._shown = []
        await super().speak_anew()

    def do_cancel(self) -> None:
        """Ask whether."""
        self._is_asking = True
        self._show_again()
        self.query_one("#no", Touch).focus(scroll_visible=False)

    def do_no(self) -> None:
        """It stays."""
        self._is_asking = False
        self._show_again()
        self.query_one("#back", Touch).focus(scroll_visible=False)

    def do_yes(self) -> None:
        """It is not needed any more."""
        from bedside.usecases.requests import cancel

        self.send(lambda terminal, here, session: cancel(terminal, here, session, self.request))
