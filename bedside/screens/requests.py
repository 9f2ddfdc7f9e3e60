"""My requests: what I wait for and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from bedside.screens.request_page import RequestPage
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.usecases.requests import MyRequests
    from wardlink.messages.requests import RequestView

_ = domain("bedside").gettext

_MOST = 6
_FIELDS = tuple(f"request-{n}" for n in range(_MOST))


class RequestsScreen(RequestPage):
    """The newest first, a few a page."""

    is_private: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._page = 0

    def body(self) -> Iterable[Widget]:
        """What became of the last one, and the requests."""
        yield Words(_("My requests"), classes="title")
        yield Words(id="said", classes="prose")
        mine = [Touch("", f"one:{n}", kind="quiet", id=name) for n, name in enumerate(_FIELDS)]
        yield Choices(mine, id="requests")

    def first_focus(self) -> Widget | None:
        """The newest request, or the way back."""
        newest = self.query_one("#request-0")
        return newest if newest.display else self.query_one("#back")

    def _shown(self, mine: MyRequests) -> list[RequestView]:
        per_page = _MOST if len(mine.requests) <= _MOST else _MOST - 1
        pages = max(1, -(-len(mine.requests) // per_page))
        at = self._page % pages
        return list(mine.requests[at * per_page : (at + 1) * per_page])

    def show(self, mine: MyRequests) -> None:
        """How each stands."""
        from bedside.usecases.request_words import notes_of, request_text

        now, shown = self.bed.terminal.clock.now(), self._shown(mine)
        for n, name in enumerate(_FIELDS):
            touch = self.query_one(f"#{name}", Touch)
            is_more = n == _MOST - 1 and len(mine.requests) > _MOST
            touch.display = n < len(shown) or is_more
            if is_more:
                touch.show(_("Earlier"))
            elif n < len(shown):
                touch.show(request_text(shown[n]), notes_of(mine, shown[n], now))
        said = self.query_one("#said", Words)
        said.show(mine.refused or ("" if mine.requests else _("You have not asked for anything yet.")))
        said.set_class(bool(mine.refused), "-trouble")
        said.display = bool(said.text)
        self.query_one(Choices).refit()

    def do_one(self, number: str) -> None:
        """Everything about one; or earlier ones, and after the first the newest."""
        from bedside.screens.request import RequestScreen

        if self.mine is None:
            return
        shown = self._shown(self.mine)
        if int(number) < len(shown):
            self.app.push_screen(RequestScreen(shown[int(number)].id))
        else:
            self._page += 1
            self._show_again()
