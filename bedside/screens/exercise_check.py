"""Before an exercise: what the record says against it, or what only the patient and the nurse know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.wellness import ask_texts, breathing, movements, refusal, stop_text
from wardlink.i18n import domain

if TYPE_CHECKING:
    from wardlink.clinical.wellness import State

_ = domain("bedside").gettext


class ExerciseCheckScreen(BedScreen):
    """No exercise begins without this page."""

    is_private: ClassVar[bool] = True

    def __init__(self, kind: str, state: State, *, against: str | None = None) -> None:
        """`against`: what else is known that speaks against it."""
        super().__init__()
        self._kind, self._state = kind, state
        self._refusal = refusal(state) or against

    def body(self) -> Iterable[Widget]:
        """Why not now; or everything that must not be."""
        if self._refusal is not None:
            yield Words(_("Not now"), classes="title")
            yield Words(self._refusal, classes="prose")
            return
        yield Words(_("First: is any of these true for you?"), classes="title")
        points = [Words(f"· {text}", classes="point") for text in self.asks()]
        yield VerticalScroll(*points, Words(stop_text(), classes="point stop"), id="rows", can_focus=False)

    def asks(self) -> tuple[str, ...]:
        """What the patient says no to before beginning."""
        return ask_texts()

    def right(self) -> Sequence[Touch]:
        """Only where nothing is known against it."""
        if self._refusal is not None:
            return []
        return [
            Touch(_("Read on"), "on", id="on"),
            Touch(_("None, begin"), "begin", notes=[_("my nurse agrees")], kind="main", id="begin"),
        ]

    def first_focus(self) -> Widget | None:
        """Beginning, or the way back."""
        return self.query_one("#back")

    def bed_changed(self) -> None:
        """Whether there is more to read than fits."""
        self.call_after_refresh(self._show_on)

    async def on_resize(self) -> None:
        """Other lines fit."""
        self.call_after_refresh(self._show_on)

    def _show_on(self) -> None:
        if self.stands and self._refusal is None:
            rows = self.query_one("#rows", VerticalScroll)
            more = rows.max_scroll_y > 0 and rows.scroll_y < rows.max_scroll_y
            self.query_one("#on").display = more
            self.query_one("#begin").display = not more

    def do_on(self) -> None:
        """The next lines."""
        rows = self.query_one("#rows", VerticalScroll)
        rows.scroll_to(y=rows.scroll_y + max(1, rows.size.height - 1), animate=False)
        self.call_after_refresh(self._show_on)

    def do_begin(self) -> None:
        """The patient has read it all, and says no to all of it."""
        self.app.switch_screen(self.begun())

    def begun(self) -> BedScreen:
        """The page of the exercise itself."""
        from bedside.screens.exercise import ExerciseScreen

        lessons = movements() if self._kind == "baduanjin" else (breathing(),)
        return ExerciseScreen(lessons, self._state)
