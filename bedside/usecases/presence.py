"""The code that a nurse's cart scans: that somebody stands before this screen now. Names nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardlink.codes.presence import presence_key, presence_now

if TYPE_CHECKING:
    from bedside.ports import Place, Terminal


def code_text(terminal: Terminal, place: Place) -> str | None:
    """The code of this minute; None where nobody lies here, or the ward is not known yet."""
    board = terminal.replica
    stay, log = board.encounter_in(place.bed), board.log
    if stay is None or log is None:
        return None
    return presence_now(presence_key(log), stay.ward, stay.bed, stay.id, terminal.clock.now()).text()
