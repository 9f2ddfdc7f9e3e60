"""Orders as a nurse needs them: what she must take over, check or notice first, then what is carried out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from wardlink.clinical.order_states import DRUG_CATEGORIES
from wardlink.i18n import N_
from wardlink.messages.orders import CheckOrder, OrderView, RejectOrder
from wardlink.record.doses import DOSE
from wardlink.record.orders import ORDER, transcribers

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command
    from wardlink.messages.doses import DoseView
    from wardlink.messages.encounters import EncounterView

Asked = Literal["transcribed", "checked", "stop-seen"]

ENDED_SHOWN = timedelta(hours=24)
"""An order that has ended and was seen to stays on the list for so long."""

REJECT_REASONS = (
    N_("dose or unit is unclear"),
    N_("the patient is allergic"),
    N_("ordered twice"),
    N_("the wrong patient"),
)


@dataclass(frozen=True)
class ShownOrder:
    """An order on the list. `asked`: what a nurse must do about it; `doses`: its doses, the earliest first."""

    order: OrderView
    stay: EncounterView
    asked: Asked | None
    doses: tuple[DoseView, ...]

    @property
    def next_due_at(self) -> datetime | None:
        """When the next dose is due; None if none is planned."""
        due = [dose.due_at for dose in self.doses if dose.state == "planned" and dose.due_at is not None]
        return min(due, default=None)


def asked_of(order: OrderView) -> Asked | None:
    """What this order asks of a nurse now."""
    if order.state == "reviewed" or (order.state == "issued" and order.category not in DRUG_CATEGORIES):
        return "transcribed"
    if order.state == "transcribed":
        return "checked"
    carried_out = any(step.what == "check" and step.counted for step in order.steps)
    if order.state in ("stopped", "cancelled") and carried_out and not _stop_seen(order):
        return "stop-seen"
    return None


def may_check(order: OrderView, session: Session) -> bool:
    """Whether this nurse may be the second pair of eyes."""
    return session.actor not in transcribers(order)


def orders_of(board: Board, now: datetime, *, encounter: str | None = None) -> list[ShownOrder]:
    """The orders of a stay, those that ask for something first; of the whole ward only these."""
    stays = {stay.id: stay for stay in board.encounters()}
    doses: dict[str, list[DoseView]] = defaultdict(list)
    for dose in board.records(DOSE, encounter=encounter):
        doses[dose.order].append(dose)
    found = []
    for order in board.records(ORDER, encounter=encounter):
        stay = stays.get(order.encounter or "")
        asked = asked_of(order)
        if stay is not None and (asked or (encounter is not None and not _is_over(order, now))):
            found.append(ShownOrder(order, stay, asked, tuple(doses[order.id])))
    return sorted(found, key=lambda shown: (shown.asked is None, _rank(shown.order), shown.order.start_at))


def waiting(board: Board) -> dict[str, tuple[OrderView, Asked]]:
    """What the ward's orders ask of its nurses, by order."""
    stays = {stay.id for stay in board.encounters()}
    found = {}
    for order in board.records(ORDER):
        asked = asked_of(order)
        if asked is not None and order.encounter in stays:
            found[order.id] = (order, asked)
    return found


def check(ward: Ward, session: Session, order: OrderView, step: Asked) -> Command:
    """Take an order over, check it, or say that its end was seen."""
    body = CheckOrder(order=order.id, step=step)
    return ward.record("order.check", body, actor=session.actor, encounter=order.encounter, bed=order.bed)


def reject(ward: Ward, session: Session, order: OrderView, reason: str) -> Command:
    """Send an order back to the doctor."""
    body = RejectOrder(order=order.id, reason=reason)
    return ward.record("order.reject", body, actor=session.actor, encounter=order.encounter, bed=order.bed)


def ended_at(order: OrderView) -> datetime:
    """When an order ended, as far as its steps tell."""
    return max(_instants(order))


def _instants(order: OrderView) -> Iterable[datetime]:
    yield order.stop_at or order.issued_at
    yield from (step.at for step in order.steps)


def _is_over(order: OrderView, now: datetime) -> bool:
    ended = order.state in ("stopped", "completed", "cancelled", "rejected", "entered-in-error")
    return ended and now - ended_at(order) > ENDED_SHOWN


def _stop_seen(order: OrderView) -> bool:
    return any(step.what == "check" and step.at >= _stopped_at(order) for step in reversed(order.steps))


def _stopped_at(order: OrderView) -> datetime:
    ends = [step.at for step in order.steps if step.what in ("stop", "cancel") and step.counted]
    return max(ends, default=order.issued_at)


_RANKS = ("active", "on-hold", "issued", "stopped", "completed", "rejected", "cancelled", "entered-in-error")


def _rank(order: OrderView) -> int:
    return _RANKS.index(order.state) if order.state in _RANKS else 0
