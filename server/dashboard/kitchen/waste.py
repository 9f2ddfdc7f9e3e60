"""Waste and returns at `/kitchen/waste`: over days what was cooked for nobody, and why, each with its formula."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast, get_args

from fastapi import Request

from server.core import Core
from server.dashboard import tables
from server.dashboard.fields import choice_field, day_fields, day_typed
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.meals.waste import BY, Asked, By, Key, Part, Waste, total, waste
from wardlink.clinical.meals.diets import diet_text
from wardlink.clinical.meals.returns import REASONS, ReturnReason, reason_text
from wardlink.clinical.meals.times import MEALS, times
from wardlink.clock import ward_date
from wardlink.errors import InvalidInput, NoRight
from wardlink.i18n import N_, domain

_ = domain("server").gettext

HERE = "/kitchen/waste"
DAYS, MOST_DAYS = 7, 92

_PARTS: Mapping[Part, str] = {"day": N_("Day"), "meal": N_("Meal"), "ward": N_("Ward"), "diet": N_("Diet")}
_EACH = N_("Ward, meal and diet")
_NO_DAY = N_("This is no day: {text}")
_TURNED = N_("The first day comes after the last one.")
_MANY = N_("{most} days are the most that are counted at once.")


@dataclass(frozen=True)
class Shown:
    """What a page asks for. `ward`: the one asked for, None for all of the visitor's; `names`: of the wards shown."""

    asked: Asked
    ward: str | None
    names: Mapping[str, str]
    by: By

    def kept(self) -> dict[str, str]:
        """The query that leads here again."""
        days = {"since": self.asked.since.isoformat(), "until": self.asked.until.isoformat(), "by": self.by}
        return days | ({"ward": self.ward} if self.ward else {})


def register(core: Core) -> None:
    """The page at `/kitchen/waste`."""
    page(core, HERE, _show, "meal.kitchen")


def file(visit: Visit, request: Request) -> Sheet:
    """The lines as a file."""
    shown, lines = _read(visit, request.query_params)
    return waste_lines(shown, lines)


def shown_of(visit: Visit, query: Mapping[str, str]) -> Shown:
    """What an address asks for: the last week of all of the visitor's wards where it says nothing.

    Raises:
        NoRight: the ward is none of the visitor's.
        InvalidInput: a day is none, or there are too many of them; says so.
    """
    ward, mine, now = query.get("ward") or None, dict(visit.wards()), visit.core.clock.now()
    if ward is not None and ward not in mine:
        raise NoRight
    until = _day(query.get("until")) or ward_date(now)
    since = _day(query.get("since")) or until - timedelta(days=DAYS - 1)
    if since > until:
        raise InvalidInput(_TURNED)
    if (until - since).days >= MOST_DAYS:
        raise InvalidInput(_MANY, most=MOST_DAYS)
    names = {code: name for code, name in mine.items() if ward in (None, code)}
    by = cast("By", query.get("by")) if query.get("by") in BY else "day"
    return Shown(Asked(tuple(names), since, until, now), ward, names, by)


def _day(text: str | None) -> date | None:
    found = day_typed(text)
    if text and found is None:
        raise InvalidInput(_NO_DAY, text=text[:20])
    return found


def _read(visit: Visit, query: Mapping[str, str]) -> tuple[Shown, Mapping[Key, Waste]]:
    shown = shown_of(visit, query)
    with visit.core.db.read() as conn:
        return shown, waste(conn, shown.asked, shown.by)


def waste_lines(shown: Shown, lines: Mapping[Key, Waste]) -> Sheet:
    """A line a day, meal, ward or diet, or a ward's meal and diet, and one of all of them."""
    parts = BY[shown.by]
    columns = (
        *(Column(part, _(_PARTS[part]), "" if len(parts) > 1 else "wide") for part in parts),
        Column("made", _("Cooked"), "number"),
        *(Column(reason, reason_text(reason), "number") for reason in REASONS),
        Column("late", _("Cancelled after cooking"), "number"),
        Column("share", _("In vain"), "number"),
        Column("eaten", _("Eaten on average"), "number"),
        Column("noted", _("Noted of so many"), "number"),
    )
    rows = [_row("/".join(key), _parts(shown, key), line) for key, line in lines.items()]
    whole = [_row("all", {parts[0]: Cell(_("All"))}, total(lines), cls="total")] if len(lines) > 1 else []
    return Sheet(columns, (*rows, *whole))


