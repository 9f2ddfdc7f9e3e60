"""What is easily done wrong with WeChat Pay: whom to believe, how old an answer is, what a state means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from server.integrations.wechat.provider import WechatProvider
from server.payments.port import BillNotReady, ChannelAway, ChannelRefused, NoticeForged, Refund, Trade
from tests.server.integrations.ears import Ears
from tests.server.integrations.orders import ask, paid, refund
from tests.server.integrations.wechat_stage import WechatStage
from tests.waiting import wait_until
from wardlink.clock import SystemClock, ward_date
from wardlink.errors import Misconfigured
from workbench.gateways.keys import public_pem, rsa_key, word
from workbench.gateways.wechat.gateway import WechatGateway
from workbench.gateways.wire import Answered, Asked, Wire


@contextmanager
def other_server(handle: Callable[[Asked], Answered]) -> Iterator[str]:
    """Somebody who answers in the channel's place."""
    wire = Wire(handle, "other")
    try:
        yield wire.url
    finally:
        wire.stop()


@contextmanager
def provider_of(stage: WechatStage, offset_s: float = 0.0, **other: object) -> Iterator[WechatProvider]:
    """An adapter with a clock that is off, or with something else in its settings."""
    found = WechatProvider(stage.account(**other), SystemClock(offset_s))
    try:
        yield found
    finally:
        found.shut()


class TestWhomToBelieve:
    """An answer decides something only with the channel's signature of these minutes."""

    @pytest.mark.parametrize("offset_s", [-290, 0, 290])
    def test_an_answer_of_the_last_minutes_is_believed(self, wechat: WechatStage, offset_s: float) -> None:
        """Up to five minutes, either way."""
        asked = paid(wechat)
        with provider_of(wechat, offset_s) as provider:
            assert provider.query(asked.out_trade_no).state is Trade.PAID

    @pytest.mark.parametrize("offset_s", [-330, 330, 3600])
    def test_an_older_or_later_answer_decides_nothing(self, wechat: WechatStage, offset_s: float) -> None:
        """It may be one that somebody has kept."""
        asked = paid(wechat)
        with provider_of(wechat, offset_s) as provider, pytest.raises(ChannelAway):
            provider.query(asked.out_trade_no)

    def test_an_unknown_serial_is_believed_neither_in_answers_nor_in_notices(self, wechat: WechatStage) -> None:
        """Its key may be right, but nobody has told us so."""
        asked = paid(wechat)
        keys = {"PUB_KEY_ID_1": wechat.gateway.seal.public_pem}
        with provider_of(wechat, platform_keys=keys) as provider:
            with pytest.raises(ChannelAway):
                provider.query(asked.out_trade_no)
            with pytest.raises(NoticeForged):
                provider.read_notice(*wechat.notice_of(asked.out_trade_no))

    def test_a_key_of_somebody_else_under_a_known_serial_is_not_believed(self, wechat: WechatStage) -> None:
        """The signature decides, not the name."""
        asked = paid(wechat)
        keys = {wechat.gateway.seal.key_id: public_pem(rsa_key().public_key())}
        with provider_of(wechat, platform_keys=keys) as provider:
            with pytest.raises(ChannelAway):
                provider.query(asked.out_trade_no)
            with pytest.raises(NoticeForged):
                provider.read_notice(*wechat.notice_of(asked.out_trade_no))

    def test_another_apiv3_key_opens_no_notice(self, wechat: WechatStage) -> None:
        """Signed by the channel, and meant for somebody else."""
        asked = paid(wechat)
        with provider_of(wechat, apiv3_key=word(32)) as provider, pytest.raises(NoticeForged):
            provider.read_notice(*wechat.notice_of(asked.out_trade_no))

    @pytest.mark.parametrize("status", [200, 404, 500, 502])
    def test_an_answer_without_a_signature_decides_nothing(self, wechat: WechatStage, status: int) -> None:
        """A proxy that says "not found" must not make a payment unpaid."""
        said = Answered(status, b'{"code":"ORDER_NOT_EXIST"}', {"Content-Type": "application/json"})
        with (
            other_server(lambda _: said) as url,
            provider_of(wechat, address=url) as provider,
            pytest.raises(ChannelAway),
        ):
            provider.query(ask().out_trade_no)

    def test_a_wrong_merchant_number_is_refused_and_decides_nothing(self, wechat: WechatStage) -> None:
        """No code is made; of a refund nothing is said; a payment stays unknown."""
        asked = paid(wechat)
        with provider_of(wechat, mchid="1900000000") as provider:
            with pytest.raises(ChannelRefused):
                provider.create(ask())
            with pytest.raises(ChannelAway):
                provider.refund(refund(asked, 1))
            assert provider.query(asked.out_trade_no).state is Trade.UNKNOWN

    def test_a_wrong_application_is_refused_in_answers_and_shows_in_notices(self, wechat: WechatStage) -> None:
        """The trade of another application is not ours, whoever the merchant is."""
        asked = paid(wechat)
        with provider_of(wechat, appid="wx0000000000000000") as provider:
            with pytest.raises(ChannelRefused):
                provider.create(ask())
            assert provider.query(asked.out_trade_no).state is Trade.UNKNOWN
            assert provider.read_notice(*wechat.notice_of(asked.out_trade_no)).merchant != provider.merchant

    def test_nobody_there_says_nothing(self, wechat: WechatStage) -> None:
        """A port where nobody listens."""
        with provider_of(wechat, address="http://127.0.0.1:9") as provider, pytest.raises(ChannelAway):
            provider.query(ask().out_trade_no)


