"""Keys of the local gateways: made at start, never written into the repository."""

from __future__ import annotations

import secrets
import string
from base64 import b64decode, b64encode
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

BITS = 2048


def rsa_key() -> rsa.RSAPrivateKey:
    """A new RSA key of the length that both channels ask for."""
    return rsa.generate_private_key(public_exponent=65537, key_size=BITS)


def private_pem(key: rsa.RSAPrivateKey) -> str:
    """A private key as PKCS#8, as merchants get it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def public_pem(key: rsa.RSAPublicKey) -> str:
    """A public key as PEM."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def certificate(key: rsa.RSAPrivateKey, name: str, now: datetime) -> x509.Certificate:
    """A certificate of `key` by itself, good for a year before and five after `now`."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=365))
        .not_valid_after(now + timedelta(days=5 * 365))
        .sign(key, hashes.SHA256())
    )


def serial_of(certified: x509.Certificate) -> str:
    """The serial number of a certificate as it stands in headers: hexadecimal, in capitals."""
    return f"{certified.serial_number:X}"


def sign(key: rsa.RSAPrivateKey, text: bytes) -> str:
    """SHA256 with RSA (PKCS#1 v1.5) of `text`, in Base64."""
    return b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()


def is_signed(key: rsa.RSAPublicKey, text: bytes, signature: str) -> bool:
    """Whether `signature` is one of `text` by the owner of `key`."""
    try:
        key.verify(b64decode(signature, validate=True), text, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def word(length: int) -> str:
    """A random word of letters and digits."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))


def digits(length: int) -> str:
    """A random number with so many digits, the first of them not 0."""
    return secrets.choice("123456789") + "".join(secrets.choice(string.digits) for _ in range(length - 1))
