"""Deposits: what came, what went back, and what may go back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from server.db import Database
from server.money.accounts import REFUNDS_DUE, SUSPENSE, clearing
from server.money.deposits import (
    available,
    deposit_in,
    deposit_refund,
    held,
    refund_done,
    refund_failed,
    refundable,
    unwanted_in,
)
from server.money.ledger import Posting, balance, post
from tests.server.money.books import AT, CASHIER, check_books
from tests.server.wards import STAY_1, STAY_2, SmallWard
from wardlink.errors import Collision, NotFound
from wardlink.ids import new_id
from wardlink.money import MONEY_MAX, AmountInvalid


def pay(conn: Connection, amount_fen: int, *, key: str = "in", channel: str = "cash", encounter: str = STAY_1) -> bool:
    """A deposit comes in."""
    return deposit_in(conn, encounter=encounter, amount_fen=amount_fen, channel=channel, key=key, at=AT, actor=CASHIER)


def give_back(conn: Connection, amount_fen: int, *, key: str = "out", channel: str = "cash") -> bool:
    """Part of it goes back."""
    return deposit_refund(conn, encounter=STAY_1, amount_fen=amount_fen, channel=channel, key=key, at=AT, actor=CASHIER)


def use(conn: Connection, amount_fen: int) -> None:
    """Something is charged."""
    postings = [Posting("receivable", amount_fen, STAY_1), Posting("income.drug", -amount_fen, STAY_1)]
    post(conn, key=new_id(), kind="charge", at=AT, encounter=STAY_1, actor=CASHIER, postings=postings)


def test_a_deposit_belongs_to_one_stay(ward: SmallWard) -> None:
    """Paid once under its key; another stay has nothing of it."""
    with ward.db.write() as conn:
        assert [pay(conn, 500_000), pay(conn, 500_000)] == [True, False]

        assert (available(conn, STAY_1), available(conn, STAY_2)) == (500_000, 0)
        assert balance(conn, clearing("cash")) == 500_000


def test_what_is_used_is_not_available(ward: SmallWard) -> None:
    """Below zero when more was used than paid; what an insurance is expected to pay is not the patient's."""
    with ward.db.write() as conn:
        pay(conn, 100_000)
        use(conn, 130_000)

        assert available(conn, STAY_1) == -30_000
        assert available(conn, STAY_1, from_insurance_fen=90_000) == 60_000
        assert held(conn, STAY_1) == 100_000


@pytest.mark.parametrize(("first", "second", "refused"), [(6_000, 4_000, False), (6_000, 4_001, True)])
def test_no_more_goes_back_than_came(ward: SmallWard, first: int, second: int, refused: bool) -> None:
    """The last fen may, one more may not (ward domain sheet 7.6: 60 and 50 of 100)."""
    with ward.db.write() as conn:
        pay(conn, 10_000)
        give_back(conn, first)
        if refused:
            with pytest.raises(AmountInvalid):
                give_back(conn, second, key="out-2")
        else:
            give_back(conn, second, key="out-2")

        assert held(conn, STAY_1) == 10_000 - first - (0 if refused else second)


def test_what_is_used_does_not_go_back(ward: SmallWard) -> None:
    """Only what is left."""
    with ward.db.write() as conn:
        pay(conn, 10_000)
        use(conn, 3_000)
        with pytest.raises(AmountInvalid):
            give_back(conn, 7_001)

        assert give_back(conn, 7_000)


def test_a_refund_sent_again_is_no_second_refund(ward: SmallWard) -> None:
    """Also when nothing is left that could go back."""
    with ward.db.write() as conn:
        pay(conn, 10_000)

        assert [give_back(conn, 10_000), give_back(conn, 10_000)] == [True, False]


