"""Single measurements of a patient on the cart: the newest of each kind, the history, and a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cart.usecases.entry import LATE, NOTE, TIME, WHY_LATE, EntryExam, EntryField, Texts
from cart.usecases.patient import known_stay, names_alike
from wardlink.clinical.codes import REASON_ONLY_FOR, Comparator, GlucoseSlot, NotMeasured
from wardlink.clinical.findings import CheckContext, Finding, Severity
from wardlink.clinical.limits import bmi_kg_per_m2
from wardlink.clinical.measurements import (
    NRS,
    Meaning,
    MeasuredKind,
    Measurement,
    Moving,
    PainTool,
    check_measurement,
    meaning,
    measured_kinds,
)
from wardlink.clinical.names import age_years
from wardlink.clinical.retrospective import is_retrospective
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import ward_date
from wardlink.i18n import N_, domain
from wardlink.messages.observations import ObservationView, RecordObservation, StrikeObservation
from wardlink.record.observations import OBSERVATION

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.vitals import VitalsRecorded

_ = domain("cart").gettext

_METER = {"lo": "<", "<": "<", "hi": ">", ">": ">"}
_IN_SETS = {
    "glucose_mmol_per_l": "glucose",
    "glucose_comparator": "glucose",
    "pain_nrs": "pain",
    "weight_kg": "weight",
    "height_cm": "height",
}
"""Readings of a set of vital signs that are measurements of this page too."""


@dataclass(frozen=True)
class Measured:
    """One measurement, by itself (`entry`) or out of a set of vital signs."""

    id: str
    what: str
    at: datetime
    entered_at: datetime
    by_name: str
    value: float | None = None
    comparator: str | None = None
    slot: str | None = None
    scale: str | None = None
    moving: bool = False
    place: str | None = None
    not_measured: str | None = None
    note: str | None = None
    unsent: bool = False
    struck_reason: str | None = None
    entry: ObservationView | None = None

    @property
    def retrospective(self) -> bool:
        """Whether it was written down long after it was measured."""
        return is_retrospective(self.at, self.entered_at)

    @property
    def meaning(self) -> Meaning | None:
        """What the value means; None where it asks for nothing, and for what was struck out."""
        return None if self.struck_reason is not None else meaning(self.what, self.value, self.comparator)

    def value_text(self) -> str:
        """The value with its unit, LO or HI, or why there is none."""
        kind = measured_kinds().get(self.what)
        if self.not_measured is not None:
            reason = NotMeasured.of(self.not_measured)
            return self.not_measured if reason is None else reason.text()
        if self.comparator is not None:
            return "LO" if self.comparator == Comparator.LOW else "HI"
        if self.value is None or kind is None:
            return "—"
        return f"{kind.show(self.value)} {kind.unit}".rstrip()

    def detail_text(self) -> str:
        """When in the day, with which tool, where."""
        slot = GlucoseSlot.of(self.slot or "")
        scale = PainTool.of(self.scale or "")
        moving = _("on movement") if self.moving else ""
        said = (slot.text() if slot else self.slot, scale.text() if scale else self.scale, moving, self.place)
        return " · ".join(part for part in said if part)


@dataclass(frozen=True)
class MeasurePage:
    """A stay's measurements. `newest`: of each kind, with a value. `history`: all, the newest first."""

    stay: EncounterView
    others: tuple[str, ...]
    newest: Mapping[str, Measured]
    history: tuple[Measured, ...]
    last: VitalSet
    bmi: str | None


def read(ward: Ward, encounter: str, now: datetime) -> MeasurePage | None:
    """Read everything that this cart holds; None if the stay is not known here any more."""
    board = ward.replica
    stay = known_stay(board, encounter)
    if stay is None:
        return None
    history = _history(board, encounter, now)
    newest: dict[str, Measured] = {}
    for found in reversed(history):
        if found.struck_reason is None and (found.value is not None or found.comparator is not None):
            newest[found.what] = found
    last = last_body(board, encounter)
    bmi = None
    if last.weight_kg and last.height_cm:
        bmi = str(bmi_kg_per_m2(last.weight_kg, last.height_cm))
    return MeasurePage(stay, names_alike(board, stay), newest, history, last, bmi)


def _history(board: Board, encounter: str, now: datetime) -> tuple[Measured, ...]:
    alone = [_of_entry(found) for found in board.records(OBSERVATION, encounter=encounter)]
    sets = board.vitals(encounter, since=now - timedelta(days=14), limit=5000)
    in_sets = [measured for found in sets if found.source == "manual" for measured in _of_set(found)]
    return tuple(sorted((*alone, *in_sets), key=lambda found: (found.at, found.id), reverse=True))


def _of_entry(found: ObservationView) -> Measured:
    return Measured(
        id=found.id,
        what=found.what,
        at=found.measured_at,
        entered_at=found.entered_at,
        by_name=found.by_name or found.by.id,
        value=found.value,
        comparator=found.comparator,
        slot=found.slot,
        scale=found.scale,
        moving=found.moving,
        place=found.place,
        not_measured=found.not_measured,
        note=found.note,
        unsent=found.received_at is None,
        struck_reason=found.struck_reason,
        entry=found,
    )


def _of_set(found: VitalsRecorded) -> Iterable[Measured]:
    for key, what in _IN_SETS.items():
        value = getattr(found.readings, key)
        if value is None:
            continue
        meter = key == "glucose_comparator"
        yield Measured(
            id=f"{found.id}-{what}",
            what=what,
            at=found.measured_at,
            entered_at=found.entered_at,
            by_name=found.actor_name or found.actor.id,
            value=None if meter else float(value),
            comparator=value if meter else None,
            slot=found.readings.glucose_slot if what == "glucose" else None,
            scale=NRS if what == "pain" else None,
            unsent=found.received_at is None,
            struck_reason=found.struck_reason,
        )


