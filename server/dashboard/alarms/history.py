"""What became of alerts and calls: a list, and how long people took, by kind, against what the table of rules asks."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from fastapi import Request
from sqlalchemy import Connection

from server.alerts.escalating import escalation_at
from server.alerts.escalation import Escalation, Times
from server.alerts.rules import is_call
from server.core import Core
from server.dashboard import tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING
from server.record.service import records_of
from wardlink.clinical.alert_rules import CODES, AlertCode, alert_rule
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.i18n import domain
from wardlink.messages.alert_words import detail_text, role_text, state_text, title
from wardlink.messages.alerts import AlertDeed, AlertView
from wardlink.record.alerts import ALERT

_ = domain("server").gettext

DAYS = 7
MOST_DAYS = 92
MOST = 20_000
"""More alerts than this are not read at once; the page says so."""

_SHARES = (50, 90, 95)

InWard = tuple[str, AlertView]
"""An alert and its ward."""


@dataclass(frozen=True)
class Asked:
    """`wards`: those shown. Days of the ward, both included."""

    wards: tuple[str, ...]
    since: date
    until: date

    def begins_at(self) -> datetime:
        """The first instant."""
        return datetime.combine(self.since, datetime.min.time(), WARD_ZONE)

    def ends_at(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.until + timedelta(days=1), datetime.min.time(), WARD_ZONE)


def days_asked(query: Mapping[str, str], today: date) -> tuple[date, date]:
    """The days of an address; the last week where there are none, at most 92, never turned round."""
    until = _day(query.get("until")) or today
    since = _day(query.get("since")) or until - timedelta(days=DAYS - 1)
    since, until = min(since, until), max(since, until)
    return max(since, until - timedelta(days=MOST_DAYS - 1)), until


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None


def read(conn: Connection, asked: Asked) -> tuple[list[InWard], bool]:
    """The alerts of these days, the newest first, and whether there are more of them."""
    since, until = asked.begins_at(), asked.ends_at()
    found = [
        (ward, view)
        for ward in asked.wards
        for view in records_of(conn, ALERT, ward=ward, since=since, until=until, newest_first=True, limit=MOST + 1)
    ]
    found.sort(key=lambda one: (one[1].raised_at, one[1].id), reverse=True)
    return found[:MOST], len(found) > MOST


def after_s(view: AlertView, deeds: Collection[AlertDeed]) -> float | None:
    """After how many seconds somebody first did one of these things; None as long as nobody has."""
    return _until(view, min((event.at for event in view.events if event.deed in deeds), default=None))


TAKEN: frozenset[AlertDeed] = frozenset(("accepted", "arrived", "resolved"))
THERE: frozenset[AlertDeed] = frozenset(("arrived",))


def taken_s(view: AlertView) -> float | None:
    """Until somebody had it. An alert that follows a call has no deeds of its own for that."""
    return _until(view, view.accepted_at) if is_call(view.code) else after_s(view, TAKEN)


def there_s(view: AlertView) -> float | None:
    """Until somebody was there."""
    return _until(view, view.arrived_at) if is_call(view.code) else after_s(view, THERE)


def _until(view: AlertView, at: datetime | None) -> float | None:
    # Two clocks may have written this: nobody is there before the alert.
    return None if at is None else max(0.0, (at - view.raised_at).total_seconds())


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that so many per cent of `values` do not pass (nearest rank); `values` is not empty."""
    return sorted(values)[max(0, ceil(len(values) * share / 100) - 1)]


def times_sheet(views: Iterable[AlertView], by: Escalation) -> Sheet:
    """A line a kind: how many, how long until somebody had them and was there, and how many in time."""
    by_code: dict[AlertCode, list[AlertView]] = defaultdict(list)
    for view in views:
        by_code[view.code].append(view)
    columns = (
        Column("what", _("What")),
        Column("n", _("Number"), "number"),
        *(Column(f"taken{p}", _("Taken after, {p} %").format(p=p), "number") for p in _SHARES),
        Column("in_time", _("Taken in time"), "number"),
        *(Column(f"there{p}", _("There after, {p} %").format(p=p), "number") for p in _SHARES),
        Column("there_in_time", _("There in time"), "number"),
        Column("open", _("Nobody came"), "number"),
    )
    return Sheet(columns, tuple(_times(code, by_code[code], by.of(code)) for code in CODES if code in by_code))


def _times(code: AlertCode, views: Sequence[AlertView], asked: Times) -> Row:
    taken = [s for view in views if (s := taken_s(view)) is not None]
    there = [s for view in views if (s := there_s(view)) is not None]
    cells = {
        "what": Cell(alert_rule(code).text()),
        "n": Cell(str(len(views))),
        "in_time": _share(taken, asked.answer_within, len(views)),
        "there_in_time": _share(there, asked.arrive_within, len(views)),
        "open": Cell(str(len(views) - len(taken))),
    }
    cells |= {f"taken{p}": Cell(_seconds(percentile(taken, p) if taken else None)) for p in _SHARES}
    cells |= {f"there{p}": Cell(_seconds(percentile(there, p) if there else None)) for p in _SHARES}
    return Row(code, cells)


