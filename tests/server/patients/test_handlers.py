"""Admissions, transfers and discharges: what the log, the places and the exceptions hold afterwards."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest

from server.core import Core
from server.db import Database
from server.patients.service import encounter_view, occupant_of, places_of, residents
from tests.server.wards import DESK, NOW, NURSE, STAY_1, STAY_2, SmallWard, admission
from wardlink.errors import Collision, InvalidInput, NotFound, WardlinkError
from wardlink.ids import new_id
from wardlink.messages.base import Message
from wardlink.messages.encounters import Discharge, Transfer, UpdateEncounter

TOMORROW = date(2026, 11, 26)


def move(ward: SmallWard, bed: str, stay: str = STAY_1, *, into: str = "w1", minutes: float = 0) -> None:
    """The stay lies in that bed since so many minutes after its admission."""
    at = NOW + timedelta(minutes=minutes)
    body = Transfer(ward=into, bed=bed)
    ward.core.execute("encounter.transfer", body, ward="w1", actor=DESK, encounter=stay, measured_at=at)


def end(ward: SmallWard, stay: str = STAY_1, *, minutes: float = 0, **body: Any) -> None:
    """The stay is over since so many minutes after its admission."""
    at = NOW + timedelta(minutes=minutes)
    ward.core.execute("encounter.discharge", Discharge(**body), ward="w1", actor=DESK, encounter=stay, measured_at=at)


def places(ward: SmallWard, stay: str = STAY_1) -> list[tuple[str, str, float, float | None]]:
    """Ward, bed, and the minutes from and until which it lay there."""

    def minutes(at: Any) -> float | None:
        return None if at is None else (at - NOW) / timedelta(minutes=1)

    with ward.db.read() as conn:
        found = places_of(conn, stay)
    return [(p.ward, p.bed, minutes(p.from_at) or 0, minutes(p.until_at)) for p in found]


def told(ward: SmallWard, name: str = "w1") -> list[tuple[str, str, str]]:
    """For each change of a stay: the bed it was told to, and the ward and bed that it names."""
    changes = ward.changes("encounter.changed", name)
    return [(c["bed"], c["body"]["ward"], c["body"]["bed"]) for c in changes]


def test_an_admission_is_told_to_its_bed(ward: SmallWard) -> None:
    """With everything that a cart shows."""
    (first, _) = ward.changes("encounter.changed")

    assert (first["bed"], first["encounter"], first["body"]["name"]) == ("b1", STAY_1, "病人1")
    assert places(ward) == [("w1", "b1", 0, None)]


def test_a_transfer_is_told_to_the_bed_that_was_left_as_well(ward: SmallWard) -> None:
    """The terminal of the old bed must let go of the patient."""
    ward.clock.advance(600)
    move(ward, "b3", minutes=10)

    assert told(ward)[2:] == [("b3", "w1", "b3"), ("b1", "w1", "b3")]
    assert places(ward) == [("w1", "b1", 0, 10), ("w1", "b3", 10, None)]


def test_a_transfer_to_another_ward_is_told_in_both(ward: SmallWard) -> None:
    """The ward that was left drops the stay; the new one gets it. The receipt names the new ward's number."""
    ward.clock.advance(600)
    move(ward, "b1", into="w2", minutes=10)

    assert (told(ward)[2:], told(ward, "w2")) == ([("b1", "w2", "b1")], [("b1", "w2", "b1")])
    with ward.db.read() as conn:
        assert [stay.id for stay in residents(conn, "w1")] == [STAY_2]
        assert [stay.id for stay in residents(conn, "w2")] == [STAY_1]


def test_a_bed_that_is_taken_is_refused_at_the_desk(ward: SmallWard) -> None:
    """A person sits in front of it and chooses another one; nothing is written."""
    with pytest.raises(Collision) as admitted:
        ward.admit(9, "b2")
    with pytest.raises(Collision) as moved:
        move(ward, "b2")

    assert (admitted.value.code, moved.value.code) == ("bed-taken", "bed-taken")
    assert len(told(ward)) == 2
    assert places(ward) == [("w1", "b1", 0, None)]


def test_a_transfer_that_becomes_known_late_changes_the_past_only(ward: SmallWard) -> None:
    """At 20 it is known: b3 since 10. At 30 it becomes known: b4 from 5 on, until then."""
    ward.clock.advance(3600)
    move(ward, "b3", minutes=10)
    move(ward, "b4", minutes=5)

    assert places(ward) == [("w1", "b1", 0, 5), ("w1", "b4", 5, 10), ("w1", "b3", 10, None)]
    with ward.db.read() as conn:
        found = encounter_view(conn, STAY_1)
    assert found is not None
    assert found.bed == "b3"


