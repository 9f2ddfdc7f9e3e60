"""Scans that were refused: a label that does not read, or a nurse at the wrong bed, is worth counting."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardlink.messages.base import Message

ScanKind = Literal["wristband", "badge", "bed", "device", "bag", "drug", "tray", "presence", "card", "unknown"]


class RefuseScan(Message):
    """Fact: a cart refused a scan, for this reason, on this screen. What was scanned is not in it.

    Who and when stand in the envelope, and the stay or the bed where the code named one.
    """

    code: ScanKind
    reason: str = Field(pattern=r"^[a-z][a-z-]{0,39}$")
    screen: str = Field(max_length=40, pattern=r"^[A-Za-z]*$")
