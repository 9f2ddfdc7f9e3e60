"""What the chart writes: the time in Chinese words, notes of events, and the grammar of the stool row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from wardlink.clinical.tables import load
from wardlink.clinical.temperature_chart.conventions import Conventions
from wardlink.clinical.temperature_chart.facts import Event
from wardlink.clock import ward_time
from wardlink.i18n import N_, gettext, language

EVENT_WORDS: Mapping[str, str] = {
    "admission": N_("Admission"),
    "transfer-in": N_("Transfer in"),
    "surgery": N_("Operation"),
    "delivery": N_("Delivery"),
    "discharge": N_("Discharge"),
    "death": N_("Death"),
    "refused": N_("Refused"),
    "out": N_("Away"),
    "leave": N_("Leave"),
    "cooling": N_("Cooling"),
}
NOT_RISING = N_("low")
"""What stands in the place of a temperature below 35 degrees."""

_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """0 to 99 in Chinese words."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def chinese_time(at: datetime) -> str:
    """The ward's time to the minute on the clock of 24 hours, in Chinese words; a full hour has no minutes."""
    local = ward_time(at)
    hour = chinese_number(local.hour) + "时"
    return hour + (chinese_number(local.minute) + "分" if local.minute else "")


def event_word(kind: str) -> str | None:
    """An event in a word, in the language of this context; None for what the chart has no word for."""
    return gettext(EVENT_WORDS[kind]) if kind in EVENT_WORDS else None


def note_text(event: Event, by: Conventions) -> str:
    """What is written for an event, in the language of this context; some events carry no time."""
    said = gettext(EVENT_WORDS[event.kind])
    if event.kind in by.notes_without_time:
        return said
    if language() == "zh_CN":
        return said + by.note_joiner + chinese_time(event.at)
    return f"{said} {ward_time(event.at):%H:%M}"


def is_stool(text: str) -> bool:
    """Whether the stool row can be written so."""
    return re.fullmatch(load("temperature_chart")["stool"]["pattern"], text, re.ASCII) is not None


def number_text(value: float) -> str:
    """A number with the digits that it has, and no more."""
    return f"{value:.6f}".rstrip("0").rstrip(".")
