"""Notices: believed when they are genuine, of now and of an order of ours; each counts once, however often it comes."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from server.integrations.sandbox import signing
from server.integrations.sandbox.wire import NoticeBody, TradeView
from server.payments.booking import move
from server.payments.notices import fault_of
from server.payments.port import Found, Notice, Refund, RefundFound, Trade
from server.payments.rows import NOTICE as NOTICES
from tests.server.payments.contract import Told, number
from tests.server.payments.sandbox import MERCHANT
from tests.server.payments.till import TERMINAL, Till
from tests.server.wards import NOW

SKEW = timedelta(minutes=5)


def test_a_notice_credits_the_deposit(till: Till) -> None:
    """Nobody has asked; it is accepted and the money is there."""
    order = till.order()
    till.pay(order)

    assert till.take(till.notice(order))
    assert till.again(order).status == "paid"
    assert till.held() == 10_000


def test_a_thousand_copies_on_twenty_threads(till: Till) -> None:
    """Every one is answered as accepted, and the ledger has one entry."""
    order = till.order()
    till.pay(order)
    told = till.notice(order)
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: till.take(told), range(1_000)))

    assert answers == [True] * 1_000
    assert till.entries() == [("deposit_in", 10_000)]
    assert till.payments.notices.counts == {("sandbox", "accepted"): 1, ("sandbox", "duplicate"): 999}


def test_many_at_once_share_commits_and_each_counts_once(till: Till) -> None:
    """Forty payments, each told three times, a refused one among them: every deposit is there once."""
    orders = [till.order(100 + no) for no in range(40)]
    for order in orders:
        till.pay(order)
    told = [till.notice(order) for order in orders for _ in range(2)]
    told += told[::2]
    wrong = till.notice(orders[0], merchant="somebody-else")
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(till.take, [*told[:60], wrong, *told[60:]]))

    assert answers.count(True) == 120
    assert answers[60] is False
    assert sorted(till.entries()) == [("deposit_in", 100 + no) for no in range(40)]
    assert till.held() == sum(100 + no for no in range(40))
    assert {till.again(order).status for order in orders} == {"paid"}
    notices = till.payments.notices
    assert sum(notices.counts.values()) == notices.groups.items == 121
    assert notices.counts["sandbox", "merchant"] == 1


def test_a_group_does_what_each_alone_would_do(till: Till) -> None:
    """Plain payments, a second notice of one order, one after closing, a copy, an unknown order and a wrong amount."""
    orders = [till.order() for _ in range(4)]
    for order in orders:
        till.pay(order)
    till.payments.orders.providers = {}
    closed = orders[3]
    with till.ward.core.db.write() as conn:
        assert move(conn, closed.id, "close")
    plain, copied, twice, late = (till.came(till.notice(order)) for order in orders)
    other = till.came(till.notice(orders[2]))
    unknown = replace(plain, notice=replace(plain.notice, id=number(), out_trade_no=number()))
    short = replace(plain.notice.found, paid_fen=9_999)
    wrong = replace(plain, notice=replace(plain.notice, id=number(), found=short))

    group = [plain, copied, copied, twice, other, late, unknown, wrong]
    outcomes = till.payments.notices._take_all(group)

    assert outcomes == ["accepted", "accepted", "duplicate", "accepted", "accepted", "accepted", "order", "amount"]
    assert [till.again(order).late for order in orders] == [False, False, False, True]
    assert till.held() == 30_000
    assert len(till.entries()) == 4
    with till.ward.core.db.read() as conn:
        kept = dict(conn.execute(select(NOTICES.c.id, NOTICES.c.outcome)).all())
    assert kept == {came.notice.id: outcome for came, outcome in zip(group, outcomes, strict=True)} | {
        copied.notice.id: "accepted"
    }


def test_one_that_cannot_be_booked_spoils_nobody_elses(till: Till) -> None:
    """Two orders under one number of the channel: the first is paid, the second is told again, the third is paid."""
    orders = [till.order() for _ in range(3)]
    for order in orders:
        till.pay(order)
    group = [till.came(till.notice(order)) for order in orders]
    same = replace(group[1].notice.found, channel_trade_no=group[0].notice.found.channel_trade_no)
    group[1] = replace(group[1], notice=replace(group[1].notice, found=same))

    outcomes = till.payments.notices._take_all(group)

    assert [outcomes[0], outcomes[2]] == ["accepted", "accepted"]
    assert isinstance(outcomes[1], IntegrityError)
    assert [till.again(order).status for order in orders] == ["paid", "qr_ready", "paid"]
    assert till.held() == 20_000


def test_a_thousand_altered_notices(sqlite_till: Till) -> None:
    """Bits turned, bytes cut, added and exchanged, in body and signature: none is accepted, and nothing has changed."""
    order = sqlite_till.order()
    sqlite_till.pay(order)
    headers, raw = sqlite_till.notice(order)
    dice = random.Random(7)
    altered = []
    while len(altered) < 1_000:
        name = dice.choice([None, None, signing.SIGNATURE, signing.TIMESTAMP, signing.NONCE])
        before = raw if name is None else headers[name].encode()
        at = dice.randrange(len(before))
        after = dice.choice(
            [
                before[:at] + bytes([before[at] ^ (1 << dice.randrange(7))]) + before[at + 1 :],
                before[:at] + before[at + 1 :],
                before[:at] + bytes([dice.randrange(32, 127)]) + before[at:],
                before[:at],
            ]
        )
        if after != before:
            altered.append((headers, after) if name is None else (headers | {name: after.decode("latin-1")}, raw))
    answers = [sqlite_till.payments.notices.take("sandbox", *each).status for each in altered]

    assert set(answers) == {400}
    assert sqlite_till.again(order).status == "qr_ready"
    assert sqlite_till.entries() == []
    assert sqlite_till.payments.notices.counts == {("sandbox", "forged"): 1_000}


@pytest.mark.parametrize(
    ("age_s", "believed"), [(0, True), (300, True), (301, False), (-300, True), (-301, False), (86_400, False)]
)
def test_only_notices_of_now_are_believed(sqlite_till: Till, age_s: int, believed: bool) -> None:
    """Five minutes either way. A stale one is not lost: the channel is asked instead, at once."""
    order = sqlite_till.order()
    sqlite_till.pay(order)
    told = sqlite_till.notice(order, age=timedelta(seconds=age_s))

    assert sqlite_till.take(told) is believed
    assert sqlite_till.again(order).is_paid is believed
    sqlite_till.watch.look()
    assert sqlite_till.held() == 10_000


@pytest.mark.parametrize("amount_fen", [9_999, 10_001, 1, 1_000_000])
def test_another_amount_is_no_payment(sqlite_till: Till, amount_fen: int) -> None:
    """One fen less or more, genuinely signed: refused, and nothing is credited."""
    order = sqlite_till.order(10_000)
    assert not sqlite_till.take(_signed(sqlite_till, order.out_trade_no, amount_fen=amount_fen))

    assert sqlite_till.again(order).status == "qr_ready"
    assert sqlite_till.entries() == []


@pytest.mark.parametrize("wrong", [{"currency": "USD"}, {"trade_no": None}])
def test_other_money_and_no_number_are_no_payment(sqlite_till: Till, wrong: dict[str, object]) -> None:
    """Refused."""
    order = sqlite_till.order()

    assert not sqlite_till.take(_signed(sqlite_till, order.out_trade_no, **wrong))
    assert sqlite_till.entries() == []


def test_another_merchant_s_notice(sqlite_till: Till) -> None:
    """Of the same gateway, genuinely signed: refused."""
    order = sqlite_till.order()
    sqlite_till.pay(order)

    assert not sqlite_till.take(sqlite_till.notice(order, merchant="ward-2"))
    assert sqlite_till.entries() == []


def test_a_payment_that_nobody_asked_for(sqlite_till: Till) -> None:
    """Refused, and written down once for the reconciliation."""
    told = _signed(sqlite_till, number())

    assert [sqlite_till.take(told) for _ in range(2)] == [False, False]
    assert sqlite_till.entries() == []


def test_a_notice_that_is_faster_than_the_answer(sqlite_till: Till) -> None:
    """Paid before the code's own answer was written down: it is found by our number, and credited once."""
    with sqlite_till.away():
        order = sqlite_till.payments.orders.create(sqlite_till.wanted(), TERMINAL)
    sqlite_till.stage.pay(sqlite_till.stage.code_of(order.out_trade_no))

    assert sqlite_till.take(sqlite_till.notice(order))
    sqlite_till.until_calm()
    assert sqlite_till.again(order).status == "paid"
    assert sqlite_till.entries() == [("deposit_in", 10_000)]


