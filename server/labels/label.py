"""A label before it is drawn: how large it is, what stands on it, and the code that is scanned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

LabelKind = Literal["wristbands", "bags", "drugs", "beds", "badges", "trays"]
Symbology = Literal["qr", "datamatrix", "code128"]


@dataclass(frozen=True)
class Size:
    """In millimetres."""

    width_mm: float
    height_mm: float


SIZES: Mapping[LabelKind, Size] = {
    "wristbands": Size(250, 25),
    "bags": Size(80, 60),
    "drugs": Size(50, 30),
    "beds": Size(90, 60),
    # Source: ISO/IEC 7810, ID-1.
    "badges": Size(85.6, 54),
    "trays": Size(80, 50),
}
"""A page of the document is one label, so that a label printer cuts it where it ends."""

SYMBOLOGIES: Mapping[LabelKind, Symbology] = {
    "wristbands": "qr",
    "bags": "qr",
    "drugs": "datamatrix",
    "beds": "qr",
    "badges": "code128",
    "trays": "qr",
}


@dataclass(frozen=True)
class Line:
    """A line of text at most `size_pt` high; it is made smaller where it would not fit."""

    text: str
    size_pt: float = 8
    is_red: bool = False


@dataclass(frozen=True)
class Label:
    """`code` is what a scanner reads. `is_alert`: a red frame, for high-alert drugs (ward domain sheet 4.7)."""

    kind: LabelKind
    code: str
    lines: tuple[Line, ...]
    is_alert: bool = False

    @property
    def size(self) -> Size:
        """How large it is."""
        return SIZES[self.kind]
