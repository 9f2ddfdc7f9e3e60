"""What is due at the beds, read from this cart's disk, and how it is said in few cells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from wardlink.i18n import N_, domain
from wardlink.record.due.all import NEEDED
from wardlink.record.isolations import ISOLATION

if TYPE_CHECKING:
    from cart.ports import Board
    from wardlink.messages.records import RecordView
    from wardlink.record.due.due import Due

_ = domain("cart").gettext

SHORT: Mapping[str, str] = {
    "vitals": N_("vital signs"),
    "cooling": N_("temp again"),
    "round": N_("round"),
    "dose": N_("drugs"),
    "patrol": N_("infusion"),
    "bag": N_("bag empty"),
    "skin-test": N_("skin test"),
    "pain": N_("pain again"),
    "assessment": N_("assessment"),
    "reminder": N_("reminder"),
}

Records = Mapping[str, "tuple[RecordView, ...]"]


def records_by_stay(board: Board, encounter: str | None = None) -> dict[str, Records]:
    """Everything in the ward record that makes something due or puts a sign on the list, by stay and kind."""
    found: dict[str, dict[str, list[RecordView]]] = defaultdict(lambda: defaultdict(list))
    for kind in (*NEEDED, ISOLATION):
        for view in board.records(kind, encounter=encounter):
            found[view.encounter or ""][kind.name].append(view)
    return {stay: {name: tuple(views) for name, views in kinds.items()} for stay, kinds in found.items()}


def due_now(due: Iterable[Due], now: datetime) -> list[Due]:
    """What should be done by now: what is overdue first, then by its time."""
    return sorted((one for one in due if one.is_due(now)), key=lambda one: (not one.is_overdue(now), one.due_at))


def short_text(due: Iterable[Due]) -> list[str]:
    """Each kind of thing once, in few cells, with how many there are of it."""
    counts = Counter(one.code for one in due)
    return [(_(SHORT[code])) + (f"×{n}" if n > 1 else "") for code, n in counts.items()]
