"""What is said aloud when it comes in: orders that ask something of a nurse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cart.usecases.order_words import ASKED, what_text
from cart.usecases.orders import waiting
from cart.usecases.words import word
from wardlink.i18n import domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.ports import Board

_ = domain("cart").gettext


def announced(board: Board) -> dict[str, str]:
    """A sentence for each thing that an order asks now, by a key that stays the same while it is the same."""
    beds = {stay.id: stay for stay in board.encounters()}
    found = {}
    for order, asked in waiting(board).values():
        stay = beds[order.encounter or ""]
        said = _("bed {bed} {name}: {what} – {asked}")
        found[f"{order.id}/{asked}"] = said.format(
            bed=stay.bed, name=plain(stay.name), what=what_text(order), asked=word(ASKED, asked)
        )
    return found
