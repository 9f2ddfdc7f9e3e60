"""Refunds: two people, never more than was paid, and the channel has the last word."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from server.money.ledger import Posting, post
from server.payments.refunds import RefundTooMuch
from tests.server.payments.till import CASHIER, OTHER_CASHIER, Till
from tests.server.wards import NOW, STAY_1
from wardlink.errors import Collision, NotAllowed, NotFound
from wardlink.ids import new_id
from wardlink.money import AmountInvalid


def ask(till: Till, order: str, amount_fen: int, key: str | None = None) -> str:
    """Ask for money back; the refund's id."""
    return till.payments.refunds.ask(order, key=key or new_id(), amount_fen=amount_fen, reason="多缴", by=CASHIER).id


@pytest.mark.parametrize(
    ("amount_fen", "status"), [(10_000, "refunded"), (1, "part_refunded"), (9_999, "part_refunded")]
)
def test_whole_or_in_part(till: Till, amount_fen: int, status: str) -> None:
    """The deposit is less by as much, the channel has given it back, and nothing is under way."""
    order = till.paid()
    refund = till.refund(order, amount_fen)

    assert (refund.status, refund.done_at) == ("done", NOW)
    assert (till.again(order).status, till.again(order).refunded_fen) == (status, amount_fen)
    assert till.held() == 10_000 - amount_fen
    assert "refunds-due" not in till.balances()


def test_nobody_agrees_with_themselves(sqlite_till: Till) -> None:
    """Nothing is sent until somebody else agrees."""
    order = sqlite_till.paid()
    refund = ask(sqlite_till, order.id, 100)
    with pytest.raises(NotAllowed):
        sqlite_till.payments.refunds.agree(refund, CASHIER)

    assert sqlite_till.payments.refunds.called(refund).status == "asked"
    assert sqlite_till.held() == 10_000


def test_declined(sqlite_till: Till) -> None:
    """The money is free again, and nobody can agree any more."""
    order = sqlite_till.paid()
    refund = ask(sqlite_till, order.id, 10_000)
    with pytest.raises(RefundTooMuch):
        ask(sqlite_till, order.id, 1)
    assert sqlite_till.payments.refunds.decline(refund, OTHER_CASHIER, "录错").status == "declined"

    with pytest.raises(Collision):
        sqlite_till.payments.refunds.agree(refund, OTHER_CASHIER)
    assert ask(sqlite_till, order.id, 10_000)


def test_sixty_and_fifty_of_a_hundred(till: Till) -> None:
    """The second is refused with what is left; forty is given back."""
    order = till.paid()
    till.refund(order, 6_000)
    with pytest.raises(RefundTooMuch) as refused:
        till.refund(order, 5_000)
    assert "40.00" in str(refused.value)
    till.refund(order, 4_000)

    assert till.again(order).status == "refunded"


def test_the_same_key_is_the_same_refund(sqlite_till: Till) -> None:
    """And another amount under it is none."""
    order, key = sqlite_till.paid(), new_id()

    assert ask(sqlite_till, order.id, 100, key) == ask(sqlite_till, order.id, 100, key)
    with pytest.raises(Collision):
        ask(sqlite_till, order.id, 101, key)


def test_two_cashiers_at_once(till: Till) -> None:
    """Twenty ask for the whole of it in one moment: one is taken."""
    order = till.paid()

    def one(_: int) -> bool:
        try:
            ask(till, order.id, 10_000)
        except RefundTooMuch:
            return False
        return True

    with ThreadPoolExecutor(20) as threads:
        taken = list(threads.map(one, range(20)))

    assert sum(taken) == 1


def test_two_agree_at_once(till: Till) -> None:
    """It is sent and booked once."""
    order = till.paid()
    refund = ask(till, order.id, 4_000)

    def agree(_: int) -> str:
        try:
            return till.payments.refunds.agree(refund, OTHER_CASHIER).status
        except Collision:
            return "decided"

    with ThreadPoolExecutor(8) as threads:
        said = sorted(threads.map(agree, range(8)))

    assert said == ["decided"] * 7 + ["done"]
    assert till.held() == 6_000


def test_what_was_not_paid_is_not_given_back(sqlite_till: Till) -> None:
    """The channel is asked first: a payment that we have not heard of counts."""
    order = sqlite_till.order()
    with pytest.raises(Collision):
        ask(sqlite_till, order.id, 100)
    sqlite_till.pay(order)

    assert ask(sqlite_till, order.id, 100)
    with pytest.raises(NotFound):
        ask(sqlite_till, new_id(), 100)


def test_what_has_been_used_is_not_given_back(sqlite_till: Till) -> None:
    """Charges came meanwhile: whoever agrees is told how much is free, and nothing is sent."""
    order = sqlite_till.paid()
    refund = ask(sqlite_till, order.id, 10_000)
    with sqlite_till.ward.db.write() as conn:
        sides = [Posting("receivable", 3_000, STAY_1), Posting("income.drug", -3_000, STAY_1)]
        post(conn, key="c1", kind="charge", at=NOW, encounter=STAY_1, actor="system", postings=sides)
    with pytest.raises(AmountInvalid) as refused:
        sqlite_till.payments.refunds.agree(refund, OTHER_CASHIER)

    assert "70.00" in str(refused.value)
    assert sqlite_till.payments.refunds.called(refund).status == "asked"
    assert sqlite_till.again(order).refunded_fen == 0


def test_an_answer_that_is_lost_is_asked_for(till: Till) -> None:
    """The channel gave it back and we did not hear it: it is not sent again under another number."""
    order = till.paid()
    with till.away():
        refund = till.refund(order, 4_000)
        assert refund.status == "sent"
        assert till.balances()["refunds-due"] == -4_000
    till.now_is_later(60)

    assert till.payments.refunds.called(refund.id).status == "done"
    assert till.stage.provider.query(order.out_trade_no)
    assert till.held() == 6_000


def test_a_slow_refund_is_followed(sqlite_till: Till) -> None:
    """Under way while the channel works on it, and done when it says so."""
    habits = sqlite_till.stage.gateway.books.habits
    sqlite_till.stage.gateway.books.habits = replace(habits, refund_takes=timedelta(hours=2))
    order = sqlite_till.paid()
    refund = sqlite_till.refund(order, 4_000)
    sqlite_till.now_is_later(7_199)
    assert sqlite_till.payments.refunds.called(refund.id).status == "sent"
    sqlite_till.until_calm()

    assert sqlite_till.payments.refunds.called(refund.id).done_at == NOW + timedelta(hours=2)
    assert sqlite_till.again(order).refunded_fen == 4_000


def test_a_refund_that_the_channel_will_not_do(till: Till) -> None:
    """It is deposit again, and somebody is told why."""
    order = till.paid()
    with till.stage.gateway.books._begin() as conn:
        # At the channel's counter somebody has given the money back by hand.
        conn.execute("INSERT INTO refund VALUES ('ward-1', ?, ?, 'x', 10000, 0, 0)", (new_id(), order.out_trade_no))
    refund = till.refund(order, 10_000)

    assert (refund.status, refund.fault) == ("refused", "too-much")
    assert till.again(order).status == "paid"
    assert till.held() == 10_000
