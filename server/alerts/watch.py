"""Brings the alerts of a ward in line with what is seen there, and goes on where nobody has answered.

Everything happens inside a batch of the server; looking twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, delete, insert, select, update

from server.alerts import rules
from server.alerts.conditions import Condition
from server.alerts.escalating import escalation_at
from server.alerts.escalation import Escalation
from server.alerts.models import AlertWatch
from server.batch import Batch
from server.record.service import record_called, records_of
from server.record.writing import tell
from wardlink.clinical.alert_rules import CODES, AlertCode, alert_rule, gathers_from
from wardlink.ids import new_id
from wardlink.messages.alerts import AlertView
from wardlink.record.alerts import ALERT

_WATCH: Table = AlertWatch.__table__  # type: ignore[attr-defined]

GATHERED = "many"
"""The first word of the subject of an alert that stands for many."""


@dataclass(frozen=True)
class Watched:
    """What is remembered of one subject."""

    subject: str
    alert: str
    code: AlertCode
    next_at: datetime | None
    absent_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Deeds:
    """What one look at a ward asks for, by subject."""

    fresh: Mapping[str, Condition] = field(default_factory=dict)
    same: Mapping[str, Condition] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fresh or self.same or self.missing)


def watched(conn: Connection, ward: str, scope: str) -> dict[str, Watched]:
    """What is remembered of the subjects that begin with `scope`, by subject."""
    rows = conn.execute(
        select(
            _WATCH.c.subject,
            _WATCH.c.alert,
            _WATCH.c.code,
            _WATCH.c.next_at,
            _WATCH.c.absent_at,
            _WATCH.c.closed_at,
        ).where(_WATCH.c.ward == ward, _WATCH.c.subject.startswith(scope, autoescape=True))
    )
    return {row.subject: Watched(*row) for row in rows}


def compare(conn: Connection, ward: str, scope: str, found: Mapping[str, Condition], now: datetime) -> Deeds:
    """What must be done so that the alerts about `scope` say what is `found` there. Reads only."""
    known, by = watched(conn, ward, scope), escalation_at(conn, now)
    fresh = {name: each for name, each in found.items() if _is_fresh(known.get(name), each, now)}
    same = {
        name: each
        for name, each in found.items()
        if name not in fresh and name in known and known[name].closed_at is None
        if _says_more(conn, known[name], each, by)
    }
    missing = tuple(name for name in known if name not in found and _is_news(conn, known[name], now))
    return Deeds(fresh, same, missing)


def carry_out(batch: Batch, ward: str, scope: str, deeds: Deeds) -> None:
    """Do what a look at a ward asks for."""
    known, by = watched(batch.conn, ward, scope), escalation_at(batch.conn, batch.now)
    for name in deeds.missing:
        _missed(batch, ward, known[name])
    for name, found in deeds.same.items():
        here = (_WATCH.c.ward == ward) & (_WATCH.c.subject == name)
        batch.conn.execute(update(_WATCH).where(here).values(absent_at=None))
        view = _view(batch.conn, known[name].alert)
        if view is not None:
            _save(batch, ward, view, _now_of(view, found, batch.now, by))
    by_code: dict[AlertCode, list[Condition]] = defaultdict(list)
    for found in deeds.fresh.values():
        by_code[found.code].append(found)
    for code in sorted(by_code, key=CODES.index):
        _raise(batch, ward, code, by_code[code], by)
    _count_gathered(batch, ward)


def due(conn: Connection, now: datetime) -> list[tuple[str, str]]:
    """Ward and alert of everything that nobody has answered in time."""
    query = select(_WATCH.c.ward, _WATCH.c.alert).where(_WATCH.c.next_at <= now).order_by(_WATCH.c.next_at)
    return [(ward, alert) for ward, alert in conn.execute(query)]


def go_on(batch: Batch, ward: str, alert: str) -> None:
    """Offer an alert to the next one, if its time is over."""
    view = _view(batch.conn, alert)
    if view is None:
        batch.conn.execute(delete(_WATCH).where(_WATCH.c.alert == alert))
    else:
        _save(batch, ward, view, rules.overdue(view, batch.now, escalation_at(batch.conn, batch.now)))


def keep_time(batch: Batch, ward: str, view: AlertView) -> None:
    """Remember when to look at an alert again, after a person has said something about it."""
    closed_at = batch.now if view.state == "resolved" else None
    if view.subject.startswith(GATHERED) and closed_at is not None:
        _end_gathered(batch, ward, view)
    _remember(batch, ward, view, closed_at=closed_at)


def _is_fresh(known: Watched | None, found: Condition, now: datetime) -> bool:
    if known is None:
        return True
    if known.closed_at is None:
        return False
    rule = alert_rule(found.code)
    is_worse = CODES.index(found.code) < CODES.index(known.code)
    return is_worse or (bool(rule.again_after) and now >= known.closed_at + rule.again_after)


def _says_more(conn: Connection, known: Watched, found: Condition, by: Escalation) -> bool:
    if known.absent_at is not None or known.code != found.code:
        return True
    view = _view(conn, known.alert)
    if view is None:
        return False
    if found.call is not None and rules.followed(view, found.call, view.raised_at, by) != view:
        return True
    return (view.cause, view.detail, view.bed) != (found.cause, found.detail, found.bed)


def _is_news(conn: Connection, known: Watched, now: datetime) -> bool:
    if known.subject.startswith(GATHERED):
        return False
    holds = alert_rule(known.code).holds
    if known.closed_at is not None or known.absent_at is None:
        return True
    if now < known.absent_at + holds:
        return False
    view = _view(conn, known.alert)
    return view is not None and rules.gone(view, now) != view


def _missed(batch: Batch, ward: str, known: Watched) -> None:
    """Its cause is not seen any more: forget what was dealt with; end the rest once it has stayed away long enough."""
    here = (_WATCH.c.ward == ward) & (_WATCH.c.subject == known.subject)
    if known.closed_at is not None:
        batch.conn.execute(delete(_WATCH).where(here))
        return
    holds = alert_rule(known.code).holds
    absent_at = known.absent_at or batch.now
    batch.conn.execute(update(_WATCH).where(here).values(absent_at=absent_at))
    view = _view(batch.conn, known.alert)
    if view is not None and batch.now >= absent_at + holds:
        _save(batch, ward, view, rules.gone(view, batch.now))
        if rules.gone(view, batch.now).state == "resolved":
            batch.conn.execute(delete(_WATCH).where(here))


def _now_of(view: AlertView, found: Condition, now: datetime, by: Escalation) -> AlertView:
    told = rules.again(view, found, now, by)
    return told if found.call is None else rules.followed(told, found.call, now, by)


def _raise(batch: Batch, ward: str, code: AlertCode, found: list[Condition], by: Escalation) -> None:
    other = _gathering(batch, ward, code, len(found), by) if alert_rule(code).gathers else None
    for each in found:
        view = rules.raised(each, new_id(), batch.now, by, within=None if other is None else other.id)
        if each.call is not None:
            view = rules.followed(view, each.call, batch.now, by)
        _write(batch, ward, view, is_new=True)


def _gathering(batch: Batch, ward: str, code: AlertCode, coming: int, by: Escalation) -> AlertView | None:
    """The alert that stands for all of this code in the ward; made where there are enough of them."""
    subject = f"{GATHERED}/{code}"
    known = watched(batch.conn, ward, subject).get(subject)
    standing = _view(batch.conn, known.alert) if known is not None and known.closed_at is None else None
    if standing is not None and standing.state != "resolved":
        return standing
    alone = [view for view in _open_of(batch.conn, ward, code) if view.within is None]
    if len(alone) + coming < gathers_from():
        return None
    made = rules.raised(Condition(subject, code), new_id(), batch.now, by)
    _write(batch, ward, made, is_new=True)
    for view in alone:
        if view.state == "offered":
            _save(batch, ward, view, rules.stood_behind(view, made.id))
    return made


def _count_gathered(batch: Batch, ward: str) -> None:
    for subject, known in watched(batch.conn, ward, GATHERED).items():
        view = _view(batch.conn, known.alert)
        if view is None or view.state == "resolved":
            continue
        behind = [each for each in _open_of(batch.conn, ward, view.code) if each.within == view.id]
        told = view.model_copy(update={"members": len(behind)})
        _save(batch, ward, view, told if behind else rules.gone(told, batch.now))
        if not behind:
            batch.conn.execute(delete(_WATCH).where(_WATCH.c.ward == ward, _WATCH.c.subject == subject))


def _end_gathered(batch: Batch, ward: str, other: AlertView) -> None:
    for view in _open_of(batch.conn, ward, other.code):
        if view.within == other.id:
            _save(batch, ward, view, rules.ended_with(view, other))


def _open_of(conn: Connection, ward: str, code: AlertCode) -> list[AlertView]:
    found = records_of(conn, ALERT, ward=ward, only_open=True)
    return [view for view in found if view.code == code and not view.subject.startswith(GATHERED)]


def _view(conn: Connection, alert: str) -> AlertView | None:
    known = record_called(conn, ALERT, alert)
    return None if known is None else known[1]


def _save(batch: Batch, ward: str, before: AlertView, after: AlertView) -> None:
    if after != before:
        _write(batch, ward, after, is_new=False)
    else:
        _remember(batch, ward, after, closed_at=None)


def _write(batch: Batch, ward: str, view: AlertView, *, is_new: bool) -> None:
    resident = batch.census.resident(batch.conn, view.encounter) if view.encounter else None
    tell(batch, ALERT, view, ward=ward, is_new=is_new, resident=resident, first=False)
    _remember(batch, ward, view, closed_at=batch.now if view.state == "resolved" else None)


def _remember(batch: Batch, ward: str, view: AlertView, *, closed_at: datetime | None) -> None:
    values: dict[str, Any] = {
        "alert": view.id,
        "code": view.code,
        "next_at": view.answer_by_at,
        "closed_at": closed_at,
    }
    here = (_WATCH.c.ward == ward) & (_WATCH.c.subject == view.subject)
    done = batch.conn.execute(update(_WATCH).where(here).values(values))
    if cast(Any, done).rowcount == 0:
        batch.conn.execute(insert(_WATCH).values(ward=ward, subject=view.subject, **values))
