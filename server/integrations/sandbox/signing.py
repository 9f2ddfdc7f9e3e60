"""Signatures of the sandbox channel: Ed25519 over lines of text, as the real channels sign theirs with RSA.

Both sides sign. A request covers method, path and body; a reply covers the request's nonce, so that it answers no
other; a notice covers its own.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from wardlink.errors import Misconfigured
from wardlink.i18n import N_

MERCHANT = "sandbox-merchant"
TIMESTAMP = "sandbox-timestamp"
NONCE = "sandbox-nonce"
SIGNATURE = "sandbox-signature"

_UNREADABLE = N_("The key file {path} of the sandbox channel cannot be read. Start the sandbox gateway again.")


def headers(key: Ed25519PrivateKey, at: datetime, *parts: str, body: bytes, nonce: str | None = None) -> dict[str, str]:
    """The headers that sign this body, sent at this instant; `parts` are covered as well and known to both sides."""
    nonce = nonce or secrets.token_hex(16)
    timestamp = str(int(at.timestamp()))
    signed = base64.b64encode(key.sign(_text(*parts, timestamp, nonce, body=body))).decode()
    return {TIMESTAMP: timestamp, NONCE: nonce, SIGNATURE: signed}


def signed_at(key: Ed25519PublicKey, given: Mapping[str, str], *parts: str, body: bytes) -> datetime | None:
    """When these bytes were signed with the other half of `key`; None if they were not. Header names in lower case."""
    timestamp, nonce = given.get(TIMESTAMP, ""), given.get(NONCE, "")
    try:
        # One spelling for each value: nothing that was altered on the way is taken for what was sent.
        if not (timestamp.isascii() and timestamp.isdigit()):
            return None
        told = given.get(SIGNATURE, "")
        signature = base64.b64decode(told, validate=True)
        if base64.b64encode(signature).decode() != told:
            return None
        key.verify(signature, _text(*parts, timestamp, nonce, body=body))
        return datetime.fromtimestamp(int(timestamp), UTC)
    except (InvalidSignature, binascii.Error, ValueError, OverflowError, OSError):
        return None


def new_key(path: Path) -> Ed25519PrivateKey:
    """Make a key and keep it in a file that only this user can read."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    return key


def write_public(key: Ed25519PrivateKey, path: Path) -> None:
    """Keep the half that everybody may have."""
    path.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def private_key(path: Path) -> Ed25519PrivateKey:
    """The key in a file.

    Raises:
        Misconfigured: there is none, or it is of another kind.
    """
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as exc:
        raise Misconfigured(_UNREADABLE, path=path) from exc
    if not isinstance(key, Ed25519PrivateKey):
        raise Misconfigured(_UNREADABLE, path=path)
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """The public key in a file.

    Raises:
        Misconfigured: there is none, or it is of another kind.
    """
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as exc:
        raise Misconfigured(_UNREADABLE, path=path) from exc
    if not isinstance(key, Ed25519PublicKey):
        raise Misconfigured(_UNREADABLE, path=path)
    return key


def _text(*lines: str, body: bytes) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode() + body
