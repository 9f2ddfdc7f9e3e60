"""Differences between a channel's bill and our books: the list, and one of them with both sides, to be worked off."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, get_args

from fastapi import Request

from server.dashboard import tables
from server.dashboard.cashier import acts, places
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.cashier.stay import ORDER_STATES, REFUND_STATES, channel_name
from server.dashboard.fields import choice_field
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.sheets.names import staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, actor_text, time_text
from server.money.accounts import channels
from server.payments.rows import order_called
from server.reconcile.export import KINDS, STATES, SUBJECTS
from server.reconcile.resolving import Resolution, ways_of
from server.reconcile.rows import DifferenceView, State, Wanted, count_differences, difference_called
from server.reconcile.rows import differences as found_differences
from wardlink.i18n import N_, domain
from wardlink.money import yuan

_ = domain("server").gettext

MOST_EXPORTED = 20_000

WAYS: Mapping[Resolution, str] = {
    "taken": N_("taken into the deposit"),
    "held": N_("held until the owner is known"),
    "returned": N_("given back at the channel's own desk"),
    "written-off": N_("written off"),
    "explained": N_("explained, nothing to book"),
}
_STATES: tuple[str, ...] = get_args(State)


def wanted_by(asked: Mapping[str, str]) -> Wanted:
    """What an address looks for; a word that is none is not looked for. Without a state: what is open."""
    state: Any = asked.get("state", "open")
    channel, kind = asked.get("channel"), asked.get("kind")
    try:
        on = date.fromisoformat(asked.get("on", ""))
    except ValueError:
        on = None
    return Wanted(
        state if state in _STATES else None,
        channel if channel in channels() else None,
        on,
        kind if kind in KINDS else None,
        asked.get("q", "").strip()[:100],
    )


async def page(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The list at `/reconcile/differences`."""
    asked = request.query_params
    wanted, number = wanted_by(asked), tables.page_of(asked.get("page"))
    begin = (number - 1) * tables.PER_PAGE

    def read() -> tuple[Sheet, int]:
        visit.audit("list", "differences, cashier")
        with desk.core.db.read() as conn:
            now = desk.core.clock.now()
            items = found_differences(conn, now, wanted, limit=tables.PER_PAGE, offset=begin)
            return sheet(items, staff_names(conn), now), count_differences(conn, wanted)

    shown, total = await asyncio.to_thread(read)
    kept = {name: asked[name] for name in ("state", "channel", "kind", "on", "q") if asked.get(name)}
    here = address("/reconcile/differences")
    with framed(visit, _("Differences"), here="cashier"):
        with tag("div", cls="page-head"):
            tag("h1", _("Differences"))
            tag("p", _("What a channel's bill and our books do not both say. Each is worked off by a person."))
            with tag("span", cls="tools"):
                tables.export(address("/reconcile/differences.csv"), {"state": wanted.state or "all"} | kept)
        places.show(visit, "differences")
        _filter(desk, here, wanted, kept)
        nothing = _("Nothing found.") if len(kept) > 1 else _("Nothing waits here.")
        tables.show(shown, label=_("Differences"), nothing=nothing)
        tables.turn_pages(here, kept, number, total=total)


def _filter(desk: CashDesk, here: str, wanted: Wanted, kept: Mapping[str, str]) -> None:
    states = [("all", _("all")), *((state, _(STATES[state])) for state in _STATES)]
    names = sorted({*desk.reconciliation.channels, *([wanted.channel] if wanted.channel else [])})
    with tag("form", method="get", action=here, role="search", cls="table-tools"):
        choice_field("state", _("State"), states, wanted.state or "all")
        choice_field(
            "channel", _("Channel"), [("", _("all")), *((n, channel_name(n)) for n in names)], wanted.channel or ""
        )
        choice_field(
            "kind", _("Kind"), [("", _("all")), *((k, _(words)) for k, words in KINDS.items())], wanted.kind or ""
        )
        with tag("label"):
            tag("span", _("Day"))
            tag("input", type="date", name="on", value=wanted.on.isoformat() if wanted.on else "")
        with tag("label"):
            tag("span", _("Number"))
            tag("input", type="search", name="q", value=kept.get("q", ""), maxlength="100")
        tag("button", _("Search"), type="submit", cls="button")


def sheet(items: Sequence[DifferenceView], staff: Mapping[str, str], now: datetime, *, with_day: bool = True) -> Sheet:
    """These differences, with both sides."""
    day = (Column("on", _("Day"), "mono"), Column("channel", _("Channel"))) if with_day else ()
    columns = (
        Column("kind", _("Kind")),
        *day,
        Column("subject", _("What")),
        Column("number", _("Number"), "mono"),
        Column("ours", _("Ours (yuan)"), "number"),
        Column("theirs", _("Channel's (yuan)"), "number"),
        Column("state", _("State")),
        Column("found", _("Found")),
        Column("done", _("What was done"), "wide"),
        Column("by", _("Who")),
    )
    return Sheet(columns, tuple(_row(each, staff, now) for each in items))


