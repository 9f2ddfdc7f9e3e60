"""Nursing assessments in the ward record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wardlink.clinical.assessments.scales import scale_called
from wardlink.clinical.assessments.weighing import weigh
from wardlink.messages.assessments import AssessmentView
from wardlink.record.kind import Fold, Kind, Said


def _recorded(known: AssessmentView | None, said: Said) -> AssessmentView:
    if known is not None:
        return known
    command, body = said.command, said.body
    scale = scale_called(body.scale)
    weighed = None if scale is None else weigh(scale, body.answers)
    return AssessmentView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        scale=body.scale,
        version=body.version,
        cut=None if scale is None else scale.cut,
        answers=body.answers,
        totals={} if weighed is None else dict(weighed.totals),
        band=None if weighed is None or weighed.band is None else weighed.band.code,
        assessed_at=command.measured_at,
        entered_at=command.entered_at,
        next_at=None if weighed is None else weighed.next_at(command.measured_at),
        by=command.actor,
        by_name=said.actor_name,
        confirmed=body.confirmed,
        note=body.note,
        received_at=said.received_at,
    )


def _struck(known: AssessmentView | None, said: Said) -> AssessmentView | None:
    if known is None or known.struck_at is not None:
        return known
    marks = {"struck_at": said.command.entered_at, "struck_by": said.command.actor, "struck_reason": said.body.reason}
    return known.model_copy(update=marks)


ASSESSMENT = Kind(
    "assessment",
    AssessmentView,
    at=lambda view: view.assessed_at,
    folds={
        "assessment.record": Fold(_recorded),
        "assessment.strike": Fold(_struck, target=lambda command, body: body.assessment),
    },
    # What stands is kept for the whole stay, not only the newest of a scale: when that is struck out, the one before
    # it counts again, and a form shows what has changed since. A stay has a few dozen small ones.
    is_open=lambda view: view.struck_at is None,
    state=lambda view: "struck" if view.struck_at is not None else (view.band or "unknown")[:20],
)


def standing(found: Iterable[AssessmentView]) -> Mapping[str, AssessmentView]:
    """The newest assessment of each scale that was not struck out, in no order. Of one stay."""
    kept = (view for view in found if view.struck_at is None)
    return {view.scale: view for view in sorted(kept, key=lambda view: (view.assessed_at, view.entered_at, view.id))}
