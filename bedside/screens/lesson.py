"""One lesson to read, page by page, then its questions: the patient tells in their own mind what was learnt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import work
from textual.containers import VerticalScroll
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.screens.read_on import ReadOn
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.lessons import Lesson, state_after
from wardlink.i18n import domain

_ = domain("bedside").gettext


class LessonScreen(ReadOn):
    """Words only. At its end it counts as read, and the questions follow."""

    is_private: ClassVar[bool] = True

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self._lesson = lesson
        self._is_noted = False

    def body(self) -> Iterable[Widget]:
        """The title and the points."""
        yield Words(self._lesson.title.text(), classes="title")
        points = [Words(f"{n}. {line}", classes="point") for n, line in enumerate(self._lesson.lines(), 1)]
        yield self.lines(
            [*points, Words(_("Something unclear? Your nurse will gladly explain."), classes="point stop")]
        )

    def right(self) -> Sequence[Touch]:
        """The next lines, and after the last the questions."""
        ask = Touch(_("Questions"), "ask", kind="main", id="ask")
        ask.display = False
        return [*super().right(), ask]

    def bed_changed(self) -> None:
        """Whether there is more to read than fits."""
        self.call_after_refresh(self.show_on)

    def show_on(self) -> None:
        """Reading on, or at the end the questions."""
        if not self.stands:
            return
        page, on, ask = self.query_one("#rows", VerticalScroll), self.query_one("#on"), self.query_one("#ask")
        more = page.max_scroll_y > 0 and page.scroll_y < page.max_scroll_y
        on.display, ask.display = more, not more
        if self.focused in (None, on, ask, self.query_one("#back")):
            self.set_focus(on if more else ask, scroll_visible=False)
        is_laid_out = page.size.height > 0 and page.virtual_size.height > 0
        if not more and is_laid_out and not self._is_noted:
            self._is_noted = True
            self._note()

    def do_on(self) -> None:
        """The next lines."""
        super().do_on()
        self.call_after_refresh(self.show_on)

    @work(thread=True, exit_on_error=False)
    def _note(self) -> None:
        from bedside.usecases.lessons import note_read

        bed = self.bedside.bed
        if bed is not None and bed.session is not None:
            note_read(bed.terminal, bed.place, bed.session, self._lesson.code)
            self.app.call_from_thread(self.bedside.look_again)

    def do_ask(self) -> None:
        """The questions."""
        self.app.switch_screen(LessonQuestionsScreen(self._lesson))


class LessonQuestionsScreen(BedScreen):
    """One question after the other; a wrong answer is put right at once, in a friendly way."""

    is_private: ClassVar[bool] = True

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self._lesson = lesson
        self._at = 0
        self._right = 0
        self._answered: int | None = None

    def body(self) -> Iterable[Widget]:
        """What is asked, what was said to the answer, the choices."""
        yield Words(id="lesson-at", classes="title")
        yield Words(id="lesson-asked", classes="prose")
        yield Words(id="lesson-said", classes="prose")
        yield Choices([], most=1, id="lesson-choices")

    def right(self) -> Sequence[Touch]:
        """Going on, once it was answered."""
        go = Touch(_("Next"), "go", kind="main", id="go")
        go.display = False
        return [go]

    def first_focus(self) -> Widget | None:
        """The first choice, or going on."""
        go = self.query_one("#go")
        return go if go.display else next(iter(self.query("#lesson-choices Touch")), self.query_one("#back"))

    def bed_changed(self) -> None:
        """The page stands, perhaps in another language."""
        self.run_worker(self._show(), exclusive=True, group="lesson", exit_on_error=False)

    @property
    def _is_over(self) -> bool:
        return self._at >= len(self._lesson.questions)

    async def _show(self) -> None:
        if not self.stands:
            return
        is_open = not self._is_over and self._answered is None
        touches = []
        if is_open:
            choices = self._lesson.questions[self._at].choices
            touches = [Touch(choice.text(), f"choose:{n}", id=f"choice-{n}") for n, choice in enumerate(choices)]
        await self.query_one("#lesson-choices", Choices).replace(touches)
        self.query_one("#lesson-choices").display = is_open
        go = self.query_one("#go", Touch)
        go.display = not is_open
        go.show(_("Done") if self._is_over else _("Next"))
        for name, text in zip(("#lesson-at", "#lesson-asked", "#lesson-said"), self._words(), strict=True):
            self.query_one(name, Words).show(text)
            self.query_one(name).display = bool(text)
        self.call_after_refresh(self._focus_first)

    def _words(self) -> tuple[str, str, str]:
        title, many = self._lesson.title.text(), len(self._lesson.questions)
        if self._is_over:
            said = _("{right} of {all} answers were right.").format(right=self._right, all=many)
            if state_after(self._right, many) == "understood":
                return title, said, _("Well done: you have understood it. Your nurse sees it too.")
            return title, said, _("Please read it once more when you have time, or ask your nurse. That is no trouble.")
        question = self._lesson.questions[self._at]
        at = _("{title}: question {n} of {all}").format(title=title, n=self._at + 1, all=many)
        if self._answered is None:
            return at, question.ask.text(), ""
        right = question.choices[question.right].text()
        if self._answered == question.right:
            return at, question.ask.text(), _("✓ Right: {answer}").format(answer=right)
        return at, question.ask.text(), _("Not quite. Right is: {answer}").format(answer=right)

    def do_choose(self, n: str) -> None:
        """One of the choices."""
        if self._answered is None and not self._is_over:
            self._answered = int(n)
            self._right += self._answered == self._lesson.questions[self._at].right
            self.bed_changed()

    def do_go(self) -> None:
        """The next question; after the last, what came of it; then back to the list."""
        if self._is_over:
            self.leave()
            return
        self._at, self._answered = self._at + 1, None
        if self._is_over:
            self.run_worker(partial(self._note, self._right), thread=True, exit_on_error=False)
        self.bed_changed()

    def _note(self, right: int) -> None:
        from bedside.usecases.lessons import note_answers

        bed = self.bedside.bed
        if bed is not None and bed.session is not None:
            note_answers(bed.terminal, bed.place, bed.session, self._lesson.code, right, len(self._lesson.questions))
            self.app.call_from_thread(self.bedside.look_again)
