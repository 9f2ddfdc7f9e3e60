"""Nutrition: my diet in plain words, today against its limits, and my own wishes, which I may give up myself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import work
from textual.widget import Widget

from bedside.screens.meal_page import MealPage
from bedside.screens.read_on import ReadOn
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.usecases.meals import MyMeals

_ = domain("bedside").gettext


class NutritionScreen(MealPage, ReadOn):
    """Words, and a field for each wish. A wish is given up by two touches: the first one asks."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[object, ...] = ()
        self._asked: str | None = None
        self._given_up: set[str] = set()

    def body(self) -> Iterable[Widget]:
        """The lines, and the wishes below."""
        yield Words(_("Nutrition"), classes="title")
        yield self.lines()
        yield Choices([], most=3, id="wishes")

    def show(self, mine: MyMeals) -> None:
        """As it stands now; drawn anew only if it is other than what is shown."""
        from bedside.usecases.nutrition import parts

        found = parts(mine, self.bed.terminal.clock.now())
        shown = (*found, self._asked, frozenset(self._given_up))
        if shown != self._shown:
            self._shown = shown
            lines: list[Widget] = []
            for part in found:
                lines.append(Words(part.title, classes="heading"))
                lines += [Words(line, classes="point") for line in part.lines]
            self.call_later(self._fill, lines, self._wishes(mine))

    async def _fill(self, lines: list[Widget], wishes: list[Touch]) -> None:
        if self.stands:
            choices = self.query_one("#wishes", Choices)
            choices.display = bool(wishes)
            await choices.replace(wishes)
            await self.show_lines(lines)

    async def speak_anew(self) -> None:
        """The page is built anew, and so filled anew."""
        self._shown = ()
        await super().speak_anew()

    def _wishes(self, mine: MyMeals) -> list[Touch]:
        from wardlink.clinical.meals.findings import label_text

        found = []
        for name in mine.eater.avoids if mine.eater is not None else ():
            if name in self._given_up:
                notes = [_("waits for the ward")]
            else:
                notes = [_("Touch again to give it up") if name == self._asked else _("Give this wish up")]
            found.append(Touch(label_text("avoids", name), f"wish:{name}", notes=notes, id=f"wish-{name}"))
        return found

    def do_wish(self, name: str) -> None:
        """The first touch asks, the second one does it; once."""
        if name in self._given_up:
            return
        if name != self._asked:
            self._asked = name
        else:
            self._asked = None
            self._given_up.add(name)
            self._give_up(name)
        self._show_again()

    @work(thread=True, exit_on_error=False)
    def _give_up(self, name: str) -> None:
        from bedside.usecases.nutrition import give_up

        bed, mine = self.bed, self.mine
        try:
            if mine is not None:
                give_up(bed.terminal, bed.place, self.session, mine, name)
        except BaseException:
            self._given_up.discard(name)
            raise
