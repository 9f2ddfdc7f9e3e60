"""Days of a channel in the database: what is written, what waits, what settles, and what is never touched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from server.money.deposits import held
from server.payments.port import BillNotReady, ChannelAway, Found, Trade
from server.payments.rows import ORDER
from server.reconcile.clock import ReconcileClock
from server.reconcile.rows import differences
from server.reconcile.service import Reconciliation
from tests.server.reconcile.books_of_a_day import (
    AT,
    ON,
    PaperChannel,
    found,
    line,
    order,
    pay_later,
    refund,
)
from tests.server.wards import STAY_1, SmallWard

NEXT = ON + timedelta(days=1)
LATE = datetime(2026, 11, 24, 15, 59, 58, tzinfo=UTC)
"""Two seconds before the ward's midnight."""


@pytest.fixture
def channel() -> PaperChannel:
    """A channel with an empty bill."""
    return PaperChannel()


@pytest.fixture
def days(ward: SmallWard, channel: PaperChannel) -> Reconciliation:
    """The channel's bills against the small ward's books."""
    return Reconciliation(ward.core, {"wechat": channel})


def test_three_paid_one_theirs_one_amount(ward: SmallWard, channel: PaperChannel, days: Reconciliation) -> None:
    """Five lines, two exceptions; the sums and the settlement to the fen."""
    for number in ("a", "b", "c", "d"):
        order(ward.db, number)
    channel.rows[ON] = [line(number) for number in ("a", "b", "c")] + [line("d", 9_999), line("x", 500)]

    run = days.run("wechat", ON)

    assert (run.status, run.lines, run.matched) == ("done", 5, 3)
    assert found(ward.db) == [("amount_diff", "d", "open"), ("channel_only", "x", "open")]
    assert (run.income_fen, run.our_income_fen) == (40_499, 40_000)
    assert run.settlement_fen == run.income_fen - run.refund_fen - run.fee_fen == 40_499 - 404


def test_the_same_day_again_writes_nothing_new(ward: SmallWard, channel: PaperChannel, days: Reconciliation) -> None:
    """However often it is compared."""
    order(ward.db, "a")
    channel.rows[ON] = [line("a", 9_000), line("x")]
    runs = [days.run("wechat", ON) for _ in range(3)]

    assert [run.tries for run in runs] == [1, 2, 3]
    assert found(ward.db) == [("amount_diff", "a", "open"), ("channel_only", "x", "open")]


def test_refunds_stand_on_the_day_they_were_sent(ward: SmallWard, channel: PaperChannel, days: Reconciliation) -> None:
    """Done days later, as refunds to bank cards are."""
    of = order(ward.db, "a", status="part_refunded")
    refund(ward.db, of, "r1", 4_000)
    channel.rows[ON] = [line("a"), line("r1", 4_000, refund_of="a")]

    run = days.run("wechat", ON)

    assert (run.matched, run.refund_fen, run.our_refund_fen, found(ward.db)) == (2, 4_000, 4_000, [])


def test_what_is_ours_alone_waits_for_the_next_bill(
    ward: SmallWard, channel: PaperChannel, days: Reconciliation
) -> None:
    """Of two payments around midnight one is in the next bill; the other is missing and waits for a person."""
    order(ward.db, "a", at=LATE)
    order(ward.db, "b", at=LATE)
    days.run("wechat", ON)
    waiting = found(ward.db)
    channel.rows[NEXT] = [line("a")]
    run = days.run("wechat", NEXT)

    assert waiting == [("local_only", "a", "waiting"), ("local_only", "b", "waiting")]
    assert found(ward.db) == [
        ("local_only", "a", "settled"),
        ("other_day", "a", "settled"),
        ("local_only", "b", "open"),
    ]
    assert run.matched == 1


def test_what_the_bill_has_a_day_early_fits_the_next_day(
    ward: SmallWard, channel: PaperChannel, days: Reconciliation
) -> None:
    """The channel's clock was ahead of midnight, ours behind."""
    order(ward.db, "a", at=LATE + timedelta(seconds=4))
    channel.rows[ON] = [line("a", at=LATE)]
    days.run("wechat", ON)
    run = days.run("wechat", NEXT)

    assert (run.matched, run.lines) == (1, 0)
    assert found(ward.db) == [("other_day", "a", "settled")]


@pytest.mark.parametrize(("status", "outcome"), [("qr_ready", "credited"), ("closed", "given back")])
def test_what_was_paid_there_is_credited_late_or_given_back(
    ward: SmallWard, channel: PaperChannel, days: Reconciliation, status: str, outcome: str
) -> None:
    """Once the channel itself has said so; the line stays on the list with what was done."""
    id = order(ward.db, "a", status=status)
    channel.rows[ON] = [line("a")]
    channel.says["a"] = Found(Trade.PAID, "Ta", 10_000, AT)

    days.run("wechat", ON)
    days.run("wechat", ON)

    with ward.db.read() as conn:
        (told,) = differences(conn, ward.clock.now())
        assert (told.kind, told.state, told.outcome, told.channel_says) == ("channel_only", "settled", outcome, "paid")
        state = conn.execute(select(ORDER.c.status).where(ORDER.c.id == id)).scalar()
        assert (state, held(conn, STAY_1)) == ("paid", 10_000 if outcome == "credited" else 0)


