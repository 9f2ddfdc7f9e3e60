"""The hash chain of a ward's change log: a changed, removed or inserted row breaks it from there on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

GENESIS = bytes(32)
"""The head of a log without changes."""

_COVERED = ("ward", "seq", "kind", "at", "command", "n", "device", "actor", "encounter", "bed", "body")


def chain_hash(before: bytes, row: Mapping[str, Any]) -> bytes:
    """The hash of `row`, chained to the hash `before` it. Covers every column but the hash itself and `first`."""
    return hashlib.sha256(before + orjson.dumps([row[name] for name in _COVERED])).digest()
