"""Intake and output of a patient on the cart: the list of a nursing day, its sums, and a new entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from cart.usecases.entry import LATE, NOTE, TIME, WHY_LATE, EntryExam, EntryField, Texts
from cart.usecases.measure import last_weight_kg
from cart.usecases.patient import known_stay, names_alike
from wardlink.clinical.dose_checks import drug_name
from wardlink.clinical.findings import CheckContext, Severity
from wardlink.clinical.fluid_balance import Balance, Flow, balance, day_of, nursing_day, shifts_of, stools
from wardlink.clinical.fluid_entry import check_flow
from wardlink.clinical.fluid_kinds import Amount, Direction, FluidKind
from wardlink.clinical.retrospective import is_retrospective
from wardlink.clinical.urine import slow_urine_ml_per_kg_h, urine_of_day, urine_text
from wardlink.i18n import N_, domain
from wardlink.messages.fluids import FluidView, RecordFluid, StrikeFluid
from wardlink.record.doses import DOSE
from wardlink.record.fluid_days import flows_of, infused
from wardlink.record.fluids import FLUID

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command
    from wardlink.messages.doses import DoseView
    from wardlink.messages.encounters import EncounterView

_ = domain("cart").gettext


@dataclass(frozen=True)
class FluidLine:
    """A line of the list: an entry, or a bag that a dose says went in (`entry` is None, `drugs` names it)."""

    id: str
    at: datetime
    direction: Direction
    kind: str
    volume_ml: float | None
    by_name: str
    entry: FluidView | None = None
    drugs: str = ""
    counts: bool = True

    @property
    def retrospective(self) -> bool:
        """Whether it was written down long after it happened."""
        return self.entry is not None and is_retrospective(self.entry.at, self.entry.entered_at)


@dataclass(frozen=True)
class FluidSum:
    """The sums of a shift, or of the whole day where `label` is empty. `hours`: how long the patient was here."""

    label: str
    start_at: datetime
    end_at: datetime
    sums: Balance
    stools: str | None
    hours: int
    is_over: bool


@dataclass(frozen=True)
class FluidPage:
    """A nursing day of a stay. `days`: those that are wholly known on this cart, the newest first."""

    stay: EncounterView
    others: tuple[str, ...]
    day: date
    days: tuple[date, ...]
    lines: tuple[FluidLine, ...]
    sums: tuple[FluidSum, ...]
    says: tuple[str, ...]
    infused: tuple[Flow, ...]
    sites: Mapping[str, str]


def read(ward: Ward, encounter: str, now: datetime, *, day: date | None = None) -> FluidPage | None:
    """Read a nursing day, today's unless another is asked for; None if the stay is not known here any more."""
    board = ward.replica
    stay = known_stay(board, encounter)
    if stay is None:
        return None
    fluids = board.records(FLUID, encounter=encounter)
    doses = board.records(DOSE, encounter=encounter)
    flows = flows_of(fluids, doses)
    days = _known_days(stay, now)
    day = day if day in days else days[0]
    return FluidPage(
        stay=stay,
        others=names_alike(board, stay),
        day=day,
        days=days,
        lines=tuple(_lines(fluids, doses, day)),
        sums=tuple(_sums(flows, stay, day, now)),
        says=tuple(_says(flows, stay, day, now, last_weight_kg(board, encounter))),
        infused=flows_of((), doses),
        sites={found.kind: found.site for found in fluids if found.site and found.struck_at is None},
    )


def _known_days(stay: EncounterView, now: datetime) -> tuple[date, ...]:
    """Today, and the days before it that this cart still holds from their beginning."""
    known_since = now - min(FLUID.kept_for, DOSE.kept_for)
    found = [nursing_day(now)]
    while day_of(found[-1]).start_at > stay.admitted_at:
        before = found[-1] - timedelta(days=1)
        if max(day_of(before).start_at, stay.admitted_at) < known_since:
            break
        found.append(before)
    return tuple(found)


def _lines(fluids: Iterable[FluidView], doses: Iterable[DoseView], day: date) -> list[FluidLine]:
    """The newest first."""
    span = day_of(day)
    given = {dose.id: (dose, event) for dose in doses if (event := infused(dose)) is not None}
    found = [
        FluidLine(
            id=entry.id,
            at=entry.at,
            direction=entry.direction,
            kind=entry.kind,
            volume_ml=entry.volume_ml,
            by_name=entry.by_name or entry.by.id,
            entry=entry,
            counts=entry.struck_at is None and entry.dose not in given,
        )
        for entry in fluids
    ]
    for dose, event in given.values():
        drugs = " + ".join(drug_name(item) for item in dose.items)
        by_name = event.by_name or event.by.id
        found.append(FluidLine(dose.id, event.at, "intake", "infusion", event.infused_ml, by_name, drugs=drugs))
    within = [line for line in found if span.start_at <= line.at < span.end_at]
    return sorted(within, key=lambda line: (line.at, line.id), reverse=True)


def _sums(flows: tuple[Flow, ...], stay: EncounterView, day: date, now: datetime) -> Iterable[FluidSum]:
    for period in (*shifts_of(day), day_of(day)):
        begins_at = max(period.start_at, stay.admitted_at)
        if begins_at > now:
            continue
        ends_at = min(period.end_at, stay.discharged_at or period.end_at)
        within = [flow for flow in flows if period.start_at <= flow.at < period.end_at]
        yield FluidSum(
            label=period.label,
            start_at=begins_at,
            end_at=period.end_at,
            sums=balance(within, period.start_at, period.end_at),
            stools=stools(within),
            hours=max(0, round((min(ends_at, now) - begins_at) / timedelta(hours=1))),
            is_over=ends_at <= now,
        )


