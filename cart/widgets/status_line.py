"""The line on top of every screen: who is where, and whether what is typed here gets through."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from wardlink.clock import ward_time
from wardlink.i18n import domain
from wardlink.terminal.cells import clip, width

if TYPE_CHECKING:
    from wardlink.device import SyncStatus

_ = domain("cart").gettext

CLOCK_TOLERANCE_S = 60.0
"""A machine clock that is further off than this is shown as a warning; what is typed still gets the ward's time."""


class StatusLine(Widget):
    """Left: ward, cart, nurse. Right: connection, last sync, unsent, refused, clock."""

    DEFAULT_CSS = """
    StatusLine { height: 1; background: #16324a; color: #f0f3f6; }
    StatusLine > .status-line--good { color: #87e087; text-style: bold; }
    StatusLine > .status-line--warn { color: #ffd75f; text-style: bold; }
    StatusLine > .status-line--alarm { color: #ffffff; background: #a01818; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"status-line--good", "status-line--warn", "status-line--alarm"}

    def __init__(self) -> None:
        super().__init__()
        self._where = ""
        self._status: SyncStatus | None = None

    def show(self, where: str, status: SyncStatus | None) -> None:
        """Say this from now on."""
        if (where, status) != (self._where, self._status):
            self._where, self._status = where, status
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The line."""
        base = self.rich_style
        words = state_words(self._status, self.size.width, width(self._where))
        right = [Segment(" " + text + " ", self._ink(tone)) for text, tone in words]
        room = self.size.width - sum(segment.cell_length for segment in right) - 1
        left = Segment(" " + clip(self._where, room), base)
        gap = Segment(" " * max(0, room + 1 - left.cell_length), base)
        return Strip([left, gap, *right]).apply_style(base).adjust_cell_length(self.size.width, base)

    def _ink(self, tone: str) -> Style:
        return self.get_component_rich_style(f"status-line--{tone}") if tone else self.rich_style


def state_words(status: SyncStatus | None, columns: int, left: int = 0) -> list[tuple[str, str]]:
    """The right half of a line of `columns` cells, each word with its tone (`good`, `warn`, `alarm` or none).

    Where it does not fit beside the `left` cells of the other half, what is in order gives way, what is not stays:
    first the seconds, then a clock that is right, then that nothing was refused, then the instant of the last sync.
    """
    if status is None:
        return [(_("opening ..."), "warn")]
    is_far = status.clock_offset_s is not None and abs(status.clock_offset_s) > CLOCK_TOLERANCE_S
    is_wide = columns >= 110
    connection = [_connection(status)]
    with_seconds, to_the_minute = [(_synced(status.synced_at, wide), "") for wide in (True, False)]
    unsent = [(_("unsent {n}").format(n=status.outbox), "warn" if status.outbox else "")]
    refused = [(_("refused {n}").format(n=status.refused), "alarm" if status.refused else "")]
    clock = [(_clock(status.clock_offset_s), "warn" if is_far else "")]
    grave_refused, grave_clock = refused if status.refused else [], clock if is_far else []
    tried = [
        [*connection, with_seconds, *unsent, *refused, *clock],
        [*connection, to_the_minute, *unsent, *refused, *clock],
        [*connection, to_the_minute, *unsent, *refused, *grave_clock],
        [*connection, to_the_minute, *unsent, *grave_refused, *grave_clock],
        [*connection, *unsent, *grave_refused, *grave_clock],
    ]
    room = columns - left - 2
    fitting = (words for words in tried[0 if is_wide else 2 :] if sum(width(text) + 2 for text, _ in words) <= room)
    return next(fitting, tried[-1])


def _clock(offset_s: float | None) -> str:
    return _("clock {offset}").format(offset="—" if offset_s is None else f"{offset_s:+.1f} s")


def _connection(status: SyncStatus) -> tuple[str, str]:
    if status.credential_refused:
        return _("✕ this cart is not known to the server"), "alarm"
    if status.online and status.server_alive:
        return _("● online"), "good"
    if status.online:
        return _("◐ server does not answer"), "warn"
    return _("○ offline"), "warn"


def _synced(at: datetime | None, is_wide: bool) -> str:
    if at is None:
        return _("never synced")
    return _("synced {at}").format(at=ward_time(at).strftime("%H:%M:%S" if is_wide else "%H:%M"))
