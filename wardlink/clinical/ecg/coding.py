"""Samples made small for the wire and the disk: differences, in as few bytes as they need, then zlib and base64.

A value differs little from the one before, so most differences fit in a byte. Lossless; a gap is kept as a gap.
"""

from __future__ import annotations

import base64
import zlib
from array import array

from wardlink.clinical.ecg.strip import Samples

_HALF, _WHOLE = 0x8000, 0x10000
_WORST = 3
"""Bytes of one difference at most."""


def encode(samples: Samples) -> str:
    """The samples as text."""
    packed, before = bytearray(), 0
    for value in samples:
        # Round the clock of 16 bits, so that the widest leap is a small number too; the sign goes into the last bit.
        delta = (value - before + _HALF) % _WHOLE - _HALF
        before = value
        rest = delta << 1 if delta >= 0 else (-delta << 1) - 1
        while rest >= 0x80:
            packed.append(rest & 0x7F | 0x80)
            rest >>= 7
        packed.append(rest)
    return base64.b64encode(zlib.compress(bytes(packed), 9)).decode("ascii")


def decode(text: str, length: int) -> Samples:
    """The samples that `encode` was given; `length`: how many they are.

    Raises:
        ValueError: this is no such text, or not of so many samples. However it was made, it never unpacks to more.
    """
    try:
        unpacker = zlib.decompressobj()
        packed = unpacker.decompress(base64.b64decode(text, validate=True), length * _WORST + 1)
    except (ValueError, zlib.error) as exc:
        raise ValueError("these are no samples") from exc
    samples, value, rest, shift = array("h"), 0, 0, 0
    for byte in packed:
        rest |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
            continue
        delta = rest >> 1 if not rest & 1 else -(rest + 1 >> 1)
        value = (value + delta + _HALF) % _WHOLE - _HALF
        samples.append(value)
        rest = shift = 0
    if len(samples) != length or shift or not unpacker.eof:
        raise ValueError(f"not {length} samples")
    return samples
