"""The assessments on the page of a stay: what stands, what is overdue, and no answers."""

from __future__ import annotations

from datetime import timedelta

from server.dashboard.sheet import Sheet
from server.dashboard.sheets.assessments import of_stay
from server.patients.service import encounter_view
from tests.server.assessments.test_handlers import HIGH, seen_by
from tests.server.wards import NOW, STAY_1, SmallWard
from wardlink.i18n import speaking
from wardlink.messages.assessments import RecordAssessment


def sheet(ward: SmallWard) -> Sheet:
    """As a visitor reads it in English."""
    with ward.db.read() as conn, speaking("en"):
        stay = encounter_view(conn, STAY_1)
        assert stay is not None
        return of_stay(conn, stay, ward.clock.now())


def texts(found: Sheet, scale: str) -> dict[str, str]:
    """The line of a scale, by its columns."""
    row = next(row for row in found.rows if row.key == scale)
    return {name: cell.text for name, cell in row.cells.items()}


def test_the_newest_stands_beside_the_one_before(ward: SmallWard) -> None:
    """With its level in words, who made it, and whether the next is overdue; that comes first."""
    low = dict.fromkeys(HIGH, "0")
    for answers, hours in ((low, 60), (HIGH, 30)):
        at = NOW - timedelta(hours=hours)
        ward.take(ward.cart.command("assessment.record", seen_by("morse", answers), encounter=STAY_1, measured_at=at))

    found = sheet(ward)

    line = texts(found, "morse")
    assert (line["result"], line["before"], line["by"], line["state"]) == (
        "85 High risk",
        "0 Low risk",
        "李静",
        "overdue",
    )
    assert found.rows[0].key == "morse"
    assert texts(found, "braden")["result"] == "—"


def test_no_answer_of_a_private_talk_is_on_the_page(ward: SmallWard) -> None:
    """Only the level and its points."""
    answers = {"self-harm": "yes", "dt": "3"}
    ward.take(ward.cart.command("assessment.record", seen_by("psych", answers), encounter=STAY_1))

    told = "".join(cell.text for row in sheet(ward).rows for cell in row.cells.values())

    assert "Emergency: risk of self-harm" in told
    assert "Speaks of" not in told


def test_a_scale_that_is_not_known_here_is_still_shown(ward: SmallWard) -> None:
    """By its code, without a result."""
    body = RecordAssessment(scale="later", version="1", answers={"a": "1"})
    ward.take(ward.cart.command("assessment.record", body, encounter=STAY_1))

    assert texts(sheet(ward), "later")["result"] == "—"
