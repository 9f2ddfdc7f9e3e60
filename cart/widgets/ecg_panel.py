"""Beside an ECG strip: what its reports say first, then how fast, by whom counted, where from, who has read it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from cart.usecases.ecg_words import (
    caution_text,
    counted_text,
    held_text,
    off_text,
    report_lines,
    seen_text,
    struck_text,
)
from cart.widgets.lines import Lines
from wardlink.i18n import domain

if TYPE_CHECKING:
    from cart.usecases.ecg import Opened

_ = domain("cart").gettext

_ALARM, _YELLOW, _GREEN, _DIM = "bold #ffffff on #a01818", "bold #ffd75f", "#87e087", "#9fb4c4"


class EcgPanel(Lines):
    """Everything about a strip that is not its curve."""

    DEFAULT_CSS = """
    EcgPanel { height: auto; padding: 0 1; }
    """

    def show(self, found: Opened, now: datetime) -> None:
        """What is known of this strip now."""
        self.say(Content("\n").join(Content.styled(text, tone) for text, tone in _lines(found, now)))


def _lines(found: Opened, now: datetime) -> list[tuple[str, str]]:
    view, lines = found.view, list[tuple[str, str]]()
    if view.struck_at is not None:
        lines.append((struck_text(view, now), _YELLOW))
    if view.is_critical:
        lines.append((_("‼ CRITICAL RESULT: tell the doctor at once"), _ALARM))
    lines.append((_("Report"), "bold"))
    if not view.reports:
        lines.append((_("No report yet."), _DIM))
    for who, is_critical, said in report_lines(view, now):
        lines.append((("‼ " if is_critical else "") + who, _YELLOW if is_critical else _DIM))
        lines += [(line, "") for line in said]
    lines.append(("", ""))
    lines.append((counted_text(view, found.counted), _GREEN if found.counted.rate is not None else _YELLOW))
    lines.append((caution_text(), _DIM))
    if found.strip is not None and (off := off_text(found.strip)):
        lines.append((off, _YELLOW))
    if found.held != "whole":
        lines.append((held_text(found.held), _YELLOW))
    lines.append(("", ""))
    pending = " *" if found.is_unsent else ""
    lines.append((seen_text(view, now) + pending, _YELLOW if view.is_new else _DIM))
    return lines
