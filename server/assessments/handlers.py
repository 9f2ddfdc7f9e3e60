"""Assessments come in: kept as they were made, weighed again, and put before a person where that says otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from server.actors import staff_only
from server.batch import Batch
from server.census import Resident
from server.handlers import Handler
from server.record.collisions import note_place_and_time
from server.record.handlers import keep
from server.record.writing import fold_in
from wardlink.clinical.assessments.scales import scale_called
from wardlink.clinical.assessments.weighing import weigh
from wardlink.clinical.names import age_years
from wardlink.clock import ward_date
from wardlink.messages.assessments import RecordAssessment, SeenResult
from wardlink.messages.commands import Command
from wardlink.record.assessments import ASSESSMENT


def record(batch: Batch, command: Command, body: RecordAssessment) -> int:
    """Keep an assessment; where the nurse saw another result than the one found here, somebody looks at it.

    Raises:
        NotAllowed: a patient or a device by itself says it.
    """
    staff_only(command)
    folded = fold_in(batch, ASSESSMENT, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    here = result_of(command, body, folded.resident)
    if body.seen is not None and body.seen != here:
        batch.exception(
            "score-differs",
            ward=folded.ward,
            command=command,
            encounter=command.encounter,
            bed=folded.resident.bed if folded.resident else command.bed,
            on_device=_text(body.seen),
            here=_text(here),
        )
    return folded.seq


def result_of(command: Command, body: RecordAssessment, resident: Resident | None) -> SeenResult:
    """What the answers mean here: what the age says is answered by the birth date that the server knows."""
    scale = scale_called(body.scale)
    if scale is None:
        return SeenResult()
    at_on = ward_date(command.measured_at)
    years = None if resident is None else age_years(resident.birth_on, max(resident.birth_on, at_on))
    weighed = weigh(scale, body.answers, age_years=years)
    return SeenResult(totals=dict(weighed.totals), band=None if weighed.band is None else weighed.band.code)


def _text(result: SeenResult) -> str:
    return " ".join((_sum(result.totals), result.band or "")).strip() or "—"


def _sum(totals: Mapping[str, int]) -> str:
    return "+".join(str(points) for points in totals.values())


HANDLERS = {"assessment.record": Handler(record), "assessment.strike": Handler(keep)}
