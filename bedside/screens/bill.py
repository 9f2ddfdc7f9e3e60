"""My bill: how far the deposit goes, the days, and what was done on one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.widget import Widget

from bedside.screens.asking import AskingScreen
from bedside.screens.read_on import ReadOn
from bedside.usecases.bill import day_label, lines_of, standing_texts, trouble_text
from bedside.usecases.words import day_text
from bedside.widgets.choices import Choices, some_of
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain
from wardlink.messages.bills import BillOfDay, BillView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bedside.ports import Terminal
    from wardlink.messages.requests import RequestView

    AskedDay = tuple[BillOfDay, Mapping[str, RequestView]]

_ = domain("bedside").gettext


class BillScreen(AskingScreen[BillView]):
    """The newest days first, six fields at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._page = 0

    def body(self) -> Iterable[Widget]:
        """How it stands, and the days."""
        yield Words(_("My bill"), classes="title")
        yield Words(id="bill-stands", separator="   ", classes="prose")
        yield Choices([], most=3, id="bill-days")

    def right(self) -> Sequence[Touch]:
        """What the insurance will pay of it."""
        return [Touch(_("Cost estimate"), "estimate", kind="main", id="bill-estimate")]

    def first_focus(self) -> Widget | None:
        """The way back, until there are days."""
        return self.query_one("#back")

    def ask(self, terminal: Terminal, encounter: str) -> BillView:
        """The whole bill."""
        return terminal.bills.bill(encounter)

    async def answered(self) -> None:
        """Show it."""
        words, bill = self.query_one("#bill-stands", Words), self.found
        words.set_class(self.error is not None, "-trouble")
        if self.error is not None:
            words.show(trouble_text(self.error))
        elif bill is None:
            words.show(_("One moment ..."))
        else:
            words.show(standing_texts(bill))
        await self.query_one("#bill-days", Choices).replace(self._touches() if self.error is None else [])

    def _touches(self) -> list[Touch]:
        shown = []
        for day in reversed(self.found.days if self.found is not None else ()):
            label, amount = day_label(day)
            shown.append(Touch(label, f"day:{day.day.isoformat()}", notes=[amount], id=f"day-{day.day.isoformat()}"))
        return some_of(shown, self._page, _("Earlier days"))

    async def do_more(self) -> None:
        """Earlier days; after the first, the newest."""
        self._page += 1
        await self.answered()

    def do_day(self, day: str) -> None:
        """What was done on it."""
        self.app.push_screen(BillDayScreen(date.fromisoformat(day)))

    def do_estimate(self) -> None:
        """What the insurance will probably pay."""
        from bedside.screens.estimate import EstimateScreen

        self.app.push_screen(EstimateScreen())


class BillDayScreen(ReadOn, AskingScreen["AskedDay"]):
    """Every line of one day, with what was asked about it."""

    def __init__(self, day: date) -> None:
        super().__init__()
        self._day = day

    def body(self) -> Iterable[Widget]:
        """The day, and its lines."""
        yield Words(_("My bill of {day}").format(day=day_text(self._day)), classes="title")
        yield self.lines()

    def right(self) -> Sequence[Touch]:
        """A question about a line; read on."""
        return [Touch(_("I have a question"), "question", id="question"), *super().right()]

    def ask(self, terminal: Terminal, encounter: str) -> AskedDay:
        """That day, and the questions about its lines."""
        from bedside.usecases.requests import queries

        return terminal.bills.of_day(encounter, self._day), queries(terminal, encounter)

    def on_screen_resume(self) -> None:
        """Back from asking: the question stands here now."""
        self.show_frame()
        if self.found is not None:
            self.look()

    async def answered(self) -> None:
        """Show it."""
        has_lines = self.error is None and self.found is not None and bool(self.found[0].groups)
        self.query_one("#question", Touch).display = has_lines
        if self.error is not None:
            said = [(trouble_text(self.error), "prose -trouble")]
        elif self.found is None:
            said = [(_("One moment ..."), "prose")]
        else:
            said = lines_of(*self.found)
        await self.show_lines(Words(text, classes=classes) for text, classes in said)

    def do_question(self) -> None:
        """Which line it is about."""
        from bedside.screens.bill_query import BillQueryScreen

        if self.found is not None:
            self.app.push_screen(BillQueryScreen(self.found[0]))