def test_through_a_channel_a_refund_is_under_way_until_it_is_done(ward: SmallWard) -> None:
    """It cannot be spent meanwhile; the channel's books change when the channel says so."""
    how: Any = {"encounter": STAY_1, "amount_fen": 4_000, "at": AT, "actor": CASHIER}
    with ward.db.write() as conn:
        pay(conn, 10_000, channel="wechat")
        give_back(conn, 4_000, channel="wechat")
        under_way = (held(conn, STAY_1), balance(conn, REFUNDS_DUE, STAY_1), balance(conn, clearing("wechat")))
        done = [refund_done(conn, channel="wechat", key="done", **how) for _ in range(2)]
        with pytest.raises(Collision):
            refund_done(conn, channel="wechat", key="done-2", **how)

        assert under_way == (6_000, -4_000, 10_000)
        assert done == [True, False]
        assert (balance(conn, REFUNDS_DUE, STAY_1), balance(conn, clearing("wechat"))) == (0, 6_000)


def test_a_refund_that_failed_is_deposit_again(ward: SmallWard) -> None:
    """Once, however often the channel says it."""
    how: Any = {"encounter": STAY_1, "amount_fen": 4_000, "at": AT, "actor": CASHIER, "key": "failed"}
    with ward.db.write() as conn:
        pay(conn, 10_000, channel="wechat")
        give_back(conn, 4_000, channel="wechat")

        assert [refund_failed(conn, **how), refund_failed(conn, **how)] == [True, False]
        assert held(conn, STAY_1) == 10_000


def test_what_came_after_closing_is_no_deposit(ward: SmallWard) -> None:
    """It goes back; what came for nobody waits for a person."""
    how: Any = {"amount_fen": 500, "channel": "alipay", "at": AT, "actor": CASHIER}
    with ward.db.write() as conn:
        unwanted_in(conn, encounter=STAY_1, key="late", **how)
        unwanted_in(conn, encounter=None, key="whose", **how)

        assert (held(conn, STAY_1), refundable(conn, STAY_1)) == (0, 0)
        assert (balance(conn, REFUNDS_DUE, STAY_1), balance(conn, SUSPENSE)) == (-500, -500)


@pytest.mark.parametrize("amount", [0, -1, -MONEY_MAX, MONEY_MAX + 1, 1.5, True])
def test_what_is_no_amount_is_refused(ward: SmallWard, amount: Any) -> None:
    """Nothing, below nothing, beyond reason, a fraction."""
    with ward.db.write() as conn:
        with pytest.raises(AmountInvalid):
            pay(conn, amount)
        with pytest.raises(AmountInvalid):
            give_back(conn, amount)

        check_books(conn)


def test_a_stay_that_is_none_has_no_money(ward: SmallWard) -> None:
    """It is said in words, and nothing is written."""
    with ward.db.write() as conn, pytest.raises(NotFound):
        pay(conn, 100, encounter=new_id())


def test_two_cashiers_at_once_cannot_give_back_twice(ward: SmallWard) -> None:
    """Each on a server process of its own: the second one sees what the first has done."""
    with ward.db.write() as conn:
        pay(conn, 10_000)

    def one(key: str) -> bool:
        own = Database(ward.db.url)
        try:
            with own.write() as conn:
                return give_back(conn, 6_000, key=key)
        except AmountInvalid:
            return False
        finally:
            own.close()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(one, ["a", "b", "c", "d"]))

    assert sum(done) == 1
    with ward.db.read() as conn:
        assert held(conn, STAY_1) == 4_000


MOVES = st.lists(st.tuples(st.sampled_from(["in", "out", "use"]), st.integers(1, 1_000)), max_size=12)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_no_walk_gives_back_more_than_is_left(ward: SmallWard, moves: list[tuple[str, int]]) -> None:
    """Deposits, refunds and charges in any order: what is left is their sum, and a refund never goes below it."""
    with ward.db.write() as conn:
        left, kept = available(conn, STAY_1), held(conn, STAY_1)
        for what, amount in moves:
            if what == "use":
                use(conn, amount)
                left -= amount
            elif what == "in":
                pay(conn, amount, key=new_id())
                left, kept = left + amount, kept + amount
            elif amount <= min(left, kept):
                give_back(conn, amount, key=new_id())
                left, kept = left - amount, kept - amount
            else:
                with pytest.raises(AmountInvalid):
                    give_back(conn, amount, key=new_id())

        assert (available(conn, STAY_1), held(conn, STAY_1)) == (left, kept)
        check_books(conn)
