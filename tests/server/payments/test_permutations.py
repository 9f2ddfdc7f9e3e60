"""Whatever happens in whatever order, with whatever lost on the way: the same final state."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from tests.server.payments.till import CASHIER, OTHER_CASHIER, TERMINAL, Till
from wardlink.errors import Collision
from wardlink.ids import new_id

ACTS = ("notice", "query", "close", "refund")
ORDERS = list(permutations(ACTS))


def play(till: Till, acts: tuple[str, ...], *, twice: bool = False, away: tuple[str, ...] = ()) -> object:
    """An order that was paid at the gateway, then these acts, each with the gateway away where `away` says so."""
    order = till.order()
    till.pay(order)
    told, key = till.notice(order), new_id()

    def refund() -> None:
        try:
            asked = till.payments.refunds.ask(order.id, key=key, amount_fen=4_000, reason="多缴", by=CASHIER)
            till.payments.refunds.agree(asked.id, OTHER_CASHIER)
        except Collision:
            # Not known as paid while the gateway is away, or decided already: a person comes again.
            pass

    do: dict[str, Callable[[], object]] = {
        "notice": lambda: till.take(told),
        "query": lambda: till.payments.orders.look(order.id),
        "close": lambda: till.payments.orders.close(order.id, TERMINAL),
        "refund": refund,
    }
    for act in acts:
        for _ in range(2 if twice else 1):
            if act in away:
                with till.away():
                    do[act]()
            else:
                do[act]()
    till.until_calm()
    refund()
    till.until_calm()
    return till.final()


EXPECTED = {
    "orders": [
        {
            "amount_fen": 10_000,
            "status": "part_refunded",
            "paid_fen": 10_000,
            "refunded_fen": 4_000,
            "late": False,
            "fault": None,
        }
    ],
    "refunds": [(4_000, "done", None)],
    "balances": {"clearing.sandbox": 6_000, "deposit": -6_000},
    "entries": [("deposit_in", 10_000), ("deposit_refund", 4_000), ("transfer", 4_000)],
}


@pytest.mark.parametrize("acts", ORDERS, ids=" ".join)
def test_every_order_of_events(sqlite_till: Till, acts: tuple[str, ...]) -> None:
    """Notice, query, close and refund of a payment: one credit, one refund."""
    assert play(sqlite_till, acts) == EXPECTED


@pytest.mark.parametrize("acts", ORDERS[::5], ids=" ".join)
def test_everything_twice(till: Till, acts: tuple[str, ...]) -> None:
    """The same, on both engines."""
    assert play(till, acts, twice=True) == EXPECTED


@pytest.mark.parametrize("away", [*((act,) for act in ACTS), ACTS], ids="+".join)
@pytest.mark.parametrize("acts", ORDERS[::7], ids=" ".join)
def test_answers_that_never_arrive(sqlite_till: Till, acts: tuple[str, ...], away: tuple[str, ...]) -> None:
    """The gateway does what it is asked and nobody hears it: the same."""
    assert play(sqlite_till, acts, away=away) == EXPECTED
