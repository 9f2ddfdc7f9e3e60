"""A nursing day of intake and output as lines of two grids: the sums, and the entries, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from cart.usecases.words import time_text
from cart.widgets.grid import Cell, Column, Line
from wardlink.clinical.fluid_kinds import Manner, fluid_text
from wardlink.clock import ward_time
from wardlink.i18n import domain
from wardlink.i18n import gettext as shared
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.usecases.fluids import FluidLine, FluidPage, FluidSum

_ = domain("cart").gettext


def sum_columns(is_wide: bool) -> tuple[Column, ...]:
    """Shift, in, out, balance, and what the temperature chart asks for."""
    cells = 10 if is_wide else 8
    return (
        Column(_("Sum"), 22 if is_wide else 18, grow=True),
        Column(_("In mL"), cells, "right"),
        Column(_("Out mL"), cells, "right"),
        Column(_("Balance"), cells, "right"),
        Column(_("Urine"), cells, "right"),
        Column(_("Drains"), cells, "right"),
        Column(_("Stools"), 8, "right"),
    )


def sum_lines(page: FluidPage) -> list[Line]:
    """The shifts, then the day."""
    return [_sum_line(found) for found in page.sums]


def _sum_line(found: FluidSum) -> Line:
    sums = found.sums
    is_day = not found.label
    tone = "strong" if is_day else "plain"
    # "24 h" is said only of 24 hours.
    named = _("Total of {hours} h").format(hours=found.hours) if is_day else shared(found.label)
    begun = f"{ward_time(found.start_at):%H:%M}–"
    span = begun + (f"{ward_time(found.end_at):%H:%M}" if found.is_over else " " + _("running"))
    drains = sum(sums.by_site.values()) if sums.by_site else None
    net = sums.net_ml
    signed = "—" if net is None else f"{net:+g}".replace("-", "−")
    return Line(
        found.label or "day",
        (
            Cell(f"{named} {span}", tone),
            Cell(_ml(sums.intake_ml), tone),
            Cell(_ml(sums.output_ml), tone),
            Cell(signed, tone),
            Cell(_ml(sums.urine_ml), tone),
            Cell(_ml(drains), tone),
            Cell(found.stools or "—", tone),
        ),
    )


def _ml(volume: float | None) -> str:
    return "—" if volume is None else f"{volume:g}"


def says(page: FluidPage) -> Content:
    """Which day this is, and what its sums ask for."""
    parts: list[Content | str | tuple[str, str]] = [
        (" " + _("Nursing day {date}").format(date=page.day.isoformat()), "bold")
    ]
    if page.days and page.day != page.days[0]:
        parts.append(("  " + _("an earlier day"), "bold #ffd75f"))
    for text in page.says:
        parts.append(("  ▲ " + text, "#ffd75f"))
    return Content.assemble(*parts)


def columns(is_wide: bool) -> tuple[Column, ...]:
    """The columns of the entries; the last says what became of one."""
    return (
        Column(_("When"), 11),
        Column("", 3),
        Column(_("What"), 14 if is_wide else 12),
        Column("mL", 7, "right"),
        *((Column(_("Where"), 14),) if is_wide else ()),
        Column(_("Details"), 22 if is_wide else 14, grow=True),
        Column(_("Nurse"), 10 if is_wide else 6),
        Column(_("State"), 24 if is_wide else 17),
    )


def lines(page: FluidPage, now: datetime, is_wide: bool) -> list[Line]:
    """A line an entry, newest first."""
    return [_line(line, now, is_wide) for line in page.lines]


def _line(line: FluidLine, now: datetime, is_wide: bool) -> Line:
    tone = "plain" if line.counts else "struck"
    entry = line.entry
    estimated = "≈" if entry is not None and entry.estimated else ""
    site = plain(entry.site or "") if entry is not None else ""
    how = _how(line) if is_wide or not site else f"{site} {_how(line)}".rstrip()
    return Line(
        line.id,
        (
            Cell(time_text(line.at, now), tone),
            Cell(_("in") if line.direction == "intake" else _("out"), "good" if line.direction == "intake" else "warn"),
            Cell(fluid_text(line.direction, line.kind), tone),
            Cell(estimated + _ml(line.volume_ml), tone if line.volume_ml is not None else "dim"),
            *((Cell(site, tone),) if is_wide else ()),
            Cell(how, "dim" if line.drugs else tone),
            Cell(plain(line.by_name), "dim"),
            _state(line, now),
        ),
    )


def _how(line: FluidLine) -> str:
    entry = line.entry
    if entry is None:
        return plain(line.drugs)
    manner = Manner.of(entry.manner or "")
    said = [
        _("{n} times").format(n=entry.times) if entry.times is not None else "",
        _("after {n} enemas").format(n=entry.enemas) if entry.enemas else "",
        manner.text() if manner is not None and manner is not Manner.SPONTANEOUS else "",
        plain(entry.appearance or ""),
        plain(entry.note or ""),
    ]
    return " ".join(part for part in said if part)


def _state(line: FluidLine, now: datetime) -> Cell:
    entry = line.entry
    if entry is None:
        return Cell(_("from the dose"), "dim")
    if entry.struck_at is not None:
        return Cell(_("struck out: {reason}").format(reason=plain(entry.struck_reason or "")), "warn")
    if not line.counts:
        return Cell(_("counted with the dose"), "dim")
    late = _("afterwards {at}").format(at=time_text(entry.entered_at, now)) if line.retrospective else ""
    if entry.received_at is None:
        return Cell(" ".join(filter(None, (_("unsent"), late))), "warn")
    if late:
        return Cell(late, "warn")
    return Cell(_("delivered {at}").format(at=time_text(entry.received_at, now)), "good")
