"""What a merchant of WeChat Pay must tell us; read from the settings, never logged and never in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from server.integrations.facts import facts


@dataclass(frozen=True)
class WechatAccount:
    """One merchant's account.

    `serial`: of the merchant's own certificate. `private_key`: PEM (apiclient_key.pem). `apiv3_key`: 32 characters.
    `platform_keys`: PEM by what stands in Wechatpay-Serial, a public key by its PUB_KEY_ID_… or a platform
    certificate by its serial number; the first is the one we name. `notify_url`: https, public, without a question
    mark.
    """

    mchid: str
    appid: str
    serial: str
    private_key: str = field(repr=False)
    apiv3_key: str = field(repr=False)
    platform_keys: Mapping[str, str] = field(repr=False)
    notify_url: str
    address: str = field(default_factory=lambda: facts("wechat").address)
