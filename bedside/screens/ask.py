"""Ask for one thing: a care worker, cleaning, a repair, an interpreter. What is touched is chosen, then asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.widget import Widget

from bedside.screens.request_page import RequestPage
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.usecases.requests import MyRequests
    from wardlink.clinical.requests.catalogue import Category, Offer
    from wardlink.messages.requests import RequestView

_ = domain("bedside").gettext

_MOST = 6
_FIELDS = tuple(f"offer-{n}" for n in range(_MOST - 1))


class AskScreen(RequestPage):
    """What is offered of a category; a care worker with the time from when."""

    def __init__(self, category: Category) -> None:
        super().__init__()
        self.category: Category = category
        self._chosen: str | None = None
        self._start = 0
        self._page = 0
        self._trouble = ""

    def body(self) -> Iterable[Widget]:
        """The question, what is chosen, and what is offered."""
        from bedside.usecases.request_words import ASKING

        yield Words(_(ASKING[self.category]), classes="title")
        yield Words(id="said", classes="prose")
        touches = [Touch("", f"offer:{n}", id=name) for n, name in enumerate(_FIELDS)]
        last = Touch("", "start", kind="quiet", id="start")
        more = Touch(_("More"), "more", kind="quiet", id="more")
        yield Choices([*touches, last if self.category == "care" else more], id="offers")

    def right(self) -> Sequence[Touch]:
        """Ask for it."""
        return [Touch(_("Ask for it"), "ask", kind="main", id="ask")]

    def first_focus(self) -> Widget | None:
        """The first thing that is offered."""
        return self.query_one("#offer-0")

    def _offers(self) -> list[Offer]:
        from wardlink.clinical.requests.catalogue import offers

        return list(offers(self.category).values())

    def _starts(self) -> tuple[datetime | None, ...]:
        from bedside.usecases.requests import starts

        return starts(self.bed.terminal.clock.now()) if self.category == "care" else (None,)

    def _from_at(self) -> datetime | None:
        found = self._starts()
        return found[self._start % len(found)]

    def show(self, mine: MyRequests) -> None:
        """A page of offers; of each whether it was asked for already."""
        from bedside.usecases.request_words import option_notes, start_text

        offered = self._offers()
        shown = offered[self._page * len(_FIELDS) :][: len(_FIELDS)]
        for n, name in enumerate(_FIELDS):
            touch = self.query_one(f"#{name}", Touch)
            touch.display = n < len(shown)
            if n < len(shown):
                offer = shown[n]
                touch.show(offer.text(), option_notes(mine, mine.open(self.category, offer.code)))
                touch.choose(offer.code == self._chosen)
        if self.category == "care":
            now = self.bed.terminal.clock.now()
            self.query_one("#start", Touch).show(start_text(self._from_at(), now), [_("touch to change")])
        else:
            self.query_one("#more", Touch).display = len(offered) > len(_FIELDS)
        said = self.query_one("#said", Words)
        said.show(self._trouble or self._chosen_text())
        said.set_class(bool(self._trouble), "-trouble")
        self.query_one(Choices).refit()

    def _chosen_text(self) -> str:
        from wardlink.clinical.requests.catalogue import offer_text

        if self._chosen is None:
            return _("Touch one of these.")
        return _("Chosen: {what}").format(what=offer_text(self.category, self._chosen))

    def do_offer(self, number: str) -> None:
        """This one."""
        offered = self._offers()[self._page * len(_FIELDS) :]
        self._chosen, self._trouble = offered[int(number)].code, ""
        self._show_again()

    def do_start(self) -> None:
        """The next time from when; after the last comes: at once."""
        self._start = (self._start + 1) % len(self._starts())
        self._trouble = ""
        self._show_again()

    def do_more(self) -> None:
        """The next offers; after the last the first again."""
        self._page = (self._page + 1) % -(-len(self._offers()) // len(_FIELDS))
        self._show_again()

    def do_ask(self) -> None:
        """What is chosen, unless it was asked for already."""
        code, mine = self._chosen, self.mine
        if mine is None or code is None:
            self._trouble = _("Please touch first what you need.")
            self._show_again()
            return
        standing, from_at = mine.open(self.category, code), self._from_at()
        if standing is not None and not self._changes(standing, from_at):
            from bedside.usecases.request_words import standing_text

            said = _("You have asked for this already: {state}.")
            self._trouble = said.format(state=standing_text(mine, standing))
            self._show_again()
            return
        from bedside.usecases.requests import place

        self.send(lambda terminal, here, session: place(terminal, here, session, self.category, code, from_at=from_at))

    def _changes(self, standing: RequestView, from_at: datetime | None) -> bool:
        return standing.state == "requested" and standing.from_at != from_at