def test_the_bill_alone_credits_nothing(ward: SmallWard, channel: PaperChannel, days: Reconciliation) -> None:
    """The channel does not know of it when it is asked: a person must look."""
    order(ward.db, "a", status="qr_ready")
    channel.rows[ON] = [line("a")]
    days.run("wechat", ON)

    with ward.db.read() as conn:
        (told,) = differences(conn, ward.clock.now())
        assert (told.state, told.channel_says, held(conn, STAY_1)) == ("open", "absent", 0)
        assert conn.execute(select(ORDER.c.fault)).scalar() is None


def test_what_fits_afterwards_settles_by_itself(ward: SmallWard, channel: PaperChannel, days: Reconciliation) -> None:
    """A late notice has come between two comparisons."""
    id = order(ward.db, "a", status="qr_ready")
    channel.rows[ON] = [line("a")]
    days.run("wechat", ON)
    pay_later(ward.db, id)
    days.run("wechat", ON)

    assert found(ward.db) == [("channel_only", "a", "settled")]


@pytest.mark.parametrize("fault", [ChannelAway(), BillNotReady(on="2026-11-24")])
def test_a_bill_that_breaks_off_changes_nothing(
    ward: SmallWard, channel: PaperChannel, days: Reconciliation, fault: ChannelAway
) -> None:
    """It says why, and a day that was compared before stays so."""
    order(ward.db, "a")
    channel.rows[ON] = [line("x")]
    channel.fault = fault
    first = days.run("wechat", ON)
    channel.fault = None
    days.run("wechat", ON)
    channel.fault = fault
    last = days.run("wechat", ON)

    assert (first.status, first.lines) == (fault.code, 0)
    assert (last.status, last.lines) == ("done", 1)


def test_no_bill_in_the_evening_is_an_empty_one(ward: SmallWard, channel: PaperChannel, days: Reconciliation) -> None:
    """If we had no payments either; channels make none for a day without any."""
    channel.fault = BillNotReady(on="2026-11-24")
    morning = days.run("wechat", ON).status
    ward.clock.advance(8.5 * 3600)
    evening = days.run("wechat", ON).status
    order(ward.db, "a", at=AT - timedelta(days=1))
    other = days.run("wechat", ON - timedelta(days=1)).status

    assert (morning, evening, other) == ("bill-not-ready", "done", "bill-not-ready")


def test_another_channel_with_the_same_number_is_another_payment(
    ward: SmallWard, channel: PaperChannel, days: Reconciliation
) -> None:
    """Numbers belong to their channel."""
    order(ward.db, "a", channel="alipay")
    channel.rows[ON] = [line("a")]
    days.run("wechat", ON)

    assert found(ward.db) == [("channel_only", "a", "open")]


class TestClock:
    """By the server's clock, whether or not anybody looks. It is 10:00 on the 25th."""

    def test_yesterday_is_compared_at_half_past_ten(
        self, ward: SmallWard, channel: PaperChannel, days: Reconciliation
    ) -> None:
        """Not before, and once."""
        order(ward.db, "a")
        clock = ReconcileClock(days)
        before = clock.look()
        ward.clock.advance(29 * 60 + 59)
        just_before = clock.look()
        ward.clock.advance(1)
        counts = [clock.look(), clock.look()]

        assert (before, just_before, counts) == (0, 0, [1, 0])

    def test_a_channel_that_was_away_is_asked_again(
        self, ward: SmallWard, channel: PaperChannel, days: Reconciliation
    ) -> None:
        """After half an hour, and not all the time."""
        order(ward.db, "a")
        channel.fault = ChannelAway()
        clock = ReconcileClock(days)
        ward.clock.advance(3600)
        counts = [clock.look(), clock.look()]
        ward.clock.advance(1799)
        counts.append(clock.look())
        ward.clock.advance(1)
        counts.append(clock.look())

        assert counts == [1, 0, 0, 1]

    def test_missed_days_are_caught_up_on(self, ward: SmallWard, channel: PaperChannel, days: Reconciliation) -> None:
        """From the first payment on, ten days at the most, the oldest first."""
        ward.clock.advance(3600)
        nothing = ReconcileClock(days).due("wechat")
        order(ward.db, "b", at=AT - timedelta(days=2))
        some = ReconcileClock(days).due("wechat")
        order(ward.db, "c", at=AT - timedelta(days=300))
        most = ReconcileClock(days).due("wechat")

        assert nothing == []
        assert some == [ON - timedelta(days=2), ON - timedelta(days=1), ON]
        assert (len(most), most[-1]) == (10, ON)
