"""The assessments of the sample ward: made by its nurses before the demo begins, on the same way as every other."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from wardlink.clinical.assessments.scales import scales
from wardlink.messages.assessments import RecordAssessment
from wardlink.messages.base import Actor
from workbench.demo.orders import CHECKS

if TYPE_CHECKING:
    from server.core import Core

ASSESSES: Actor = CHECKS
_ADMISSION_HOURS_AGO = 20


def sample_assessments() -> list[Mapping[str, Any]]:
    """The table of single patients."""
    rows: list[Mapping[str, Any]] = _table()["assessments"]
    return rows


def admission_assessments(beds: Iterable[str]) -> list[Mapping[str, Any]]:
    """What was found at the admission of those in these beds by scales of which the table says nothing, a row each."""
    table, told = _table()["admission"], {(row["bed"], row["scale"]) for row in sample_assessments()}
    return [
        {"bed": bed, "hours_ago": _ADMISSION_HOURS_AGO} | found
        for bed in beds
        if bed not in table["not_yet"]
        for found in table["found"]
        if (bed, found["scale"]) not in told
    ]


def _table() -> dict[str, Any]:
    return tomllib.loads(files("workbench.demo").joinpath("sample_assessments.toml").read_text("utf-8"))


def assess(core: Core, ward: str, stays: Mapping[str, str]) -> int:
    """Record the sample assessments in a ward that has none yet; how many.

    `stays` by bed; what is for a bed without a patient, or from before a stay, is left out.
    """
    from server.patients.service import encounter_view
    from server.record.service import records_of
    from wardlink.clinical.assessments.weighing import weigh
    from wardlink.clinical.names import age_years
    from wardlink.clock import ward_date
    from wardlink.record.assessments import ASSESSMENT

    with core.db.read() as conn:
        if records_of(conn, ASSESSMENT, ward=ward, limit=1):
            return 0
        views = {bed: view for bed, stay in stays.items() if (view := encounter_view(conn, stay)) is not None}
    made = 0
    now = core.clock.now()
    for row in [*sample_assessments(), *admission_assessments(stays)]:
        bed, scale = row["bed"], scales()[row["scale"]]
        at = now - timedelta(hours=row["hours_ago"])
        if bed not in views or at < views[bed].admitted_at:
            continue
        weighed = weigh(scale, row["answers"], age_years=age_years(views[bed].birth_on, ward_date(now)))
        body = RecordAssessment(scale=scale.code, version=scale.version, answers=dict(weighed.answers))
        core.execute(
            "assessment.record", body, ward=ward, actor=ASSESSES, encounter=stays[bed], bed=bed, measured_at=at
        )
        made += 1
    return made
