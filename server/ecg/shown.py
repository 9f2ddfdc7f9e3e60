"""What the terminal of a bed is told of a stay's ECG strips: what its patient may see, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select
from sqlmodel import col

from server.patients.models import Encounter, Patient
from wardlink.clinical.ecg.coding import encode
from wardlink.clinical.ecg.release import Decided, Held, Reported, Why, why_held
from wardlink.clinical.ecg.strip import Strip
from wardlink.errors import NotFound
from wardlink.messages.ecg import EcgReport, EcgView
from wardlink.messages.ecg_at_bed import EcgAtBed, EcgLead, EcgLine, EcgsAtBed, EcgWords


def birth_of(conn: Connection, encounter: str | None) -> date:
    """When the patient of a stay was born.

    Raises:
        NotFound: there is no such stay.
    """
    query = select(col(Patient.birth_on)).join(Encounter, col(Encounter.patient) == col(Patient.id))
    found: date | None = conn.execute(query.where(col(Encounter.id) == encounter)).scalar()
    if found is None:
        raise NotFound(what="stay", name=encounter or "")
    return found


def why_not(view: EcgView, birth_on: date, today: date) -> tuple[Why, ...]:
    """Why its patient may not see this strip; empty where they may."""
    decided = None if view.shown is None else Decided(view.shown.may_see, view.shown.reports)
    return why_held(
        Held(
            birth_on=birth_on,
            reports=tuple(Reported(is_doctors(report), report.critical) for report in view.reports),
            seen_reports=view.seen_reports,
            is_struck=view.struck_at is not None,
            decided=decided,
        ),
        today,
    )


def listed(views: Iterable[EcgView], birth_on: date, today: date) -> EcgsAtBed:
    """Those that may be seen; of those that were struck out, how many could be until then."""
    found = [(view, why_not(view, birth_on, today)) for view in views]
    lines = [_line(view) for view, why in found if not why]
    newest_first = sorted(lines, key=lambda line: (line.taken_at, line.id), reverse=True)
    return EcgsAtBed(lines=tuple(newest_first), taken_back=sum(why == ("struck",) for _view, why in found))


def whole(view: EcgView, strip: Strip) -> EcgAtBed:
    """One that may be seen, with its curve and the doctors' words."""
    return EcgAtBed(
        line=_line(view),
        words=tuple(EcgWords(text=said.text, at=said.at, by_name=said.by_name) for said in reversed(_doctors(view))),
        rate_hz=view.rate_hz,
        uv_per_unit=view.uv_per_unit,
        length=view.length,
        digest=view.digest,
        leads=tuple(EcgLead(lead=lead, samples=encode(samples)) for lead, samples in strip.leads.items()),
    )


def _line(view: EcgView) -> EcgLine:
    return EcgLine(
        id=view.id, taken_at=view.taken_at, seconds=view.seconds, leads=view.leads, said_at=_doctors(view)[-1].at
    )


def _doctors(view: EcgView) -> list[EcgReport]:
    return [report for report in view.reports if is_doctors(report)]


def is_doctors(report: EcgReport) -> bool:
    """Whether a doctor said it: who may is asked before a report is taken; what came with a strip has nobody's name."""
    return report.by is not None and report.by.kind == "staff"
