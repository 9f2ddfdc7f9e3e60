"""On the page of adverse events: trays of the wrong diet that went back, and whether an event was reported of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row as Found

from server.adverse.service import events_seen
from server.dashboard import tables
from server.dashboard.guard import address
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING
from server.meals.kitchen import item_text
from server.meals.wrong_diet import WrongDiet, wrong_diets
from wardlink.clinical.meals.diets import diet_text
from wardlink.clinical.meals.times import times
from wardlink.clock import ward_time
from wardlink.i18n import domain

_ = domain("server").gettext

KIND = "other"
"""Which kind of event it is: the ward domain sheet has none of its own for meals."""
LOOK_BACK = timedelta(days=30)

_SAME = timedelta(hours=12)
"""An event of this kind that happened to the same patient within so long of the return is taken for the same."""


def diets_sheet(visitor: Visit, ward: str | None) -> Sheet | None:
    """A line a tray of the last weeks; None for who does not see all events of the ward. Reads the database."""
    if not visitor.may("event.handle"):
        return None
    names, now = dict(visitor.wards()), visitor.core.clock.now()
    chosen = [ward] if ward is not None else list(names)
    with visitor.core.db.read() as conn:
        trays = wrong_diets(conn, chosen, now - LOOK_BACK)
        events = events_seen(conn, visitor.person, chosen, kind=KIND, since=now - LOOK_BACK - _SAME)
    columns = (
        Column("at", _("Went back")),
        Column("meal", _("Meal")),
        Column("ward", _("Ward")),
        Column("bed", _("Bed")),
        Column("diet", _("Diet on the label")),
        Column("dishes", _("Dishes"), "wide"),
        Column("event", _("Adverse event")),
    )
    return Sheet(columns, tuple(_row(tray, names, events, now) for tray in trays))


def _row(tray: WrongDiet, names: dict[str, str], events: Sequence[Found[Any]], now: datetime) -> Row:
    meal = tray.meal
    cells = {
        "at": instant(tray.back.at, now),
        "meal": Cell(f"{meal.on:%m-%d} {times(meal.slot).text()}"),
        "ward": Cell(names.get(tray.ward, tray.ward)),
        "bed": Cell(meal.bed or NOTHING),
        "diet": Cell(", ".join(diet_text(code) for code in meal.diets) or _("no diet on the label")),
        "dishes": Cell(" + ".join(item_text(item) for item in meal.items)),
        "event": _event(tray, events),
    }
    return Row(meal.id, cells)


def _event(tray: WrongDiet, events: Sequence[Found[Any]]) -> Cell:
    for event in events:
        if (
            event.struck_at is None
            and event.encounter == tray.meal.encounter
            and abs(event.happened_at - tray.back.at) <= _SAME
        ):
            return Cell(_("reported"), href=address(f"/events/{event.id}"))
    form = {"ward": tray.ward, "kind": KIND, "at": f"{ward_time(tray.back.at):%Y-%m-%dT%H:%M}"}
    form |= {"stay": tray.meal.encounter} if tray.meal.encounter else {}
    return Cell(_("Report it"), href=tables.address_with(address("/events-new"), form))
