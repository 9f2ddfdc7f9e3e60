"""Which assessments a stay is due for."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.record.test_assessments import HIGH, NOW, made
from wardlink.ids import new_id
from wardlink.messages.assessments import AssessmentView
from wardlink.messages.encounters import EncounterView, PlaceLain
from wardlink.record.assessments_due import assessments_due

ADMITTED = NOW - timedelta(hours=1)
H = timedelta(hours=1)
FIRST = ["morse", "braden", "barthel", "caprini", "nrs2002", "psych"]


def stay(*places: tuple[str, datetime]) -> EncounterView:
    """A stay that has lain in these wards."""
    return EncounterView(
        id=new_id(), admission_no="ZY1", mrn="M1", name="病人", sex="female", birth_on=date(1950, 1, 1), ward="w1",
        bed="b1", status="in-progress", level="level2", diet="regular", admitted_at=ADMITTED,
        places=tuple(PlaceLain(ward=ward, ward_name=ward, bed="b1", since=since) for ward, since in places),
    )  # fmt: skip


def test_a_new_stay_is_due_for_every_scale_of_admission() -> None:
    """Of two scales that stand for each other only one, and no scale that is used when needed."""
    due = assessments_due(stay(), [])

    assert sorted(each.scale.code for each in due) == sorted(FIRST)
    assert {each.due_at for each in due} == {ADMITTED + 8 * H}


def test_an_emergency_is_due_sooner_for_falls_and_skin() -> None:
    """Two hours, and they stand first."""
    due = assessments_due(stay(), [], urgent=True)

    assert {each.scale.code for each in due[:2]} == {"morse", "braden"}
    assert {each.due_at for each in due[:2]} == {ADMITTED + 2 * H}


def test_what_stands_says_when_the_next_is_due() -> None:
    """A struck one says nothing."""
    view = made(HIGH)
    struck = view.model_copy(update={"struck_at": NOW})

    def due_of(found: list[AssessmentView]) -> datetime:
        return next(each.due_at for each in assessments_due(stay(), found) if each.scale.code == "morse")

    assert due_of([view]) == NOW + 24 * H
    assert due_of([struck]) == ADMITTED + 8 * H


@pytest.mark.parametrize(
    ("made_of", "due"),
    [((), "caprini"), (("padua",), "padua"), (("caprini", "padua"), "padua"), (("padua", "caprini"), "caprini")],
)
def test_of_two_thrombosis_scales_one_is_enough(made_of: tuple[str, ...], due: str) -> None:
    """The one that was made last is made again."""
    found = [
        made({"age": "0", "operation": "none"} if scale == "caprini" else {"age": "0"}, scale, hours=n)
        for n, scale in enumerate(made_of)
    ]

    codes = {each.scale.code for each in assessments_due(stay(), found)}

    assert codes & {"caprini", "padua"} == {due}


@pytest.mark.parametrize(
    ("places", "due_at"),
    [
        ((), NOW + 24 * H),
        ((("w1", ADMITTED), ("w1", NOW + H)), NOW + 24 * H),
        ((("w2", ADMITTED), ("w1", NOW + H)), NOW + 9 * H),
    ],
)
def test_another_ward_asks_anew_and_another_bed_does_not(
    places: tuple[tuple[str, datetime], ...], due_at: datetime
) -> None:
    """From the transfer on, as soon as after an admission."""
    due = assessments_due(stay(*places), [made(HIGH)])

    assert next(each.due_at for each in due if each.scale.code == "morse") == due_at


def test_an_operation_or_a_fall_asks_anew() -> None:
    """Whatever the caller knows of."""
    due = assessments_due(stay(), [made(HIGH)], events=[NOW + 2 * H])

    assert next(each.due_at for each in due if each.scale.code == "morse") == NOW + 10 * H
