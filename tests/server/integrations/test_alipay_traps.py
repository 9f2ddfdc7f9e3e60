"""What is easily done wrong with Alipay: yuan as text, no trade before the scan, cancel, finished, the answer."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest

from server.integrations.alipay.provider import AlipayProvider
from server.payments.port import BillNotReady, ChannelAway, ChannelRefused, Closing, NoticeForged, Refund, Trade
from tests.server.integrations.alipay_stage import AlipayStage
from tests.server.integrations.ears import Ears
from tests.server.integrations.orders import ask, paid, refund
from wardlink.clock import SystemClock, ward_date
from wardlink.errors import Misconfigured
from workbench.gateways.alipay.gateway import AlipayGateway
from workbench.gateways.alipay.signing import signed_notice
from workbench.gateways.keys import public_pem, rsa_key
from workbench.gateways.wire import Answered, Asked, Wire


@contextmanager
def provider_of(stage: AlipayStage, offset_s: float = 0.0, **other: object) -> Iterator[AlipayProvider]:
    """An adapter with a clock that is off, or with something else in its settings."""
    found = AlipayProvider(stage.account(**other), SystemClock(offset_s))
    try:
        yield found
    finally:
        found.shut()


@contextmanager
def other_server(handle: Callable[[Asked], Answered]) -> Iterator[str]:
    """Somebody who answers in the channel's place."""
    wire = Wire(handle, "other")
    try:
        yield wire.url
    finally:
        wire.stop()


class TestMoney:
    """Yuan with two decimals on the wire, fen everywhere else."""

    @pytest.mark.parametrize(("fen", "yuan"), [(1, "0.01"), (5, "0.05"), (100, "1.00"), (1_234_567, "12345.67")])
    def test_the_wire_carries_yuan_as_text(self, alipay: AlipayStage, fen: int, yuan: str) -> None:
        """By whole numbers alone; the gateway takes no other form."""
        asked = paid(alipay, fen)
        _, raw = alipay.notice_of(asked.out_trade_no)

        assert dict(parse_qsl(raw.decode()))["total_amount"] == yuan
        assert alipay.gateway.book.codes[asked.out_trade_no].fen == fen


class TestTrades:
    """What a trade is, and when there is one."""

    def test_before_the_scan_there_is_none(self, alipay: AlipayStage) -> None:
        """Neither to be asked for nor to be closed: not paid, and no error."""
        asked = ask()
        alipay.provider.create(asked)

        assert alipay.provider.query(asked.out_trade_no).state is Trade.ABSENT
        assert alipay.provider.close(asked.out_trade_no) is Closing.ABSENT

    def test_what_was_closed_before_the_scan_can_still_be_paid(self, alipay: AlipayStage) -> None:
        """That is why the code is hidden, and asked about until it has expired."""
        asked = ask()
        created = alipay.provider.create(asked)
        alipay.provider.close(asked.out_trade_no)

        assert alipay.pay(created.qr)
        assert alipay.provider.query(asked.out_trade_no).state is Trade.PAID

    def test_finished_is_paid_and_gives_nothing_back(self, alipay: AlipayStage) -> None:
        """Its time for refunds is over."""
        asked = paid(alipay)
        alipay.gateway.book.finish(asked.out_trade_no)
        notice = alipay.provider.read_notice(*alipay.notice_of(asked.out_trade_no))

        assert alipay.provider.query(asked.out_trade_no).state is Trade.PAID
        assert (notice.kind, notice.found and notice.found.state) == ("payment", Trade.PAID)
        assert alipay.provider.refund(refund(asked, 1)).state is Refund.REFUSED

    def test_cancelling_is_not_closing(self, alipay: AlipayStage) -> None:
        """The gateway gives everything back when it is told to cancel; closing never does."""
        closed, cancelled = paid(alipay), paid(alipay)
        alipay.provider.close(closed.out_trade_no)
        alipay.provider._client._api.api_alipay_trade_cancel(out_trade_no=cancelled.out_trade_no)

        book = alipay.gateway.book
        assert book.given_back(book.trade(closed.out_trade_no)) == 0
        assert book.given_back(book.trade(cancelled.out_trade_no)) == cancelled.amount_fen

    def test_a_refund_that_moved_money_before_is_found_to_be_done(self, alipay: AlipayStage) -> None:
        """The second answer says that no money has moved now, and a sum that is not this refund's."""
        asked = paid(alipay)
        alipay.provider.refund(refund(asked, 300))
        wanted = refund(asked, 200)
        alipay.provider.refund(wanted)
        again = alipay.provider.refund(wanted)

        assert (again.state, again.refund_fen) == (Refund.DONE, 200)


