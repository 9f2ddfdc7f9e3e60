"""My health lessons: what there is to read, and how far I am with each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.message import Message
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.usecases.lessons import MyLesson

_ = domain("bedside").gettext

A_PAGE = 4


class LessonsScreen(BedScreen):
    """Four on a page; what my diet asks for comes first."""

    is_private: ClassVar[bool] = True

    class Read(Message):
        """The lessons as they stand now."""

        def __init__(self, found: list[MyLesson]) -> None:
            super().__init__()
            self.found = found

    def __init__(self) -> None:
        super().__init__()
        self._found: list[MyLesson] = []
        self._page = 0

    def body(self) -> Iterable[Widget]:
        """The title and the fields."""
        yield Words(_("Health lessons"), classes="title")
        yield Words(id="lessons-sum", classes="prose")
        yield Choices([], most=2, id="lessons")

    def right(self) -> Sequence[Touch]:
        """The next page."""
        return [Touch(_("More"), "more", kind="main", id="more")]

    def first_focus(self) -> Widget | None:
        """The first lesson."""
        return next(iter(self.query("#lessons Touch")), self.query_one("#more"))

    def bed_changed(self) -> None:
        """Read again."""
        self._read_bed()

    @work(thread=True, exclusive=True, group="lessons", exit_on_error=False)
    def _read_bed(self) -> None:
        bed = self.bedside.bed
        if bed is None or bed.session is None:
            return
        from bedside.usecases.lessons import listed

        stay = bed.stay_of(bed.session)
        if stay is not None:
            self.post_message(self.Read(listed(bed.terminal, stay)))

    @on(Read)
    async def _read(self, event: Read) -> None:
        if event.found != self._found or not self.query("#lessons Touch"):
            self._found = event.found
            await self._show()

    async def _show(self) -> None:
        if not self.stands:
            return
        begin = self._page * A_PAGE
        shown = self._found[begin : begin + A_PAGE]
        touches = [
            Touch(
                one.lesson.title.text(),
                f"lesson:{one.lesson.code}",
                notes=[*([_("for your diet")] if one.is_mine else []), *one.notes()],
                id=f"lesson-{one.lesson.code}",
            )
            for one in shown
        ]
        await self.query_one("#lessons", Choices).replace(touches)
        done = sum(one.state == "understood" for one in self._found)
        said = _("{done} of {all} understood. Touch one to read it.").format(done=done, all=len(self._found))
        self.query_one("#lessons-sum", Words).show(said)
        self.query_one("#more", Touch).show(_("More"), [f"{self._page + 1}/{self._pages}"])
        self.call_after_refresh(self._focus_first)

    @property
    def _pages(self) -> int:
        return max(1, -(-len(self._found) // A_PAGE))

    async def do_more(self) -> None:
        """The next page; after the last, the first."""
        self._page = (self._page + 1) % self._pages
        await self._show()

    def do_lesson(self, code: str) -> None:
        """Read it."""
        from bedside.screens.lesson import LessonScreen

        chosen = next((one.lesson for one in self._found if one.lesson.code == code), None)
        if chosen is not None:
            self.app.push_screen(LessonScreen(chosen))
