"""What every provider must do, together with the gateway it speaks to. One class, run against each pair.

A subclass gives the fixture `stage`. The words "pay" and "scan" here are a person's acts at the gateway's side.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

import pytest

from server.payments.port import (
    ChannelAway,
    ChannelRefused,
    Closing,
    Created,
    NoticeForged,
    PayAsk,
    Provider,
    Refund,
    RefundAsk,
    Trade,
)
from wardlink.clock import ward_date
from wardlink.ids import new_id


class Told(NamedTuple):
    """A notice as it came over the wire: header names in lower case, the bytes of the body."""

    headers: dict[str, str]
    raw: bytes


class Stage(Protocol):
    """A provider and its gateway, and a person in front of them."""

    provider: Provider

    def now(self) -> datetime:
        """The time by which the gateway works."""

    def scan(self, qr: str) -> None:
        """Somebody scans the code, and does not pay yet."""

    def pay(self, qr: str) -> bool:
        """Somebody scans the code and pays; False: the gateway did not let them."""

    def wish_notices(self, times: int) -> None:
        """Let the gateway send each of its next notices so many times; 0 loses them."""

    def notices(self, count: int) -> Sequence[Told]:
        """Wait for so many notices since the start, and give all that came. They are answered as accepted."""

    def notice_of(self, out_trade_no: str, *, age: timedelta = timedelta(0), merchant: str | None = None) -> Told:
        """A notice of this paid trade, genuinely signed: as of some time ago, or for another merchant."""

    def lost_answers(self) -> AbstractContextManager[None]:
        """While this is open the gateway does what it is asked, and its answers never arrive."""


def number() -> str:
    """A number of ours that nobody has used: 32 digits and letters."""
    return new_id().replace("-", "")


AMOUNT_FEN = 12_345


class PaymentContract:
    """Every fact that the server relies on. Money is asked of the channel afterwards, never assumed."""

    def ask(self, stage: Stage, amount_fen: int = AMOUNT_FEN) -> PayAsk:
        """A payment that nobody has asked for yet; it runs out in five minutes."""
        expires_at = (stage.now() + timedelta(minutes=5)).replace(microsecond=0)
        return PayAsk(number(), amount_fen, "预交金", expires_at)

    def create(self, stage: Stage, amount_fen: int = AMOUNT_FEN) -> tuple[PayAsk, Created]:
        """A payment with its code."""
        ask = self.ask(stage, amount_fen)
        return ask, stage.provider.create(ask)

    def paid(self, stage: Stage, amount_fen: int = AMOUNT_FEN) -> PayAsk:
        """A payment that somebody has paid."""
        ask, created = self.create(stage, amount_fen)
        assert stage.pay(created.qr)
        return ask

    def refund(self, ask: PayAsk, refund_fen: int, out_refund_no: str | None = None) -> RefundAsk:
        """Some of it back."""
        return RefundAsk(ask.out_trade_no, out_refund_no or number(), refund_fen, ask.amount_fen, "退款")

    # Creating and asking

    def test_a_code_is_made(self, stage: Stage) -> None:
        """With something to scan, and no later end than was asked."""
        ask, created = self.create(stage)

        assert created.qr
        assert created.expires_at.tzinfo is not None
        assert created.expires_at <= ask.expires_at

    def test_nothing_is_known_of_a_number_that_nobody_used(self, stage: Stage) -> None:
        """It is absent; that is no error."""
        assert stage.provider.query(number()).state is Trade.ABSENT

    def test_before_the_scan_it_is_not_paid(self, stage: Stage) -> None:
        """Waiting, or absent with a channel that makes no trade before the scan."""
        ask, _ = self.create(stage)

        assert stage.provider.query(ask.out_trade_no).state in (Trade.WAITING, Trade.ABSENT)

    def test_after_the_scan_it_waits(self, stage: Stage) -> None:
        """Somebody looks at the amount and has not paid."""
        ask, created = self.create(stage)
        stage.scan(created.qr)

        assert stage.provider.query(ask.out_trade_no).state is Trade.WAITING

    @pytest.mark.parametrize("amount_fen", [1, 5, 100, 1_234_567, 10_000_000])
    def test_what_was_paid_is_found_to_the_fen(self, stage: Stage, amount_fen: int) -> None:
        """Amount, the channel's number and the instant."""
        ask = self.paid(stage, amount_fen)
        found = stage.provider.query(ask.out_trade_no)

        assert (found.state, found.paid_fen) == (Trade.PAID, amount_fen)
        assert found.channel_trade_no
        assert found.paid_at is not None
        assert abs(found.paid_at - stage.now()) < timedelta(minutes=2)
        assert found.paid_at.utcoffset() == timedelta(0)

    def test_the_same_ask_again_is_the_same_trade(self, stage: Stage) -> None:
        """An answer was lost and it is asked again: either code pays, and only once."""
        ask, first = self.create(stage)
        second = stage.provider.create(ask)

        assert stage.pay(second.qr)
        assert not stage.pay(first.qr)
        assert stage.provider.query(ask.out_trade_no).paid_fen == AMOUNT_FEN

    def test_what_is_paid_gets_no_new_code(self, stage: Stage) -> None:
        """The channel refuses in words of its own."""
        ask = self.paid(stage)

        with pytest.raises(ChannelRefused):
            stage.provider.create(ask)

    # Closing

    def test_closed_before_the_scan(self, stage: Stage) -> None:
        """Closed, or absent where no trade has been made; it is not paid."""
        ask, _ = self.create(stage)

        assert stage.provider.close(ask.out_trade_no) in (Closing.CLOSED, Closing.ABSENT)
        assert stage.provider.query(ask.out_trade_no).state in (Trade.CLOSED, Trade.ABSENT)

    def test_closed_after_the_scan_it_cannot_be_paid(self, stage: Stage) -> None:
        """The person in front of it is refused."""
        ask, created = self.create(stage)
        stage.scan(created.qr)

        assert stage.provider.close(ask.out_trade_no) is Closing.CLOSED
        assert not stage.pay(created.qr)
        assert stage.provider.query(ask.out_trade_no).state is Trade.CLOSED

    def test_closing_twice_is_closing_once(self, stage: Stage) -> None:
        """The answer is the same."""
        ask, created = self.create(stage)
        stage.scan(created.qr)

        assert [stage.provider.close(ask.out_trade_no) for _ in range(2)] == [Closing.CLOSED] * 2

    def test_closing_what_is_paid_changes_nothing(self, stage: Stage) -> None:
        """It says that it was paid, and gives no money back."""
        ask = self.paid(stage)

        assert stage.provider.close(ask.out_trade_no) is Closing.PAID
        assert stage.provider.query(ask.out_trade_no).state is Trade.PAID
        assert stage.provider.query_refund(ask.out_trade_no, number()).state is Refund.ABSENT

    def test_paying_and_closing_in_one_moment(self, stage: Stage) -> None:
        """One of them wins, and the channel says which: nobody has paid what it calls closed."""
        for _ in range(5):
            ask, created = self.create(stage)
            stage.scan(created.qr)
            with ThreadPoolExecutor(2) as both:
                paying = both.submit(stage.pay, created.qr)
                closing = both.submit(stage.provider.close, ask.out_trade_no)
            state = stage.provider.query(ask.out_trade_no).state

            expected = (Trade.PAID, Closing.PAID) if paying.result() else (Trade.CLOSED, Closing.CLOSED)
            assert (state, closing.result()) == expected

    # Refunds

    @pytest.mark.parametrize("refund_fen", [AMOUNT_FEN, 1])
    def test_a_refund_whole_or_in_part(self, stage: Stage, refund_fen: int) -> None:
        """Done with its amount; the payment is still one that was paid, with its whole amount."""
        ask = self.paid(stage)
        refund = self.refund(ask, refund_fen)
        stage.provider.refund(refund)
        found = stage.provider.query_refund(ask.out_trade_no, refund.out_refund_no)

        assert (found.state, found.refund_fen) == (Refund.DONE, refund_fen)
        again = stage.provider.query(ask.out_trade_no)
        assert (again.state, again.paid_fen) == (Trade.PAID, AMOUNT_FEN)

    def test_the_same_refund_number_gives_money_back_once(self, stage: Stage) -> None:
        """Asked three times; half of the amount is left for another number."""
        ask = self.paid(stage, 10_000)
        refund = self.refund(ask, 5_000)
        for _ in range(3):
            assert stage.provider.refund(refund).state in (Refund.DONE, Refund.PROCESSING)
        stage.provider.refund(rest := self.refund(ask, 5_000))

        assert stage.provider.query_refund(ask.out_trade_no, refund.out_refund_no).refund_fen == 5_000
        assert stage.provider.query_refund(ask.out_trade_no, rest.out_refund_no).state is Refund.DONE

    def test_more_than_was_paid_is_refused(self, stage: Stage) -> None:
        """One fen too much."""
        ask = self.paid(stage)
        refund = self.refund(ask, AMOUNT_FEN + 1)

        assert stage.provider.refund(refund).state is Refund.REFUSED

    def test_more_than_is_left_is_refused(self, stage: Stage) -> None:
        """60 and 50 of 100: the second is refused, and the first stands."""
        ask = self.paid(stage, 10_000)
        first, second = self.refund(ask, 6_000), self.refund(ask, 5_000)
        stage.provider.refund(first)

        assert stage.provider.refund(second).state is Refund.REFUSED
        assert stage.provider.query_refund(ask.out_trade_no, first.out_refund_no).state is Refund.DONE
        assert stage.provider.query_refund(ask.out_trade_no, second.out_refund_no).state in (
            Refund.REFUSED,
            Refund.ABSENT,
        )

    def test_what_nobody_paid_is_not_given_back(self, stage: Stage) -> None:
        """Refused, whether or not a trade has been made."""
        ask, created = self.create(stage)
        stage.scan(created.qr)

        assert stage.provider.refund(self.refund(ask, 1)).state is Refund.REFUSED

    def test_a_refund_number_that_nobody_used_is_absent(self, stage: Stage) -> None:
        """It may be sent again under that number."""
        ask = self.paid(stage)

        assert stage.provider.query_refund(ask.out_trade_no, number()).state is Refund.ABSENT

    # Answers that never arrive

    def test_a_lost_answer_says_so(self, stage: Stage) -> None:
        """Every question raises it: what happened is unknown until it is asked again."""
        ask = self.paid(stage)
        refund = self.refund(ask, 100)
        with stage.lost_answers():
            for question in (
                lambda: stage.provider.create(self.ask(stage)),
                lambda: stage.provider.query(ask.out_trade_no),
                lambda: stage.provider.close(ask.out_trade_no),
                lambda: stage.provider.refund(refund),
                lambda: stage.provider.query_refund(ask.out_trade_no, refund.out_refund_no),
            ):
                with pytest.raises(ChannelAway):
                    question()

        assert stage.provider.query_refund(ask.out_trade_no, refund.out_refund_no).state is Refund.DONE

    # Notices

    def test_a_genuine_notice_is_read(self, stage: Stage) -> None:
        """Order, amount, merchant and time are those of the payment."""
        ask = self.paid(stage)
        notice = stage.provider.read_notice(*stage.notices(1)[-1])

        assert (notice.kind, notice.out_trade_no, notice.currency) == ("payment", ask.out_trade_no, "CNY")
        assert notice.merchant == stage.provider.merchant
        assert abs(notice.sent_at - stage.now()) < timedelta(minutes=5)
        assert notice.found is not None
        told = stage.provider.query(ask.out_trade_no)
        assert replace(notice.found, paid_at=None) == replace(told, paid_at=None)

    def test_a_notice_with_one_bit_turned_is_forged(self, stage: Stage) -> None:
        """Wherever in the body the bit is, and in whatever header the signature stands."""
        self.paid(stage)
        headers, raw = stage.notices(1)[-1]
        for at in range(0, len(raw), max(1, len(raw) // 50)):
            altered = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
            with pytest.raises(NoticeForged):
                stage.provider.read_notice(headers, altered)

    @pytest.mark.parametrize("raw", [b"", b"{}", b"null", b"\xff\xfe", b"a=b&sign=c", b"[" * 5_000])
    def test_bytes_that_are_no_notice_are_forged(self, stage: Stage, raw: bytes) -> None:
        """With the headers of a genuine one, or with none."""
        self.paid(stage)
        headers, _ = stage.notices(1)[-1]
        for given in (headers, {}):
            with pytest.raises(NoticeForged):
                stage.provider.read_notice(given, raw)

    def test_an_old_notice_says_how_old_it_is(self, stage: Stage) -> None:
        """What was signed an hour ago is genuine; the caller sees its age."""
        ask = self.paid(stage)
        notice = stage.provider.read_notice(*stage.notice_of(ask.out_trade_no, age=timedelta(hours=1)))

        now = stage.provider.read_notice(*stage.notice_of(ask.out_trade_no))
        assert timedelta(minutes=59) < now.sent_at - notice.sent_at < timedelta(minutes=61)

    def test_a_notice_of_another_merchant_shows(self, stage: Stage) -> None:
        """Signed by the same channel: it names somebody else, or cannot be opened with our key."""
        ask = self.paid(stage)
        told = stage.notice_of(ask.out_trade_no, merchant="another")
        try:
            notice = stage.provider.read_notice(*told)
        except NoticeForged:
            return
        assert notice.merchant != stage.provider.merchant

    def test_copies_of_a_notice_have_the_same_id(self, stage: Stage) -> None:
        """However often it comes."""
        stage.wish_notices(2)
        self.paid(stage)
        read = [stage.provider.read_notice(*told) for told in stage.notices(2)]

        assert len({notice.id for notice in read}) == 1

    def test_a_lost_notice_is_found_by_asking(self, stage: Stage) -> None:
        """Nothing is told; the question is answered all the same."""
        stage.wish_notices(0)
        ask = self.paid(stage)

        assert stage.provider.query(ask.out_trade_no).state is Trade.PAID
        assert len(stage.notices(0)) == 0

    def test_accepted_and_not_accepted_are_different_answers(self, stage: Stage) -> None:
        """The channel must be able to tell them apart."""
        accepted, refused = stage.provider.answer(accepted=True), stage.provider.answer(accepted=False)

        assert accepted.status in (200, 204)
        assert (accepted.status, accepted.body) != (refused.status, refused.body)

    # The bill of the day

    def test_the_bill_holds_what_was_paid_and_given_back(self, stage: Stage) -> None:
        """Each once, to the fen, and nothing that nobody paid."""
        paid = self.paid(stage, 5)
        given_back = self.paid(stage, 10_000)
        refund = self.refund(given_back, 4_000)
        stage.provider.refund(refund)
        unpaid, _ = self.create(stage)
        rows = list(stage.provider.bill(ward_date(stage.now())))

        lines = {(row.kind, row.out_trade_no, row.out_refund_no, row.amount_fen) for row in rows}
        assert lines == {
            ("payment", paid.out_trade_no, None, 5),
            ("payment", given_back.out_trade_no, None, 10_000),
            ("refund", given_back.out_trade_no, refund.out_refund_no, 4_000),
        }
        assert len(rows) == 3
        assert unpaid.out_trade_no not in {row.out_trade_no for row in rows}
