"""Asking the patient at the bed about a dose: shown on the bed's screen, answered there, and never waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardlink.i18n import domain
from wardlink.messages.dose_asks import AskDose, EndDoseAsk

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.medication import BedRound, Due
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command
    from wardlink.messages.dose_asks import DoseAskView

_ = domain("cart").gettext


def ask(ward: Ward, session: Session, bed: BedRound, line: Due) -> Command | None:
    """Show this dose to the patient. None: the network is away, and nobody at the bed is asked.

    Raises:
        StoreFailed: this cart's disk did not take it; nobody was asked.
    """
    status, order = ward.status(), line.order
    if not (status.online and status.server_alive):
        return None
    body = AskDose(
        order=line.order_id,
        dose=line.dose.id if line.dose is not None else None,
        items=line.items,
        route=order.route if order is not None else None,
        indication=order.indication if order is not None else None,
    )
    return ward.record("dose-ask.ask", body, actor=session.actor, encounter=bed.stay.id, bed=bed.stay.bed)


def open_of(bed: BedRound, session: Session) -> list[DoseAskView]:
    """What this nurse has asked here and nobody has answered."""
    return [ask for ask in bed.asks if ask.answer is None and ask.ended_at is None and ask.by == session.actor]


def end(ward: Ward, session: Session, bed: BedRound) -> None:
    """The nurse leaves: nothing that she asked stays on the bed's screen."""
    for left in open_of(bed, session):
        ward.record(
            "dose-ask.end", EndDoseAsk(ask=left.id), actor=session.actor, encounter=bed.stay.id, bed=bed.stay.bed
        )


def newest(bed: BedRound, line: Due) -> DoseAskView | None:
    """What was asked last about this line."""
    dose = line.dose.id if line.dose is not None else None
    found = [ask for ask in bed.asks if ask.dose == dose and (dose is not None or ask.order == line.order_id)]
    return max(found, key=lambda ask: (ask.asked_at, ask.id), default=None)


def state_of(bed: BedRound, line: Due, *, unasked: bool) -> tuple[str, str] | None:
    """What the patient says of this dose, in words and in a tone (`grave`, `warn`, `good`, `dim`); None: not asked.

    `unasked`: the network was away when it began.
    """
    found = newest(bed, line)
    if found is not None and found.answer == "query":
        return _(
            "✖ The patient has a question about this dose. ! shows it; close it there when it is dealt with."
        ), "grave"
    if found is not None and found.answer == "yes":
        return _("✓ The patient says: yes"), "good"
    if unasked or (found is not None and found.id in bed.unsent_asks):
        return _("□ No network: the patient could not be asked on the bed's screen. Ask aloud."), "warn"
    if found is not None and found.ended_at is None:
        return _("Shown to the patient on the bed's screen; no answer yet."), "dim"
    return None
