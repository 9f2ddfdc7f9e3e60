"""What an address of the history and of the response times asks for; what it cannot mean is said in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast, get_args

from server.dashboard.fields import day_typed
from server.dashboard.tags import tag
from server.kpis.counting import Days
from server.kpis.response import By, Until
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.i18n import domain

_ = domain("server").gettext

DAYS = 7
MOST_DAYS = 92


@dataclass(frozen=True)
class Asked:
    """`wards`: those shown. Days of the ward, both included. `said`: what of the address could not be followed."""

    wards: tuple[str, ...]
    since: date
    until: date
    said: tuple[str, ...] = ()
    by: By = "class"
    end: Until = "answered"

    @property
    def days(self) -> Days:
        """As the database is asked."""
        return Days(self.since, self.until)

    def begins_at(self) -> datetime:
        """The first instant."""
        return datetime.combine(self.since, datetime.min.time(), WARD_ZONE)

    def ends_at(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.until + timedelta(days=1), datetime.min.time(), WARD_ZONE)

    def kept(self) -> dict[str, str]:
        """The days as an address says them."""
        return {"since": self.since.isoformat(), "until": self.until.isoformat()}


def asked_of(wards: Sequence[str], query: Mapping[str, str], now: datetime) -> Asked:
    """What an address asks for, said in the language of this context where it cannot be."""
    since, until, said = days_asked(query, ward_date(now))
    by = cast("By", query.get("by")) if query.get("by") in get_args(By) else "class"
    end: Until = "there" if query.get("end") == "there" else "answered"
    return Asked(tuple(wards), since, until, said, by, end)


def days_asked(query: Mapping[str, str], today: date) -> tuple[date, date, tuple[str, ...]]:
    """The days of an address, and what is said where they are others than it says.

    The last week where it names none, at most 92 days, none after today, never turned round.
    """
    said: list[str] = []
    asked: dict[str, date | None] = {}
    for name in ("since", "until"):
        text = (query.get(name) or "").strip()
        asked[name] = found = day_typed(text)
        if text and found is None:
            said.append(
                _("“{text}” is no date. A date is written like {example}.").format(text=text[:40], example=today)
            )
    since, until = asked["since"], asked["until"]
    if since is not None and until is not None and since > until:
        said.append(_("The first day lay after the last one; they were exchanged."))
        since, until = until, since
    if max(since or today, until or today) > today:
        said.append(_("Days that have not begun are left out."))
    until = min(until or today, today)
    since = min(since or until - timedelta(days=DAYS - 1), until)
    if (until - since).days >= MOST_DAYS:
        said.append(_("At most {n} days are shown at once; these are the last of them.").format(n=MOST_DAYS))
        since = until - timedelta(days=MOST_DAYS - 1)
    return since, until, tuple(said)


def say(asked: Asked) -> None:
    """The sentences, above what is shown instead."""
    for sentence in asked.said:
        tag("p", sentence, cls="notice", role="alert")
