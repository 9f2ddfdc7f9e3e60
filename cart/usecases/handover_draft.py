"""What the record of a shift says about one patient, drafted in the order of SBAR. Pure.

Source: ward domain sheet 5.8. Nobody edits these lines: what a nurse adds stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from cart.usecases.dose_words import drugs_text
from cart.usecases.order_words import ASKED, how_text, what_text
from cart.usecases.orders import asked_of
from cart.usecases.words import BANDS, DIETS, LEVELS, age_text, due_text, time_text, word
from wardlink.clinical.assessments.scales import scales
from wardlink.clinical.fluid_balance import balance, day_of, nursing_day
from wardlink.clinical.isolation import precautions
from wardlink.clinical.names import age_years
from wardlink.clinical.news2 import Band, News2
from wardlink.clock import ward_date
from wardlink.i18n import domain
from wardlink.messages.exception_words import kind_text
from wardlink.messages.handovers import HandoverLine, Part
from wardlink.messages.order_words import result_text
from wardlink.messages.scored import Scored, scored
from wardlink.record.assessments import standing
from wardlink.record.drips import drip_of
from wardlink.record.fluid_days import flows_of
from wardlink.record.isolations import holding

if TYPE_CHECKING:
    from cart.usecases.readings import Shown
    from wardlink.clinical.shifts import Shift
    from wardlink.messages.assessments import AssessmentView
    from wardlink.messages.chart_events import ChartEventView
    from wardlink.messages.doses import DoseEvent, DoseView
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.exceptions import ExceptionView
    from wardlink.messages.fluids import FluidView
    from wardlink.messages.isolations import IsolationView
    from wardlink.messages.orders import OrderView
    from wardlink.messages.skin_tests import SkinTestView
    from wardlink.messages.vitals import VitalsRecorded
    from wardlink.record.due.due import Due

_ = domain("cart").gettext

AHEAD = timedelta(hours=8)
"""So far ahead what is due is told (ward domain sheet 5.8)."""
OPERATED = timedelta(days=3)
"""So long an operation is told."""
MOST_DUE = 12
"""Of what is due so many lines; the rest is counted."""

_WITHHELD = ("hold", "refuse", "miss")


@dataclass(frozen=True)
class Told:
    """Everything that is known of one stay. `sets` and `doses` of the last days, in their order."""

    stay: EncounterView
    shown: Mapping[str, Shown] = field(default_factory=lambda: MappingProxyType({}))
    sets: tuple[VitalsRecorded, ...] = ()
    score: Scored | None = None
    orders: tuple[OrderView, ...] = ()
    doses: tuple[DoseView, ...] = ()
    fluids: tuple[FluidView, ...] = ()
    events: tuple[ChartEventView, ...] = ()
    assessments: tuple[AssessmentView, ...] = ()
    skin_tests: tuple[SkinTestView, ...] = ()
    isolations: tuple[IsolationView, ...] = ()
    cases: tuple[ExceptionView, ...] = ()
    due: tuple[Due, ...] = ()

    def of_ward(self) -> Told:
        """The little of it that the ward's summary tells: of sixty patients the whole would be a lot of memory."""
        return replace(
            self, shown=MappingProxyType({}), sets=(), fluids=(), doses=tuple(d for d in self.doses if runs(d))
        )


def runs(dose: DoseView) -> bool:
    """Whether it is an infusion that is not over."""
    return dose.state in ("running", "paused")


def draft(told: Told, shift: Shift, now: datetime) -> tuple[HandoverLine, ...]:
    """The lines about one patient, situation first."""
    parts: tuple[tuple[Part, Iterator[str]], ...] = (
        ("situation", _situation(told, shift, now)),
        ("background", _background(told, now)),
        ("assessment", _assessment(told, shift, now)),
        ("recommendation", _recommendation(told, now)),
    )
    return tuple(
        HandoverLine(part=part, text=piece) for part, texts in parts for text in texts for piece in fitting(text)
    )


def fitting(text: str, most: int = 300) -> Iterator[str]:
    """The text in pieces of at most so many characters, between two things where it can; nothing is left out."""
    piece = ""
    for thing in text.split("; "):
        joined = f"{piece}; {thing}" if piece else thing
        if len(joined) <= most:
            piece = joined
            continue
        yield from (part for part in (piece,) if part)
        *whole, piece = [thing[start : start + most] for start in range(0, len(thing), most)] or [""]
        yield from whole
    yield from (part for part in (piece,) if part)


