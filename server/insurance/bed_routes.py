"""What a patient's insurance is expected to pay, for the terminal of the bed. Every look is audited."""

from __future__ import annotations

from fastapi import APIRouter

from server.http import CoreOf
from server.insurance.routes import InsuranceOf, LanguageOf
from server.insurance.service import Expected
from server.insurance.views import EstimateView, scheme_text
from server.patients.at_bed import AtBedOf
from wardlink.i18n import speaking
from wardlink.ids import Id
from wardlink.messages.bills import BillCover, BillEstimate, EstimateStep

router = APIRouter(prefix="/api/v1", tags=["insurance"])


@router.get("/encounters/{encounter}/bill/insurance/estimate", summary="The estimate of whoever lies in the bed")
def estimate(
    core: CoreOf, insurance: InsuranceOf, terminal: AtBedOf, language: LanguageOf, encounter: Id
) -> BillEstimate:
    """Step by step, for what the stay costs so far. An estimate: the platform's answer decides."""
    with core.db.read() as conn:
        terminal.demand(conn, encounter, "money", core.clock.now())
        expected = insurance.expected(conn, encounter)
    core.audit("view", actor=terminal.actor, device=terminal.device.id, what="estimate", encounter=encounter)
    with speaking(language):
        found, cover = EstimateView.of(expected), _cover(expected)
    return BillEstimate(
        total_fen=found.total,
        fund_fen=found.fund,
        person_fen=found.person,
        cash_fen=found.cash,
        note=found.note,
        steps=tuple(
            EstimateStep(name=step.name, filled=step.filled, result=step.result, unit=step.unit) for step in found.steps
        ),
        cover=cover,
    )


def _cover(expected: Expected) -> BillCover:
    found = expected.estimate
    applies = next(step.result.amount for step in found.steps if step.code == "D0")
    return BillCover(
        scheme=scheme_text(expected.case),
        deductible_left_fen=max(0, applies - found.deductible),
        ratio_bp=found.ratio_bp,
        cap_left_fen=found.year_left,
    )
