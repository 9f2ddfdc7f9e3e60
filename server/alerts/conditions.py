"""What in a ward asks for a person now, read from what the server holds. Nothing here remembers anything.

A condition is a state and not an event: whoever looks again, after a restart or a storm, sees the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, select

from server.calls.service import open_calls, raised_by_family
from server.due.service import facts_of
from server.exceptions.models import ExceptionRow
from server.fleet import DeviceSeen, Fleet
from server.identity.models import Device
from server.patients.service import encounter_view
from server.record.service import records_of
from server.results.unheard import unheard_critical
from server.vitals.latest import LatestOfStay, numbers_of, read_latest
from wardlink.clinical.alert_rules import BY_BAND, AlertCode, alert_rule, code_of_value, worst
from wardlink.clinical.assessments.scales import scales
from wardlink.clinical.infusion import is_nearly_empty, remaining_ml
from wardlink.clinical.news2 import Band
from wardlink.messages.calls import CallChanged
from wardlink.messages.doses import DoseView
from wardlink.messages.encounters import EncounterView
from wardlink.record.assessments import ASSESSMENT, standing
from wardlink.record.doses import DOSE
from wardlink.record.due.all import due_of
from wardlink.record.ecg import ECG

_EXCEPTION: Table = ExceptionRow.__table__  # type: ignore[attr-defined]
_DEVICE: Table = Device.__table__  # type: ignore[attr-defined]

WATCHED = ("monitor", "terminal")
"""Devices whose silence somebody must look at; a cart that is put away is silent too."""


@dataclass(frozen=True)
class Condition:
    """Something that asks for a person. `subject` is the same as long as it is the same trouble.

    `call`: the patient's call that it is; what nurses say about that is said by the call.
    """

    subject: str
    code: AlertCode
    encounter: str | None = None
    bed: str | None = None
    cause: str | None = None
    detail: dict[str, str] = field(default_factory=dict)
    call: CallChanged | None = None


def of_vitals(conn: Connection, stay: EncounterView, now: datetime) -> list[Condition]:
    """What the vital signs of one stay ask for: one condition, the gravest."""
    if stay.status != "in-progress" or not _may_ask(conn, stay.id, now):
        return []
    return of_latest(read_latest(conn, stay.id, now), stay)


def _may_ask(conn: Connection, encounter: str, now: datetime) -> bool:
    # Whether any set that counts for this stay could ask for somebody: spares reading those of everybody else.
    return any(
        (band is not None and Band(band) in BY_BAND) or any(map(code_of_value, values, values.values()))
        for band, values in numbers_of(conn, encounter, now)
    )


def of_latest(latest: LatestOfStay, stay: EncounterView) -> list[Condition]:
    """The same of what is known of the stay already."""
    codes: list[AlertCode] = []
    detail: dict[str, str] = {}
    cause = None
    score = latest.score(stay)
    if score is not None and score.band is not None and (code := BY_BAND.get(Band(score.band))) is not None:
        codes.append(code)
        detail["news2"] = score.text
        cause = score.found.id
    for key, newest in latest.values.items():
        raised = code_of_value(key, newest.value) if isinstance(newest.value, int | float) else None
        if raised is not None:
            codes.append(raised)
            detail[key] = f"{newest.value:g}"
            cause = cause or newest.said.set_id
    if not codes:
        return []
    return [Condition(f"vitals/{stay.id}", worst(codes), stay.id, stay.bed, cause, detail)]


def of_calls(conn: Connection, ward: str) -> list[Condition]:
    """Every call that is not over."""
    by_family = raised_by_family(conn, ward)
    return [
        Condition(
            f"call/{call.id}",
            _CALLS[call.cls],
            call.encounter,
            call.bed,
            call.id,
            ({"reason": call.reason} if call.reason else {}) | ({"by": "family"} if call.id in by_family else {}),
            call,
        )
        for call in open_calls(conn, ward)
    ]


_CALLS: dict[str, AlertCode] = {"P1": "call-P1", "P2": "call-P2", "P3": "call-P3", "P4": "call-P4"}


def of_infusions(conn: Connection, ward: str, now: datetime) -> list[Condition]:
    """Infusions that are nearly empty, by what the last patrol said and the rate since."""
    found = []
    for dose in records_of(conn, DOSE, ward=ward, states=("running",)):
        left = _left_ml(dose, now)
        if left is not None and is_nearly_empty(*left):
            detail = {"left_ml": f"{left[0]:.0f}", "drug": dose.items[0].name_zh if dose.items else ""}
            found.append(Condition(f"dose/{dose.id}", "infusion-ending", dose.encounter, dose.bed, dose.id, detail))
    return found


def _left_ml(dose: DoseView, now: datetime) -> tuple[float, float] | None:
    # What hung there when somebody last looked and how fast it has dripped since: what is left, and the rate.
    left = rate = 0.0
    at = None
    for event in sorted((e for e in dose.events if e.struck_at is None), key=lambda e: e.at):
        left = remaining_ml(left, rate, at, event.at) if at is not None else left
        if event.act == "start":
            left = event.volume_ml or 0.0
        elif event.act == "patrol" and event.remaining_ml is not None:
            left = event.remaining_ml
        rate = 0.0 if event.act == "pause" else rate if event.rate_ml_per_h is None else event.rate_ml_per_h
        at = event.at
    return None if at is None or rate <= 0 else (remaining_ml(left, rate, at, now), rate)


_DUE: dict[str, AlertCode] = {
    "vitals": "vitals-overdue",
    "cooling": "vitals-overdue",
    "pain": "vitals-overdue",
    "dose": "dose-overdue",
    "patrol": "dose-overdue",
}


def of_due(conn: Connection, stay: EncounterView, now: datetime) -> list[Condition]:
    """Observations and doses of a stay that are overdue, by the rules that the carts show them by."""
    [facts] = facts_of(conn, [stay], now)
    return [
        Condition(
            f"due/{stay.id}/{due.code}:{due.why or ''}",
            _DUE[due.code],
            stay.id,
            due.bed,
            due.why,
            {"due_at": due.due_at.isoformat()},
        )
        for due in due_of(facts, now)
        if due.code in _DUE and due.is_overdue(now)
    ]


RESULTS_BACK = timedelta(hours=24)


def of_results(conn: Connection, ward: str, now: datetime) -> list[Condition]:
    """Results that cannot wait: strips of the last day whose report says so, and reports nobody has acknowledged.

    A report asks however old it is, and tells no value: its patient and whoever passes by must not read one.
    """
    strips = [
        Condition(f"result/{strip.id}", "critical-result", strip.encounter, strip.bed, strip.id, {"result": "ECG"})
        for strip in records_of(conn, ECG, ward=ward, since=now - RESULTS_BACK)
        if strip.is_critical and strip.encounter is not None
    ]
    reports = [
        Condition(f"result/{found.id}", "critical-result", found.encounter, found.bed, found.id, {"result": found.kind})
        for found in unheard_critical(conn, ward)
    ]
    return [*strips, *reports]


def of_assessments(conn: Connection, ward: str) -> list[Condition]:
    """Levels of assessments that must not wait: as long as no later assessment by the same scale says otherwise."""
    found = []
    for scale, band in _ALERTING:
        for view in records_of(conn, ASSESSMENT, ward=ward, states=(band.code,)):
            stay = None if view.encounter is None or view.scale != scale else encounter_view(conn, view.encounter)
            if stay is None or stay.status != "in-progress" or band.alert is None:
                continue
            if standing(records_of(conn, ASSESSMENT, encounter=stay.id)).get(scale) == view:
                detail = {"scale": scale}
                found.append(Condition(f"assessment/{view.id}", band.alert, stay.id, stay.bed, view.id, detail))
    return found


_ALERTING = tuple((scale.code, band) for scale in scales().values() for band in scale.bands if band.alert is not None)


def of_exceptions(conn: Connection, ward: str, now: datetime) -> list[Condition]:
    """Exceptions that nobody has closed for too long."""
    before = now - alert_rule("exception-open").after
    rows = conn.execute(
        select(_EXCEPTION.c.id, _EXCEPTION.c.kind, _EXCEPTION.c.encounter, _EXCEPTION.c.bed)
        .where(_EXCEPTION.c.ward == ward, _EXCEPTION.c.closed_at.is_(None), _EXCEPTION.c.opened_at <= before)
        .order_by(_EXCEPTION.c.opened_at, _EXCEPTION.c.id)
    )
    return [
        Condition(f"exception/{row.id}", "exception-open", row.encounter, row.bed, row.id, {"kind": row.kind})
        for row in rows
    ]


def of_devices(conn: Connection, ward: str, fleet: Fleet, now_s: float) -> list[Condition]:
    """Devices that have been heard since our start and are silent now without having said goodbye."""
    silent = {seen.device for seen in fleet.of_ward(ward) if is_lost(seen, now_s)}
    if not silent:
        return []
    rows = conn.execute(
        select(_DEVICE.c.id, _DEVICE.c.bed)
        .where(_DEVICE.c.id.in_(silent), _DEVICE.c.kind.in_(WATCHED), _DEVICE.c.revoked_at.is_(None))
        .order_by(_DEVICE.c.id)
    )
    return [Condition(f"device/{row.id}", "device-silent", None, row.bed, row.id, {"device": row.id}) for row in rows]


def is_lost(seen: DeviceSeen, now_s: float) -> bool:
    """Whether a device that was there is silent and has not said that it ends."""
    said_goodbye = not seen.status.online and seen.status.at is not None
    return seen.heard_s is not None and seen.silent(now_s) and not said_goodbye


def subjects(conditions: Iterable[Condition]) -> dict[str, Condition]:
    """Conditions by what they are about."""
    return {condition.subject: condition for condition in conditions}