def _row(name: str, parts: Mapping[str, Cell], line: Waste, *, cls: str = "") -> Row:
    cells = {
        **parts,
        "made": Cell(str(line.made)),
        **{reason: _count(line.back[reason], is_bad=reason == "wrong-diet") for reason in get_args(ReturnReason)},
        "late": _count(line.late),
        "share": Cell("" if line.share is None else f"{100 * line.share:.1f} %"),
        "eaten": Cell("" if line.eaten is None else f"{line.eaten:.0f} %"),
        "noted": Cell(str(line.noted)),
    }
    return Row(name, cells, cls=cls)


def _count(n: int, *, is_bad: bool = False) -> Cell:
    return Cell(str(n), cls="bad" if n and is_bad else "")


def _parts(shown: Shown, key: Key) -> dict[str, Cell]:
    return {part: Cell(_part_text(shown, part, text)) for part, text in zip(BY[shown.by], key, strict=True)}


def _part_text(shown: Shown, part: Part, text: str) -> str:
    match part:
        case "ward":
            return shown.names.get(text, text)
        case "meal":
            return next(times(meal).text() for meal in MEALS if meal == text)
        case "diet":
            return ", ".join(diet_text(code) for code in text.split(",") if code) or _("no diet on the label")
        case _:
            return text


async def _show(visit: Visit, request: Request) -> None:
    query = request.query_params

    def look() -> tuple[Shown, Mapping[Key, Waste], str | None]:
        try:
            shown, lines = _read(visit, query)
            said = None
        except InvalidInput as fault:
            kept = {name: value for name, value in query.items() if name in ("ward", "by")}
            (shown, lines), said = _read(visit, kept), fault.text()
        visit.audit("list", f"waste of the kitchen of {', '.join(shown.names)}"[:200])
        return shown, lines, said

    shown, lines, fault = await asyncio.to_thread(look)
    wards = await asyncio.to_thread(visit.wards)
    days = {"since": shown.asked.since.isoformat(), "until": shown.asked.until.isoformat()}
    with framed(visit, _("Waste and returns"), here="kitchen"):
        with tag("div", cls="page-head"):
            tag("h1", _("Waste and returns"))
            tag("p", _("{since} to {until}").format(**days))
            with tag("span", cls="tools"):
                tag("a", _("Kitchen"), cls="button", href=address("/kitchen"))
                tables.export(address("/kitchen/waste.csv"), shown.kept())
        if fault is not None:
            tag("p", fault, cls="notice bad", role="alert")
        _choose(shown, wards)
        with tag("section", cls="section"):
            tag("h2", _("What was cooked for nobody"))
            if lines:
                tag("p", _formula(total(lines)))
            tag(
                "p", _("Cooked: every tray of a meal whose time has come, but what was cancelled before it was cooked.")
            )
            nothing = _("Nothing was cooked in these days.")
            if n := total(lines).back["wrong-diet"]:
                with tag("p", cls="notice bad"):
                    said = _("Wrong diet: {n}. If some of it was eaten, it is an adverse event.")
                    tag("span", f"{said.format(n=n)} ")
                    if visit.may("event.handle"):
                        tag("a", _("See which trays"), href=address("/events"))
                    elif visit.may("event.report"):
                        tag("a", _("Report it"), href=address("/events-new"))
            tables.show(waste_lines(shown, lines), label=_("What was cooked for nobody"), nothing=nothing)


def _formula(whole: Waste) -> str:
    share = "—" if whole.share is None else f"{100 * whole.share:.1f} %"
    said = _("In vain: {share} = ({back} that went back + {late} cancelled after cooking) ÷ {made} cooked.")
    return said.format(share=share, back=sum(whole.back.values()), late=whole.late, made=whole.made)


def _choose(shown: Shown, wards: Iterable[tuple[str, str]]) -> None:
    with tag("form", method="get", action=address(HERE), cls="table-tools"):
        choice_field("ward", _("Ward"), [("", _("all")), *wards], shown.ward or "")
        day_fields(shown.asked.since, shown.asked.until)
        lines = [(by, _(_PARTS[parts[0]]) if len(parts) == 1 else _(_EACH)) for by, parts in BY.items()]
        choice_field("by", _("Lines"), lines, shown.by)
        tag("button", _("Show"), type="submit", cls="button")
