"""What a merchant of Alipay must tell us; read from the settings, never logged and never in the database."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.integrations.facts import facts


@dataclass(frozen=True)
class AlipayAccount:
    """One merchant's application and account.

    `seller_id`: 2088… `private_key`: the application's, `alipay_key`: Alipay's public one; both in PEM, or as the bare
    Base64 that Alipay's tools give. `notify_url`: public.
    """

    app_id: str
    seller_id: str
    private_key: str = field(repr=False)
    alipay_key: str = field(repr=False)
    notify_url: str
    address: str = field(default_factory=lambda: facts("alipay").address)
