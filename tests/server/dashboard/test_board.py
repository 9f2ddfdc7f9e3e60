"""The board in memory and the board in the database are the same board, whatever happens in whatever order."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from server.dashboard.board import Board, Gap, Touched
from server.dashboard.load import read_again, read_board
from server.dashboard.tile import draw
from tests.server.dashboard.walks import Walk, rows_after
from tests.server.wards import DESK, STAY_1, SmallWard
from wardlink.messages.base import Actor
from wardlink.messages.calls import RaiseCall
from wardlink.messages.encounters import Discharge, Transfer
from wardlink.messages.vitals import StrikeVitals

PATIENT = Actor(kind="patient", id="p1")


def loaded(ward: SmallWard) -> Board:
    """The board as the database has it now."""
    with ward.db.read() as conn:
        return read_board(conn, "w1", ward.clock.now())


def follow(board: Board, ward: SmallWard) -> Touched:
    """Apply what has happened since, one change after another, and read what a change asks to be read."""
    touched = Touched()
    for row in rows_after(ward, board.seq):
        touched.add(board.apply([row]))
    with ward.db.read() as conn:
        read_again(conn, board, touched.stays, ward.clock.now())
    return touched


def pictures(board: Board, ward: SmallWard) -> dict[str, Any]:
    """What every bed shows."""
    return {bed: draw(board, bed, [], 0, ward.clock.now()).picture for bed in board.all_beds()}


@pytest.mark.parametrize("seed", range(6))
def test_following_every_change_ends_where_loading_would(ward: SmallWard, seed: int) -> None:
    """Readings, strikes, calls, transfers, discharges, late sets and leads off: no order leaves the two apart."""
    board = loaded(ward)
    walk = Walk(ward, seed)

    for _round in range(12):
        for _step in range(5):
            walk.step()
        follow(board, ward)

        fresh = loaded(ward)
        assert fresh == board
        assert pictures(fresh, ward) == pictures(board, ward)


def test_only_what_changed_is_drawn_anew(ward: SmallWard) -> None:
    """A set touches the bed of its patient and no other."""
    board = loaded(ward)
    ward.take(ward.cart.vitals(81))

    assert Touched({"b1"}) == follow(board, ward)


def test_changes_that_are_known_change_nothing(ward: SmallWard) -> None:
    """A range that comes again, or overlaps with the load, is let pass."""
    board = loaded(ward)
    ward.take(ward.cart.vitals(81))
    rows = rows_after(ward, 0)
    board.apply(rows)
    before = asdict(board)

    assert Touched() == board.apply(rows)
    assert before == asdict(board)


def test_a_missing_change_is_not_passed_over(ward: SmallWard) -> None:
    """A board with a hole says so and stands before it."""
    board = loaded(ward)
    ward.take(ward.cart.vitals(81), ward.cart.vitals(82))
    at = board.seq

    with pytest.raises(Gap):
        board.apply(rows_after(ward, at)[1:])
    assert at == board.seq


def test_a_struck_set_gives_way_to_the_one_before(ward: SmallWard) -> None:
    """What stood behind the struck set comes back with its own time."""
    board = loaded(ward)
    ward.take(ward.cart.vitals(70))
    ward.clock.advance(60)
    wrong = ward.cart.vitals(140)
    ward.take(wrong)
    follow(board, ward)
    ward.take(ward.cart.command("vitals.strike", StrikeVitals(vitals=wrong.id, reason="wrong patient")))

    follow(board, ward)

    assert board.latest[STAY_1].values["pulse_per_min"].value == 70.0


def test_a_transfer_empties_one_bed_and_fills_the_other(ward: SmallWard) -> None:
    """The readings go with the patient, not with the bed."""
    board = loaded(ward)
    ward.take(ward.cart.vitals(70))
    ward.core.execute("encounter.transfer", Transfer(ward="w1", bed="b3"), ward="w1", actor=DESK, encounter=STAY_1)

    touched = follow(board, ward)

    shown = pictures(board, ward)
    assert {"b1", "b3"} <= touched.beds
    assert (shown["b1"]["state"], shown["b3"]["cells"][1]["value"]) == ("empty", "70")


def test_a_patient_who_comes_from_another_ward_brings_the_readings(ward: SmallWard) -> None:
    """What was measured elsewhere is read from the database."""
    stay = ward.admit(9, "b1", ward="w2")
    ward.take(ward.other_cart.vitals(66, encounter=stay))
    board = loaded(ward)
    ward.core.execute("encounter.transfer", Transfer(ward="w1", bed="b4"), ward="w2", actor=DESK, encounter=stay)

    follow(board, ward)

    assert pictures(board, ward)["b4"]["cells"][1]["value"] == "66"


def test_a_discharged_patient_leaves_the_board(ward: SmallWard) -> None:
    """The bed is empty, whatever still comes in for the stay."""
    board = loaded(ward)
    ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_1)
    ward.take(ward.cart.vitals(70))

    follow(board, ward)

    assert pictures(board, ward)["b1"]["state"] == "empty"
    assert STAY_1 not in board.latest


def test_an_exception_is_shown_where_its_patient_lies_now(ward: SmallWard) -> None:
    """It moves with the patient; one without a patient stays at its bed."""
    board = loaded(ward)
    ward.take(ward.cart.vitals(70, actor=Actor(kind="staff", id="nobody")))
    ward.core.execute("encounter.transfer", Transfer(ward="w1", bed="b3"), ward="w1", actor=DESK, encounter=STAY_1)
    follow(board, ward)

    (found,) = board.exceptions.values()

    assert (found.bed, board.bed_of(found)) == ("b1", "b3")


def test_a_bed_that_nobody_has_listed_is_shown_when_somebody_calls_there(ward: SmallWard) -> None:
    """Nothing that happens is left out because of a missing row."""
    board = loaded(ward)
    ward.core.execute("call.raise", RaiseCall(), ward="w1", actor=PATIENT, bed="b9")

    follow(board, ward)

    assert "b9" in board.all_beds()
