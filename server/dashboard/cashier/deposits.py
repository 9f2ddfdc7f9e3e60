"""Deposits and arrears of the house, the gravest first; and one stay's daily lists (一日清单), a day at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import Request
from sqlalchemy import Connection

from server.dashboard import tables
from server.dashboard.cashier import acts, places
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.cashier.stays import stays_of
from server.dashboard.fields import day_typed
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.names import staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING
from server.money.accounts import categories
from server.money.daily import CLASSES, DayList, day_list, days_with_lines, quantity, said, table_of
from server.money.house import gravest_first, standings
from server.money.policy import LEVELS
from server.money.standing import Standing, standing
from wardlink.clock import ward_date
from wardlink.errors import NoRight, NotFound
from wardlink.i18n import N_, domain, language
from wardlink.messages.encounters import EncounterView
from wardlink.money import share, yuan

_ = domain("server").gettext

_DAYS = 14
"""So many days are a touch away; earlier ones by their date."""

LEVEL_WORDS: Mapping[str, str] = {
    "none": N_("enough left"),
    "notice": N_("running low"),
    "warning": N_("in arrears"),
}
AGREEMENTS: Mapping[str, str] = {"treat-first": N_("treated first, pays later"), "release": N_("released")}


async def page(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The list at `/deposits`."""
    asked = request.query_params
    typed, number = asked.get("q", "").strip()[:100], tables.page_of(asked.get("page"))
    level = level_asked(asked)

    def read() -> Sheet:
        visit.audit("search" if typed else "list", "deposits, cashier")
        return listed(desk, visit, typed, level)

    found = await asyncio.to_thread(read)
    kept = {name: value for name, value in (("q", typed), ("level", level or "")) if value}
    here, begin = address("/deposits"), (number - 1) * tables.PER_PAGE
    with framed(visit, _("Deposits and arrears"), here="cashier"):
        with tag("div", cls="page-head"):
            tag("h1", _("Deposits and arrears"))
            tag("p", _("Stays in the wards, those with least left first. Treatment never waits for money."))
            with tag("span", cls="tools"):
                options = [(_("all"), _with(here, typed, None), level is None)]
                options += [(_(LEVEL_WORDS[each]), _with(here, typed, each), each == level) for each in LEVELS[::-1]]
                tables.choices(_("Show"), options)
                tables.export(address("/deposits.csv"), kept)
        places.show(visit, "deposits")
        tables.search(here, typed, {"level": level} if level else {})
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        nothing = _("Nothing found. Please check the number or the name.") if typed else _("No stay here.")
        tables.show(shown, label=_("Deposits and arrears"), nothing=nothing)
        tables.turn_pages(here, kept, number, total=len(found.rows))


def level_asked(asked: Mapping[str, str]) -> str | None:
    """The level of arrears that an address looks for; None: every one."""
    level = asked.get("level")
    return level if level in LEVELS else None


def _with(here: str, typed: str, level: str | None) -> str:
    kept = {name: value for name, value in (("q", typed), ("level", level or "")) if value}
    return tables.address_with(here, kept)


def listed(desk: CashDesk, visit: Visit, typed: str, level: str | None) -> Sheet:
    """The stays that are looked for, with their money. Reads the database.

    Raises:
        NoRight: the visitor may not see money.
    """
    if not visit.may("settle.read"):
        raise NoRight
    with desk.core.db.read() as conn:
        stays = stays_of(conn, visit, typed, status="in-progress")
        expected = desk.insurance.expected_of(conn, [stay.id for stay in stays])
        known = standings(conn, stays, desk.core.clock.now(), expected)
        chosen = [stay for stay in gravest_first(stays, known) if level in (None, known[stay.id].level)]
        return sheet(chosen, known)


