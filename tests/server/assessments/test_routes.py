"""Assessments over HTTP: for those who work in the ward, and audited."""

from __future__ import annotations

from datetime import timedelta

from tests.server.assessments.test_handlers import HIGH, seen_by
from tests.server.desk import Desk
from tests.server.wards import NOW, STAY_1
from wardlink.messages.assessments import StrikeAssessment

LOW = dict.fromkeys(HIGH, "0")


def fill(desk: Desk) -> list[str]:
    """Three fall scales, the last struck out, and one Padua; their ids, oldest first."""
    ward = desk.ward
    made = [
        ward.cart.command(
            "assessment.record", seen_by(scale, answers), encounter=STAY_1, measured_at=NOW - timedelta(hours=hours)
        )
        for scale, answers, hours in (("morse", HIGH, 48), ("morse", LOW, 24), ("morse", HIGH, 2), ("padua", {}, 1))
    ]
    ward.take(*made)
    strike = StrikeAssessment(assessment=made[2].id, reason="录错")
    ward.take(ward.cart.command("assessment.strike", strike, encounter=STAY_1))
    return [command.id for command in made]


def test_the_newest_first_with_pages(desk: Desk) -> None:
    """Struck ones stand in it with their reason; one scale alone can be asked for."""
    ids = fill(desk)

    whole = desk.get("n1", f"/encounters/{STAY_1}/assessments").json()
    first = desk.get("n1", f"/encounters/{STAY_1}/assessments?scale=morse&limit=2").json()
    second = desk.get("n1", f"/encounters/{STAY_1}/assessments?scale=morse&limit=2&offset={first['next']}").json()

    assert [item["id"] for item in whole["items"]] == ids[::-1]
    assert whole["items"][1]["struck_reason"] == "录错"
    assert [item["id"] for item in first["items"] + second["items"]] == [ids[2], ids[1], ids[0]]
    assert second["next"] is None
    assert ("staff:n1", "view", "assessments", STAY_1) in desk.audited()


def test_only_what_stands(desk: Desk) -> None:
    """The newest of each scale that nobody has struck out."""
    ids = fill(desk)

    found = desk.get("n1", f"/encounters/{STAY_1}/assessments?newest=true").json()["items"]

    assert [item["id"] for item in found] == [ids[3], ids[1]]


def test_who_may_not(desk: Desk) -> None:
    """Another ward, a technician, nobody."""
    fill(desk)

    said = [desk.get(who, f"/encounters/{STAY_1}/assessments").status_code for who in ("x1", "tech", None)]

    assert said == [403, 403, 401]