def test_a_transfer_after_the_discharge_was_entered_is_not_lost(ward: SmallWard) -> None:
    """The stay was over at 60; that it had moved at 10 is still true."""
    ward.clock.advance(7200)
    end(ward, minutes=60)
    move(ward, "b3", minutes=10)

    assert places(ward) == [("w1", "b1", 0, 10), ("w1", "b3", 10, 60)]


def test_two_stays_that_shared_a_bed_are_put_before_a_person(ward: SmallWard) -> None:
    """Known late, so neither is refused: both stand, and the exception names them."""
    ward.clock.advance(7200)
    move(ward, "b3", minutes=30)
    other = ward.admit(9, "b1", measured_at=NOW + timedelta(minutes=20))

    (opened,) = ward.exceptions()
    assert (opened.kind, opened.bed, opened.encounter) == ("bed-taken", "b1", other)
    assert opened.detail == {"other_encounter": STAY_1}


def test_stays_that_followed_each_other_are_no_collision(ward: SmallWard) -> None:
    """Out at 30, in at 30."""
    ward.clock.advance(7200)
    move(ward, "b3", minutes=30)
    ward.admit(9, "b1", measured_at=NOW + timedelta(minutes=30))

    assert ward.exceptions() == []


def test_a_discharge_frees_the_bed(ward: SmallWard) -> None:
    """And the same person may come again."""
    ward.clock.advance(3600)
    end(ward, minutes=60, disposition="home")
    again = new_id()
    ward.core.execute("encounter.admit", admission(1, "b1", admission_no="ZY9"), ward="w1", actor=DESK, encounter=again)

    with ward.db.read() as conn:
        assert occupant_of(conn, "w1", "b1") == again
    assert ward.exceptions() == []


def test_readings_after_a_late_discharge_are_put_before_a_person(ward: SmallWard) -> None:
    """The discharge was at 10, a set at 20 had come already."""
    ward.clock.advance(1200)
    ward.take(ward.cart.vitals(81))
    ward.clock.advance(1200)

    end(ward, minutes=10)

    (opened,) = ward.exceptions()
    assert (opened.kind, opened.detail) == ("after-discharge", {"sets": "1"})


def test_a_reading_that_comes_after_the_discharge(ward: SmallWard) -> None:
    """Measured before: it belongs to the stay. Measured after: kept, and put before a person."""
    ward.clock.advance(3600)
    end(ward, minutes=30)
    before = ward.cart.vitals(81, measured_at=NOW + timedelta(minutes=29))
    after = ward.cart.vitals(82, measured_at=NOW + timedelta(minutes=31))

    assert ward.take(before, after).outcomes() == ["applied", "applied"]

    assert [(row.kind, row.command) for row in ward.exceptions()] == [("after-discharge", after.id)]


def test_a_late_reading_from_the_ward_that_was_left(ward: SmallWard) -> None:
    """Measured while the patient lay there: no collision. Measured later: somebody must look."""
    ward.clock.advance(3600)
    move(ward, "b1", into="w2", minutes=30)
    before = ward.cart.vitals(81, measured_at=NOW + timedelta(minutes=29))
    after = ward.cart.vitals(82, measured_at=NOW + timedelta(minutes=31))

    ward.take(before, after)

    assert [(row.kind, row.ward, row.command) for row in ward.exceptions()] == [("other-ward", "w2", after.id)]
    assert [c["body"]["readings"]["pulse_per_min"] for c in ward.changes("vitals.recorded", "w2")] == [81, 82]


def test_what_is_decided_is_used_for_the_next_score(ward: SmallWard) -> None:
    """Scale 2 from now on: 90 % on air is fine, where scale 1 gives 3."""
    saturation = {"readings": {"spo2_pct": 90, "o2_on": False}}
    ward.take(ward.cart.command("vitals.record", saturation, encounter=STAY_1))
    body = UpdateEncounter(spo2_scale=2, spo2_scale_reason="hypercapnic", level="level1")
    ward.core.execute("encounter.update", body, ward="w1", actor=NURSE, encounter=STAY_1)
    ward.take(ward.cart.command("vitals.record", saturation, encounter=STAY_1))

    scores = [(c["body"]["news2"]["partial"], c["body"]["news2"]["scale"]) for c in ward.changes("vitals.recorded")]
    assert scores == [(3, 1), (0, 2)]
    assert ward.changes("encounter.changed")[-1]["body"]["level"] == "level1"


