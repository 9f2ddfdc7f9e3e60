"""RSA2 as Alipay makes and checks it, without the library that the adapter uses (ward domain sheet 7.4, V2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives.asymmetric import rsa

from workbench.gateways.keys import digits, is_signed, private_pem, public_pem, rsa_key, sign


@dataclass(frozen=True)
class Merchant:
    """A merchant's application and account, and the pair of keys on each side."""

    app_id: str
    seller_id: str
    key: rsa.RSAPrivateKey
    alipay: rsa.RSAPrivateKey

    @property
    def private_pem(self) -> str:
        """The application's own key."""
        return private_pem(self.key)

    @property
    def alipay_pem(self) -> str:
        """Alipay's public key, as the merchant gets it."""
        return public_pem(self.alipay.public_key())


def merchant() -> Merchant:
    """A merchant with new keys."""
    return Merchant("2021" + digits(12), "2088" + digits(12), rsa_key(), rsa_key())


def parameters(text: str) -> dict[str, str]:
    """What stands in a query or a form, decoded."""
    return dict(parse_qsl(text, keep_blank_values=True))


def is_request_signed(by: Merchant, given: Mapping[str, str]) -> bool:
    """Whether these parameters are signed by the application: all but `sign`, in order, none that is empty."""
    text = "&".join(f"{name}={given[name]}" for name in sorted(given) if name != "sign" and given[name])
    return is_signed(by.key.public_key(), text.encode(), given.get("sign", ""))


def signed_notice(by: Merchant, said: Mapping[str, str]) -> dict[str, str]:
    """A notice with its signature: over everything but `sign` and `sign_type`."""
    text = "&".join(f"{name}={said[name]}" for name in sorted(said))
    return {**said, "sign_type": "RSA2", "sign": sign(by.alipay, text.encode())}
