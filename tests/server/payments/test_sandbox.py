"""The sandbox provider with its gateway keeps the contract of a channel, with and without a trade before the scan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from server.integrations.sandbox import signing
from server.integrations.sandbox.provider import SandboxProvider, SandboxSettings
from server.payments.port import ChannelAway, ChannelRefused, Refund, RefundAsk, Trade
from tests.server.payments.contract import AMOUNT_FEN, PaymentContract, number
from tests.server.payments.sandbox import MERCHANT, Listener, SandboxStage
from tests.waiting import wait_until
from wardlink.clock import FixedClock
from wardlink.errors import Misconfigured, Unreachable
from workbench.gateways.sandbox.entries import Habits
from workbench.gateways.sandbox.gateway import Gateway

HABITS = [pytest.param(Habits(), id="trade at once"), pytest.param(Habits(trade_at_scan=True), id="trade at the scan")]


@pytest.fixture(scope="module", params=HABITS)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxStage]:
    """One gateway for all tests, as a real channel is."""
    listener = Listener()
    found = SandboxStage(tmp_path_factory.mktemp("gateway"), listener, request.param)
    yield found
    found.close()
    listener.close()


@pytest.fixture
def stage(running: SandboxStage) -> SandboxStage:
    """The gateway with the habits it began with, and a merchant that has heard and been paid nothing."""
    running.gateway.books.habits = replace(running.gateway.books.habits, wish="once")
    wait_until(lambda: not running.gateway.books.waiting(), "all notices out", timeout_s=60)
    running.listener.told.clear()
    running.gateway.books.forget()
    return running


class TestSandbox(PaymentContract):
    """The sandbox provider and gateway."""


def test_a_reply_that_nobody_signed_is_none(stage: SandboxStage, tmp_path: Path) -> None:
    """Another gateway's key: whatever is answered, nothing is known."""
    signing.write_public(signing.new_key(tmp_path / "other.pem"), tmp_path / "other.pub.pem")
    settings = SandboxSettings(stage.gateway.url, MERCHANT, stage.key, tmp_path / "other.pub.pem")

    with pytest.raises(ChannelAway):
        SandboxProvider(settings).query(number())


def test_the_gateway_does_not_listen_to_strangers(stage: SandboxStage, tmp_path: Path) -> None:
    """A request signed with another key is refused, and the provider takes that for no answer about the trade."""
    signing.new_key(tmp_path / "other.pem")
    settings = SandboxSettings(stage.gateway.url, MERCHANT, tmp_path / "other.pem", stage.gateway.public_key)

    assert SandboxProvider(settings).query(number()).state is Trade.UNKNOWN


def test_a_request_is_taken_once(stage: SandboxStage) -> None:
    """The same signed bytes again are refused: whoever recorded them gains nothing."""
    path = f"/v1/trades/{number()}"
    signed = signing.headers(signing.private_key(stage.key), stage.now(), "GET", path, body=b"")
    headers = signed | {signing.MERCHANT: MERCHANT}
    answers = [httpx2.get(stage.gateway.url + path, headers=headers).status_code for _ in range(2)]

    assert answers == [404, 401]


def test_a_code_runs_out(tmp_path: Path) -> None:
    """At its end and not before; then it is closed and asks for no money."""
    clock, listener = FixedClock(datetime(2026, 11, 25, 2, 0, tzinfo=UTC)), Listener()
    stage = SandboxStage(tmp_path, listener, clock=clock)
    try:
        contract = PaymentContract()
        ask, created = contract.create(stage)
        clock.advance(299)
        assert stage.provider.query(ask.out_trade_no).state is Trade.WAITING
        clock.advance(1)

        assert stage.provider.query(ask.out_trade_no).state is Trade.CLOSED
        assert not stage.pay(created.qr)
        with pytest.raises(ChannelRefused):
            stage.provider.create(ask)
    finally:
        stage.close()
        listener.close()


