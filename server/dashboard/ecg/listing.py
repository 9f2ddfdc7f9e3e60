"""The work list of strips as a table: what no doctor has spoken of comes first, of that what is critical, the oldest
on top.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from starlette.datastructures import QueryParams

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.ecg.words import origin_text
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.requests import age_text
from server.dashboard.words import NOTHING
from server.ecg.rows import Listed, strips_of_wards
from server.ecg.shown import is_doctors, why_not
from wardlink.clinical.names import masked_name
from wardlink.clock import ward_date, ward_time
from wardlink.i18n import domain
from wardlink.messages.ecg import EcgView

_ = domain("server").gettext

LOOKED_BACK = timedelta(days=30)
"""Strips of somebody who has left are listed so long."""


def wants_all(query: QueryParams) -> bool:
    """Whether an address asks for what was reported too."""
    return query.get("state") == "all"


def is_reported(view: EcgView) -> bool:
    """Whether a doctor has said what it shows."""
    return any(is_doctors(report) for report in view.reports)


def worklist(core: Core, wards: Sequence[str], *, every: bool) -> Sheet:
    """The table of these wards; not `every`: what waits for a doctor only."""
    now = core.clock.now()
    with core.db.read() as conn:
        found = strips_of_wards(conn, wards, now - LOOKED_BACK)
    return sheet(found, now, every=every)


def sheet(listed: Iterable[Listed], now: datetime, *, every: bool) -> Sheet:
    """The lines in their order."""
    shown = [one for one in listed if every or not (one.view.struck_at is not None or is_reported(one.view))]
    columns = (
        Column("taken", _("Recorded")),
        Column("age", _("How long ago"), "number"),
        Column("patient", _("Patient")),
        Column("admission_no", _("Admission number"), "mono"),
        Column("ward", _("Ward")),
        Column("bed", _("Bed")),
        Column("from", _("Where recorded"), "wide"),
        Column("leads", _("Leads"), "number"),
        Column("critical", _("Critical")),
        Column("report", _("Report")),
        Column("patient_sees", _("Patient sees it")),
    )
    return Sheet(columns, tuple(_row(one, now) for one in sorted(shown, key=_order)))


def _order(one: Listed) -> tuple[bool, bool, float, str]:
    done = one.view.struck_at is not None or is_reported(one.view)
    taken = one.view.taken_at.timestamp()
    return done, not one.view.is_critical, -taken if done else taken, one.view.id


def _row(one: Listed, now: datetime) -> Row:
    view, whose = one.view, one.whose
    cells = {
        "taken": Cell(f"{ward_time(view.taken_at):%m-%d %H:%M}", href=f"{PREFIX}/ecg/{view.id}", when=view.taken_at),
        "age": Cell(age_text(now - view.taken_at)),
        "patient": Cell(_("nobody knows whose"), cls="warm"),
        "admission_no": Cell(view.admission_no or ""),
        "ward": Cell(one.ward),
        "bed": Cell(view.bed or ""),
        "from": Cell(origin_text(view)),
        "leads": Cell(str(len(view.leads))),
        "critical": Cell(_("critical"), cls="bad") if view.is_critical else Cell(),
        "report": _report(view),
        "patient_sees": Cell(NOTHING),
    }
    if whose is not None:
        sees = not why_not(view, whose.birth_on, ward_date(now))
        cells |= {
            "patient": Cell(masked_name(whose.name), href=f"{PREFIX}/stay/{view.encounter}"),
            "admission_no": Cell(whose.admission_no),
            "bed": Cell(whose.bed),
            "patient_sees": Cell(_("yes") if sees else _("no")),
        }
    return Row(view.id, cells, cls="struck" if view.struck_at else "", also=whose.name if whose else "")


def _report(view: EcgView) -> Cell:
    if view.struck_at is not None:
        return Cell(_("struck out"), cls="muted")
    doctors = [report for report in view.reports if is_doctors(report)]
    if doctors:
        return Cell(doctors[-1].by_name or _("a doctor"), cls="good")
    return Cell(_("not reported"), cls="warm")
