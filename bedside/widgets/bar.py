"""The bottom of every page: Call always on the left, Back beside it, the one main action on the right."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from bedside.widgets.touch import Touch

CALL = "call"


class Bar(Widget):
    """`left` begins beside Call, `right` ends at the edge of the screen."""

    DEFAULT_CSS = """
    Bar { height: 4; padding: 1 0 0 0; layout: horizontal; background: $paper; }
    Bar .bar-gap { width: 1fr; height: 1; }
    Bar Touch { margin: 0 0 0 1; }
    Bar #call { margin: 0; }
    Bar .bar-group { width: auto; height: 100%; }
    """

    def __init__(self, call: Touch, left: Sequence[Touch] = (), right: Sequence[Touch] = ()) -> None:
        super().__init__()
        self._call, self._left, self._right = call, tuple(left), tuple(right)

    def compose(self) -> ComposeResult:
        """Call first: it is always in the same place."""
        yield Horizontal(self._call, *self._left, classes="bar-group", id="bar-left")
        yield Horizontal(classes="bar-gap")
        yield Horizontal(*self._right, classes="bar-group", id="bar-right")
