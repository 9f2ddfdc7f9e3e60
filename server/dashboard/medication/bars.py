"""A figure line by line as bars: plain elements that read as a list, wide or narrow. The table says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.dashboard.tags import tag

MOST = 24
"""No picture has more bars; the table has them all."""


@dataclass(frozen=True)
class Bar:
    """A line: what it is about, how long it is of 100, and its value in words."""

    name: str
    length: float
    value: str


def show(bars: Sequence[Bar], *, label: str) -> None:
    """The bars, in their order."""
    with tag("ol", cls="bars", aria_label=label):
        for bar in bars[:MOST]:
            with tag("li"):
                tag("span", bar.name, cls="bar-name")
                with tag("span", cls="bar-line", aria_hidden="true"):
                    tag("span", "", cls="bar", style=f"width:{min(100.0, max(0.0, bar.length)):.1f}%")
                tag("span", bar.value, cls="bar-value")
