"""What stands in the way of the dose under the cursor, and everything that was entered about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from cart.usecases.dose_asks import state_of
from cart.usecases.dose_words import drip_text, drug_text, event_text, route_text
from cart.usecases.order_words import how_text
from cart.usecases.skin_test import test_text, window_text
from cart.usecases.verbal import waiting_lines
from cart.usecases.words import time_text
from cart.widgets.lines import Lines
from wardlink.i18n import domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.usecases.medication import AtHand, BedRound, Due
    from wardlink.clinical.dose_checks import Check

_ = domain("cart").gettext

_RED, _YELLOW, _GREEN, _DIM = "bold #ff8a80", "#ffd75f", "#87e087", "#9fb4c4"
_MARKS = {"nothing": ("✖ ", _RED), "override": ("✖ ", _RED)}


class DosePanel(Lines):
    """Red: it must not be given like this. Yellow: something is still asked. Green: done."""

    DEFAULT_CSS = """
    DosePanel { height: auto; padding: 0 1; }
    """

    def show(
        self,
        line: Due | None,
        found: Sequence[Check],
        waits: Collection[str],
        at_hand: AtHand,
        bed: BedRound,
        now: datetime,
    ) -> None:
        """`waits`: the keys of the checks that are still open."""
        lines = []
        if bed.pain_at is not None:
            tone = f"bold {_YELLOW}" if now >= bed.pain_at else _YELLOW
            lines.append((_("Ask about pain after the analgesic: {at}").format(at=time_text(bed.pain_at, now)), tone))
        for text, late in waiting_lines(bed.verbal, now):
            lines.append((text, _RED if late else f"bold {_YELLOW}"))
        if line is not None:
            lines += _about(line, waits, at_hand, now)
            lines += _patient_says(line, at_hand, bed)
            lines += [_said(check, waits) for check in found]
            if line.is_waiting and not waits:
                lines.append((_("All checks are passed. G gives it."), f"bold {_GREEN}"))
            lines += _entries(line, bed.names, now)
        self.say(Content("\n").join(Content.styled(text, tone) for text, tone in lines))


def _about(line: Due, waits: Collection[str], at_hand: AtHand, now: datetime) -> list[tuple[str, str]]:
    how = how_text(line.order) if line.order is not None else route_text(line)
    lines = []
    for item in line.items:
        is_read = item.drug in at_hand.scanned_at and f"drug-unscanned:{item.drug}" not in waits
        mark, tone = ("✓ ", f"bold {_GREEN}") if is_read else ("", "bold")
        lines.append((f"{mark}{drug_text(item)}  {plain(item.strength)}", tone))
    lines.append((how, ""))
    if line.order is not None and line.order.indication:
        said = _("for {indication}; at least {min} min apart, at most {most} a day").format(
            indication=plain(line.order.indication),
            min=line.order.min_interval_min or 0,
            most=line.order.max_per_day or "—",
        )
        lines.append((said, ""))
    if line.order is not None and line.order.note:
        lines.append((plain(line.order.note), _YELLOW))
    running = drip_text(line, now)
    if running is not None:
        lines.append((running, _GREEN))
    to_read = window_text(line, now)
    if to_read is not None:
        lines.append((to_read, f"bold {_YELLOW}"))
    if at_hand.amount_pct < 100:
        part = " ".join(filter(None, (f"{at_hand.amount_pct:g} %", plain(at_hand.part_reason or ""))))
        lines.append((_("Only a part is given: {part}").format(part=part), _YELLOW))
    return lines


def _patient_says(line: Due, at_hand: AtHand, bed: BedRound) -> list[tuple[str, str]]:
    said = state_of(bed, line, unasked=at_hand.unasked)
    tones = {"grave": _RED, "warn": _YELLOW, "good": _GREEN, "dim": _DIM}
    return [] if said is None else [(said[0], tones[said[1]])]


def _said(check: Check, waits: Collection[str]) -> tuple[str, str]:
    if check.key not in waits:
        return "✓ " + plain(check.text()), _GREEN
    mark, tone = _MARKS.get(check.answer, ("□ ", _YELLOW))
    return mark + plain(check.text()), tone


def _entries(line: Due, names: Mapping[str, str], now: datetime) -> list[tuple[str, str]]:
    events = line.dose.events if line.dose is not None else ()
    told = [(test_text(test, names, now), test.struck_at) for test in reversed(line.tests)]
    told += [(event_text(event, names, now), event.struck_at) for event in reversed(events)]
    return [(text, f"{_DIM} strike" if struck_at else _DIM) for text, struck_at in told]