def _share(found: Sequence[float], within: timedelta, n: int) -> Cell:
    return Cell(f"{100 * sum(s <= within.total_seconds() for s in found) / n:.0f} %")


def _seconds(value: float | None) -> str:
    if value is None:
        return NOTHING
    return _("{n} s").format(n=round(value)) if value < 600 else _("{n} min").format(n=round(value / 60))


def list_sheet(found: Iterable[InWard], now: datetime, *, with_ward: bool) -> Sheet:
    """A line an alert, the newest first."""
    columns = (
        Column("raised", _("Raised")),
        *((Column("ward", _("Ward")),) if with_ward else ()),
        Column("bed", _("Bed")),
        Column("what", _("What"), "wide"),
        Column("detail", _("Detail")),
        Column("asked", _("Asked")),
        Column("state", _("State")),
        Column("taken", _("Taken after"), "number"),
        Column("there", _("There after"), "number"),
        Column("outcome", _("What was done"), "wide"),
    )
    return Sheet(columns, tuple(_row(ward, view, now) for ward, view in found))


def _row(ward: str, view: AlertView, now: datetime) -> Row:
    cells = {
        "raised": instant(view.raised_at, now),
        "ward": Cell(ward),
        "bed": Cell(view.bed or NOTHING),
        "what": Cell(title(view)),
        "detail": Cell(detail_text(view) or NOTHING),
        "asked": Cell(", ".join(role_text(role) for role in view.offered_to)),
        "state": Cell(state_text(view)),
        "taken": Cell(_seconds(taken_s(view))),
        "there": Cell(_seconds(there_s(view))),
        "outcome": Cell(view.outcome or NOTHING),
    }
    return Row(view.id, cells)


def register(core: Core) -> None:
    """The page at `/alerts/history`."""
    page(core, "/alerts/history", _history, "ward.read")


def asked_of(wards: Sequence[str], query: Mapping[str, str], now: datetime) -> Asked:
    """What an address asks for."""
    return Asked(tuple(wards), *days_asked(query, ward_date(now)))


async def _history(visit: Visit, request: Request) -> None:
    query, now = request.query_params, visit.core.clock.now()
    ward = query.get("ward") or None
    asked = asked_of(await wards_shown(visit, ward), query, now)
    typed, number = query.get("q", "").strip()[:100], tables.page_of(query.get("page"))

    def look() -> tuple[list[InWard], bool, Escalation]:
        visit.audit("search" if typed else "list", f"alerts of {', '.join(asked.wards)}")
        with visit.core.db.read() as conn:
            return *read(conn, asked), escalation_at(conn, now)

    found, is_cut, by = await asyncio.to_thread(look)
    listed = list_sheet(found, now, with_ward=len(asked.wards) > 1).having(typed)
    days = {"since": asked.since.isoformat(), "until": asked.until.isoformat()}
    kept = days | ({"ward": ward} if ward else {}) | ({"q": typed} if typed else {})
    here, begin = address("/alerts/history"), (number - 1) * tables.PER_PAGE
    with framed(visit, _("Alerts and calls, history"), here="alerts", ward=ward):
        with tag("div", cls="page-head"):
            tag("h1", _("Alerts and calls, history"))
            tag("p", _("{since} to {until}, {n} in all").format(n=len(found), **days))
            with tag("span", cls="tools"):
                of_ward = f"?ward={ward}" if ward else ""
                tag("a", _("Open ones"), cls="button", href=address(f"/alerts{of_ward}"))
                tables.export(address("/alerts/history.csv"), kept)
        _days(here, days, ward, typed)
        if is_cut:
            cut = _("Only the newest {n} are shown and counted. Please choose fewer days.")
            tag("p", cut.format(n=MOST), cls="notice")
        with tag("section", cls="section"):
            tag("h2", _("How long it took"))
            tag("p", _("In time: as the chains that hold now ask. The shares are of all of a kind, also open ones."))
            nothing = _("No alert in these days.")
            tables.show(times_sheet((view for _ward, view in found), by), label=_("How long it took"), nothing=nothing)
        with tag("section", cls="section"):
            tag("h2", _("One by one"))
            shown = Sheet(listed.columns, listed.rows[begin : begin + tables.PER_PAGE])
            tables.show(shown, label=_("One by one"), nothing=_("No alert fits.") if typed else nothing)
            tables.turn_pages(here, kept, number, total=len(listed.rows))


def _days(here: str, days: Mapping[str, str], ward: str | None, typed: str) -> None:
    with tag("form", method="get", action=here, cls="table-tools"):
        if ward:
            tag("input", type="hidden", name="ward", value=ward)
        for name, words in (("since", _("From")), ("until", _("To"))):
            with tag("label"):
                tag("span", words)
                tag("input", type="date", name=name, value=days[name])
        with tag("label"):
            tag("span", _("Search"))
            tag("input", type="search", name="q", value=typed, maxlength="100")
        tag("button", _("Show"), type="submit", cls="button")
