"""The satisfaction survey: one question a page with large fields; then with or without one's name, and sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.widget import Widget

from bedside.screens.asking import AskingScreen
from bedside.screens.sending import Sending
from bedside.usecases.bill import trouble_text
from bedside.usecases.survey import LOW, Kept, Sheet, chosen_of, fields_of, give, kept, progress_text
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.survey import question_text, questions
from wardlink.errors import Unreachable
from wardlink.i18n import domain
from wardlink.messages.surveys import SurveyAtBed

if TYPE_CHECKING:
    from bedside.ports import Terminal

_ = domain("bedside").gettext

_BAR_CELLS = 22


class SurveyScreen(AskingScreen[SurveyAtBed], Sending):
    """The answers are kept on this terminal's disk once they are sent; before that they go when the page goes."""

    class Looked(Message):
        """What this terminal still has of the answers."""

        def __init__(self, kept: Kept) -> None:
            super().__init__()
            self.kept = kept

    def __init__(self) -> None:
        super().__init__()
        self.sheet = Sheet()
        self._given = False
        self._kept = Kept()
        self._shown: tuple[object, ...] | None = None

    def body(self) -> Iterable[Widget]:
        """How far one is, the question, the answers."""
        yield Words(id="survey-progress", classes="label")
        yield Words(id="survey-question", classes="title")
        yield Words(id="survey-said", classes="prose")
        yield Choices([], most=3, id="survey-fields")

    def right(self) -> Sequence[Touch]:
        """On without an answer, or with the one that was given; at the end, send."""
        return [Touch(_("Skip"), "next", kind="main", id="survey-next")]

    def first_focus(self) -> Widget | None:
        """The first answer, once there is one."""
        return next(iter(self.query("#survey-fields Touch")), self.query_one("#back"))

    def ask(self, terminal: Terminal, encounter: str) -> SurveyAtBed:
        """Whether it was answered already."""
        return terminal.voice.survey(encounter)

    async def speak_anew(self) -> None:
        """The fields are other ones."""
        self._shown = None
        await super().speak_anew()

    def bed_changed(self) -> None:
        """What was sent may have arrived."""
        super().bed_changed()
        self._look_at_kept()

    def tick(self) -> None:
        """No change tells that it has arrived."""
        super().tick()
        if self._kept.waits:
            self._look_at_kept()

    @work(thread=True, exclusive=True, group="kept", exit_on_error=False)
    def _look_at_kept(self) -> None:
        bed = self.bed
        if bed.session is not None:
            self.post_message(self.Looked(kept(bed.terminal, bed.session.encounter)))

    @on(Looked)
    async def _looked(self, event: Looked) -> None:
        is_new, self._given = event.kept != self._kept, self._given or self._kept.waits
        self._kept = event.kept
        if is_new and self.stands:
            await self.answered()

    @property
    def _is_done(self) -> bool:
        return self._given or self._kept != Kept() or (self.found is not None and self.found.answered)

    @property
    def _can_answer(self) -> bool:
        # Without a connection too: should this stay have answered already, the hospital keeps the first answers.
        return not self._is_done and (self.found is not None or isinstance(self.error, Unreachable))

    async def answered(self) -> None:
        """Show it."""
        can_answer = self._can_answer
        said = self.query_one("#survey-said", Words)
        said.set_class(self.error is not None and not can_answer and not self._is_done, "-trouble")
        said.show(self._said_text())
        said.display = bool(said.text)
        progress = self.query_one("#survey-progress", Words)
        progress.show(progress_text(self.sheet, _BAR_CELLS))
        progress.display = can_answer
        self.query_one("#survey-question", Words).show(self._question_text() if can_answer else _("How was your stay?"))
        next_touch = self.query_one("#survey-next", Touch)
        next_touch.display = can_answer and (self.sheet.item is not None or bool(self.sheet.points))
        next_touch.show(self._next_text())
        await self._show_fields(can_answer=can_answer)

    def _said_text(self) -> str:
        if self._kept.waits:
            return _("Thank you. Your answers are kept here and go to the hospital when there is a connection.")
        if self._kept.refused is not None:
            return self._kept.refused
        if self._is_done:
            return _("Thank you, your answers have arrived. Each stay is asked once.")
        if self.error is not None and not self._can_answer:
            return trouble_text(self.error)
        if not self._can_answer:
            return _("One moment ...")
        if self.sheet.item is not None:
            return (
                _("Your answers change nothing in your care. You may skip what you like.") if not self.sheet.at else ""
            )
        if not self.sheet.points:
            return _("You have skipped everything. Touch Back if you want to answer after all.")
        if self.sheet.anonymous:
            return _("Without your name: they are kept apart from your stay, and read only together with four others.")
        return _("With your name: who leads the ward may see that they are yours, and may come and ask.")

    def _question_text(self) -> str:
        item = self.sheet.item
        if item is not None:
            return question_text(item)
        said = _("{n} of {most} questions answered. How do you want to send them?")
        return said.format(n=len(self.sheet.points), most=len(questions()))

    def _next_text(self) -> str:
        if self.sheet.item is None:
            return _("Send")
        return _("Next") if self.sheet.item in self.sheet.points else _("Skip")

    async def _show_fields(self, *, can_answer: bool) -> None:
        sheet, fields = self.sheet, []
        if can_answer and sheet.item is not None:
            fields = [(label, f"answer:{value}", f"answer-{value}") for label, value in fields_of(sheet)]
            chosen = f"answer:{chosen_of(sheet)}"
        elif can_answer and sheet.points:
            fields = [(_("Without my name"), "name:no", "name-no"), (_("With my name"), "name:yes", "name-yes")]
            chosen = "name:no" if sheet.anonymous else "name:yes"
        else:
            chosen = ""
        shown = (tuple(fields), chosen)
        if shown == self._shown:
            return
        self._shown = shown
        touches = [Touch(label, value, id=id) for label, value, id in fields]
        for touch in touches:
            touch.choose(touch.value == chosen)
        await self.query_one("#survey-fields", Choices).replace(touches)
        if touches:
            first = next((touch for touch in touches if touch.value == chosen), touches[0])
            self.set_focus(first, scroll_visible=False)

    async def do_answer(self, value: str) -> None:
        """An answer, and on; or the lower numbers."""
        if value == LOW:
            self.sheet.low = True
        else:
            self.sheet.answer(int(value))
        await self.answered()

    async def do_name(self, value: str) -> None:
        """With or without one's name."""
        self.sheet.anonymous = value == "no"
        await self.answered()

    async def do_next(self) -> None:
        """On; at the end, send it."""
        sheet = self.sheet
        if sheet.item is None:
            if sheet.points:
                self.send(lambda terminal, place, session: give(terminal, place, session, sheet))
        elif sheet.item in sheet.points:
            sheet.on()
        else:
            sheet.skip()
        await self.answered()

    def sent(self) -> None:
        """Thank, and keep nothing of it on the page."""
        self._given, self._kept, self.sheet = True, Kept(waits=True), Sheet()
        self.call_later(self.answered)

    def do_back(self) -> None:
        """The question before; from the first one, the page before."""
        if not self._can_answer or not self.sheet.back():
            self.leave()
        else:
            self.call_later(self.answered)
