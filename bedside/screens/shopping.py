"""The shopping list: everyday articles with how many of each; what the diet forbids says why and stays off."""

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
    from bedside.usecases.requests import MyRequests

_ = domain("bedside").gettext

_MOST = 5
_FIELDS = tuple(f"article-{n}" for n in range(_MOST))


class ShoppingScreen(RequestPage):
    """A few articles a page. Each touch adds one; after the most of it comes none."""

    def __init__(self) -> None:
        super().__init__()
        self._wanted: dict[str, int] | None = None
        self._page = 0
        self._trouble = ""

    def body(self) -> Iterable[Widget]:
        """What is on the list, the articles, and the way to more of them."""
        yield Words(_("Shopping list"), classes="title")
        yield Words(id="list", classes="prose")
        touches = [Touch("", f"article:{n}", id=name) for n, name in enumerate(_FIELDS)]
        yield Choices([*touches, Touch(_("More articles"), "more", kind="quiet", id="more")], id="articles")

    def right(self) -> Sequence[Touch]:
        """Ask for the list."""
        return [Touch(_("Ask for it"), "ask", kind="main", id="ask")]

    def first_focus(self) -> Widget | None:
        """The first article."""
        return self.query_one("#article-0")

    def on_resize(self) -> None:
        """More or fewer of them fit."""
        self._page = 0
        self._show_again()

    @property
    def _per_page(self) -> int:
        return _MOST if self.size.width >= 78 else 3

    def show(self, mine: MyRequests) -> None:
        """A page of articles. The first time, with what the open list holds."""
        from bedside.usecases.request_words import article_notes, list_text, standing_text
        from wardlink.clinical.meals.findings import blocks

        standing = mine.shopping()
        if self._wanted is None:
            kept = standing.articles if standing is not None and standing.state == "requested" else ()
            self._wanted = {one.code: one.quantity for one in kept}
        is_taken = standing is not None and standing.state != "requested"
        said = self.query_one("#list", Words)
        if is_taken and standing is not None:
            taken = _("Your list is arranged: {state}. Another one can follow when it is done.")
            said.show(taken.format(state=standing_text(mine, standing)))
        else:
            said.show(self._trouble or list_text(self._wanted))
        said.set_class(bool(self._trouble), "-trouble")
        found = mine.choices(self.bed.terminal.clock.now())
        shown = found[self._page * self._per_page :][: self._per_page]
        for n, name in enumerate(_FIELDS):
            touch = self.query_one(f"#{name}", Touch)
            touch.display = n < len(shown)
            if n < len(shown):
                article, findings = shown[n]
                count = self._wanted.get(article.code, 0)
                notes = article_notes(findings, article, count)
                touch.show(article.text(), notes, kind="quiet" if blocks(findings) else "plain")
                touch.choose(count > 0)
        self.query_one("#ask", Touch).display = not is_taken
        self.query_one(Choices).refit()

    def do_article(self, number: str) -> None:
        """One more of it; what is not for the patient says why."""
        from wardlink.clinical.meals.findings import blocks

        if self.mine is None or self._wanted is None:
            return
        found = self.mine.choices(self.bed.terminal.clock.now())
        article, findings = found[self._page * self._per_page + int(number)]
        forbidden, self._trouble = blocks(findings), ""
        if forbidden:
            self._trouble = " ".join(finding.text() for finding in forbidden)
        else:
            self._wanted[article.code] = (self._wanted.get(article.code, 0) + 1) % (article.most + 1)
        self._show_again()

    def do_more(self) -> None:
        """The next articles; after the last the first again."""
        from wardlink.clinical.requests.shopping import articles

        self._page = (self._page + 1) % -(-len(articles()) // self._per_page)
        self._trouble = ""
        self._show_again()

    def do_ask(self) -> None:
        """What is on the list."""
        from bedside.usecases.requests import place
        from wardlink.clinical.requests.catalogue import LIST

        wanted = {code: n for code, n in (self._wanted or {}).items() if n}
        if not wanted:
            self._trouble = _("Nothing is on the list yet.")
            self._show_again()
            return
        self.send(lambda terminal, here, session: place(terminal, here, session, "shopping", LIST, wanted=wanted))
