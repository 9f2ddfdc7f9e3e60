"""Another amount than those that are offered: whole yuan, by the pad."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.containers import Container
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.usecases.paying import IDLE_S, MOST_DIGITS, typed_fen
from bedside.widgets.pad import DELETE, OTHER, Pad
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

_ = domain("bedside").gettext


class PayAmountScreen(BedScreen):
    """`take` is told the amount in fen, if one is typed."""

    is_private: ClassVar[bool] = True
    idle_s: ClassVar[float | None] = IDLE_S

    def __init__(self, take: Callable[[int], None]) -> None:
        super().__init__()
        self._take = take
        self._digits = ""

    def body(self) -> Iterable[Widget]:
        """What was typed, and the keys."""
        yield Words(_("How many yuan?"), id="asked")
        yield Words(id="typed", classes="centred")
        yield Container(Pad(self._key_text, id="pad"), id="pad-place")

    def right(self) -> Sequence[Touch]:
        """On to the code."""
        return [Touch(_("Next"), "next", kind="main", id="next")]

    def begin(self) -> None:
        """Nothing typed yet."""
        self._show()

    async def speak_anew(self) -> None:
        """What was typed stays."""
        await super().speak_anew()
        self._show()

    def first_focus(self) -> Widget | None:
        """The first key."""
        return next(iter(self.query("#pad Touch")), None)

    def do_key(self, key: str) -> None:
        """A key of the pad."""
        if key == DELETE:
            self._digits = self._digits[:-1]
        else:
            self._digits = (self._digits + ("00" if key == OTHER else key)).lstrip("0")[:MOST_DIGITS]
        self._show()

    def on_key(self, event: events.Key) -> None:
        """A keyboard works as well."""
        if event.key in ("backspace", "delete"):
            event.stop()
            self.do_key(DELETE)
        elif event.character and event.character in "0123456789":
            event.stop()
            self.do_key(event.character)
            self.query_one("#next").focus()
        else:
            super().on_key(event)

    def do_next(self) -> None:
        """This much."""
        found = typed_fen(self._digits)
        if found is not None:
            self.leave()
            self._take(found)

    def _show(self) -> None:
        if self.stands:
            self.query_one("#typed", Words).show(_("{digits} yuan").format(digits=f"{self._digits}▏"))

    @staticmethod
    def _key_text(key: str) -> str:
        return _("Delete") if key == DELETE else "00" if key == OTHER else key