def sheet(stays: Sequence[EncounterView], known: Mapping[str, Standing]) -> Sheet:
    """These stays with what is left, and for how many days it will do."""
    columns = (
        Column("bed", _("Bed")),
        Column("no", _("Admission no."), "mono"),
        Column("name", _("Name")),
        Column("level", _("Arrears")),
        Column("left", _("Left (yuan)"), "number"),
        Column("runway", _("Will do for (days)"), "number"),
        Column("per_day", _("A day costs (yuan)"), "number"),
        Column("deposit", _("Deposit (yuan)"), "number"),
        Column("charged", _("Not settled (yuan)"), "number"),
        Column("agreed", _("Agreed")),
    )
    return Sheet(columns, tuple(_row(stay, known[stay.id]) for stay in stays))


def _row(stay: EncounterView, money: Standing) -> Row:
    cells = {
        "bed": Cell(f"{stay.ward} {stay.bed}"),
        "no": Cell(stay.admission_no, href=address(f"/deposits/{stay.id}")),
        "name": Cell(stay.name),
        "level": Cell(_(LEVEL_WORDS[money.level]), cls="bad" if money.level == "warning" else ""),
        "left": Cell(yuan(money.available_fen), cls="bad" if money.available_fen < 0 else ""),
        "runway": Cell(NOTHING if money.runway_days is None else str(money.runway_days)),
        "per_day": Cell(NOTHING if money.per_day_fen is None else yuan(money.per_day_fen)),
        "deposit": Cell(yuan(money.deposit_fen)),
        "charged": Cell(yuan(money.unsettled_fen)),
        "agreed": Cell(_agreed(money)),
    }
    return Row(stay.id, cells)


def _agreed(money: Standing) -> str:
    return "; ".join(_(AGREEMENTS[row.kind]) for row in money.agreements) or NOTHING


# -- one stay, a day at a time


@dataclass(frozen=True)
class Listed:
    """What the page of a stay's daily lists shows. `days`: those with charges, each with its sum in fen."""

    stay: EncounterView
    money: Standing
    days: Sequence[tuple[date, int]]
    shown: DayList
    staff: Mapping[str, str]


