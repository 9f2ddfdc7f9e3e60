"""The keys of the screen along its bottom; each is a button for a finger too."""

from __future__ import annotations

from collections.abc import Sequence

from cart.keys import Key
from cart.widgets.buttons import Button, Buttons


class KeyBar(Buttons):
    """Shows as many keys as fit, in the order of the table; all of them are in the help."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: #18222c; }
    """

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__([Button(key.shown, key.label_text(), key.action) for key in keys if key.label is not None])
