"""Reconciliation: the days and channels with how each stands, and one of them with its sums and its differences."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import Request
from sqlalchemy import Connection, func, select

from server.dashboard import tables
from server.dashboard.cashier import acts, differences, places
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.cashier.stay import channel_name
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.names import staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import actor_text, time_text
from server.money.accounts import channels
from server.payments.rows import ORDER
from server.reconcile.rows import RUN, DifferenceView, RunView, Wanted, run_of, undecided
from server.reconcile.rows import differences as found_differences
from server.reconcile.service import DONE, Reconciliation
from wardlink.clock import ward_date
from wardlink.errors import NotFound
from wardlink.i18n import N_, domain
from wardlink.money import yuan

_ = domain("server").gettext

MOST_DAYS = 400
MOST_SHOWN = 500

FAULTS: Mapping[str, str] = {
    "channel-away": N_("the channel did not answer"),
    "bill-not-ready": N_("the channel has no bill yet"),
    "bill-unreadable": N_("the bill is not whole"),
    "channel-refused": N_("the channel refused"),
}

Runs = Mapping[tuple[str, date], RunView]


@dataclass(frozen=True)
class Days:
    """The days, the newest first, with what was compared and how many differences wait, by channel and day."""

    days: Sequence[date]
    channels: Sequence[str]
    runs: Runs
    waiting: Mapping[tuple[str, date], int]


async def page(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The list at `/reconcile`."""
    asked = request.query_params
    number, todo = tables.page_of(asked.get("page")), asked.get("show") == "todo"

    def read() -> Days:
        visit.audit("list", "bills, cashier")
        with desk.core.db.read() as conn:
            return _only_todo(known_days(conn, desk)) if todo else known_days(conn, desk)

    found = await asyncio.to_thread(read)
    here, begin = address("/reconcile"), (number - 1) * tables.PER_PAGE
    kept = {"show": "todo"} if todo else {}
    with framed(visit, _("Reconciliation"), here="cashier"):
        with tag("div", cls="page-head"):
            tag("h1", _("Reconciliation"))
            tag("p", _("The channels' bills against our books, day by day. Yesterday's is compared from 10:30 on."))
            with tag("span", cls="tools"):
                options = [(_("All days"), here, not todo), (_("To do"), f"{here}?show=todo", todo)]
                tables.choices(_("Show"), options)
                tables.export(address("/reconcile.csv"), {})
        places.show(visit, "bills")
        acts.say(desk, request)
        shown = Days(found.days[begin : begin + tables.PER_PAGE], found.channels, found.runs, found.waiting)
        tables.show(sheet(shown), label=_("Days"), nothing=_nothing(desk, todo=todo))
        tables.turn_pages(here, kept, number, total=len(found.days))


def _nothing(desk: CashDesk, *, todo: bool) -> str:
    if todo:
        return _("Nothing to do: every day was compared, and nothing waits.")
    if not desk.reconciliation.channels:
        return _("No payment channel is switched on here, so there is nothing to compare.")
    return _("No payment by code yet, so there is nothing to compare.")


def known_days(conn: Connection, desk: CashDesk) -> Days:
    """Every day since the first payment or the first bill, until yesterday."""
    rows = conn.execute(select(RUN).order_by(RUN.c.on.desc()).limit(MOST_DAYS * 8))
    runs = {(row.channel, row.on): RunView(**row._mapping) for row in rows}
    first_paid = conn.execute(select(func.min(ORDER.c.created_at))).scalar()
    begins = [on for _channel, on in runs] + ([ward_date(first_paid)] if first_paid else [])
    last = ward_date(desk.core.clock.now()) - timedelta(days=1)
    count = min((last - min(begins)).days + 1, MOST_DAYS) if begins else 0
    names = sorted({*desk.reconciliation.channels, *(channel for channel, _on in runs)})
    return Days([last - timedelta(days=n) for n in range(count)], names, runs, undecided(conn))


