"""Looks at a printed sheet as a picture: which ink lies near a place in millimetres."""

from __future__ import annotations

import io
import math

import pypdfium2
from PIL import Image

from server.charts import paper

PIXELS_PER_MM = 12
_PT_PER_MM = 72 / 25.4


def picture(pdf: bytes, page: int = 0) -> Image.Image:
    """A page of a document, `PIXELS_PER_MM` fine."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        return document[page].render(scale=PIXELS_PER_MM / _PT_PER_MM).to_pil().convert("RGB")
    finally:
        document.close()


def pages(pdf: bytes) -> int:
    """How many sheets a document has."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        return len(document)
    finally:
        document.close()


def words(pdf: bytes, page: int = 0) -> str:
    """Everything that is written on a page."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        text = document[page].get_textpage()
        return str(text.get_text_bounded())
    finally:
        document.close()


def ink(shown: Image.Image, x_mm: float, y_mm: float) -> str:
    """What colour a place is."""
    red, green, blue = shown.getpixel((round(x_mm * PIXELS_PER_MM), round(y_mm * PIXELS_PER_MM)))  # type: ignore[misc]
    if red > 140 and green < 90 and blue < 90:
        return "red"
    if blue > 120 and red < 90 and green < 110:
        return "blue"
    if max(red, green, blue) < 90:
        return "black"
    return "white" if min(red, green, blue) > 240 else "grey"


def share_of_ring(shown: Image.Image, x_mm: float, y_mm: float, radius_mm: float, colour: str) -> float:
    """How much of a circle about a place has this colour, from 0 to 1."""
    turns = [2 * math.pi * n / 72 for n in range(72)]
    hits = [
        any(
            ink(shown, x_mm + (radius_mm + off) * math.cos(turn), y_mm + (radius_mm + off) * math.sin(turn)) == colour
            for off in (-0.08, 0.0, 0.08)
        )
        for turn in turns
    ]
    return sum(hits) / len(hits)


def at(day: int, hour: int, temp_c: float) -> tuple[float, float]:
    """Where a temperature of the first week lies, in millimetres; the day of admission is 1."""
    column = (day - 1) * 6 + (hour - 2) // 4
    return paper.x_mm(column + 0.5), paper.y_mm((42 - temp_c) * 5)
