"""The picture of the printed temperature chart for the README: an invented stay, marked as a sample."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from server.charts.drawing import Imprint, draw
from server.charts.font import find_font
from wardlink.clinical.temperature_chart.facts import DayTotals, Event, EventKind, Facts, Lain, Measurement
from wardlink.clinical.temperature_chart.layout import lay_out
from wardlink.clock import WARD_ZONE
from wardlink.i18n import speaking

SCALE = 1.45
COLOURS = 128

# Day, hour, temperature, pulse, breaths, and what else was measured.
_ROUNDS: tuple[tuple[int, float, float, int, int, dict[str, Any]], ...] = (
    (16, 10, 36.8, 76, 18, {"sbp_mmhg": 128.0, "dbp_mmhg": 78.0, "weight_kg": 62.5, "height_cm": 163.0}),
    (16, 14, 36.9, 80, 18, {"stool": "1"}),
    (16, 18, 37.1, 84, 18, {"sbp_mmhg": 124.0, "dbp_mmhg": 76.0}),
    (17, 6, 36.7, 78, 18, {"sbp_mmhg": 122.0, "dbp_mmhg": 74.0}),
    (17, 14, 37.6, 92, 20, {"stool": "1 2/E"}),
    (17, 18, 38.4, 100, 22, {"sbp_mmhg": 112.0, "dbp_mmhg": 68.0}),
    (17, 22, 39.2, 108, 24, {}),
    (18, 2, 38.6, 104, 22, {}),
    (18, 6, 38.2, 98, 22, {"sbp_mmhg": 110.0, "dbp_mmhg": 66.0}),
    (18, 10, 38.0, 96, 20, {}),
    (18, 14, 37.9, 94, 20, {"stool": "0"}),
    (18, 18, 38.1, 96, 20, {"sbp_mmhg": 116.0, "dbp_mmhg": 70.0}),
    (18, 22, 37.7, 90, 20, {}),
    (19, 6, 37.3, 88, 18, {"hr_per_min": 108.0, "sbp_mmhg": 118.0, "dbp_mmhg": 72.0}),
    (19, 10, 37.4, 86, 18, {"hr_per_min": 104.0}),
    (19, 14, 37.2, 84, 18, {"hr_per_min": 96.0, "stool": "1"}),
    (19, 18, 37.0, 82, 18, {"hr_per_min": 82.0}),
    (20, 6, 36.8, 76, 16, {"sbp_mmhg": 120.0, "dbp_mmhg": 74.0}),
    (20, 14, 36.9, 74, 16, {"stool": "1"}),
    (21, 6, 36.6, 72, 16, {"sbp_mmhg": 122.0, "dbp_mmhg": 76.0, "weight_kg": 61.8}),
    (21, 14, 36.7, 74, 16, {"stool": "1"}),
    (22, 6, 36.5, 70, 16, {"sbp_mmhg": 124.0, "dbp_mmhg": 76.0}),
)
_EVENTS: tuple[tuple[int, float, EventKind], ...] = ((17, 9, "surgery"), (17, 22.2, "cooling"))
_HEADER = (("姓名", "示例"), ("性别", "女"), ("年龄", "67 岁"), ("入院日期", "2026-11-16"), ("住院号", "00000000"))
_TOTALS = ((16, 1650, 900, 21), (17, 2650, 1400, 24), (18, 2400, 1750, 24), (19, 2200, 1800, 24), (20, 1900, 1600, 24))


def _at(day: int, hour: float) -> datetime:
    return datetime(2026, 11, day, int(hour), round(hour % 1 * 60), tzinfo=WARD_ZONE)


def sample() -> Facts:
    """A week after an operation: fever, a cooling, a pulse deficit. Nobody of this name lies anywhere."""
    measured = [
        Measurement(_at(day, hour), temp_c, "axillary", float(pulse), rr_per_min=float(rr), **more)
        for day, hour, temp_c, pulse, rr, more in _ROUNDS
    ]
    return Facts(
        admitted_at=_at(16, 9.4),
        as_of=_at(22, 10),
        header=_HEADER,
        places=(Lain(_at(16, 9.4), "普外科", "12"),),
        measurements=(*measured, Measurement(_at(17, 22.75), 38.3, "axillary")),
        events=tuple(Event(_at(day, hour), kind) for day, hour, kind in _EVENTS),
        totals=tuple(
            DayTotals(_at(day, 0).date(), intake, urine, drains={"T管": 120.0} if day in (17, 18) else {}, hours=hours)
            for day, intake, urine, hours in _TOTALS
        ),
    )


def chart_picture(path: Path) -> None:
    """Write the picture.

    Raises:
        FontMissing: there is no Chinese font.
    """
    with speaking("zh_CN"):
        pdf = draw([lay_out(sample(), 1)], find_font(), Imprint("示例", is_sample=True))
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        drawn: Image.Image = document[0].render(scale=SCALE).to_pil()
    finally:
        document.close()
    drawn.convert("RGB").quantize(COLOURS, method=Image.Quantize.FASTOCTREE).save(path, optimize=True)
