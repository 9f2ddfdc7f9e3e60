"""Who is at the bed's screen: what their pages show on top, when it locks, how bright it is. Below `bedside.app`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, work
from textual.app import App

from bedside.screens.base import BedScreen
from bedside.themes import DAY, NIGHT, is_night
from wardlink.i18n import domain
from wardlink.terminal.keys_in_order import KeysInOrder

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.bed import Bed
    from bedside.usecases.session import Session

_ = domain("bedside").gettext


class Presence(KeysInOrder, App[int]):
    """The part of the program that knows whether somebody is here. Every key and touch says so."""

    def __init__(self, *, is_sample: bool) -> None:
        super().__init__()
        self.is_sample = is_sample
        self.bed: Bed | None = None
        self._chosen_theme: tuple[str, str] | None = None
        self._last_touch_s = 0.0
        self.register_theme(DAY)
        self.register_theme(NIGHT)
        self.theme = DAY.name

    @property
    def page(self) -> BedScreen:
        """The page that is open."""
        return next(screen for screen in reversed(self.screen_stack) if isinstance(screen, BedScreen))

    # -- what every page shows

    def now(self) -> datetime | None:
        """The ward's time; None before the device is open."""
        return self.bed.terminal.clock.now() if self.bed else None

    def header(self, *, neutral: bool, named: bool) -> tuple[list[str], str]:
        """The top of a page; `neutral`: nothing of the patient. `named`: family who are there are named."""
        bed = self.bed
        if bed is None or bed.seen is None:
            return [_("Starting ...")], ""
        from bedside.usecases.family_words import session_text
        from bedside.usecases.frame import header

        session = None if neutral or bed.visitors else bed.session
        parts, end = header(bed.seen, bed.place, session, bed.terminal.clock.now())
        family = bed.session.family if bed.session is not None and named else None
        if family is not None and session is None:
            parts.append(session_text(family))
        return ([_("SAMPLE DATA"), *parts] if self.is_sample else parts), end

    def band_text(self) -> str:
        """What must be known before anything else is read: old data, a lock that is near."""
        bed = self.bed
        if bed is None or bed.seen is None:
            return ""
        from bedside.usecases.frame import band

        return band(bed.seen, bed.terminal.clock.now(), self._lock_in_s())

    def call_words(self, *, on_page: bool) -> tuple[str, list[str]]:
        """What stands on the Call button."""
        bed = self.bed
        if bed is None or bed.call is None or not bed.call.is_open:
            return _("Call nurse"), []
        from bedside.usecases.call_words import short_text

        label = _("Call again") if on_page or not bed.call.is_waiting else _("Call nurse")
        return label, [short_text(bed.call, bed.terminal.clock.now())]

    # -- until when somebody is here

    def lock(self, why: str) -> None:
        """Close everything that belongs to a patient."""
        bed = self.bed
        if bed is None:
            return
        if bed.session is not None:
            if why != "left":
                self._note_lock(bed, bed.session, why)
            bed.session, bed.visitors = None, False
            bed.terminal.family.act_as(None)
        self._to_bottom()

    def _to_bottom(self) -> None:
        while len(self.screen_stack) > 1:
            self.pop_screen()

    @work(thread=True, exit_on_error=False)
    def _note_lock(self, bed: Bed, session: Session, why: str) -> None:
        from bedside.usecases.session import note

        note(bed.terminal, session, "lock-bedside", why)

    def _lock_in_s(self) -> int | None:
        """Seconds until the screen locks; None on the locked screen itself."""
        bed = self.bed
        if bed is None or len(self.screen_stack) == 1:
            return None
        from bedside.usecases.session import IDLE_S

        own_s = bed.session.idle_s if bed.session is not None else IDLE_S
        idle_s = min(own_s, self.page.idle_s or IDLE_S)
        return max(0, round(idle_s - (bed.terminal.clock.monotonic_s() - self._last_touch_s)))

    async def on_event(self, event: events.Event) -> None:
        """Every key and touch says that somebody is here."""
        if isinstance(event, events.InputEvent) and not event.is_forwarded and not isinstance(event, events.MouseMove):
            self._touched()
        await super().on_event(event)

    def stay_awake(self) -> None:
        """Something has come that somebody waited for: time to read it."""
        self._touched()

    def _touched(self) -> None:
        if self.bed is not None:
            self._last_touch_s = self.bed.terminal.clock.monotonic_s()

    def _dim(self) -> None:
        """Dark in the night, unless somebody wanted it otherwise; that holds until day or night ends."""
        now = self.now()
        if now is None:
            return
        by_hour = NIGHT.name if is_night(now) else DAY.name
        if self._chosen_theme is not None and self._chosen_theme[0] != by_hour:
            self._chosen_theme = None
        self.theme = by_hour if self._chosen_theme is None else self._chosen_theme[1]
