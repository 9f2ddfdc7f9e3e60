"""Assessments on the server: kept, weighed again, and put before a person where the results differ."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from server.record.service import records_of
from tests.clinical.assessments.answering import in_order
from tests.server.charts.ward import snapshot
from tests.server.wards import NOW, OTHER_NURSE, STAY_1, SmallWard
from wardlink.clinical.assessments.scales import scales
from wardlink.clinical.assessments.weighing import weigh
from wardlink.clinical.names import age_years
from wardlink.messages.assessments import AssessmentView, RecordAssessment, SeenResult, StrikeAssessment
from wardlink.record.assessments import ASSESSMENT

BORN = date(1950, 1, 1)
YEARS = age_years(BORN, NOW.date())
HIGH = dict(in_order(scales()["morse"], 25, 15, 15, 20, 10, 0))


def kept(ward: SmallWard) -> list[AssessmentView]:
    """All of them, the earliest first."""
    with ward.db.read() as conn:
        return records_of(conn, ASSESSMENT)


def seen_by(scale: str, answers: dict[str, str], years: int = YEARS) -> RecordAssessment:
    """An assessment as a cart sends it that takes the patient for so old."""
    weighed = weigh(scales()[scale], answers, age_years=years)
    assert weighed.band is not None
    seen = SeenResult(totals=dict(weighed.totals), band=weighed.band.code)
    return RecordAssessment(scale=scale, version="1", answers=dict(weighed.answers), seen=seen)


def test_an_assessment_is_kept_once_and_told(ward: SmallWard) -> None:
    """However often it is sent; with who made it, its total, its level and when the next is due."""
    command = ward.cart.command("assessment.record", seen_by("morse", HIGH), encounter=STAY_1)

    outcomes = [ward.answer(command).outcome for _ in range(2)]

    (view,) = kept(ward)
    (change,) = ward.changes("assessment.changed")
    assert outcomes == ["applied", "already-applied"]
    assert (view.total, view.band, view.by_name, view.next_at) == (85, "high", "李静", NOW + timedelta(hours=24))
    assert AssessmentView.model_validate(change["body"]) == view
    assert ward.exceptions() == []


@pytest.mark.parametrize("scale", ["caprini", "padua"])
def test_carts_and_server_agree_on_the_age(ward: SmallWard, scale: str) -> None:
    """Both answer it by the same birth date, so that nothing is put before a person."""
    answers = {"operation": "none"} if scale == "caprini" else {}
    ward.take(ward.cart.command("assessment.record", seen_by(scale, answers), encounter=STAY_1))

    assert ward.exceptions() == []


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (
            seen_by("morse", HIGH).model_copy(update={"seen": SeenResult(totals={"total": 45}, band="moderate")}),
            {"on_device": "45 moderate", "here": "85 high"},
        ),
        (
            seen_by("morse", HIGH).model_copy(update={"seen": SeenResult(totals={"total": 85}, band="moderate")}),
            {"on_device": "85 moderate", "here": "85 high"},
        ),
        (seen_by("padua", {"cancer": "yes"}, 60), {"on_device": "3 low", "here": "4 high"}),
        (
            RecordAssessment(scale="later", version="1", answers={"a": "1"}, seen=SeenResult(totals={"total": 1})),
            {"on_device": "1", "here": "—"},
        ),
    ],
)
def test_another_result_than_the_nurse_saw_is_put_before_a_person(
    ward: SmallWard, body: RecordAssessment, detail: dict[str, str]
) -> None:
    """Another total, another level, another age, a scale that is not known here: kept, and one exception."""
    ward.take(ward.cart.command("assessment.record", body, encounter=STAY_1))

    (row,) = ward.exceptions()
    assert (row.kind, row.detail) == ("score-differs", detail)
    assert len(kept(ward)) == 1


def test_a_struck_assessment_stays_readable(ward: SmallWard) -> None:
    """With the first reason that was given."""
    made = ward.cart.command("assessment.record", seen_by("morse", HIGH), encounter=STAY_1)
    strikes = [
        device.command(
            "assessment.strike", StrikeAssessment(assessment=made.id, reason=why), encounter=STAY_1, actor=who
        )
        for device, why, who in ((ward.cart, "录错", made.actor), (ward.cart_2, "重复", OTHER_NURSE))
    ]
    ward.take(made, strikes[0])
    ward.take(strikes[1])

    (view,) = kept(ward)
    assert (view.total, view.struck_reason) == (85, "录错")


def test_a_stranger_or_a_device_alone(ward: SmallWard) -> None:
    """What an unknown hand reports is kept and noticed; a device by itself assesses nobody."""
    body = seen_by("morse", HIGH)
    alone = ward.cart.command("assessment.record", body, encounter=STAY_1, actor={"kind": "device", "id": "c1"})
    stranger = ward.cart.command("assessment.record", body, encounter=STAY_1, actor={"kind": "staff", "id": "nobody"})

    assert ward.answer(alone).code == "not-allowed"
    ward.take(stranger)

    assert [row.kind for row in ward.exceptions()] == ["unknown-actor"]
    assert len(kept(ward)) == 1


def test_what_stands_is_on_every_cart_for_the_whole_stay_and_at_no_bed(ward: SmallWard) -> None:
    """Weeks later the newest of each scale is still there; the answers never reach a bedside terminal."""
    ward.take(ward.cart.command("assessment.record", seen_by("morse", HIGH), encounter=STAY_1))
    ward.clock.advance(timedelta(days=40).total_seconds())

    assert [view["scale"] for view in snapshot(ward).records["assessment"]] == ["morse"]
    assert "assessment" not in snapshot(ward, bed="b1").records
