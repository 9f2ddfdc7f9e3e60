"""The presence code: shown while a nurse scans it, new every minute, and gone by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.containers import Container
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.usecases.presence import code_text
from bedside.widgets.code import Code
from bedside.widgets.header import Header
from bedside.widgets.words import Words
from wardlink.i18n import domain

_ = domain("bedside").gettext

STAYS_S = 180.0
"""After that the locked page comes back: a code nobody scans need not stand there."""

_BESIDE = 16
"""Cells for the words beside a code, in a low window."""


class PresenceScreen(BedScreen):
    """A code and a sentence. It names nobody, so nobody needs to sign in for it."""

    needs_session: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._begun_s: float | None = None

    def body(self) -> Iterable[Widget]:
        """What to do, and the code."""
        yield Container(Words(id="presence-words", classes="centred"), Code(id="presence-code"), id="presence")

    def first_focus(self) -> Widget | None:
        """The way back."""
        return self.query_one("#back")

    def bed_changed(self) -> None:
        """Another patient may lie here."""
        self._show()

    def on_resize(self) -> None:
        """It may fit now, or no longer."""
        self.call_after_refresh(self._show)

    async def speak_anew(self) -> None:
        """Whether the code fits is known when the page stands again."""
        await super().speak_anew()
        self.call_after_refresh(self._show)

    def tick(self) -> None:
        """A new code when the minute is over."""
        super().tick()
        bed = self.bedside.bed
        if bed is None:
            return
        now_s = bed.terminal.clock.monotonic_s()
        self._begun_s = now_s if self._begun_s is None else self._begun_s
        if now_s - self._begun_s >= STAYS_S:
            self.leave()
        else:
            self._show()

    def _show(self) -> None:
        bed = self.bedside.bed
        if bed is None or not self.stands:
            return
        text = code_text(bed.terminal, bed.place)
        code, words, header = self.query_one(Code), self.query_one("#presence-words", Words), self.query_one(Header)
        # In a low window the code needs the rows of the header; whether it fits is known when they are free.
        is_low = self.has_class("-short")
        is_seen = not (text and is_low)
        if header.display != is_seen:
            header.display = is_seen
            self.call_after_refresh(self._show)
        code.show(text or "")
        body = self.query_one("#body").size
        room = body - (_BESIDE, 0) if is_low else body - (0, 1)
        code.fit(room)
        code.display = bool(text) and code.fits(room)
        if text is None:
            words.show(_("No patient is booked into this bed."))
        elif code.display:
            words.show(_("For the nurse: scan this code. It changes every minute."))
        else:
            words.show(_("The code does not fit on this screen. The nurse scans the wristband."))