def _says(
    flows: tuple[Flow, ...], stay: EncounterView, day: date, now: datetime, weight_kg: float | None
) -> Iterable[str]:
    whole = list(_sums(flows, stay, day, now))[-1]
    if whole.is_over:
        judged = urine_of_day(whole.sums.urine_ml, hours=whole.hours)
        if judged is not None:
            yield _("{what}: urine {volume} mL in {hours} h").format(
                what=urine_text(judged), volume=f"{whole.sums.urine_ml:g}", hours=whole.hours
            )
    rate = slow_urine_ml_per_kg_h(flows, weight_kg) if day == nursing_day(now) else None
    if rate is not None:
        yield _("Urine by catheter only {rate} mL/kg/h: tell the doctor").format(rate=f"{rate:.2f}")
    if whole.sums.unmeasured:
        yield _("{n} without a volume: the sum is too small").format(n=whole.sums.unmeasured)
    if whole.sums.irrigation_net_ml is not None:
        yield _("irrigation: {volume} mL more came back").format(volume=f"{whole.sums.irrigation_net_ml:g}")
    if whole.sums.estimated:
        yield _("partly estimated")


# -- a new entry


def fields_of(kind: FluidKind, sites: Mapping[str, str]) -> tuple[EntryField, ...]:
    """The rows of the form for this kind. `sites`: the last one of each kind, to begin with."""
    found = [EntryField("volume_ml", N_("Volume"), unit="mL")]
    if kind.counts:
        found.insert(0, EntryField("times", N_("How often"), unit=N_("times"), text="1"))
        found.append(EntryField("enemas", N_("After enemas"), unit=N_("times")))
    if kind.takes_site:
        found.append(EntryField("site", N_("Where"), limit=40, text=sites.get(kind.code, "")))
    if kind.manners:
        found.append(EntryField("manner", N_("Came"), codes=kind.manners, text=kind.manners[0].value))
    amount = Amount.ESTIMATED if kind.estimated else Amount.MEASURED
    found.append(EntryField("amount", N_("Volume is"), codes=tuple(Amount), text=amount.value))
    if kind.direction == "output":
        found.append(EntryField("appearance", N_("Looks like"), limit=60))
    return (*found, TIME, WHY_LATE, NOTE)


def examine(
    kind: FluidKind, texts: Mapping[str, str], confirmed: frozenset[object], page: FluidPage, now: datetime
) -> EntryExam:
    """Check what was typed with every rule, and say what it would be recorded as."""
    typed = Texts(texts, now)
    at = typed.at()
    volume_ml = typed.number("volume_ml")
    manner = typed.words("manner")
    flow = Flow(
        at=at,
        direction=kind.direction,
        kind=kind.code,
        volume_ml=volume_ml,
        estimated=volume_ml is not None and typed.words("amount") == Amount.ESTIMATED,
        site=typed.words("site"),
        manner=manner,
        times=typed.whole("times", least=0, most=99),
        enemas=typed.whole("enemas", least=1, most=9) or 0,
    )
    context = CheckContext(
        source="manual",
        now=now,
        measured_at=at,
        discharged_at=page.stay.discharged_at,
        late_reason=texts.get(LATE),
    )
    findings = check_flow(flow, infused=page.infused, context=context)
    return EntryExam(
        at=at,
        findings=findings,
        unreadable=tuple(typed.unreadable),
        confirmed=frozenset(finding for finding in findings if finding in confirmed),
        body=None if _is_refused(flow, findings) else _message(flow, typed, findings, confirmed),
    )


def _is_refused(flow: Flow, findings: Iterable[object]) -> bool:
    says = (flow.volume_ml, flow.times, flow.manner)
    hard = any(getattr(finding, "severity", None) is Severity.HARD for finding in findings)
    return hard or (all(said is None for said in says) and not flow.enemas)


def _message(flow: Flow, typed: Texts, findings: Iterable[object], confirmed: frozenset[object]) -> RecordFluid:
    return RecordFluid.model_validate(
        {
            "direction": flow.direction,
            "kind": flow.kind,
            "volume_ml": flow.volume_ml,
            "estimated": flow.estimated,
            "site": flow.site,
            "manner": flow.manner,
            "times": flow.times,
            "enemas": flow.enemas or None,
            "appearance": typed.words("appearance"),
            "note": typed.words("note"),
            "late_reason": typed.words(LATE),
            "confirmed": tuple(f.code for f in findings if f in confirmed),  # type: ignore[attr-defined]
        }
    )


def save(ward: Ward, session: Session, stay: EncounterView, exam: EntryExam) -> Command:
    """Record an entry that may be saved.

    Raises:
        ValueError: it may not be saved.
        StoreFailed: the disk did not take it; nothing was saved.
    """
    if not exam.may_save or exam.body is None:
        raise ValueError("an entry with open findings is not saved")
    return ward.record(
        "fluid.record",
        exam.body,
        actor=session.actor,
        encounter=stay.id,
        bed=stay.bed,
        measured_at=exam.at,
    )


def strike(ward: Ward, session: Session, stay: EncounterView, fluid: str, reason: str) -> Command:
    """Strike an entry out; it stays readable, with the reason."""
    body = StrikeFluid(fluid=fluid, reason=reason)
    return ward.record("fluid.strike", body, actor=session.actor, encounter=stay.id, bed=stay.bed)