def test_paid_after_closing_is_given_back(till: Till) -> None:
    """It is recorded, never becomes deposit, and goes back by itself; a second notice changes nothing."""
    order = till.order()
    till.pay(order)
    told = till.notice(order)
    with till.ward.db.write() as conn:
        # As after a channel that said "closed" and took the money all the same.
        conn.exec_driver_sql("UPDATE pay_order SET status = 'closed', next_look_at = NULL")

    assert till.take(told)
    assert (till.again(order).status, till.again(order).late, till.held()) == ("paid", True, 0)
    till.watch.look()
    assert till.take(till.notice(order))
    assert till.again(order).status == "refunded"
    assert till.balances() == {}
    assert [row.agreed_by for row in till.payments.refunds.of_order(order.id)] == ["system:payments"]


def test_a_second_payment_of_one_order_is_not_credited(sqlite_till: Till) -> None:
    """Under another number of the channel: refused, and left to a person."""
    order = sqlite_till.paid()

    assert not sqlite_till.take(_signed(sqlite_till, order.out_trade_no))
    assert sqlite_till.entries() == [("deposit_in", 10_000)]


FOUND = Found(Trade.PAID, "4001", 10_000, NOW)
NOTICE = Notice("n1", "payment", NOW, MERCHANT, "A1", found=FOUND)
REFUND = Notice(
    "n2", "refund", NOW, MERCHANT, "A1", out_refund_no="R1", refund=RefundFound(Refund.DONE, "5001", 100, NOW)
)