async def one(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The page at `/deposits/{encounter}?day=`."""
    name, asked = request.path_params["encounter"], request.query_params.get("day")

    def read() -> Listed:
        stay = desk.stay(visit, name)
        visit.audit("view", "daily list, cashier", stay.id)
        now = desk.core.clock.now()
        with desk.core.db.read() as conn:
            days = days_with_lines(conn, stay.id)
            day = day_typed(asked) or (days[-1][0] if days else ward_date(now))
            expected_fen = desk.insurance.expected_fen(conn, stay.id)
            money = standing(conn, stay.id, now, from_insurance_fen=expected_fen)
            return Listed(stay, money, days, day_list(conn, stay.id, day, now), staff_names(conn))

    found = await asyncio.to_thread(read)
    stay, day = found.stay, found.shown.day
    with framed(visit, _("Daily list"), here="cashier"):
        with tag("div", cls="page-head"):
            tag("h1", f"{stay.name} · {stay.admission_no}")
            tag("p", f"{stay.ward} {stay.bed} · {_('Daily list')} {day}")
            with tag("span", cls="tools"):
                tag("a", _("The stay's money"), cls="button", href=address(f"/cashier/{stay.id}"))
                tables.export(address(f"/deposits/{stay.id}/{day}.csv"), {})
        places.show(visit, "")
        acts.say(desk, request)
        _facts(found.money)
        _days(stay.id, found.days, day)
        if len(found.days) > _DAYS:
            _other_day(stay.id, day)
        with tag("section", cls="section"):
            tag("h2", _("{day}: {total} yuan").format(day=day, total=yuan(found.shown.total_fen)))
            if not found.shown.is_over:
                tag("p", _("This day is not over: lines may still come."), cls="notice")
            nothing = _("Nothing was charged on this day.")
            tables.show(lines_sheet(found.shown, found.staff), label=_("Daily list"), nothing=nothing)
            _sums(found.shown)


def _other_day(encounter: str, shown: date) -> None:
    with tag("form", method="get", action=address(f"/deposits/{encounter}"), cls="table-tools"):
        with tag("label"):
            tag("span", _("Day"))
            tag("input", type="date", name="day", value=shown.isoformat())
        tag("button", _("Show"), type="submit", cls="button")


def table(conn: Connection, desk: CashDesk, encounter: str, day: str) -> bytes:
    """The daily list as a file.

    Raises:
        NotFound: it is no day.
    """
    asked = day_typed(day)
    if asked is None:
        raise NotFound(what="day", name=day[:20])
    return table_of(day_list(conn, encounter, asked, desk.core.clock.now()))


def _facts(money: Standing) -> None:
    facts = [
        (_("Left (yuan)"), yuan(money.available_fen)),
        (_("Arrears"), _(LEVEL_WORDS[money.level])),
        (_("Will do for (days)"), NOTHING if money.runway_days is None else str(money.runway_days)),
        (_("A day costs (yuan)"), NOTHING if money.per_day_fen is None else yuan(money.per_day_fen)),
        (_("Deposit (yuan)"), yuan(money.deposit_fen)),
        (_("Not settled (yuan)"), yuan(money.unsettled_fen)),
        (_("Agreed"), _agreed(money)),
    ]
    _show(facts)


def _sums(found: DayList) -> None:
    names = categories()
    chinese = language() == "zh_CN"
    facts = [
        (names[code].name_zh if chinese else names[code].name_en, yuan(fen)) for code, fen in found.subtotals.items()
    ]
    facts += [
        (_("Total of the day"), yuan(found.total_fen)),
        (_("Charged so far"), yuan(found.running_fen)),
        (_("Deposit held"), yuan(found.deposit_fen)),
        (_("Left"), yuan(found.available_fen)),
    ]
    _show(facts)


def _show(facts: Sequence[tuple[str, str]]) -> None:
    with tag("dl", cls="facts"):
        for label, text in facts:
            with tag("div"):
                tag("dt", label)
                tag("dd", text)


def _days(encounter: str, days: Sequence[tuple[date, int]], shown: date) -> None:
    with tag("nav", cls="places", aria_label=_("Days")):
        for day, fen in days[: -_DAYS - 1 : -1]:
            here = "page" if day == shown else None
            tag("a", f"{day} · {yuan(fen)}", href=address(f"/deposits/{encounter}?day={day}"), aria_current=here)


def lines_sheet(found: DayList, staff: Mapping[str, str]) -> Sheet:
    """The lines of a day, as the domain's daily list has them."""
    columns = (
        Column("item", _("Item")),
        Column("codes", _("Code"), "mono"),
        Column("spec", _("Specification")),
        Column("quantity", _("Quantity"), "number"),
        Column("price", _("Price (yuan)"), "number"),
        Column("amount", _("Amount (yuan)"), "number"),
        Column("class", _("Insurance class")),
        Column("own", _("Own share before insurance (yuan)"), "number"),
        Column("doctor", _("Ordering doctor")),
        Column("where", _("Department")),
        Column("remark", _("Remark")),
    )
    chinese = language() == "zh_CN"
    rows = [
        Row(
            row.entry,
            {
                "item": Cell(row.name_zh if chinese else row.name_en),
                "codes": Cell(f"{row.national} {row.item}"),
                "spec": Cell(row.spec or NOTHING),
                "quantity": Cell(f"{quantity(row.quantity_e4)} {row.unit}"),
                "price": Cell(yuan(row.price_fen)),
                "amount": Cell(yuan(row.amount_fen), cls="bad" if row.amount_fen < 0 else ""),
                "class": Cell(_(CLASSES[row.insurance_class])),
                "own": Cell(yuan(share(row.amount_fen, row.self_pay_bp))),
                "doctor": Cell(staff.get(row.doctor, row.doctor) if row.doctor else NOTHING),
                "where": Cell(found.wards.get(row.department, row.department)),
                "remark": Cell(said(row.reason) or NOTHING),
            },
        )
        for row in found.lines
    ]
    return Sheet(columns, tuple(rows))
