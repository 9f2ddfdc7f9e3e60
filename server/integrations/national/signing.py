"""How a message is signed. Provinces differ (SM2 with their own certificates, SM3, plain): each is a `Signer`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Protocol

from wardlink.errors import Misconfigured
from wardlink.i18n import N_

_NO_SM3 = N_("This machine's cryptographic library has no SM3. Choose another signature for the insurance platform.")


class Signer(Protocol):
    """Makes the signature of a message."""

    @property
    def name(self) -> str:
        """What stands in `signtype`."""

    def sign(self, content: bytes) -> str:
        """What stands in `cainfo`."""


class HmacSigner:
    """HMAC over the message with a shared key, by SM3 or SHA-256: what the local simulator checks.

    SM3 is the hash of the commercial cryptography rules; a province's signature with SM2 and its certificates comes as
    a signer of its own, from the province's library.
    """

    def __init__(self, key: bytes, *, algorithm: str = "sm3") -> None:
        """Sign with this key.

        Raises:
            Misconfigured: the machine's OpenSSL does not know the hash.
        """
        if algorithm not in hashlib.algorithms_available:
            raise Misconfigured(_NO_SM3)
        self._key = key
        self._algorithm = algorithm

    @property
    def name(self) -> str:
        """SM3 or SHA256."""
        return self._algorithm.upper()

    def sign(self, content: bytes) -> str:
        """The signature in Base64."""
        return base64.b64encode(hmac.new(self._key, content, self._algorithm).digest()).decode()


def signed_content(envelope: Mapping[str, Any]) -> bytes:
    """What of an envelope is signed: all of it but the signature, with sorted keys and without blanks."""
    unsigned = {key: value for key, value in envelope.items() if key != "cainfo"}
    return json.dumps(unsigned, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