def refusal(ward: SmallWard, what: str) -> WardlinkError:
    """The error of an entry that cannot be."""
    entries = {
        "a bed that is none": lambda: ward.admit(9, "b9"),
        "a ward that is none": lambda: ward.admit(9, "b1", ward="w9"),
        "the same admission number": lambda: ward.core.execute(
            "encounter.admit", admission(9, "b3", admission_no="ZY0001"), ward="w1", actor=DESK, encounter=new_id()
        ),
        "the number of another person": lambda: ward.core.execute(
            "encounter.admit", admission(9, "b3", mrn="M0001"), ward="w1", actor=DESK, encounter=new_id()
        ),
        "in two beds": lambda: ward.core.execute(
            "encounter.admit", admission(1, "b3", admission_no="ZY9"), ward="w1", actor=DESK, encounter=new_id()
        ),
        "born tomorrow": lambda: ward.core.execute(
            "encounter.admit",
            admission(9, "b3", birth_on=date(2026, 11, 26)),
            ward="w1",
            actor=DESK,
            encounter=new_id(),
        ),
        "a nurse who is none": lambda: ward.core.execute(
            "encounter.admit", admission(9, "b3", nurse="ghost"), ward="w1", actor=DESK, encounter=new_id()
        ),
        "in the future": lambda: ward.admit(9, "b3", measured_at=NOW + timedelta(minutes=6)),
        "a name with a line break": lambda: ward.core.execute(
            "encounter.admit", admission(9, "b3", name="a\nb"), ward="w1", actor=DESK, encounter=new_id()
        ),
        "a move of nobody": lambda: move(ward, "b3", stay=new_id()),
        "a move to where one lies": lambda: move(ward, "b1"),
        "a move before the admission": lambda: move(ward, "b3", minutes=-1),
        "a discharge before the admission": lambda: end(ward, minutes=-1),
        "a discharge of nobody": lambda: end(ward, stay=new_id()),
    }
    with pytest.raises(WardlinkError) as caught:
        entries[what]()
    return caught.value


REFUSALS = [
    ("a bed that is none", NotFound),
    ("a ward that is none", NotFound),
    ("the same admission number", Collision),
    ("the number of another person", Collision),
    ("in two beds", Collision),
    ("born tomorrow", InvalidInput),
    ("a nurse who is none", NotFound),
    ("in the future", InvalidInput),
    ("a name with a line break", InvalidInput),
    ("a move of nobody", NotFound),
    ("a move to where one lies", Collision),
    ("a move before the admission", InvalidInput),
    ("a discharge before the admission", InvalidInput),
    ("a discharge of nobody", NotFound),
]


def test_what_cannot_be_is_refused_in_words_and_leaves_nothing(ward: SmallWard) -> None:
    """Each with its kind of error; the log is as it was."""
    found = {what: type(refusal(ward, what)) for what, _ in REFUSALS}

    assert {what: issubclass(found[what], kind) for what, kind in REFUSALS} == dict.fromkeys(found, True)
    assert len(told(ward)) == 2


def test_a_stay_is_ended_once(ward: SmallWard) -> None:
    """The second one is told."""
    end(ward)

    with pytest.raises(Collision, match="over already"):
        end(ward)


def test_the_same_admission_command_again_changes_nothing(ward: SmallWard) -> None:
    """A lost answer is asked for again."""
    command = new_id()
    outcomes = [
        ward.core.execute(
            "encounter.admit", admission(9, "b3"), ward="w1", actor=DESK, encounter=command, command_id=command
        ).outcome
        for _ in range(2)
    ]

    assert outcomes == ["applied", "already-applied"]


def test_ten_at_once_for_one_bed_end_with_one_in_it(ward: SmallWard) -> None:
    """Eight are to be admitted and two to be moved there, through two servers; nine are told why."""
    ward.clock.advance(600)
    second = Database(ward.db.url)
    servers = [ward.core, Core(second, ward.clock)]
    start = threading.Barrier(10)
    lying: list[str] = []
    told_why: list[str] = []

    def enter(no: int) -> None:
        stay, kind = (STAY_1, STAY_2)[no % 2], "encounter.transfer"
        body: Message = Transfer(ward="w1", bed="b4")
        if no >= 2:
            stay, kind, body = new_id(), "encounter.admit", admission(30 + no, "b4")
        start.wait()
        try:
            servers[no // 2 % 2].execute(kind, body, ward="w1", actor=DESK, encounter=stay)
            lying.append(stay)
        except WardlinkError as why:
            told_why.append(why.code)

    threads = [threading.Thread(target=enter, args=(no,)) for no in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    second.close()

    with ward.db.read() as conn:
        assert [occupant_of(conn, "w1", "b4")] == lying
    assert told_why == ["bed-taken"] * 9