def _only_todo(found: Days) -> Days:
    days = [on for on in found.days if any(_is_todo(found, channel, on) for channel in found.channels)]
    return Days(days, found.channels, found.runs, found.waiting)


def _is_todo(found: Days, channel: str, on: date) -> bool:
    run = found.runs.get((channel, on))
    return run is None or run.status != DONE or run.signed_by is None or bool(found.waiting.get((channel, on)))


def sheet(found: Days) -> Sheet:
    """A line a day, a column a channel."""
    columns = (Column("on", _("Day"), "mono"), *(Column(name, channel_name(name)) for name in found.channels))
    rows = []
    for on in found.days:
        cells = {"on": Cell(on.isoformat())}
        for channel in found.channels:
            run, waiting = found.runs.get((channel, on)), found.waiting.get((channel, on), 0)
            cls = "bad" if waiting or (run is not None and run.status != DONE) else ""
            cells[channel] = Cell(state_text(run, waiting), cls, address(f"/reconcile/{channel}/{on}"))
        rows.append(Row(on.isoformat(), cells))
    return Sheet(columns, tuple(rows))


def state_text(run: RunView | None, waiting: int) -> str:
    """How a day of a channel stands, in words."""
    if run is None:
        return _("not compared yet")
    if run.status != DONE:
        return _("not compared: {why}").format(why=_(FAULTS.get(run.status, run.status)))
    if waiting:
        return _("{count} differences wait").format(count=waiting)
    return _("fits, signed") if run.signed_by else _("fits, to be signed")


def export_sheet(conn: Connection, desk: CashDesk) -> Sheet:
    """A line for each day of each channel, with the sums of both sides in yuan."""
    found, staff, now = known_days(conn, desk), staff_names(conn), desk.core.clock.now()
    columns = (
        Column("on", _("Day")),
        Column("channel", _("Channel")),
        Column("state", _("State")),
        *(Column(name, label) for name, label, _fen in _sums(None)),
        Column("lines", _("Lines of the bill")),
        Column("matched", _("Lines that fit")),
        Column("signed", _("Signed by")),
        Column("signed_at", _("Signed at")),
    )
    rows = []
    for on in found.days:
        for channel in found.channels:
            run, waiting = found.runs.get((channel, on)), found.waiting.get((channel, on), 0)
            cells = {
                "on": Cell(on.isoformat()),
                "channel": Cell(channel_name(channel)),
                "state": Cell(state_text(run, waiting)),
            }
            if run is not None:
                cells |= {name: Cell(yuan(fen)) for name, _label, fen in _sums(run)}
                cells |= {"lines": Cell(str(run.lines)), "matched": Cell(str(run.matched))}
                signed_at = Cell(time_text(run.signed_at, now), when=run.signed_at) if run.signed_at else Cell()
                cells |= {"signed": Cell(_signer(run, staff)), "signed_at": signed_at}
            rows.append(Row(f"{channel} {on}", cells))
    return Sheet(columns, tuple(rows))


def _signer(run: RunView, staff: Mapping[str, str]) -> str:
    return actor_text(run.signed_by, staff) if run.signed_by else ""


def _sums(run: RunView | None) -> Iterable[tuple[str, str, int]]:
    yield "income", _("Channel: came in (yuan)"), run.income_fen if run else 0
    yield "our_income", _("Ours: came in (yuan)"), run.our_income_fen if run else 0
    yield "refund", _("Channel: given back (yuan)"), run.refund_fen if run else 0
    yield "our_refund", _("Ours: given back (yuan)"), run.our_refund_fen if run else 0
    yield "fee", _("Fees (yuan)"), run.fee_fen if run else 0
    yield "settlement", _("To be paid out (yuan)"), run.settlement_fen if run else 0


# -- one day of one channel


@dataclass(frozen=True)
class Day:
    """What the page of one day shows. `run` is None while it was not compared."""

    channel: str
    on: date
    run: RunView | None
    items: Sequence[DifferenceView]
    staff: Mapping[str, str]

    @property
    def waiting(self) -> int:
        """How many of its differences wait."""
        return sum(each.state in ("waiting", "open") for each in self.items)


