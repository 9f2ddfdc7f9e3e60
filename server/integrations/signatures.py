"""Signatures of the channels, checked over bytes, and nothing taken for one that is not written as one."""

from __future__ import annotations

from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

from wardlink.errors import Misconfigured
from wardlink.i18n import N_

_NO_KEY = N_("{name} holds no RSA key or certificate in PEM.")


def is_signed(key: RSAPublicKey, text: bytes, signature: str) -> bool:
    """Whether `signature` (Base64) is SHA256 with RSA of exactly these bytes.

    Base64 that could have been written otherwise is refused: a bit that was turned in it must show.
    """
    try:
        raw = b64decode(signature, validate=True)
        key.verify(raw, text, PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return b64encode(raw).decode() == signature


def public_key(pem: str, name: str) -> RSAPublicKey:
    """The key in a PEM text: a public key, or that of a certificate. `name` is for the error.

    Raises:
        Misconfigured: there is none.
    """
    data = pem.strip().encode()
    try:
        is_certified = b"CERTIFICATE" in data
        found: object = load_pem_x509_certificate(data).public_key() if is_certified else load_pem_public_key(data)
    except ValueError as exc:
        raise Misconfigured(_NO_KEY, name=name) from exc
    if not isinstance(found, RSAPublicKey):
        raise Misconfigured(_NO_KEY, name=name)
    return found