def _row(each: DifferenceView, staff: Mapping[str, str], now: datetime) -> Row:
    is_open = each.state in ("waiting", "open")
    cells = {
        "kind": Cell(_(KINDS[each.kind]), href=address(f"/reconcile/difference/{each.id}")),
        "on": Cell(each.on.isoformat()),
        "channel": Cell(channel_name(each.channel)),
        "subject": Cell(_(SUBJECTS[each.subject])),
        "number": Cell(each.number),
        "ours": Cell(_yuan(each.our_fen)),
        "theirs": Cell(_yuan(each.channel_fen)),
        "state": Cell(_(STATES[each.state]), cls="bad" if each.state == "open" else ""),
        "found": instant(each.opened_at, now),
        "done": Cell(NOTHING if is_open else outcome_text(each)),
        "by": Cell(actor_text(each.ended_by, staff) if each.ended_by else NOTHING),
    }
    return Row(each.id, cells)


def outcome_text(each: DifferenceView) -> str:
    """How it was worked off, and what was said about it."""
    way = WAYS.get(each.resolution) if each.resolution else None  # type: ignore[call-overload]
    return _("{way}: {reason}").format(way=_(way), reason=each.outcome) if way else each.outcome or NOTHING


def _yuan(fen: int | None) -> str:
    return NOTHING if fen is None else yuan(fen)


async def one(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The page at `/reconcile/difference/{id}`."""
    name = request.path_params["id"]

    def read() -> tuple[DifferenceView, Mapping[str, str], str | None]:
        with desk.core.db.read() as conn:
            found = difference_called(conn, name[:40], desk.core.clock.now())
            stay = order_called(conn, found.pay_order).encounter if found.pay_order else None
            names = staff_names(conn)
        visit.audit("view", f"difference {found.id}", stay)
        return found, names, stay

    found, staff, stay = await asyncio.to_thread(read)
    with framed(visit, _(KINDS[found.kind]), here="cashier"):
        with tag("div", cls="page-head"):
            tag("h1", _(KINDS[found.kind]))
            tag("p", f"{channel_name(found.channel)} · {found.on}")
            with tag("span", cls="tools"):
                tag("a", _("The day"), cls="button", href=address(f"/reconcile/{found.channel}/{found.on}"))
                if stay is not None:
                    tag("a", _("The stay's money"), cls="button", href=address(f"/cashier/{stay}"))
        places.show(visit, "")
        acts.say(desk, request)
        _facts(found, desk.core.clock.now(), staff)
        if found.state in ("waiting", "open"):
            _work_off(visit, found)
        else:
            who = actor_text(found.ended_by, staff) if found.ended_by else NOTHING
            text = _("Worked off by {who}. {what}").format(who=who, what=outcome_text(found))
            tag("p", text, cls="notice good")


def _facts(found: DifferenceView, now: datetime, staff: Mapping[str, str]) -> None:
    ours = {**ORDER_STATES, **REFUND_STATES}.get(found.our_state or "")
    facts = [
        (_("What"), _(SUBJECTS[found.subject])),
        (_("Number"), found.number),
        (_("Number of the channel"), found.channel_trade_no or NOTHING),
        (_("Ours (yuan)"), _yuan(found.our_fen)),
        (_("Channel's (yuan)"), _yuan(found.channel_fen)),
        (_("Our state"), _(ours) if ours else found.our_state or NOTHING),
        (_("Channel's state"), found.channel_state or NOTHING),
        (_("The channel, asked, says"), found.channel_says or _("was not asked")),
        (_("State"), _(STATES[found.state])),
        (_("Found"), time_text(found.opened_at, now)),
    ]
    if found.twice:
        facts.append((_("Look out"), _("The bill names it twice.")))
    if found.ended_at is not None:
        facts.append((_("Ended"), time_text(found.ended_at, now)))
    with tag("dl", cls="facts"):
        for label, text in facts:
            with tag("div"):
                tag("dt", label)
                tag("dd", text)


def _work_off(visit: Visit, found: DifferenceView) -> None:
    ways = [way for way in ways_of(found) if way != "written-off" or visit.may("pay.write-off")]
    with tag("form", method="post", action=address(f"/reconcile/difference/{found.id}/close"), cls="ask"):
        tag("h2", _("Work it off"))
        for way in ways:
            with tag("label", cls="sure"):
                tag(
                    "input",
                    type="radio",
                    name="way",
                    value=way,
                    required=True,
                    checked=True if len(ways) == 1 else None,
                )
                tag("span", _(WAYS[way]))
            if way == "taken" and found.pay_order is None:
                with tag("label"):
                    tag("span", _("Admission number of the stay, where it is taken into a deposit"))
                    tag("input", name="admission_no", maxlength="20")
        acts.ask_reason()
        with tag("div", cls="actions"):
            tag("button", _("Work off"), type="submit", cls="button main")