async def one(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The page at `/reconcile/{channel}/{on}`."""
    channel, on = day_asked(request.path_params["channel"], request.path_params["on"])

    def read() -> Day:
        visit.audit("view", f"bill {channel} {on}")
        with desk.core.db.read() as conn:
            items = found_differences(conn, desk.core.clock.now(), Wanted(None, channel, on), limit=MOST_SHOWN)
            return Day(channel, on, _run(conn, channel, on), items, staff_names(conn))

    found = await asyncio.to_thread(read)
    title = _("{channel}, {day}").format(channel=channel_name(channel), day=on.isoformat())
    with framed(visit, title, here="cashier"):
        with tag("div", cls="page-head"):
            tag("h1", title)
            tag("p", state_text(found.run, found.waiting))
            with tag("span", cls="tools"):
                tag("a", _("All days"), cls="button", href=address("/reconcile"))
                tables.export(address("/reconcile/differences.csv"), {"channel": channel, "on": on.isoformat()})
        places.show(visit, "")
        acts.say(desk, request)
        if found.run is not None:
            _facts(found.run, found.staff)
        _acts(desk.reconciliation, found)
        with tag("section", cls="section"):
            tag("h2", _("Differences"))
            shown = differences.sheet(found.items, found.staff, desk.core.clock.now(), with_day=False)
            nothing = _("Nothing differs.") if found.run and found.run.status == DONE else _("Not compared yet.")
            tables.show(shown, label=_("Differences"), nothing=nothing)


def day_asked(channel: str, on: str) -> tuple[str, date]:
    """The channel and the day of an address.

    Raises:
        NotFound: there is no such channel, or it is no day.
    """
    try:
        day = date.fromisoformat(on)
    except ValueError as exc:
        raise NotFound(what="bill", name=f"{channel} {on}"[:40]) from exc
    if channel not in channels() or not 2000 <= day.year < 2200:
        raise NotFound(what="bill", name=f"{channel} {on}"[:40])
    return channel, day


def _run(conn: Connection, channel: str, on: date) -> RunView | None:
    try:
        return run_of(conn, channel, on)
    except NotFound:
        return None


def _facts(run: RunView, staff: Mapping[str, str]) -> None:
    facts = [(label, yuan(fen)) for _name, label, fen in _sums(run)]
    facts += [(_("Lines of the bill"), str(run.lines)), (_("Lines that fit"), str(run.matched))]
    if run.signed_by:
        facts.append((_("Signed by"), _signer(run, staff)))
    with tag("dl", cls="facts"):
        for label, text in facts:
            with tag("div"):
                tag("dt", label)
                tag("dd", text)


def _acts(reconciliation: Reconciliation, found: Day) -> None:
    here = f"/reconcile/{found.channel}/{found.on}"
    with tag("div", cls="acts"):
        if found.channel in reconciliation.channels:
            with tag("form", method="post", action=address(f"{here}/run"), cls="ask"):
                tag("p", _("Asks the channel for its bill of this day. What a person has said stays."))
                with tag("div", cls="actions"):
                    text = _("Compare now") if found.run is None else _("Compare again")
                    tag("button", text, type="submit", cls="button main")
        if found.channel in reconciliation.readers:
            with tag("form", method="post", action=address(f"{here}/upload"), enctype="multipart/form-data", cls="ask"):
                with tag("label"):
                    tag("span", _("A bill that was fetched by hand (.csv, .gz or .zip)"))
                    tag("input", type="file", name="bill", accept=".csv,.txt,.gz,.zip", required=True)
                with tag("div", cls="actions"):
                    tag("button", _("Compare with this file"), type="submit", cls="button")
        if found.run is not None and found.run.status == DONE and found.run.signed_by is None and not found.waiting:
            with tag("form", method="post", action=address(f"{here}/sign"), cls="ask"):
                tag("p", _("Nothing waits. Your signature says that this day is right."))
                with tag("div", cls="actions"):
                    tag("button", _("Sign the day"), type="submit", cls="button main")
