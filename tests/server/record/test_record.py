"""The ward record on the server: a fact is kept, told once, and put before a person where it does not fit."""

from __future__ import annotations

from datetime import timedelta

from server.record.service import record_called, records_of
from server.snapshot import render_snapshot
from tests.server.wards import DESK, NOW, OTHER_NURSE, STAY_1, STAY_2, SmallWard
from wardlink.ids import new_id
from wardlink.messages.changes import Snapshot, decode_snapshot
from wardlink.messages.encounters import Discharge, Transfer
from wardlink.messages.rounds import RecordRound, RoundView, StrikeRound
from wardlink.record.rounds import ROUND

DONE = RecordRound(evidence="bed-tag")


def snapshot(ward: SmallWard, name: str = "w1", bed: str | None = None) -> Snapshot:
    """The snapshot as a device reads it."""
    with ward.db.read() as conn:
        return decode_snapshot(render_snapshot(conn, name, ward.clock.now(), bed=bed))


def rounds(ward: SmallWard) -> list[RoundView]:
    """All rounds, oldest first."""
    with ward.db.read() as conn:
        return records_of(conn, ROUND)


def test_a_fact_is_kept_and_told_as_it_is_kept(ward: SmallWard) -> None:
    """With who did it and when it came in; the change and the row say the same."""
    command = ward.cart.command("round.record", DONE, encounter=STAY_1)

    receipt = ward.answer(command)

    (kept,) = rounds(ward)
    (change,) = ward.changes("round.changed")
    assert (receipt.outcome, receipt.seq) == ("applied", change["seq"])
    assert RoundView.model_validate(change["body"]) == kept
    assert (kept.id, kept.by_name, kept.received_at) == (command.id, "李静", NOW)
    assert (change["encounter"], change["bed"]) == (STAY_1, "b1")
    assert ward.exceptions() == []


def test_the_same_command_again_changes_nothing(ward: SmallWard) -> None:
    """It gets the same number."""
    command = ward.cart.command("round.record", DONE, encounter=STAY_1)

    first, again = ward.answer(command), ward.answer(command)

    assert (again.outcome, again.seq) == ("already-applied", first.seq)
    assert len(ward.changes("round.changed")) == 1


def test_struck_out_twice_the_first_word_stands(ward: SmallWard) -> None:
    """Two nurses struck the same entry on two carts; the entry stays readable."""
    done = ward.cart.command("round.record", DONE, encounter=STAY_1)
    strike = StrikeRound(round=done.id, reason="wrong bed")
    ward.take(done, ward.cart.command("round.strike", strike, encounter=STAY_1))
    other = StrikeRound(round=done.id, reason="too")
    ward.take(ward.cart_2.command("round.strike", other, encounter=STAY_1, actor=OTHER_NURSE))

    with ward.db.read() as conn:
        found = record_called(conn, ROUND, done.id)

    assert found is not None
    assert (found[1].struck_reason, str(found[1].struck_by), found[1].evidence) == ("wrong bed", "staff:n1", "bed-tag")


def test_to_change_what_nobody_knows_is_put_before_a_person(ward: SmallWard) -> None:
    """Nothing is made up, and the command has its answer."""
    strike = StrikeRound(round=new_id(), reason="x")

    answer = ward.answer(ward.cart.command("round.strike", strike, encounter=STAY_1))

    assert (answer.outcome, rounds(ward)) == ("applied", [])
    assert [row.kind for row in ward.exceptions()] == ["unknown-record"]


def test_what_does_not_fit_is_kept_and_put_before_a_person(ward: SmallWard) -> None:
    """After the discharge, by an unknown hand, by a clock that is off, at nobody: each is one exception."""
    ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_2)
    ward.clock.advance(60)
    stranger = {"kind": "staff", "id": "nobody"}
    ahead = ward.clock.now() + timedelta(minutes=6)
    ward.take(
        ward.cart.command("round.record", DONE, encounter=STAY_2),
        ward.cart.command("round.record", DONE, encounter=STAY_1, actor=stranger),
        ward.cart.command("round.record", DONE, encounter=STAY_1, measured_at=ahead),
        ward.cart.command("round.record", DONE, encounter=new_id()),
    )

    assert len(rounds(ward)) == 4
    assert sorted(row.kind for row in ward.exceptions()) == [
        "after-discharge",
        "clock-off",
        "unknown-actor",
        "unknown-encounter",
    ]


def test_only_staff_may_say_it(ward: SmallWard) -> None:
    """A cart by itself does no rounds; its message is parked."""
    alone = ward.cart.command("round.record", DONE, encounter=STAY_1, actor={"kind": "device", "id": "c1"})

    assert ward.answer(alone).code == "not-allowed"
    assert rounds(ward) == []


def test_the_record_follows_the_patient(ward: SmallWard) -> None:
    """After a move the new ward's devices hold it, and what is done from then on is told there."""
    ward.take(ward.cart.command("round.record", DONE, encounter=STAY_1))
    ward.core.execute("encounter.transfer", Transfer(ward="w2", bed="b1"), ward="w1", actor=DESK, encounter=STAY_1)
    ward.clock.advance(60)
    ward.take(ward.other_cart.command("round.record", DONE, encounter=STAY_1))

    assert (len(snapshot(ward).records.get("round", ())), len(snapshot(ward, "w2").records["round"])) == (0, 2)
    assert len(ward.changes("round.changed", "w2")) == 1


def test_what_is_old_and_closed_is_not_sent_along(ward: SmallWard) -> None:
    """A device is told what it needs; the server keeps the rest."""
    ward.take(ward.cart.command("round.record", DONE, encounter=STAY_1))
    ward.clock.advance(ROUND.kept_for.total_seconds() + 1)

    assert snapshot(ward).records == {}
    assert len(rounds(ward)) == 1


def test_a_terminal_holds_no_rounds(ward: SmallWard) -> None:
    """A kind that is not meant for beds is not in their snapshot."""
    ward.take(ward.cart.command("round.record", DONE, encounter=STAY_1))

    assert (snapshot(ward, bed="b1").records, len(snapshot(ward).records["round"])) == ({}, 1)
