"""Reads what a line of the hospital's page says of its ward: a few queries for all wards, however many beds.

The page of the hospital calls this; the fleet knows the devices.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, Table, and_, func, literal, or_, select, text

from server.calls.models import CallRow
from server.calls.rules import OPEN
from server.json_columns import Json, instant_text
from server.patients.models import Bed, Encounter, Ward
from server.record.models import RecordRow
from server.vitals.latest import LOOK_BACK
from server.vitals.models import VitalsRow
from server.wards.closures import closed_now
from wardlink.clinical.freshness import ward_is_quiet
from wardlink.clinical.news2_chart import SOURCES
from wardlink.messages.calls import CallClass

_WARD: Table = Ward.__table__  # type: ignore[attr-defined]
_BED: Table = Bed.__table__  # type: ignore[attr-defined]
_STAY: Table = Encounter.__table__  # type: ignore[attr-defined]
_CALL: Table = CallRow.__table__  # type: ignore[attr-defined]
_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]
_VITALS: Table = VitalsRow.__table__  # type: ignore[attr-defined]

_SCORED = tuple(name for names in SOURCES.values() for name in names)
_HIGH = "high"
_CALL_ALERTS = "call-%"


@dataclass(frozen=True)
class WardLine:
    """One ward, with the `beds` in service.

    `call_class`: the most urgent open call's; `measured_at`: the newest reading of those who lie there.
    """

    ward: str
    name: str
    beds: int = 0
    occupied: int = 0
    calls: int = 0
    call_class: CallClass | None = None
    call_since: datetime | None = None
    alerts: int = 0
    alert_since: datetime | None = None
    high: int = 0
    late_doses: int = 0
    measured_at: datetime | None = None

    def is_old(self, now: datetime) -> bool:
        """Whether nothing was measured for so long that nobody should trust this line."""
        return self.occupied > 0 and ward_is_quiet(self.measured_at, now)


def read_lines(conn: Connection, wards: Collection[str], now: datetime) -> list[WardLine]:
    """A line for each of these wards, by their ids. Reads the database."""
    names = conn.execute(select(_WARD.c.id, _WARD.c.name).where(_WARD.c.id.in_(wards)).order_by(_WARD.c.id)).all()
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for ward, beds in conn.execute(
        select(_BED.c.ward, func.count()).where(_BED.c.ward.in_(wards)).group_by(_BED.c.ward)
    ):
        found[ward]["beds"] = beds
    for ward, _bed in closed_now(conn, wards, now):
        found[ward]["beds"] -= 1
    for ward, told in _lying(conn, wards, now).items():
        found[ward] |= told
    for row in conn.execute(_calls(wards)):
        line = found[row.ward]
        line["calls"] = line.get("calls", 0) + row.n
        line["call_since"] = min(row.since, line.get("call_since", row.since))
        line["call_class"] = min(row.cls, line.get("call_class", row.cls))
    for row in conn.execute(_alerts(conn, wards)):
        found[row.ward] |= {"alerts": row.n, "alert_since": row.since}
    for ward, late in conn.execute(_late_doses(conn, wards, now)):
        found[ward]["late_doses"] = late
    return [WardLine(ward, name, **found[ward]) for ward, name in names]


def need(line: WardLine, now: datetime) -> tuple[int, int, int, int, int, int]:
    """How much a ward needs somebody to look: the larger, the sooner. Pure.

    A call for help first, then patients at high risk, then alerts, other calls by how long they wait, doses that are
    late; and a ward of which nothing new is known before one that is well. A default of this product.
    """
    waits = timedelta() if line.call_since is None else now - line.call_since
    return (
        int(line.call_class == "P1"),
        line.high,
        line.alerts,
        max(0, waits // timedelta(seconds=1)),
        line.late_doses,
        int(line.is_old(now)),
    )


def _lying(conn: Connection, wards: Collection[str], now: datetime) -> dict[str, dict[str, Any]]:
    lying: Counter[str] = Counter()
    high: Counter[str] = Counter()
    newest: dict[str, datetime] = {}
    for ward, whole, measured_at, band in conn.execute(_stays(wards, now)):
        lying[ward] += 1
        # As on the bed board: a newer set that is not whole stands first where it already asks for no less.
        high[ward] += _HIGH in (whole, band)
        if measured_at is not None:
            newest[ward] = max(measured_at, newest.get(ward, measured_at))
    return {ward: {"occupied": n, "high": high[ward], "measured_at": newest.get(ward)} for ward, n in lying.items()}


def _stays(wards: Collection[str], now: datetime) -> Select[Any]:
    v = _VITALS.c
    of_stay = and_(v.encounter == _STAY.c.id, v.struck_at.is_(None), v.measured_at >= now - LOOK_BACK)
    # A whole score is a nurse's: nobody else can say how awake somebody is. Word for word, for the partial index.
    is_manual = v.source == text("'manual'")
    is_scored = or_(*(v[name].is_not(None) for name in _SCORED))

    def newest(column: ColumnElement[Any], *which: ColumnElement[bool]) -> Any:
        query = select(column).where(of_stay, *which).order_by(v.measured_at.desc(), v.seq.desc()).limit(1)
        return query.correlate(_STAY).scalar_subquery()

    told: list[Any] = [
        _STAY.c.ward,
        newest(v.news2_band, is_manual, v.news2_total.is_not(None)).label("whole"),
        newest(v.measured_at, is_scored).label("measured_at"),
        newest(v.news2_band, is_scored).label("band"),
    ]
    return select(*told).where(_STAY.c.ward.in_(wards), _STAY.c.status == "in-progress")


def _calls(wards: Collection[str]) -> Select[Any]:
    c = _CALL.c
    told: list[Any] = [c.ward, c.cls, func.count().label("n"), func.min(c.raised_at).label("since")]
    return select(*told).where(c.ward.in_(wards), c.state.in_(OPEN)).group_by(c.ward, c.cls)


def _alerts(conn: Connection, wards: Collection[str]) -> Select[Any]:
    # The alert of a call is its call. What stands behind another alert is offered with it.
    json, c = Json(conn), _RECORD.c
    code = json.text(json.parsed(c.body), "code")
    told: list[Any] = [c.ward, func.count().label("n"), func.min(c.at).label("since")]
    return (
        select(*told)
        .where(c.ward.in_(wards), c.kind == "alert", c.is_open.is_(True), c.state != "raised")
        .where(code.not_like(_CALL_ALERTS))
        .group_by(c.ward)
    )


def _late_doses(conn: Connection, wards: Collection[str], now: datetime) -> Select[Any]:
    json, c = Json(conn), _RECORD.c
    doc = json.parsed(c.body)
    resting = select(c.id).where(c.kind == "order", c.state == "on-hold")
    due = (
        select(c.ward, json.instant(doc, "closes_at").label("closes"), json.text(doc, "order").label("of_order"))
        .where(c.ward.in_(wards), c.kind == "dose", c.is_open.is_(True), c.at < now, c.state == "planned")
        .subquery("due")
    )
    is_late = due.c.closes < json.in_order(literal(instant_text(now), String))
    told: list[Any] = [due.c.ward, func.count()]
    return select(*told).where(is_late, due.c.of_order.not_in(resting)).group_by(due.c.ward)
