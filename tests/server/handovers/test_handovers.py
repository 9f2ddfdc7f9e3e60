"""Hand-overs, reminders and assignments on the server."""

from __future__ import annotations

from datetime import UTC, datetime

from server.record.service import records_of
from tests.server.desk import Desk
from tests.server.due.test_due import due
from tests.server.wards import NOW, NURSE, OTHER_NURSE, STAY_1, SmallWard
from wardlink.ids import new_id
from wardlink.messages.assignments import TakeBed
from wardlink.messages.handovers import GiveHandover, HandoverLine, TakeHandover, WriteHandover
from wardlink.messages.reminders import AddReminder, FinishReminder
from wardlink.record.assignments import ASSIGNMENT
from wardlink.record.handovers import HANDOVER

SHIFT = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
LINES = (HandoverLine(part="situation", text="NEWS2 5"),)


def hand_over(ward: SmallWard) -> None:
    """One gives, another takes; and one writes about the ward."""
    gave = ward.cart.command("handover.give", GiveHandover(shift_at=SHIFT, lines=LINES, note="watch"), encounter=STAY_1)
    take = TakeHandover(shift_at=SHIFT, given=gave.id)
    ward.take(gave)
    ward.take(ward.cart_2.command("handover.take", take, encounter=STAY_1, actor=OTHER_NURSE))
    ward.take(ward.cart.command("handover.write", WriteHandover(shift_at=SHIFT, note="quiet")))


def test_two_carts_speak_of_one_hand_over(ward: SmallWard) -> None:
    """Given on one and taken on the other; the ward's own is about no patient, and that is no collision."""
    hand_over(ward)

    with ward.db.read() as conn:
        of_stay = records_of(conn, HANDOVER, encounter=STAY_1)
        of_ward = [view for view in records_of(conn, HANDOVER, ward="w1") if view.encounter is None]

    assert [(view.state, view.given[0].by_name) for view in of_stay] == [("taken", "李静")]
    assert [view.note for view in of_ward] == ["quiet"]
    assert ward.exceptions() == []


def test_a_bed_is_marked_and_a_stranger_noticed(ward: SmallWard) -> None:
    """A bed of the ward needs no patient; a hand-over about a patient whom nobody knows is put before a person."""
    ward.take(ward.cart.command("assignment.take", TakeBed(shift_at=SHIFT, bed="b4")))
    ward.take(ward.cart.command("handover.write", WriteHandover(shift_at=SHIFT, note="?"), encounter=new_id()))

    with ward.db.read() as conn:
        (marked,) = records_of(conn, ASSIGNMENT, ward="w1")

    assert (marked.bed, [step.by for step in marked.nurses]) == ("b4", [NURSE])
    assert [row.kind for row in ward.exceptions()] == ["unknown-encounter"]


def test_a_reminder_is_due_until_it_is_done(ward: SmallWard) -> None:
    """The one due thing that is stored."""
    added = ward.cart.command("reminder.add", AddReminder(text="睡眠", due_at=NOW), encounter=STAY_1)
    ward.take(added)
    before = due(ward)
    ward.take(ward.cart.command("reminder.done", FinishReminder(reminder=added.id), encounter=STAY_1))

    assert before["reminder"].why == added.id
    assert "睡眠" in before["reminder"].text()
    assert "reminder" not in due(ward)


def test_hand_overs_are_read_by_those_of_the_ward(desk: Desk) -> None:
    """Of a shift or of a stay; whoever reads is written down, whoever has no right is turned away."""
    hand_over(desk.ward)

    of_shift = desk.get("n1", "/wards/w1/handovers").json()
    of_stay = desk.get("n1", f"/encounters/{STAY_1}/handovers").json()

    assert sorted(view.get("encounter") or "" for view in of_shift) == ["", STAY_1]
    assert [view["given"][0]["lines"][0]["text"] for view in of_stay] == ["NEWS2 5"]
    assert desk.get("n1", "/wards/w1/handovers", params={"at": "2026-11-24T02:00:00Z"}).json() == []
    assert [
        desk.get("x1", path).status_code for path in ("/wards/w1/handovers", f"/encounters/{STAY_1}/handovers")
    ] == [403, 403]
    assert ("staff:n1", "list", "hand-overs", STAY_1) in desk.audited()