def test_a_slow_refund_is_processed_first(stage: SandboxStage) -> None:
    """As a real channel's: accepted is not done."""
    ask = PaymentContract().paid(stage)
    stage.gateway.books.habits = replace(stage.gateway.books.habits, refund_takes=timedelta(hours=1))
    refund = RefundAsk(ask.out_trade_no, number(), 100, AMOUNT_FEN, "退款")
    try:
        found = [stage.provider.refund(refund), stage.provider.query_refund(ask.out_trade_no, refund.out_refund_no)]
    finally:
        stage.gateway.books.habits = replace(stage.gateway.books.habits, refund_takes=timedelta(0))
        stage.gateway.books.forget()

    assert [each.state for each in found] == [Refund.PROCESSING, Refund.PROCESSING]


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    """Trades, keys, and a notice that was not accepted yet, which comes after the restart."""
    listener = Listener()
    listener.accepts = False
    stage = SandboxStage(tmp_path, listener)
    ask = PaymentContract().paid(stage)
    stage.notices(1)
    stage.close()
    heard = len(listener.told)
    listener.accepts = True
    again = SandboxStage(tmp_path, listener)
    try:
        assert again.provider.query(ask.out_trade_no).state is Trade.PAID
        told = again.notices(heard + 1)[-1]
        assert again.provider.read_notice(*told).out_trade_no == ask.out_trade_no
    finally:
        again.close()
        listener.close()


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_key_that_is_none_is_said(tmp_path: Path, content: bytes | None) -> None:
    """With the file's name, not with a traceback of the library."""
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(content)

    for read in (signing.private_key, signing.public_key):
        with pytest.raises(Misconfigured) as refused:
            read(path)
        assert "key.pem" in str(refused.value)


@pytest.mark.parametrize(
    ("language", "words"), [("zh-CN", "请核对后付款"), ("en-GB", "Please check and pay"), ("", "请核对")]
)
def test_the_page_speaks_to_its_payer(stage: SandboxStage, language: str, words: str) -> None:
    """Chinese or English by the browser's wish, Chinese to everybody else; the amount in yuan."""
    _, created = PaymentContract().create(stage, 1_234_567)
    page = httpx2.get(created.qr, headers={"Accept-Language": language}).text

    assert words in page
    assert "12345.67" in page


def test_the_page_shows_no_markup_of_others(stage: SandboxStage) -> None:
    """What a merchant writes is shown, not run."""
    ask = replace(PaymentContract().ask(stage), subject="<script>alert(1)</script>")
    page = httpx2.get(stage.provider.create(ask).qr).text

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_pressing_twice_pays_once(stage: SandboxStage) -> None:
    """The second press sees the receipt of the first."""
    _, created = PaymentContract().create(stage)

    assert [stage.pay(created.qr) for _ in range(2)] == [True, False]
    assert 'id="paid"' in httpx2.get(created.qr).text


def test_a_second_press_is_told_that_it_was_paid(stage: SandboxStage) -> None:
    """Whoever had the page open pays nothing, and reads that it was paid before, in the language of their choice."""
    _, created = PaymentContract().create(stage)
    stage.pay(created.qr)
    with httpx2.Client(follow_redirects=True, trust_env=False) as phone:
        page = phone.post(f"{created.qr}?lang=en").text

    assert "Paid already" in page
    assert "Nothing was paid a second time" in page


def test_the_page_names_the_payee_and_asks_nobody_else(tmp_path: Path) -> None:
    """The hospital by its name and at the address that a telephone reaches; a waiting page looks again at its end."""
    listener = Listener()
    stage = SandboxStage(tmp_path, listener, shown_host="localhost", names={MERCHANT: "示例医院"})
    try:
        _, created = PaymentContract().create(stage)
        answer = httpx2.get(created.qr)
    finally:
        stage.close()
        listener.close()

    assert created.qr.startswith("http://localhost:")
    assert "示例医院" in answer.text
    assert 'http-equiv="refresh"' in answer.text
    assert "http://" not in answer.text
    assert "https://" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_code_that_there_is_not(stage: SandboxStage) -> None:
    """Is said in words."""
    answer = httpx2.get(f"{stage.gateway.url}/pay/nothing", headers={"Accept-Language": "en"})

    assert answer.status_code == 404
    assert "no such code" in answer.text


def test_a_busy_port_is_said(stage: SandboxStage, tmp_path: Path) -> None:
    """Not waited for."""
    with pytest.raises(Unreachable), Gateway(tmp_path, port=stage.gateway.port):
        pass
