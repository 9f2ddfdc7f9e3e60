"""The lines above and below a strip: when and where, what the marks measure, and its report on a small screen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from cart.usecases.ecg_words import (
    counted_short,
    measured_text,
    report_text,
    state_text,
    struck_text,
    taken_text,
)
from cart.widgets.buttons import Button
from wardlink.clinical.ecg.calipers import measure
from wardlink.i18n import domain
from wardlink.terminal.ecg_looking import paper_text

if TYPE_CHECKING:
    from cart.usecases.ecg import Opened
    from cart.usecases.ecg_calipers import Calipers
    from wardlink.terminal.ecg_looking import Looking

_ = domain("cart").gettext

_TONES = {"alarm": "bold #ffffff on #a01818", "warn": "bold #ffd75f"}


def what_line(found: Opened, now: datetime) -> Content:
    """When, where, how it was sampled, and what a nurse still has to do with it."""
    state, tone = state_text(found.view)
    return Content.assemble((taken_text(found, now), "bold"), "  ", (f" {state} ", _TONES.get(tone, "#9fb4c4")))


def lead_buttons(found: Opened, looking: Looking | None) -> list[Button]:
    """A button for each lead; those that are shown are lit."""
    shown = looking.leads if looking is not None else ()
    return [Button("", lead, lead, active=lead in shown) for lead in found.view.leads]


def marks_line(looking: Looking, calipers: Calipers, *, is_wide: bool) -> Content:
    """What lies between the marks; without them, what the squares of the paper mean."""
    marks, strip = calipers.marks, looking.strip
    if len(marks) < 2:
        hint = _("←→ along the strip  ↑↓ lead  C measures") if is_wide else "←→ ↑↓"
        return Content.assemble((paper_text(looking.look.paper), "#c7d0d8"), ("   " + hint, "#9fb4c4"))
    parts: list[Content | str | tuple[str, str]] = []
    for index, (letter, sample) in enumerate(zip("AB", marks, strict=True)):
        tone = "bold #101418 on #7fd4ff" if index == calipers.in_hand else "bold"
        parts += [(f" {letter} {sample / strip.rate_hz:.3f} s ", tone), " "]
    parts.append((" " + measured_text(measure(strip, looking.lead, *marks), looking.lead), "bold #87e087"))
    if is_wide:
        parts.append(("   " + _("←→ moves it  N next beat  C other mark"), "#9fb4c4"))
    return Content.assemble(*parts)


def short_lines(found: Opened, now: datetime) -> Content:
    """Rate and newest report in few lines, for a screen without the panel."""
    view = found.view
    lines = [Content.styled(struck_text(view, now), "bold #ffd75f")] if view.struck_at is not None else []
    tone = "#87e087" if found.counted.rate is not None else "#ffd75f"
    lines.append(Content.styled(counted_short(view, found.counted), tone))
    report = ("‼ " if view.is_critical else "") + _("Report: {text}").format(text=report_text(view))
    lines.append(Content.styled(report, "bold #ffffff on #a01818" if view.is_critical else ""))
    return Content("\n").join(lines)
