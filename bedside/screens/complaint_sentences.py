"""What is said: sentences to tick, one's own words with a keyboard, or somebody who comes and listens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.usecases.complaints import TALKED_OF
from bedside.widgets.choices import Choices
from bedside.widgets.paper import Paper
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain
from wardlink.messages.complaints import LONGEST

if TYPE_CHECKING:
    from bedside.usecases.complaints import Draft

_ = domain("bedside").gettext


class ComplaintSentencesScreen(BedScreen):
    """Three sentences, one's own words, a talk."""

    is_private: ClassVar[bool] = True

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft
        self._trouble = ""

    def body(self) -> Iterable[Widget]:
        """What can be touched."""
        yield Words(_("Touch everything that fits"), classes="title")
        yield Words(id="sentences-said", classes="prose -trouble")
        touches = [Touch("", f"tick:{one.code}", id=f"sentence-{one.code}") for one in self.draft.offered()]
        touches.append(Touch("", "own", kind="quiet", id="own-words"))
        if self.draft.kind in TALKED_OF:
            touches.append(Touch("", "talk", kind="quiet", id="talk"))
        yield Choices(touches, most=2, id="sentences-offered")

    def right(self) -> Sequence[Touch]:
        """On."""
        return [Touch(_("Next"), "next", kind="main", id="next")]

    def first_focus(self) -> Widget | None:
        """The first sentence."""
        return next(iter(self.query("#sentences-offered Touch")), None)

    def bed_changed(self) -> None:
        """The page stands."""
        self._show()

    def on_screen_resume(self) -> None:
        """Back from one's own words."""
        self.show_frame()
        self._show()

    def _show(self) -> None:
        if not self.stands:
            return
        for one in self.draft.offered():
            self._show_one(f"sentence-{one.code}", one.said(), is_on=one.code in self.draft.sentences)
        written = len(self.draft.words)
        note = _("{n} of {most} characters").format(n=written, most=LONGEST) if written else _("needs a keyboard")
        self._show_one("own-words", _("In my own words"), note, is_on=bool(written))
        if self.query("#talk"):
            note = _("without writing anything")
            self._show_one("talk", _("Please come and talk to me"), note, is_on=self.draft.talk)
        said = self.query_one("#sentences-said", Words)
        said.show(self._trouble)
        said.display = bool(self._trouble)

    def _show_one(self, name: str, label: str, note: str | None = None, *, is_on: bool) -> None:
        touch = self.query_one(f"#{name}", Touch)
        touch.show(label, [note] if note else [])
        touch.choose(is_on)

    def do_tick(self, code: str) -> None:
        """This one, or not."""
        self._trouble = ""
        self.draft.tick(code)
        self._show()

    def do_talk(self) -> None:
        """Somebody shall come, or need not."""
        self._trouble = ""
        self.draft.talk = not self.draft.talk
        self._show()

    def do_own(self) -> None:
        """Write."""
        self._trouble = ""
        self.app.push_screen(OwnWordsScreen(self.draft))

    def do_next(self) -> None:
        """On, if there is anything to be sent."""
        from bedside.screens.complaint_check import ComplaintCheckScreen

        if self.draft.says_something:
            self.app.push_screen(ComplaintCheckScreen(self.draft))
        else:
            self._trouble = _("Please touch at least one field.")
            self._show()


class OwnWordsScreen(BedScreen):
    """A sheet for a keyboard."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "blank", show=False, priority=True)]

    is_private: ClassVar[bool] = True

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft

    def body(self) -> Iterable[Widget]:
        """How, the sheet, how much was written."""
        yield Words(_("In my own words"), classes="title")
        yield Words(
            _("Type on the keyboard; on a tablet, touch the sheet. Without one: go back, somebody comes and listens."),
            classes="prose",
        )
        yield Paper(id="paper")
        yield Words(id="written", classes="label")

    def right(self) -> Sequence[Touch]:
        """Back with it."""
        return [Touch(_("Written"), "back", kind="main", id="done")]

    def first_focus(self) -> Widget | None:
        """The main action."""
        return self.query_one("#done")

    def bed_changed(self) -> None:
        """The page stands."""
        self._show()

    def _show(self) -> None:
        if not self.stands:
            return
        self.query_one("#paper", Paper).show(self.draft.words)
        written = len(self.draft.words)
        said = _("{n} of {most} characters").format(n=written, most=LONGEST)
        self.query_one("#written", Words).show(said if written < LONGEST else _("The sheet is full."))

    def action_blank(self) -> None:
        """The space bar writes here; Enter touches."""
        self._type(" ")

    def on_key(self, event: events.Key) -> None:
        """A keyboard writes, wherever the focus is."""
        if event.key == "backspace":
            event.stop()
            self.draft.wipe_last()
            self._show()
        elif event.is_printable and event.character:
            event.stop()
            self._type(event.character)
        else:
            super().on_key(event)

    def on_paste(self, event: events.Paste) -> None:
        """A keyboard on a screen hands over whole words."""
        event.stop()
        self._type(event.text)

    def _type(self, text: str) -> None:
        self.draft.type(text)
        self._show()