class TestRefunds:
    """What the channel says of a refund, and what it means."""

    @pytest.mark.parametrize(
        ("status", "state"),
        [("SUCCESS", Refund.DONE), ("CLOSED", Refund.REFUSED), ("ABNORMAL", Refund.UNKNOWN)],
    )
    def test_what_became_of_it_is_told_and_found(self, status: str, state: Refund) -> None:
        """In progress first; then by a notice and by asking alike. Abnormal is neither done nor refused."""
        stage = WechatStage()
        stage.gateway.stop()
        stage.gateway = WechatGateway(refunds_settle=False)
        stage.provider = WechatProvider(stage.account())
        try:
            asked = paid(stage)
            wanted = refund(asked, 100)
            first = stage.provider.refund(wanted).state
            stage.notices(1)
            stage.gateway.settle_refund(wanted.out_refund_no, status)
            notice = stage.provider.read_notice(*stage.notices(2)[-1])
            found = stage.provider.query_refund(asked.out_trade_no, wanted.out_refund_no)
        finally:
            stage.stop()

        assert first is Refund.PROCESSING
        assert notice.refund is not None
        assert (notice.kind, notice.out_refund_no) == ("refund", wanted.out_refund_no)
        assert (notice.refund.state, found.state) == (state, state)
        assert (notice.refund.refund_fen, notice.merchant) == (100, stage.provider.merchant)

    def test_a_second_refund_within_the_minute_is_not_refused(self, wechat: WechatStage) -> None:
        """The channel is only busy: the same number may be sent again."""
        asked = paid(wechat)
        wechat.provider.refund(refund(asked, 1))
        wechat.gateway.book._apart = timedelta(minutes=1)

        with pytest.raises(ChannelAway):
            wechat.provider.refund(refund(asked, 1))

    def test_the_fifty_first_part_is_refused(self, wechat: WechatStage) -> None:
        """Fifty are done."""
        asked = paid(wechat)
        states = [wechat.provider.refund(refund(asked, 1)).state for _ in range(51)]

        assert states == [Refund.PROCESSING] * 50 + [Refund.REFUSED]

    def test_after_a_year_it_is_refused(self, wechat: WechatStage) -> None:
        """Then it takes a transfer to a bank."""
        asked = paid(wechat)
        wechat.gateway.book.order(asked.out_trade_no).paid_at = datetime.now(UTC) - timedelta(days=366)

        assert wechat.provider.refund(refund(asked, 1)).state is Refund.REFUSED


