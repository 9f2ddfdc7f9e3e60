"""The measurement of the bed's screen runs to its end, with every figure it promises."""

from __future__ import annotations

import shutil
from pathlib import Path

from workbench.bench.bedside import Order, measure
from workbench.bench.browser_taps import BROWSER


def test_a_short_run_has_every_figure(tmp_path: Path) -> None:
    """Paint, taps, Chromium where there is one, and two terminals of one server."""
    has_browser = any(map(shutil.which, BROWSER))
    result = measure(Order(tmp_path, rounds=1, taps=2, terminals=2, browser=has_browser))

    assert result.first_paint_s > 0
    assert 0 < result.tap_p50_ms <= result.tap_p95_ms
    assert (result.browser_p95_ms is not None) is has_browser
    assert result.memory is not None
    assert result.memory.server_mb > 0
    assert 0 < result.memory.terminal_mb <= result.memory.rss_mb
