"""What is done about an order after it was signed: reviewed, checked, held, stopped, taken back. Refused in words."""

from __future__ import annotations

from typing import Any

from server.actors import role_of
from server.batch import Batch
from server.identity.roles import Right, demand
from server.orders.giving import note_running
from server.orders.planning import drop, plan
from server.orders.service import doses_of
from server.record.service import record_called
from server.record.writing import fold_in
from wardlink.errors import Collision, NotFound
from wardlink.i18n import N_, gettext_of_any
from wardlink.messages.commands import Command
from wardlink.messages.order_words import STATES
from wardlink.messages.orders import OrderView, StopOrder
from wardlink.record.kind import Said
from wardlink.record.orders import ORDER, transcribers

_RIGHTS: dict[str, Right] = {
    "order.review": "order.review",
    "order.check": "order.check",
    "order.reject": "order.check",
}


class NotNow(Collision):
    """The order is not where this could be done. `state` is the message id of where it is."""

    sentence = N_("This cannot be done with an order that is {state}.")

    def spoken(self) -> dict[str, object]:
        """The values of the sentence, with the state in words."""
        return self.params | {"state": gettext_of_any(str(self.params["state"]))}


_ENDED = frozenset({"stopped", "cancelled", "entered-in-error", "rejected"})


def act(batch: Batch, command: Command, body: Any) -> int:
    """Do it, and make or take back the doses that follow from it.

    Raises:
        NotFound: there is no such order.
        Collision: the order is not where this could be done; says where it is.
    """
    found = record_called(batch.conn, ORDER, body.order)
    if found is None:
        raise NotFound(what="order", name=body.order)
    order = found[1]
    demand_right(batch, command, _RIGHTS.get(command.kind, "order.write"))
    _check(batch, order, command, body)
    folded = fold_in(batch, ORDER, command, body)
    if folded.after is not None:
        if folded.after.state in _ENDED:
            drop(batch, folded.after, folded.resident)
            note_running(batch, command, folded.after, folded.ward)
        plan(batch, folded.after, folded.resident)
    return folded.seq


def demand_right(batch: Batch, command: Command, right: Right) -> None:
    """Refuse what the actor may not do. A cart says who acts; whether they may is known here.

    Raises:
        NotAllowed: they may not.
    """
    role = role_of(batch, command.actor.id)
    if command.actor.kind == "staff" and role is not None:
        demand(role, right)


def _check(batch: Batch, order: OrderView, command: Command, body: Any) -> None:
    if command.kind == "order.check" and body.step == "checked" and command.actor in transcribers(order):
        raise Collision(N_("The nurse who took the order over cannot check it as well. Another nurse must."))
    if isinstance(body, StopOrder) and body.stop_at < order.start_at:
        raise Collision(N_("The order had not started then."))
    if command.kind == "order.cancel" and _was_given(batch, order):
        raise Collision(N_("Something of this order was given; it can be stopped, but not taken back."))
    after = ORDER.fold(order, Said(command, body))
    only_seen = command.kind == "order.check" and body.step == "stop-seen"
    if after is None or (after.state == order.state and not only_seen):
        raise NotNow(state=STATES[order.state])


def _was_given(batch: Batch, order: OrderView) -> bool:
    return any(dose.givings() for dose in doses_of(batch.conn, order))
