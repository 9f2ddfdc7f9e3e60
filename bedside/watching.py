"""The bed goes on behind the pages: what the device says is read in a worker and shown. Below `bedside.app`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.worker import Worker, WorkerState

from bedside.presence import Presence
from bedside.screens.base import BedScreen
from wardlink.errors import WardlinkError
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.bed import Bed
    from bedside.usecases.frame import Seen
    from wardlink.device import DeviceEvent
    from wardlink.terminal.rubbish import Rubbish

_ = domain("bedside").gettext

log = logging.getLogger(__name__)

GATHER_S = 0.2
"""Changes that come within so long of each other are shown together."""


class Watching(Presence):
    """The part of the program that keeps its pages in step with the bed."""

    class DeviceSaid(Message):
        """Something happened behind the screen; comes from the device's threads."""

        def __init__(self, event: DeviceEvent) -> None:
            super().__init__()
            self.event = event

    class Looked(Message):
        """How the bed stands now."""

        def __init__(self, seen: Seen) -> None:
            super().__init__()
            self.seen = seen

    class Wiped(Message):
        """A patient has left, and what was here of them is gone; or it could not be wiped yet."""

    def __init__(self, *, is_sample: bool, rubbish: Rubbish | None = None) -> None:
        super().__init__(is_sample=is_sample)
        self._rubbish = rubbish
        self._gathering = False
        self._wiping = False
        self._asked: tuple[str, bool] | None = None

    @on(DeviceSaid)
    def _device_said(self, said: DeviceSaid) -> None:
        if self.bed is not None and not self._gathering:
            self._gathering = True
            self.set_timer(GATHER_S, self._gathered)

    def _gathered(self) -> None:
        self._gathering = False
        self._look()

    def _tick(self) -> None:
        bed = self.bed
        # The clock still ticks while the pages are taken down.
        if bed is None or not self.is_running:
            return
        self._dim()
        self._look()
        self.page.tick()
        if self._rubbish is not None:
            self._rubbish.look(bed.terminal.clock.monotonic_s(), self._last_touch_s)
        if self._lock_in_s() == 0:
            self.lock("idle")

    @work(thread=True, exclusive=True, group="look", exit_on_error=False)
    def _look(self) -> None:
        bed = self.bed
        if bed is not None:
            from bedside.usecases.frame import look

            self.post_message(self.Looked(look(bed.terminal, bed.place, bed.session, bed.press)))

    @on(Looked)
    def _looked(self, looked: Looked) -> None:
        bed, seen = self.bed, looked.seen
        if bed is None or (bed.seen is not None and seen.read_at_s < bed.seen.read_at_s):
            return
        is_new = bed.seen is None or seen.shown != bed.seen.shown
        bed.seen = seen
        if bed.session is not None and (seen.ended == bed.session.encounter or bed.session.encounter in seen.departed):
            self.lock("left")
        if bed.session is not None and not seen.has_consent:
            self.lock("consent")
            self.notify(_("The consent for family is over. The screen is closed."), timeout=30, markup=False)
        if seen.departed and not self._wiping:
            self._wiping = True
            self._wipe()
        for screen in self.screen_stack:
            if isinstance(screen, BedScreen):
                screen.show_frame()
                if is_new:
                    screen.bed_changed()
        self._show_asked(bed, seen)

    def _show_asked(self, bed: Bed, seen: Seen) -> None:
        """A dose that a nurse begins with here comes to the front: whole for the patient, else without a name in it."""
        from wardlink.record.dose_asks import waiting_ask

        ask = waiting_ask(seen.asks, bed.terminal.clock.now())
        may_read = bed.session is not None and not bed.visitors and bed.session.may("patient")
        if ask is None or self._asked == (ask.id, may_read) or self.page.keeps_front:
            return
        from bedside.screens.dose_ask import DoseAskScreen, DoseWaitsScreen

        self._asked = ask.id, may_read
        if isinstance(self.page, DoseAskScreen | DoseWaitsScreen):
            self.pop_screen()
        self.stay_awake()
        self.push_screen(DoseAskScreen(ask.id) if may_read else DoseWaitsScreen(ask.id))

    @work(thread=True, exit_on_error=False)
    def _wipe(self) -> None:
        bed = self.bed
        try:
            if bed is not None:
                from bedside.usecases.session import forget_departed

                forget_departed(bed.terminal)
        finally:
            self.post_message(self.Wiped())

    @on(Wiped)
    def _wiped(self) -> None:
        self._wiping = False
        if self.bed is not None:
            self.bed.press = None
            self.bed.halfway = None
        self._look()

    def show_failure(self, error: BaseException) -> None:
        """Say that something that was done in the background has failed."""
        log.error("a worker failed", exc_info=error)
        said = error if isinstance(error, WardlinkError) else WardlinkError()
        self.notify(said.text(), severity="error", timeout=60, markup=False)

    @on(Worker.StateChanged)
    def _worker_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.show_failure(event.worker.error)