@pytest.mark.parametrize(
    ("notice", "fault"),
    [
        (NOTICE, None),
        (replace(NOTICE, kind="other", out_trade_no=""), None),
        (replace(NOTICE, found=Found(Trade.CLOSED)), None),
        (replace(NOTICE, merchant="x"), "merchant"),
        (replace(NOTICE, sent_at=NOW + SKEW + timedelta(seconds=1)), "time"),
        (replace(NOTICE, currency="HKD"), "currency"),
        (replace(NOTICE, found=None), "amount"),
        (replace(NOTICE, found=replace(FOUND, paid_fen=None)), "amount"),
        (replace(NOTICE, found=replace(FOUND, paid_fen=9_999)), "amount"),
        (replace(NOTICE, found=replace(FOUND, channel_trade_no="")), "trade"),
        (REFUND, "refund"),
    ],
)
def test_what_is_not_believed_and_why(sqlite_till: Till, notice: Notice, fault: str | None) -> None:
    """Time and merchant before the order, the order before its amount."""
    order = sqlite_till.order(10_000)

    assert fault_of(notice, merchant=MERCHANT, now=NOW, skew=SKEW, order=order, refund=None) == fault
    if fault is None and notice.kind != "other":
        assert fault_of(notice, merchant=MERCHANT, now=NOW, skew=SKEW, order=None, refund=None) == "order"


def _signed(till: Till, out_trade_no: str, **how: object) -> Told:
    paid = {"out_trade_no": out_trade_no, "state": "paid", "amount_fen": 10_000, "currency": "CNY"}
    trade = TradeView(**paid | {"trade_no": "4000000000000001", "paid_at": NOW} | how)  # type: ignore[arg-type]
    body = NoticeBody(id=number(), merchant=MERCHANT, trade=trade)
    return till.stage.signed(body.model_dump_json(exclude_none=True).encode())
