"""Which payment channels are switched on, by the settings. Called once, where the server is put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from tempfile import TemporaryFile
from typing import IO

from server.config import Settings
from server.integrations.sandbox.provider import SandboxProvider, SandboxSettings
from server.payments.port import BillReader, BillRow, Provider
from wardlink.clock import Clock
from wardlink.errors import Misconfigured
from wardlink.i18n import N_

_GZIP = b"\x1f\x8b"
_PIECE = 1 << 16

NOTICES = "/api/v1/pay/notices"

_SANDBOX_IN_EARNEST = N_("The sandbox payment channel is for demonstrations only. Remove its settings, or add --demo.")
_INCOMPLETE = N_("The payment channel {channel} needs {setting} as well.")


def payment_channels(settings: Settings, clock: Clock) -> Mapping[str, Provider]:
    """The channels of these settings by their names; none is an answer too.

    Raises:
        Misconfigured: the settings of a channel are not complete, or it may not be used here.
    """
    found: list[Provider] = []
    if settings.pay_wechat_mchid is not None:
        found.append(_wechat(settings, clock))
    if settings.pay_alipay_app_id is not None:
        found.append(_alipay(settings, clock))
    if settings.pay_sandbox_url is not None:
        found.append(_sandbox(settings, settings.pay_sandbox_url, clock))
    return {provider.channel: provider for provider in found}


def bill_readers() -> Mapping[str, BillReader]:
    """Who reads a bill that somebody has fetched by hand, by the names of the channels that have such files."""
    return {"wechat": _wechat_file, "alipay": _alipay_file}


def _wechat_file(file: IO[bytes]) -> Iterator[BillRow]:
    from server.integrations.wechat import bill

    packed = file.read(2) == _GZIP
    file.seek(0)
    if not packed:
        yield from bill.rows(file)
        return
    with TemporaryFile() as clear:
        bill.unpack(iter(lambda: file.read(_PIECE), b""), clear)
        clear.seek(0)
        yield from bill.rows(clear)


def _alipay_file(file: IO[bytes]) -> Iterator[BillRow]:
    from server.integrations.alipay import bill

    yield from bill.rows(file)


def notify_url(settings: Settings, channel: str) -> str:
    """Where this channel sends its notices."""
    base = settings.pay_notify_url or settings.public_url or f"http://{settings.host}:{settings.port}"
    return f"{base.rstrip('/')}{NOTICES}/{channel}"


def _wechat(settings: Settings, clock: Clock) -> Provider:
    # Loaded only where it is switched on.
    from server.integrations.accounts import wechat_account
    from server.integrations.wechat.provider import WechatProvider

    return WechatProvider(wechat_account(settings, notify_url(settings, "wechat")), clock)


def _alipay(settings: Settings, clock: Clock) -> Provider:
    from server.integrations.accounts import alipay_account
    from server.integrations.alipay.provider import AlipayProvider

    return AlipayProvider(alipay_account(settings, notify_url(settings, "alipay")), clock)


def _sandbox(settings: Settings, url: str, clock: Clock) -> SandboxProvider:
    # Play money must never be credited to anybody's stay.
    if not settings.demo:
        raise Misconfigured(_SANDBOX_IN_EARNEST)
    if settings.pay_sandbox_key is None or settings.pay_sandbox_gateway_key is None:
        missing = "pay_sandbox_key" if settings.pay_sandbox_key is None else "pay_sandbox_gateway_key"
        raise Misconfigured(_INCOMPLETE, channel="sandbox", setting=f"WARDLINK_{missing.upper()}")
    return SandboxProvider(
        SandboxSettings(
            url=url,
            merchant=settings.pay_sandbox_merchant,
            key=settings.pay_sandbox_key,
            gateway_key=settings.pay_sandbox_gateway_key,
            notify_url=notify_url(settings, SandboxProvider.channel),
        ),
        clock,
    )