def marks(told: Told, shift: Shift) -> list[str]:
    """Why this patient must be told of, in few words; nothing where the shift was quiet."""
    stay, worst = told.stay, worst_in(told, shift)
    given = [event for dose in told.doses for event in _in_shift(dose, shift)]
    found = [
        (stay.admitted_at >= shift.begins_at, _("new")),
        (came_into_bed(stay, shift) is not None, _("moved here")),
        (any(is_operation(event) and event.at >= shift.begins_at for event in told.events), _("operation")),
        (worst is not None and _rank(worst) >= _rank_of(Band.LOW_MEDIUM), "NEWS2"),
        (any(runs(dose) for dose in told.doses), _("infusion")),
        (any(event.act in _WITHHELD for event in given), _("not given")),
        (stay.diet == "nil-by-mouth", _("fasting")),
        (bool(told.cases), _("case")),
        (any(asked_of(order) for order in told.orders), _("orders")),
    ]
    return [text for is_so, text in found if is_so]


def scored_in(told: Told, shift: Shift) -> list[Scored]:
    """The scores of the shift, oldest first."""
    here = (scored(found, told.stay) for found in told.sets if _counts(found, shift))
    return [one for one in here if isinstance(one.assessment, News2)]


def worst_in(told: Told, shift: Shift) -> Scored | None:
    """The highest score of the shift, of equal ones the newest."""
    found = scored_in(told, shift)
    return max(found, key=lambda one: (_total(one), one.found.measured_at), default=None)


def _situation(told: Told, shift: Shift, now: datetime) -> Iterator[str]:
    stay = told.stay
    days = (ward_date(now) - ward_date(stay.admitted_at)).days + 1
    yield _("{level}, day {n} of the stay").format(level=word(LEVELS, stay.level), n=days)
    if stay.admitted_at >= shift.begins_at:
        yield _("admitted in this shift, {at}").format(at=time_text(stay.admitted_at, now))
    came = came_into_bed(stay, shift)
    if came is not None:
        yield _("came from another bed or ward in this shift, {at}").format(at=time_text(came, now))
    yield from _news2(told, shift, now)


def _news2(told: Told, shift: Shift, now: datetime) -> Iterator[str]:
    if told.score is None:
        yield _("no NEWS2 yet")
        return
    band = word(BANDS, told.score.band) if told.score.band is not None else ""
    at = time_text(told.score.found.measured_at, now)
    old = " " + _("old") if told.score.is_old(now) else ""
    yield _("NEWS2 {score} {band} at {at}").format(score=told.score.text, band=band, at=at).rstrip() + old
    found, worst = scored_in(told, shift), worst_in(told, shift)
    if worst is not None and len(found) > 1:
        course = " → ".join(one.text for one in found[-6:])
        at = time_text(worst.found.measured_at, now)
        yield _("in this shift {course}; worst {score} at {at}").format(course=course, score=worst.text, at=at)


def _background(told: Told, now: datetime) -> Iterator[str]:
    stay = told.stay
    allergies = ", ".join(stay.allergies)
    yield _("allergy: {what}").format(what=allergies) if allergies else _("no allergy known")
    years = age_years(stay.birth_on, max(stay.birth_on, ward_date(now)))
    yield _("{years} years, diet {diet}, doctor {doctor}").format(
        years=years, diet=word(DIETS, stay.diet), doctor=stay.doctor_name or "—"
    )
    for isolation in holding(told.isolations):
        mark, since = precautions()[isolation.precaution].mark_text(), time_text(isolation.started_at, now)
        yield _("{mark} since {at}: {reason}").format(mark=mark, at=since, reason=isolation.reason)
    for event in told.events:
        if is_operation(event) and now - event.at <= OPERATED:
            said = _("operation {at}: {note}") if event.note else _("operation {at}")
            yield said.format(at=time_text(event.at, now), note=event.note)
    for test in told.skin_tests:
        if test.struck_at is None:
            said = _("skin test {drugs}: {result} ({at})")
            at = time_text(test.read_at, now)
            yield said.format(drugs=drugs_text(test.items), result=result_text(test.result), at=at)


def _assessment(told: Told, shift: Shift, now: datetime) -> Iterator[str]:
    yield from _newest(told.shown, now)
    for scale, view in standing(told.assessments).items():
        band = next((b for b in scales()[scale].bands if b.code == view.band), None) if scale in scales() else None
        if band is not None and band.tone != "calm":
            total = "" if view.total is None else f" {view.total}"
            name = f"{scales()[scale].label_text()}{total}"
            yield _("{scale}: {result}").format(scale=name, result=band.label_text())
    for dose in told.doses:
        drip = drip_of(dose)
        if drip is not None:
            runs, rests = (
                _("runs: {drugs}, {rate} mL/h, about {left} mL left"),
                _("paused: {drugs}, about {left} mL left"),
            )
            said = runs if dose.state == "running" else rests
            left = f"{drip.left_now_ml(now):.0f}"
            yield said.format(drugs=drugs_text(dose.items), rate=f"{drip.rate_ml_per_h:g}", left=left)
    yield from _drugs(told, shift, now)
    yield from _fluids(told, now)


