"""The list of a day (一日清单): every line of a stay on one day of the ward, added up, and what is left.

Also as a table for a spreadsheet. Its lines and the entries of the ledger are the same money: `booked_on` says what the
ledger has, and the two are equal to the fen.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from server.money.accounts import DEPOSIT, RECEIVABLE, categories
from server.money.ledger import ENTRY, POSTING
from server.money.lines import LINE
from server.money.prices import E4
from server.patients.models import Ward
from wardlink.clock import WARD_ZONE, ward_time
from wardlink.i18n import N_, domain, language
from wardlink.money import share, yuan

_ = domain("server").gettext

_WARD: Table = Ward.__table__  # type: ignore[attr-defined]
_CHARGES = ("charge", "charge_reversal")

CLASSES: Mapping[str, str] = {"A": N_("class A"), "B": N_("class B"), "C": N_("class C")}
"""Classes of the insurance's catalogue (甲, 乙, 丙) in words."""


@dataclass(frozen=True)
class DayList:
    """Amounts in fen. `running_fen` is everything charged until the end of the day; `deposit_fen` what was held then.

    `is_over`: the day is. What is told later of it is added to it, marked by when it was booked.
    """

    encounter: str
    day: date
    lines: tuple[Row[Any], ...]
    subtotals: Mapping[str, int]
    total_fen: int
    running_fen: int
    deposit_fen: int
    available_fen: int
    is_over: bool
    wards: Mapping[str, str]


def day_list(conn: Connection, encounter: str, day: date, now: datetime) -> DayList:
    """The list of a day of a stay, its lines by category as an invoice has them."""
    order = list(categories())
    query = select(LINE).where(LINE.c.encounter == encounter, LINE.c.charged_on == day)
    found = conn.execute(query.order_by(LINE.c.at, LINE.c.booked_at, LINE.c.entry)).all()
    lines = tuple(sorted(found, key=lambda row: order.index(row.category)))
    subtotals: dict[str, int] = {}
    for row in lines:
        subtotals[row.category] = subtotals.get(row.category, 0) + row.amount_fen
    until_at = end_of(day)
    running = select(func.coalesce(func.sum(LINE.c.amount_fen), 0)).where(
        LINE.c.encounter == encounter, LINE.c.charged_on <= day
    )
    deposit_fen = -_stood(conn, DEPOSIT, encounter, until_at)
    return DayList(
        encounter=encounter,
        day=day,
        lines=lines,
        subtotals=subtotals,
        total_fen=sum(subtotals.values()),
        running_fen=int(conn.execute(running).scalar_one()),
        deposit_fen=deposit_fen,
        available_fen=deposit_fen - _stood(conn, RECEIVABLE, encounter, until_at),
        is_over=until_at <= now,
        wards={row.id: row.name for row in conn.execute(select(_WARD.c.id, _WARD.c.name))},
    )


def days_with_lines(conn: Connection, encounter: str) -> Sequence[tuple[date, int]]:
    """The days on which anything was charged, each with its sum, in order."""
    query = select(LINE.c.charged_on, func.sum(LINE.c.amount_fen)).where(LINE.c.encounter == encounter)
    found = conn.execute(query.group_by(LINE.c.charged_on).order_by(LINE.c.charged_on))
    return [(day, int(amount)) for day, amount in found]


def booked_on(conn: Connection, encounter: str, day: date) -> int:
    """What the ledger has charged to a stay on a day of the ward, in fen: the sum of its list."""
    query = (
        select(func.coalesce(func.sum(POSTING.c.amount_fen), 0))
        .join(ENTRY, ENTRY.c.id == POSTING.c.entry)
        .where(
            POSTING.c.account == RECEIVABLE,
            POSTING.c.encounter == encounter,
            ENTRY.c.kind.in_(_CHARGES),
            ENTRY.c.at >= end_of(day - timedelta(days=1)),
            ENTRY.c.at < end_of(day),
        )
    )
    return int(conn.execute(query).scalar_one())


def end_of(day: date) -> datetime:
    """The midnight of the ward with which a day ends."""
    return datetime.combine(day + timedelta(days=1), time(), WARD_ZONE)


def quantity(quantity_e4: int) -> str:
    """A quantity without idle zeros: "2", "0.5", "-1"."""
    sign, whole = ("-", -quantity_e4) if quantity_e4 < 0 else ("", quantity_e4)
    part = f"{whole % E4:04d}".rstrip("0")
    return f"{sign}{whole // E4}{'.' if part else ''}{part}"


def said(reason: str | None) -> str | None:
    """Why a line was written, in the language of this context where it is the server's own word."""
    return reason and _(reason)


def table_of(found: DayList) -> bytes:
    """The list as a table in the language of this context: UTF-8 with a byte order mark."""
    written = io.StringIO()
    writer = csv.writer(written)
    for row in _rows(found):
        writer.writerow([_safe(cell) for cell in row])
    return b"\xef\xbb\xbf" + written.getvalue().encode("utf-8", "replace")


def _rows(found: DayList) -> Iterator[list[str]]:
    chinese = language() == "zh_CN"
    yield [
        _("Date"),
        _("National code"),
        _("Item code"),
        _("Item"),
        _("Specification"),
        _("Unit"),
        _("Quantity"),
        _("Price (yuan)"),
        _("Amount (yuan)"),
        _("Insurance class"),
        _("Own share before insurance (yuan)"),
        _("Ordering doctor"),
        _("Department"),
        _("Category"),
        _("Booked"),
        _("Remark"),
    ]
    for row in found.lines:
        category = categories()[row.category]
        yield [
            row.charged_on.isoformat(),
            row.national,
            row.item,
            row.name_zh if chinese else row.name_en,
            row.spec,
            row.unit,
            quantity(row.quantity_e4),
            yuan(row.price_fen),
            yuan(row.amount_fen),
            _(CLASSES[row.insurance_class]),
            yuan(share(row.amount_fen, row.self_pay_bp)),
            row.doctor or "",
            found.wards.get(row.department, row.department),
            category.name_zh if chinese else category.name_en,
            ward_time(row.booked_at).strftime("%Y-%m-%d %H:%M"),
            said(row.reason) or "",
        ]
    for code, amount_fen in found.subtotals.items():
        category = categories()[code]
        yield _sum(
            _("Subtotal: {category}").format(category=category.name_zh if chinese else category.name_en), amount_fen
        )
    yield _sum(_("Total of the day"), found.total_fen)
    yield _sum(_("Charged so far"), found.running_fen)
    yield _sum(_("Deposit held"), found.deposit_fen)
    yield _sum(_("Left"), found.available_fen)


def _sum(label: str, amount_fen: int) -> list[str]:
    return ["", "", "", label, "", "", "", "", yuan(amount_fen)]


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _safe(cell: str) -> str:
    # A spreadsheet would run a text that begins like a formula.
    risky = cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if risky else cell


def _stood(conn: Connection, account: str, encounter: str, until_at: datetime) -> int:
    query = (
        select(func.coalesce(func.sum(POSTING.c.amount_fen), 0))
        .join(ENTRY, ENTRY.c.id == POSTING.c.entry)
        .where(POSTING.c.account == account, POSTING.c.encounter == encounter, ENTRY.c.at < until_at)
    )
    return int(conn.execute(query).scalar_one())