def last_body(board: Board, encounter: str) -> VitalSet:
    """The newest weight and height of a stay, wherever they were entered: what a new one is compared with."""
    latest = board.latest(encounter)
    found: dict[str, tuple[datetime, Any]] = {
        key: (latest[key].measured_at, latest[key].value) for key in ("weight_kg", "height_cm") if key in latest
    }
    for entry in board.records(OBSERVATION, encounter=encounter):
        key = {"weight": "weight_kg", "height": "height_cm"}.get(entry.what)
        if key is None or entry.value is None or entry.struck_at is not None:
            continue
        if key not in found or entry.measured_at >= found[key][0]:
            found[key] = (entry.measured_at, entry.value)
    return VitalSet.model_validate({key: float(value) for key, (_at, value) in found.items()})


def last_weight_kg(board: Board, encounter: str) -> float | None:
    """The newest weight; None where none is known."""
    return last_body(board, encounter).weight_kg


# -- a new one


def fields_of(kind: MeasuredKind) -> tuple[EntryField, ...]:
    """The rows of the form for this kind."""
    reasons = tuple(r for r in NotMeasured if kind.item is None or kind.item in REASON_ONLY_FOR.get(r, (kind.item,)))
    found = [EntryField("value", N_("Value"), unit=N_("mmol/L, LO or HI") if kind.code == "glucose" else kind.unit)]
    if kind.code == "glucose":
        found.append(EntryField("slot", N_("When"), codes=tuple(GlucoseSlot)))
    if kind.code == "pain":
        found.append(EntryField("scale", N_("Scale"), codes=tuple(PainTool), text=NRS))
        found.append(EntryField("moving", N_("Asked"), codes=tuple(Moving), text=Moving.REST.value))
    if kind.code in ("pain", "girth"):
        found.append(EntryField("place", N_("Where"), limit=40))
    if kind.item is not None:
        found.append(EntryField("not_measured", N_("Not measured"), codes=reasons))
    return (*found, TIME, WHY_LATE, NOTE)


def examine(
    kind: MeasuredKind, texts: Mapping[str, str], confirmed: frozenset[object], page: MeasurePage, now: datetime
) -> EntryExam:
    """Check what was typed with every rule, and say what it means and would be recorded as."""
    meter = _METER.get(texts.get("value", "").strip().casefold()) if kind.code == "glucose" else None
    typed = Texts({**texts, "value": ""} if meter else texts, now)
    at = typed.at()
    measurement = Measurement(
        what=kind.code,
        value=typed.number("value"),
        comparator=meter,
        slot=typed.words("slot"),
        scale=typed.words("scale"),
        not_measured=typed.words("not_measured"),
    )
    born_on = page.stay.birth_on
    context = CheckContext(
        source="manual",
        now=now,
        measured_at=at,
        last=page.last,
        age_years=age_years(born_on, max(born_on, ward_date(at))),
        discharged_at=page.stay.discharged_at,
        late_reason=texts.get(LATE),
    )
    said = [measurement.value is not None, meter is not None, measurement.not_measured is not None]
    findings = check_measurement(measurement, context=context) if any(said) else ()
    findings = tuple(_in_form(finding, kind) for finding in findings)
    means = meaning(kind.code, measurement.value, meter)
    hard = any(finding.severity is Severity.HARD for finding in findings)
    return EntryExam(
        at=at,
        findings=findings,
        unreadable=tuple(typed.unreadable),
        confirmed=frozenset(finding for finding in findings if finding in confirmed),
        body=None if hard or sum(said) != 1 else _message(measurement, typed, findings, confirmed),
        says="" if means is None else " ".join(filter(None, (means.text() + ":", means.advice_text()))).rstrip(":"),
        urgent=means is not None and means.urgency == "alarm",
    )


def _in_form(finding: Finding, kind: MeasuredKind) -> Finding:
    """With the names of this form's fields: the item dictionary knows a value by the name of its reading."""
    fields = tuple("value" if field in (kind.item, "glucose_comparator") else field for field in finding.fields)
    return Finding(finding.severity, finding.code, fields, finding.message, finding.params)


def _message(
    m: Measurement, typed: Texts, findings: tuple[Finding, ...], confirmed: frozenset[object]
) -> RecordObservation:
    said: dict[str, Any] = {
        "what": m.what,
        "value": m.value,
        "comparator": m.comparator,
        "slot": m.slot,
        "scale": m.scale,
        "moving": typed.words("moving") == Moving.MOVING,
        "place": typed.words("place"),
        "not_measured": m.not_measured,
        "note": typed.words("note"),
        "late_reason": typed.words(LATE),
        "confirmed": tuple(finding.code for finding in findings if finding in confirmed),
    }
    return RecordObservation.model_validate(said)


def save(ward: Ward, session: Session, stay: EncounterView, exam: EntryExam) -> Command:
    """Record a measurement that may be saved.

    Raises:
        ValueError: it may not be saved.
        StoreFailed: the disk did not take it; nothing was saved.
    """
    if not exam.may_save or exam.body is None:
        raise ValueError("a measurement with open findings is not saved")
    return ward.record(
        "observation.record",
        exam.body,
        actor=session.actor,
        encounter=stay.id,
        bed=stay.bed,
        measured_at=exam.at,
    )


def strike(ward: Ward, session: Session, stay: EncounterView, observation: str, reason: str) -> Command:
    """Strike a measurement out; it stays readable, with the reason."""
    body = StrikeObservation(observation=observation, reason=reason)
    return ward.record("observation.strike", body, actor=session.actor, encounter=stay.id, bed=stay.bed)
