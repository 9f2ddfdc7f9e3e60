"""Test results: what is released, the newest first, and one of them with its values in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widget import Widget

from bedside.screens.asking import AskingScreen
from bedside.screens.read_on import ReadOn
from bedside.usecases.results import lines_of, name_text, notes, trouble_text
from bedside.widgets.choices import Choices, some_of
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain
from wardlink.messages.results import ResultLine, ResultPage, Results

if TYPE_CHECKING:
    from bedside.ports import Terminal

_ = domain("bedside").gettext


class ResultsScreen(AskingScreen[Results]):
    """The newest first, six fields at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._page = 0

    def body(self) -> Iterable[Widget]:
        """A word, and the reports."""
        yield Words(_("Test results"), classes="title")
        yield Words(id="results-said", classes="prose")
        yield Choices([], most=3, id="results")

    def first_focus(self) -> Widget | None:
        """The way back, until there are results."""
        return self.query_one("#back")

    def on_screen_resume(self) -> None:
        """What was opened is not new any more."""
        if self.found is not None:
            self.look()

    def ask(self, terminal: Terminal, encounter: str) -> Results:
        """Everything released."""
        return terminal.results.of_stay(encounter)

    async def answered(self) -> None:
        """Show it."""
        words, found = self.query_one("#results-said", Words), self.found
        words.set_class(self.error is not None, "-trouble")
        if self.error is not None:
            words.show(trouble_text(self.error))
        elif found is None:
            words.show(_("One moment ..."))
        elif found.lines:
            words.show(_("What your doctor has released, or the laboratory has verified."))
        else:
            words.show(_("No results to show yet. Some your doctor explains to you first."))
        lines = found.lines if found is not None and self.error is None else ()
        touches = some_of([_touch(line) for line in lines], self._page, _("Earlier ones"))
        await self.query_one("#results", Choices).replace(touches)

    async def do_more(self) -> None:
        """Earlier ones; after the first, the newest."""
        self._page += 1
        await self.answered()

    def do_result(self, result: str) -> None:
        """Its values."""
        self.app.push_screen(ResultScreen(result))


def _touch(line: ResultLine) -> Touch:
    return Touch(name_text(line), f"result:{line.id}", notes=notes(line), id=f"result-{line.id}")


class ResultScreen(ReadOn, AskingScreen[ResultPage]):
    """Every value of one report."""

    def __init__(self, result: str) -> None:
        super().__init__()
        self._result = result

    def body(self) -> Iterable[Widget]:
        """The name, and the lines."""
        yield Words(_("Test results"), classes="title", id="result-name")
        yield self.lines()

    def ask(self, terminal: Terminal, encounter: str) -> ResultPage:
        """That one."""
        return terminal.results.one(encounter, self._result)

    async def answered(self) -> None:
        """Show it."""
        if self.error is not None:
            await self.show_lines([Words(trouble_text(self.error), classes="prose -trouble")])
        elif self.found is None:
            await self.show_lines([Words(_("One moment ..."), classes="prose")])
        else:
            self.query_one("#result-name", Words).show(name_text(self.found.line))
            await self.show_lines(_widget(*line) for line in lines_of(self.found))


def _widget(left: str, right: str, cls: str) -> Widget:
    if not left:
        return Words(right, classes=cls)
    return Horizontal(Words(left, classes=f"label {cls}"), Words(right, classes=f"prose {cls}"), classes="row")
