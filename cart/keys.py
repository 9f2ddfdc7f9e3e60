"""Keys and what they do: one table a screen makes its bindings, its bar at the bottom, and its part of the help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.binding import Binding

from wardlink.i18n import domain

_ = domain("cart").gettext

_SHOWN = {
    "enter": "⏎",
    "escape": "Esc",
    "slash": "/",
    "exclamation_mark": "!",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "shift+left": "⇧←",
    "shift+right": "⇧→",
    "home": "Home",
    "end": "End",
    "comma": ",",
    "full_stop": ".",
    "delete": "Del",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "ctrl+l": "^L",
}


@dataclass(frozen=True)
class Key:
    """A key of a screen. `label` stands in the bar (None: only in the help), `help` says it in a sentence.

    `priority`: it works before the field that has the focus sees it. `keys` beside the first are not shown.
    """

    keys: str
    action: str
    label: str | None
    help: str
    priority: bool = False

    @property
    def shown(self) -> str:
        """The first key as it is printed on a keyboard."""
        first = self.keys.split(",")[0]
        return _SHOWN.get(first, first.upper() if len(first) <= 3 else first)

    def label_text(self) -> str:
        """What it does, in a word."""
        return _(self.label) if self.label else ""

    def help_text(self) -> str:
        """What it does, in a sentence."""
        return _(self.help)


def bindings(keys: Sequence[Key]) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """The table as Textual wants it. Textual's own footer is not used: it would not change its language.

    A letter works in both cases: the bar shows capitals, and Caps Lock may be on.
    """
    return [Binding(_in_both_cases(key.keys), key.action, key.help, show=False, priority=key.priority) for key in keys]


def _in_both_cases(keys: str) -> str:
    names = keys.split(",")
    capitals = [name.upper() for name in names if len(name) == 1 and name.islower()]
    return ",".join([*names, *(name for name in capitals if name not in names)])
