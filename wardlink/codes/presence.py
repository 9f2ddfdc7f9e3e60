"""Presence codes: a terminal shows one for a minute; a cart that scans it knows that somebody stood before it just now.

The terminal and the ward's carts share one key. So this stops a wristband that was copied or left on a table, and a
photograph of the screen that is older than two minutes. It does not stop a photograph that is passed on at once, nor
somebody who has taken the key out of a cart, and it does not show that the patient lies in the bed.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from wardlink.codes import frame
from wardlink.codes.kinds import Presence

STEP_S = 60
"""How long a terminal shows one code."""

_PROOF_BITS = 60


def presence_key(log: str) -> bytes:
    """The key of a ward, made of the id of its log: random, and told only to devices that are enrolled in the ward.

    A ward that begins a new log has a new key; a device that has not heard of it yet is refused until it has.
    """
    return hmac.new(b"wardlink presence key 1", log.encode(), hashlib.sha256).digest()


def presence_now(key: bytes, ward: str, bed: str, encounter: str, now: datetime) -> Presence:
    """The code that the terminal at this bed shows now."""
    step = int(now.timestamp()) // STEP_S
    return Presence(ward, bed, encounter, step, _proof(key, ward, bed, encounter, step))


def is_present(key: bytes, code: Presence, now: datetime) -> bool:
    """Whether the code was made with the ward's key in this minute, or in the one before or after it.

    The minute to either side is for clocks that differ and for the hand on its way.
    """
    fresh = abs(int(now.timestamp()) // STEP_S - code.step) <= 1
    proof = _proof(key, code.ward, code.bed, code.encounter, code.step)
    return hmac.compare_digest(proof, code.proof) and fresh


def _proof(key: bytes, ward: str, bed: str, encounter: str, step: int) -> str:
    said = "\n".join(("wardlink presence 1", ward, bed, encounter, str(step))).encode()
    digest = hmac.new(key, said, hashlib.sha256).digest()
    return frame.number(int.from_bytes(digest[:8], "big") >> (64 - _PROOF_BITS)).rjust(_PROOF_BITS // 5, "0")
