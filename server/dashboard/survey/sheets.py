"""The satisfaction survey as tables. What fewer than five have answered stands there as a dash, with the number."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from server.dashboard import PREFIX
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.names import patient_names
from server.dashboard.words import NOTHING
from server.survey.service import Month, Named, months
from wardlink.clinical.names import masked_name
from wardlink.clinical.survey import RECOMMEND, Score, item_text
from wardlink.i18n import domain

_ = domain("server").gettext

_BAR_CELLS = 20
_FULL, _EMPTY = "█", "░"
_POOR = 2
"""So many points of five, or fewer, are an answer to be asked about."""


def scores_sheet(month: Month) -> Sheet:
    """Each item with its score, a bar, and how often which answer was given."""
    columns = (
        Column("item", _("Item")),
        Column("n", _("Answers"), "number"),
        Column("score", _("Score %"), "number"),
        Column("bar", _("0 to 100")),
        Column("spread", _("Points: how often"), "wide"),
    )
    return Sheet(columns, tuple(Row(score.item, _cells(score)) for score in month.scores))


def by_month(conn: Connection, wards: Collection[str]) -> Sheet:
    """Every item of every month, for a file."""
    columns = (
        Column("month", _("Month")),
        Column("item", _("Item")),
        Column("n", _("Answers"), "number"),
        Column("score", _("Score %"), "number"),
        Column("spread", _("Points: how often"), "wide"),
    )
    rows = [
        Row(f"{month.month}-{score.item}", {"month": Cell(month.month)} | _cells(score))
        for month in months(conn, wards)
        for score in month.scores
    ]
    return Sheet(columns, tuple(rows))


def months_sheet(found: Sequence[Month]) -> Sheet:
    """Month by month: how many, all in all, and who would recommend."""
    columns = (
        Column("month", _("Month")),
        Column("n", _("Answers"), "number"),
        Column("overall", item_text("overall") + " %", "number"),
        Column("recommend", item_text(RECOMMEND) + " %", "number"),
    )
    rows = []
    for month in found:
        by_item = {score.item: score for score in month.scores}
        cells = {
            "month": Cell(month.month, href=f"{PREFIX}/survey?month={month.month}"),
            "n": Cell(str(month.answers)),
            "overall": Cell(_percent(by_item["overall"])),
            "recommend": Cell(_percent(by_item[RECOMMEND])),
        }
        rows.append(Row(month.month, cells))
    return Sheet(columns, tuple(rows))


def named_sheet(conn: Connection, found: Sequence[Named]) -> Sheet:
    """Who gave their name, and what they found poor."""
    columns = (
        Column("month", _("Month")),
        Column("ward", _("Ward")),
        Column("patient", _("Patient")),
        Column("overall", item_text("overall"), "number"),
        Column("poor", _("Found poor"), "wide"),
    )
    names = patient_names(conn, (one.encounter for one in found))
    return Sheet(columns, tuple(_named_row(one, names.get(one.encounter)) for one in found))


def _named_row(one: Named, name: str | None) -> Row:
    poor = [item_text(item) for item, points in one.points.items() if item != RECOMMEND and points <= _POOR]
    cells = {
        "month": Cell(one.month),
        "ward": Cell(one.ward),
        "patient": Cell(masked_name(name), href=f"{PREFIX}/stay/{one.encounter}") if name else Cell(NOTHING),
        "overall": Cell(str(one.points.get("overall", NOTHING))),
        "poor": Cell("、".join(poor) or NOTHING),
    }
    return Row(one.encounter, cells)


def _cells(score: Score) -> dict[str, Cell]:
    return {
        "item": Cell(item_text(score.item)),
        "n": Cell(str(score.n)),
        "score": Cell(_percent(score)),
        "bar": Cell(_bar(score)),
        "spread": Cell(_spread(score)),
    }


def _percent(score: Score) -> str:
    return NOTHING if score.percent is None else f"{score.percent:.1f}"


def _bar(score: Score) -> str:
    if score.percent is None:
        return _("fewer than 5")
    full = round(_BAR_CELLS * score.percent / 100)
    return _FULL * full + _EMPTY * (_BAR_CELLS - full)


def _spread(score: Score) -> str:
    if score.spread is None:
        return NOTHING
    each = _("{label}: {value}")
    return "  ".join(each.format(label=points, value=n) for points, n in score.spread.items() if n)