class TestWhomToBelieve:
    """An answer decides something only with Alipay's signature."""

    def test_an_error_without_a_signature_decides_nothing(self, alipay: AlipayStage) -> None:
        """Not even that there is no such trade."""
        body = b'{"alipay_trade_query_response":{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}}'
        with (
            other_server(lambda _: Answered(200, body)) as url,
            provider_of(alipay, address=url) as provider,
            pytest.raises(ChannelAway),
        ):
            provider.query(ask().out_trade_no)

    @pytest.mark.parametrize("answer", [Answered(502, b"<html>"), Answered(200, b"<html>"), Answered(200, b"\xff")])
    def test_an_answer_that_is_none_decides_nothing(self, alipay: AlipayStage, answer: Answered) -> None:
        """A proxy's page, or rubbish."""
        with (
            other_server(lambda _: answer) as url,
            provider_of(alipay, address=url) as provider,
            pytest.raises(ChannelAway),
        ):
            provider.query(ask().out_trade_no)

    def test_another_key_is_not_believed(self, alipay: AlipayStage) -> None:
        """Neither in an answer nor in a notice."""
        asked = paid(alipay)
        with provider_of(alipay, alipay_key=public_pem(rsa_key().public_key())) as provider:
            with pytest.raises(ChannelAway):
                provider.query(asked.out_trade_no)
            with pytest.raises(NoticeForged):
                provider.read_notice(*alipay.notice_of(asked.out_trade_no))

    @pytest.mark.parametrize("wrong", [{"app_id": "2021000000000000"}, {"private_key": None}], ids=["app", "key"])
    def test_wrong_settings_decide_nothing(self, alipay: AlipayStage, wrong: dict[str, object]) -> None:
        """What Alipay refuses because of us says nothing about the payment."""
        asked = paid(alipay)
        other = {name: value or alipay.gateway.merchant.alipay for name, value in wrong.items()}
        if "private_key" in other:
            other["private_key"] = AlipayGateway().merchant.private_pem
        with provider_of(alipay, **other) as provider:
            for call in (lambda: provider.query(asked.out_trade_no), lambda: provider.refund(refund(asked, 1))):
                with pytest.raises(ChannelAway):
                    call()

    @pytest.mark.parametrize(("offset_s", "is_taken"), [(-600, True), (600, True), (-1200, False), (1200, False)])
    def test_the_time_in_a_request_is_that_of_alipays_zone(
        self, alipay: AlipayStage, offset_s: float, is_taken: bool
    ) -> None:
        """Whatever the zone of this machine; a clock that is far off is refused."""
        asked = paid(alipay)
        with provider_of(alipay, offset_s) as provider:
            if is_taken:
                assert provider.query(asked.out_trade_no).state is Trade.PAID
            else:
                with pytest.raises(ChannelAway):
                    provider.query(asked.out_trade_no)

    def test_keys_as_alipays_tools_write_them(self, alipay: AlipayStage) -> None:
        """Base64 without the lines around it."""
        asked = paid(alipay)
        at = alipay.gateway.merchant
        bare = {
            name: "".join(pem.strip().splitlines()[1:-1])
            for name, pem in (("private_key", at.private_pem), ("alipay_key", at.alipay_pem))
        }
        with provider_of(alipay, **bare) as provider:
            assert provider.query(asked.out_trade_no).state is Trade.PAID

    @pytest.mark.parametrize("wrong", [{"private_key": "no key"}, {"alipay_key": "no key"}], ids=["own", "alipay"])
    def test_keys_that_are_none_are_named_at_once(self, alipay: AlipayStage, wrong: dict[str, object]) -> None:
        """Before the first patient wants to pay."""
        with pytest.raises(Misconfigured):
            AlipayProvider(alipay.account(**wrong))


