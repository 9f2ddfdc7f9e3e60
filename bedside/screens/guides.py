"""All guides, six at a time, and a search by words or by the first letters of their pinyin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events
from textual.widget import Widget

from bedside.screens.guide_page import GuidePage
from bedside.widgets.choices import Choices
from bedside.widgets.pad import DELETE, OTHER, TURN, Pad
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.guides import Guide, Guides, found
from wardlink.i18n import domain

_ = domain("bedside").gettext

MOST = 6
"""Choices on a page, the one for more of them included."""

LONGEST = 30
"""Characters of a question."""


class GuidesScreen(GuidePage):
    """What was asked, what was found. While letters are typed, the keys take the list's place."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = ""
        self._page = 0
        self._typing = False
        self._letters = True

    def body(self) -> Iterable[Widget]:
        """The title, the question, the fields or the keys."""
        yield Words(_("Insurance"), classes="title", id="guides-title")
        yield Words(id="asked-words")
        yield Words(id="no-guide")
        yield Choices(self._touches(), most=2, id="guides")
        yield Pad(_key_text, letters=self._letters, id="letters")

    def right(self) -> Sequence[Touch]:
        """Search, or show what was found."""
        return [Touch(_("Search"), "search", kind="main", id="search")]

    def first_focus(self) -> Widget | None:
        """The first guide, or the first key."""
        return next(iter(self.query("#letters Touch" if self._typing else "#guides Touch")), None)

    def bed_changed(self) -> None:
        """The page stands; the guides may be others."""
        self._show()
        super().bed_changed()

    async def show_guides(self, guides: Guides) -> None:
        """The list, or what was found in it."""
        await self._fill()
        if self.focused is None:
            self.set_focus(self.first_focus())

    @property
    def _found(self) -> list[Guide]:
        return [] if self.guides is None else found(self.guides.guides, self._asked)

    def _touches(self) -> list[Touch]:
        guides = self._found
        shown, more = guides, []
        if len(guides) > MOST:
            pages = -(-len(guides) // (MOST - 1))
            begin = self._page % pages * (MOST - 1)
            shown = guides[begin : begin + MOST - 1]
            more = [
                Touch(_("More"), "more", notes=[f"{self._page % pages + 1}/{pages}"], kind="quiet", id="more-guides")
            ]
        return [*(Touch(g.title.text(), f"guide:{g.code}", id=f"guide-{g.code}") for g in shown), *more]

    def _show(self) -> None:
        if not self.stands:
            return
        asked, none = self.query_one("#asked-words", Words), self.query_one("#no-guide", Words)
        self.query_one("#guides-title").set_class(self._typing, "-typing")
        asked.display = self._typing or bool(self._asked)
        asked.show(_("Search: {words}").format(words=f"{self._asked}▏" if self._typing else self._asked))
        many = len(self._found)
        none.display = self._typing or (not many and self.guides is not None)
        if self._typing:
            none.show(_("{n} found. First letters of the pinyin, or words: qfx finds 起付线.").format(n=many))
        else:
            none.show(_("Nothing found. Try fewer letters, or ask at the insurance office: 12393."))
        self.query_one("#guides").display = not self._typing
        self.query_one("#letters").display = self._typing
        self.query_one("#search", Touch).show(_("Show {n}").format(n=many) if self._typing else _("Search"))

    async def speak_anew(self) -> None:
        """The keys stay those that were there."""
        self._letters = self.query_one("#letters", Pad).letters
        await super().speak_anew()

    async def _fill(self) -> None:
        await self.query_one("#guides", Choices).replace(self._touches())
        self._show()

    async def do_search(self) -> None:
        """Type, or show what was found."""
        self._typing = not self._typing
        if self._typing:
            await self.query_one("#letters", Pad).show_letters(True)
            self._show()
        else:
            self._page = 0
            await self._fill()

    async def do_more(self) -> None:
        """The next page; after the last, the first."""
        self._page += 1
        await self._fill()

    def do_back(self) -> None:
        """From the keys to the whole list; from the list to the page before."""
        if self._typing or self._asked:
            self._asked, self._typing, self._page = "", False, 0
            self.call_later(self._fill)
        else:
            self.leave()

    def do_guide(self, code: str) -> None:
        """Read it."""
        from bedside.screens.guide import GuideScreen

        self.app.push_screen(GuideScreen(code))

    async def do_key(self, key: str) -> None:
        """A key of the pad."""
        pad = self.query_one("#letters", Pad)
        if key == TURN:
            await pad.turn()
        elif key == OTHER:
            await pad.show_letters(not pad.letters)
        else:
            self._type(key.lower())

    def _type(self, key: str) -> None:
        self._asked = self._asked[:-1] if key == DELETE else (self._asked + key)[:LONGEST]
        self._show()

    def on_key(self, event: events.Key) -> None:
        """A keyboard works as well: words in any language are typed, and Enter shows what was found."""
        if self._typing and event.key == "backspace":
            event.stop()
            self._type(DELETE)
        elif event.character and event.character.isprintable() and not event.character.isspace():
            event.stop()
            if not self._typing:
                self.call_later(self.do_search)
            self._type(event.character.lower())
            self.query_one("#search").focus()
        else:
            super().on_key(event)


def _key_text(key: str) -> str:
    return {DELETE: _("Delete"), TURN: _("More"), OTHER: "ABC/123"}.get(key, key)