def _fluids(told: Told, now: datetime) -> Iterator[str]:
    day = day_of(nursing_day(now))
    sums = balance(flows_of(told.fluids, told.doses), day.start_at, day.end_at)
    if sums.net_ml is None:
        return
    taken, out = (f"{volume:g}" if volume is not None else "—" for volume in (sums.intake_ml, sums.output_ml))
    said = _("since {at}: in {taken} mL, out {out} mL, balance {sum} mL")
    yield said.format(at=time_text(day.start_at, now), taken=taken, out=out, sum=f"{sums.net_ml:+g}")


_VALUES = (
    ("temp_c", "T"),
    ("pulse_per_min", "P"),
    ("rr_per_min", "R"),
    ("sbp_mmhg", "BP"),
    ("spo2_pct", "SpO2"),
    ("acvpu", "ACVPU"),
    ("pain_nrs", "NRS"),
    ("glucose_mmol_per_l", "GLU"),
)
"""What is told of the newest values, in the signs that a ward writes."""


def _newest(shown: Mapping[str, Shown], now: datetime) -> Iterator[str]:
    said: dict[str, list[str]] = {}
    for key, sign in _VALUES:
        value = shown.get(key)
        if value is None or value.off:
            continue
        text = value.text
        low = shown.get("dbp_mmhg")
        if key == "sbp_mmhg":
            text += f"/{low.text if low is not None and low.measured_at == value.measured_at else '—'}"
        age = age_text(value.age(now)) + (" " + _("old") if value.stale else "")
        said.setdefault(age, []).append(f"{sign} {text}")
    for age, values in said.items():
        yield f"{' · '.join(values)} ({age})"


def _drugs(told: Told, shift: Shift, now: datetime) -> Iterator[str]:
    given, not_given = [], []
    for dose in told.doses:
        for event in _in_shift(dose, shift):
            at = time_text(event.at, now)
            if event.act in ("give", "start"):
                given.append(f"{drugs_text(dose.items)} {at}")
            elif event.act in _WITHHELD and event.counted:
                reason = f" ({event.reason})" if event.reason else ""
                words = {"hold": _("held"), "refuse": _("refused by the patient"), "miss": _("missed")}
                what = f"{drugs_text(dose.items)} {at}{reason}"
                not_given.append(_("{state}: {drug}").format(state=words[event.act], drug=what))
    if given:
        yield _("given ({n}): {what}").format(n=len(given), what="; ".join(given))
    yield from not_given


def _recommendation(told: Told, now: datetime) -> Iterator[str]:
    for order in told.orders:
        asked = asked_of(order)
        if asked is not None:
            what = f"{what_text(order)} {how_text(order)}".rstrip()
            yield _("{asked}: {order}").format(asked=word(ASKED, asked), order=what)
        elif order.state == "on-hold":
            yield _("on hold: {what}").format(what=what_text(order))
    for case in told.cases:
        yield _("open case: {what}").format(what=kind_text(case.kind))
    soon = [due for due in told.due if due.due_at <= now + AHEAD or due.code == "reminder"]
    for due in soon[:MOST_DUE]:
        late = _("overdue") + " " if due.is_overdue(now) else ""
        yield f"{late}{due_text(due.due_at, now)} {due.text()}"
    if len(soon) > MOST_DUE:
        yield _("and {n} more within eight hours").format(n=len(soon) - MOST_DUE)


def _in_shift(dose: DoseView, shift: Shift) -> Iterable[DoseEvent]:
    return (e for e in dose.events if e.struck_at is None and shift.begins_at <= e.at < shift.ends_at)


def _counts(found: VitalsRecorded, shift: Shift) -> bool:
    return found.struck_at is None and shift.begins_at <= found.measured_at < shift.ends_at


def came_into_bed(stay: EncounterView, shift: Shift) -> datetime | None:
    """When the patient moved into this bed within the shift; None if it was not then."""
    later = [place.since for place in stay.places[1:] if place.since >= shift.begins_at]
    return max(later, default=None)


def is_operation(event: ChartEventView) -> bool:
    """Whether it marks an operation that was not struck out."""
    return event.what == "surgery" and event.struck_at is None


def _total(one: Scored) -> int:
    return cast("News2", one.assessment).total


def _rank(one: Scored) -> int:
    assessment = one.assessment
    return _rank_of(assessment.band) if isinstance(assessment, News2) else -1


def _rank_of(band: Band) -> int:
    return [*Band].index(band)
