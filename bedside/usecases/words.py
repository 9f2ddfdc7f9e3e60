"""Codes of the ward in a patient's words, ages and instants. Looked up when they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from wardlink.clock import ward_date, ward_time
from wardlink.i18n import N_, domain

_ = domain("bedside").gettext

DIETS: Mapping[str, str] = {
    "regular": N_("regular diet"),
    "soft": N_("soft diet"),
    "semi-liquid": N_("semi-liquid diet"),
    "liquid": N_("liquid diet"),
    "low-salt": N_("low-salt diet"),
    "low-fat": N_("low-fat diet"),
    "low-protein": N_("low-protein diet"),
    "low-purine": N_("low-purine diet"),
    "high-protein": N_("high-protein diet"),
    "diabetic": N_("diabetic diet"),
    "nil-by-mouth": N_("nothing to eat or drink"),
    "tube": N_("tube feeding"),
}
SEXES: Mapping[str, str] = {
    "male": N_("male"),
    "female": N_("female"),
    "other": N_("other sex"),
    "unknown": N_("sex not recorded"),
}
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
MONTHS = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)


def word(table: Mapping[str, str], code: str) -> str:
    """The words for `code`; a code that the table does not know stands for itself."""
    return _(table[code]) if code in table else code


def clock_text(at: datetime) -> str:
    """The ward's clock."""
    return ward_time(at).strftime("%H:%M")


def date_text(at: datetime) -> str:
    """The ward's day: weekday, day and month."""
    return day_text(ward_date(at))


def day_text(day: date) -> str:
    """A day: weekday, day and month."""
    said = _("{weekday} {day} {month}")
    return said.format(weekday=_(WEEKDAYS[day.weekday()]), day=day.day, month=_(MONTHS[day.month - 1]))


def when_text(at: datetime, now: datetime) -> str:
    """The ward's clock at that instant; with the day where it is not today."""
    return clock_text(at) if ward_date(at) == ward_date(now) else f"{date_text(at)} {clock_text(at)}"


def age_text(age: timedelta) -> str:
    """How long ago, in one unit, as one says it."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("{n} min ago").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} hours ago").format(n=minutes // 60)
    return _("{n} days ago").format(n=minutes // (24 * 60))