class TestNotices:
    """A form, signed over its fields in order."""

    def test_two_fields_of_one_name_are_refused(self, alipay: AlipayStage) -> None:
        """Of which one would be signed and the other believed."""
        asked = paid(alipay)
        headers, raw = alipay.notice_of(asked.out_trade_no)
        for extra in (b"total_amount=0.01", b"total_amount=100.00"):
            with pytest.raises(NoticeForged):
                alipay.provider.read_notice(headers, raw + b"&" + extra)

    def test_a_signature_written_otherwise_is_refused(self, alipay: AlipayStage) -> None:
        """The same bytes with a line break inside, or with other bits where Base64 has some to spare."""
        asked = paid(alipay)
        headers, raw = alipay.notice_of(asked.out_trade_no)
        fields = dict(parse_qsl(raw.decode()))
        broken = fields["sign"][:60] + "\n" + fields["sign"][60:]
        spare = fields["sign"][:-3] + chr(ord(fields["sign"][-3]) + 1) + "=="
        assert b64decode(spare) == b64decode(fields["sign"])
        for sign in (broken, spare, b64encode(b"").decode()):
            with pytest.raises(NoticeForged):
                alipay.provider.read_notice(headers, urlencode(fields | {"sign": sign}).encode())

    @pytest.mark.parametrize(
        "other", [{"refund_fee": "1.00", "gmt_refund": "2026-11-26 10:00:00"}, {"trade_status": "TRADE_CLOSED"}]
    )
    def test_what_is_told_of_refunds_is_no_payment(self, alipay: AlipayStage, other: dict[str, str]) -> None:
        """It is answered and left alone."""
        asked = paid(alipay)
        headers, raw = alipay.notice_of(asked.out_trade_no)
        said = {name: value for name, value in parse_qsl(raw.decode()) if not name.startswith("sign")}
        form = urlencode(signed_notice(alipay.gateway.merchant, said | other)).encode()

        assert alipay.provider.read_notice(headers, form).kind == "other"

    def test_nothing_but_seven_letters_ends_them(self) -> None:
        """Everything else is told again: a capital, a blank, a line's end."""
        answers = iter([b"Success", b"success\n", b"SUCCESS ", b"fail", b""])
        gateway = AlipayGateway(plan_s=(0.0,) * 7)
        stage = AlipayStage()
        stage.gateway.stop()
        stage.gateway = gateway

        def listen(asked: Asked) -> Answered:
            return Answered(200, next(answers, stage.provider.answer(accepted=True).body))

        with other_server(listen) as url:
            stage.provider.shut()
            stage.provider = AlipayProvider(stage.account(notify_url=url))
            try:
                paid(stage)
                gateway.notices.wait()
            finally:
                stage.stop()

        assert [attempt.body for attempt in gateway.notices.attempts][-2:] == [b"", b"success"]
        assert len(gateway.notices.attempts) == 6

    def test_what_is_not_accepted_is_told_by_the_plan_and_no_more(self) -> None:
        """Eight times in all; the number of the notice stays the same."""
        gateway = AlipayGateway(plan_s=(0.0,) * 7)
        stage = AlipayStage()
        stage.gateway.stop()
        stage.gateway = gateway
        ears = Ears(lambda: stage.provider.answer(accepted=False))
        stage.provider.shut()
        stage.provider = AlipayProvider(stage.account(notify_url=ears.url))
        try:
            paid(stage)
            gateway.notices.wait()
            heard = ears.heard(8)
            read = [stage.provider.read_notice(*told) for told in heard]
        finally:
            ears.stop()
            stage.stop()

        assert (len(heard), len({notice.id for notice in read})) == (8, 1)


class TestBill:
    """Where it comes from, and when."""

    def test_there_is_none_before_the_day_is_over(self, alipay: AlipayStage) -> None:
        """It says so, and not that the channel is away."""
        alipay.gateway._bill_at_once = False
        try:
            with pytest.raises(BillNotReady):
                alipay.provider.bill(ward_date(datetime.now(UTC)))
        finally:
            alipay.gateway._bill_at_once = True

    def test_a_file_that_would_come_unprotected_is_not_fetched(self, alipay: AlipayStage) -> None:
        """It carries no signature of its own."""
        with pytest.raises(ChannelAway), alipay.provider._client.file("http://example.invalid/bill"):
            pass


def test_an_order_that_lives_less_than_a_minute_gets_one(alipay: AlipayStage) -> None:
    """The channel counts whole minutes; we promise no more than was asked."""
    asked = ask()
    short = type(asked)(asked.out_trade_no, 1, "预交金", datetime.now(UTC) + timedelta(seconds=20))

    assert alipay.provider.create(short).expires_at == short.expires_at


def test_another_amount_under_the_same_number_is_refused(alipay: AlipayStage) -> None:
    """The first code stands."""
    asked = ask(100)
    alipay.provider.create(asked)

    with pytest.raises(ChannelRefused):
        alipay.provider.create(type(asked)(asked.out_trade_no, 101, asked.subject, asked.expires_at))


def test_secrets_are_not_in_what_is_printed(alipay: AlipayStage) -> None:
    """A settings object in a log or a traceback shows no key."""
    shown = repr(alipay.account())

    assert alipay.account().app_id in shown
    assert "KEY-----" not in shown