class TestNotices:
    """They come again until they are accepted."""

    def test_told_again_until_it_is_accepted(self) -> None:
        """Not accepted twice, then accepted: three copies with one id and three signatures."""
        answers = iter([False, False, True])
        gateway = WechatGateway(plan_s=(0.0,) * 5)
        stage = WechatStage()
        stage.gateway.stop()
        stage.gateway = gateway
        ears = Ears(lambda: stage.provider.answer(accepted=next(answers)))
        with closing(stage.provider._client._http):
            stage.provider = WechatProvider(stage.account(notify_url=ears.url))
        try:
            paid(stage)
            gateway.notices.wait()
            heard = ears.heard(3)
            read = [stage.provider.read_notice(*told) for told in heard]
        finally:
            ears.stop()
            stage.stop()

        assert [attempt.status for attempt in gateway.notices.attempts] == [401, 401, 204]
        assert len({notice.id for notice in read}) == 1
        assert len({told.headers["wechatpay-nonce"] for told in heard}) == 3

    def test_what_is_no_payment_is_not_taken_for_one(self, wechat: WechatStage) -> None:
        """A trade that is told before it is paid cannot be read."""
        asked = ask()
        wechat.provider.create(asked)

        with pytest.raises(NoticeForged):
            wechat.provider.read_notice(*wechat.notice_of(asked.out_trade_no))


class TestBill:
    """Where it comes from, and when."""

    def test_there_is_none_before_the_next_morning(self, wechat: WechatStage) -> None:
        """It says so, and not that the channel is away."""
        wechat.gateway._bill_at_once = False
        try:
            with pytest.raises(BillNotReady):
                wechat.provider.bill(ward_date(datetime.now(UTC)))
        finally:
            wechat.gateway._bill_at_once = True

    def test_a_file_with_another_hash_gives_no_line(self, wechat: WechatStage) -> None:
        """Whatever changed it on the way."""
        paid(wechat)
        wechat.gateway.spoil_bill = True
        try:
            with pytest.raises(ChannelAway):
                list(wechat.provider.bill(ward_date(datetime.now(UTC))))
        finally:
            wechat.gateway.spoil_bill = False

    def test_a_file_on_another_host_is_not_asked_for(self, wechat: WechatStage) -> None:
        """Our signature is for the channel alone."""
        heard: list[Asked] = []

        def listen(asked: Asked) -> Answered:
            heard.append(asked)
            return Answered(200)

        with other_server(listen) as url, pytest.raises(ChannelAway), wechat.provider._client.file(f"{url}/bill"):
            pass
        assert not heard


def test_secrets_are_not_in_what_is_printed(wechat: WechatStage) -> None:
    """A settings object in a log or a traceback shows no key."""
    account = wechat.account()

    shown = repr(account)
    assert account.mchid in shown
    assert account.apiv3_key not in shown
    assert "PRIVATE KEY" not in shown
    assert "PUBLIC KEY" not in shown


@pytest.mark.parametrize(
    "wrong",
    [{"apiv3_key": "short"}, {"private_key": "no key"}, {"platform_keys": {}}, {"platform_keys": {"1": "no key"}}],
    ids=["apiv3", "private", "none", "public"],
)
def test_keys_that_are_none_are_named_at_once(wechat: WechatStage, wrong: dict[str, object]) -> None:
    """Before the first patient wants to pay."""
    with pytest.raises(Misconfigured):
        WechatProvider(wechat.account(**wrong))


def test_a_notice_arrives_while_we_wait(wechat: WechatStage) -> None:
    """Over a socket, signed, without anybody's asking."""
    paid(wechat)

    wait_until(lambda: wechat.notices(1), "a notice")
