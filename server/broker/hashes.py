"""What brokers keep of a secret: never the secret itself, in the format that each of them reads.

Both are cheap on purpose. The secrets are generated, with 256 bits of chance: there is nothing to guess, and a
whole hospital that comes back after a power cut must not wait for the broker's arithmetic.
"""

from __future__ import annotations

import base64
import hashlib
import os

import bcrypt
from pydantic import SecretStr

_BCRYPT_COST = 4
_PBKDF2_ROUNDS = 101  # mosquitto_passwd's own number in 2.0
_SALT_BYTES = 12


def nats_hash(secret: SecretStr) -> str:
    """`secret` as nats-server's `password` takes it: bcrypt."""
    return bcrypt.hashpw(secret.get_secret_value().encode(), bcrypt.gensalt(_BCRYPT_COST)).decode()


def mosquitto_hash(secret: SecretStr) -> str:
    """`secret` as Mosquitto's password file takes it after the colon: PBKDF2 with SHA-512, `$7$rounds$salt$hash`."""
    salt = os.urandom(_SALT_BYTES)
    derived = hashlib.pbkdf2_hmac("sha512", secret.get_secret_value().encode(), salt, _PBKDF2_ROUNDS)
    return f"$7${_PBKDF2_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(derived).decode()}"
