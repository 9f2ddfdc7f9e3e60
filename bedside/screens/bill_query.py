"""I have a question: which line of a day's bill it is about. It goes to the charge nurse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from bedside.screens.request_page import RequestPage
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.usecases.requests import MyRequests
    from wardlink.messages.bills import BillLine, BillOfDay

_ = domain("bedside").gettext

_MOST = 5
_FIELDS = tuple(f"line-{n}" for n in range(_MOST))


class BillQueryScreen(RequestPage):
    """The lines of a day, a few a page; one is touched, then asked about."""

    is_private: ClassVar[bool] = True

    def __init__(self, bill: BillOfDay) -> None:
        super().__init__()
        self._day = bill.day
        self._lines: tuple[BillLine, ...] = tuple(line for group in bill.groups for line in group.lines)
        self._chosen: str | None = None
        self._page = 0
        self._trouble = ""

    def body(self) -> Iterable[Widget]:
        """The question, the lines, and the way to more of them."""
        yield Words(_("Which line do you have a question about?"), classes="title")
        yield Words(id="said", classes="prose")
        touches = [Touch("", f"line:{n}", id=name) for n, name in enumerate(_FIELDS)]
        yield Choices([*touches, Touch(_("More lines"), "more", kind="quiet", id="more")], id="lines")

    def right(self) -> Sequence[Touch]:
        """Ask."""
        return [Touch(_("Ask the nurse"), "ask", kind="main", id="ask")]

    def first_focus(self) -> Widget | None:
        """The first line."""
        return self.query_one("#line-0")

    def show(self, mine: MyRequests) -> None:
        """A page of lines; of each whether it was asked about already."""
        from bedside.usecases.bill import money_text
        from bedside.usecases.request_words import option_notes
        from bedside.usecases.words import clock_text
        from wardlink.terminal.cells import plain

        shown = self._lines[self._page * _MOST :][:_MOST]
        for n, name in enumerate(_FIELDS):
            touch = self.query_one(f"#{name}", Touch)
            touch.display = n < len(shown)
            if n < len(shown):
                line = shown[n]
                notes = option_notes(mine, mine.open("query", line.id))
                touch.show(plain(line.name), [*notes, f"{clock_text(line.at)} · {money_text(line.amount_fen)}"])
                touch.choose(line.id == self._chosen)
        self.query_one("#more", Touch).display = len(self._lines) > _MOST
        said = self.query_one("#said", Words)
        said.show(self._trouble or _("The charge nurse sees your question and answers here."))
        said.set_class(bool(self._trouble), "-trouble")
        self.query_one(Choices).refit()

    def do_line(self, number: str) -> None:
        """This one."""
        self._chosen, self._trouble = self._lines[self._page * _MOST + int(number)].id, ""
        self._show_again()

    def do_more(self) -> None:
        """The next lines; after the last the first again."""
        self._page = (self._page + 1) % -(-len(self._lines) // _MOST)
        self._show_again()

    def do_ask(self) -> None:
        """About the line that is chosen, unless it was asked about already."""
        from bedside.usecases.requests import place
        from wardlink.messages.requests import AskedLine

        line = next((one for one in self._lines if one.id == self._chosen), None)
        if self.mine is None or line is None:
            self._trouble = _("Please touch first the line that you mean.")
            self._show_again()
            return
        if self.mine.open("query", line.id) is not None:
            self._trouble = _("You have asked about this line already; the answer comes here.")
            self._show_again()
            return
        about = AskedLine(line=line.id, day=self._day, name=line.name[:200], amount_fen=line.amount_fen)
        self.send(lambda terminal, here, session: place(terminal, here, session, "query", line.id, about=about))
