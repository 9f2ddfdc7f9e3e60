"""A page on which something is typed that lets somebody in: what is asked, what was typed, what is wrong, the keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.widgets.pad import Pad
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.errors import WardlinkError
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.usecases.session import Session

_ = domain("bedside").gettext

LOW_ROWS = 22


class PadPage(BedScreen):
    """Names nobody. `key_text`: what stands on a key of the pad."""

    needs_session: ClassVar[bool] = False
    keeps_front: ClassVar[bool] = True

    class Came(Message):
        """Somebody was let in."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    class Refused(Message):
        """Nobody was let in."""

        def __init__(self, error: WardlinkError) -> None:
            super().__init__()
            self.error = error

    def __init__(self) -> None:
        super().__init__()
        self._error: WardlinkError | None = None
        self._busy = False

    def body(self) -> Iterable[Widget]:
        """What is asked, what was typed, the keys."""
        yield Words(id="asked")
        yield Words(id="typed", classes="centred")
        yield Words(id="said")
        yield Container(Pad(self.key_text, id="pad"), id="pad-place")

    def right(self) -> Sequence[Touch]:
        """On, or in."""
        return [Touch(_("Next"), "next", kind="main", id="next")]

    def first_focus(self) -> Widget | None:
        """The first key of the pad."""
        return next(iter(self.query("#pad Touch")), None)

    def on_resize(self) -> None:
        """More or less room."""
        self.show_typed()

    def key_text(self, key: str) -> str:
        """What stands on this key."""
        raise NotImplementedError

    def show_typed(self) -> None:
        """Show what was typed so far, by `show_page`."""
        raise NotImplementedError

    def show_page(self, asked: str, typed: str, trouble: str, on: str) -> None:
        """Show these words; `trouble`: what is wrong, or nothing; `on`: what the main field does."""
        trouble = "" if self._busy else trouble
        # In a low window the keys need the room: what went wrong takes the place of the question.
        question, said = self.query_one("#asked", Words), self.query_one("#said", Words)
        question.display = not trouble or self.size.height >= LOW_ROWS
        question.show(asked)
        self.query_one("#typed", Words).show(f"{typed}▏")
        said.show(_("Checking ...") if self._busy else trouble)
        said.set_class(bool(trouble), "-trouble")
        self.query_one("#next", Touch).show(on)
        self.query_one(Pad).relabel()
