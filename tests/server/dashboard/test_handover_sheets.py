"""What is due and what was handed over, as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from starlette.datastructures import QueryParams

from server.dashboard.pages.handovers import shift_asked
from server.dashboard.sheets import due, handovers
from server.due.service import due_of_stay, overdue_in_ward
from server.patients.service import encounter_view
from tests.server.handovers.test_handovers import SHIFT, hand_over
from tests.server.wards import NOW, STAY_1, STAY_2, SmallWard
from wardlink.clinical.shifts import shift_at
from wardlink.i18n import speaking
from wardlink.messages.rounds import RecordRound


def test_a_hand_over_is_read_in_a_line(ward: SmallWard) -> None:
    """The ward's own first; who gave, who took, the facts and what was written."""
    hand_over(ward)

    with ward.db.read() as conn, speaking("en"):
        of_ward = handovers.of_ward(conn, "w1", shift_at(SHIFT), NOW)
        of_stay = handovers.of_stay(conn, STAY_1, NOW)
        of_other = handovers.of_ward(conn, "w1", shift_at(SHIFT).before(), NOW)

    first, second = of_ward.rows
    assert first.cells["patient"].text == "the ward"
    assert (first.cells["note"].text, first.cells["state"].text) == ("quiet", "being written")
    assert (second.cells["facts"].text, second.cells["giver"].text) == ("S: NEWS2 5", "李静")
    assert second.cells["state"].text == "handed over"
    assert [row.cells["note"].text for row in of_stay.rows] == ["watch"]
    assert of_other.rows == ()


def test_what_is_overdue_comes_first_and_is_counted(ward: SmallWard) -> None:
    """A round of three hours ago is overdue; one of now is due later. What is due after eight hours is left out."""
    ward.take(ward.cart.command("round.record", RecordRound(evidence="ticked"), encounter=STAY_1))
    later = NOW + timedelta(hours=3)

    with ward.db.read() as conn, speaking("en"):
        stay = encounter_view(conn, STAY_1)
        assert stay is not None
        early, late = (due.sheet(due_of_stay(conn, stay, at), at) for at in (NOW, later))
        counts = overdue_in_ward(conn, "w1", later)

    rounds = [next(row for row in sheet.rows if row.key.startswith("round:")) for sheet in (early, late)]
    assert [row.cells["state"].text for row in rounds] == ["later", "overdue since"]
    assert late.rows[0].cells["state"].text == "overdue since"
    assert counts[STAY_1] == sum(row.cells["state"].text == "overdue since" for row in late.rows)
    assert counts[STAY_2] > 0


def test_a_shift_is_asked_for_by_an_instant_in_it() -> None:
    """What is no instant asks for the running one."""
    now = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)

    assert shift_asked(QueryParams({"at": "2026-11-24T02:00:00Z"}), now) == shift_at(now - timedelta(days=1))
    for words in ("", "yesterday", "2026-11-24T02:00:00", "9999-12-31T23:59:59Z"):
        assert shift_asked(QueryParams({"at": words}), now) == shift_at(now)
