"""The ingest: once each, in order, receipts after the commit, and a database that may fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from server.db import Database
from tests.server.wards import CHANGE, NURSE, STAY_1, SmallWard, as_incoming, vitals
from tests.waiting import wait_until
from wardlink.ids import new_id


def test_a_command_gets_its_receipt_with_the_number_of_its_change(ward: SmallWard) -> None:
    """The receipt says `applied` and names the change that carries the reading."""
    command = ward.cart.vitals(81)

    receipt = ward.answer(command)

    (change,) = ward.changes("vitals.recorded")
    assert (receipt.outcome, receipt.seq) == ("applied", change["seq"])
    assert change["body"]["readings"] == {"pulse_per_min": 81.0}


def test_the_same_command_again_is_already_applied(ward: SmallWard) -> None:
    """A lost receipt is asked for again: same number, nothing new."""
    command = ward.cart.vitals(81)
    first = ward.answer(command)

    again = ward.answer(command)

    assert (again.outcome, again.seq) == ("already-applied", first.seq)
    assert len(ward.changes()) == 1


def test_the_same_command_twice_in_one_batch_is_applied_once(ward: SmallWard) -> None:
    """A resend may overtake the receipt and lie in the same batch."""
    command = ward.cart.vitals(81)

    answer = ward.take(command, command)

    assert answer.outcomes() == ["already-applied"]
    assert len(ward.changes()) == 1


def test_receipts_are_sent_after_the_commit(ward: SmallWard) -> None:
    """At the moment a receipt goes out, everybody else can read the reading."""
    readable: list[int] = []

    def look(_messages: Any) -> None:
        with ward.db.read() as conn:
            readable.append(len(conn.execute(select(CHANGE.c.seq).where(CHANGE.c.kind == "vitals.recorded")).all()))

    ward.core.ingest.send = look
    ward.core.ingest.process([as_incoming(ward.cart.vitals(81))])

    assert readable == [1]


@contextmanager
def failing_commits(db: Database, times: int) -> Iterator[list[int]]:
    """The next `times` commits fail as they do on a full disk."""
    failed: list[int] = []

    def fail(_connection: Any) -> None:
        if len(failed) < times:
            failed.append(1)
            raise OperationalError("COMMIT", {}, Exception("disk full"))

    event.listen(db.engine, "commit", fail)
    try:
        yield failed
    finally:
        event.remove(db.engine, "commit", fail)


def test_a_failed_commit_sends_nothing_and_keeps_nothing(ward: SmallWard) -> None:
    """Receipt after commit: a commit that fails leaves no receipt, no row, and no used number."""
    command = ward.cart.vitals(81)

    with failing_commits(ward.db, 1), pytest.raises(OperationalError):
        ward.core.ingest.process([as_incoming(command)])

    assert (ward.sent, ward.changes()) == ([], [])
    assert ward.answer(command).outcome == "applied"


def test_a_database_that_fails_is_tried_again(ward: SmallWard) -> None:
    """The thread insists: two failed commits later the receipt is there, and nothing was applied twice."""
    command = ward.cart.vitals(81)
    ward.core.ingest.start()

    try:
        with failing_commits(ward.db, 2) as failed:
            ward.core.inbox.put([as_incoming(command)])
            wait_until(lambda: ward.sent, "the receipt comes in spite of two failed commits")
    finally:
        ward.core.ingest.stop()

    assert (len(failed), len(ward.changes()), ward.core.counters.failed_batches) == (2, 1, 2)


def test_a_gap_is_asked_for_and_nothing_behind_it_is_applied(ward: SmallWard) -> None:
    """Number 3 waits for number 2; the device is told to begin at 2."""
    one, two, three = (ward.cart.vitals(pulse) for pulse in (81, 82, 83))
    ward.take(one)

    answer = ward.take(three)

    assert (answer.receipts, answer.expect) == ({}, {"c1": 2})
    assert ward.take(two, three).outcomes() == ["applied", "applied"]
    assert [change["body"]["readings"]["pulse_per_min"] for change in ward.changes()] == [81, 82, 83]


def test_what_comes_out_of_order_in_one_batch_is_asked_for_from_where_it_stands_then(ward: SmallWard) -> None:
    """3, 1, 2 in one batch: 1 and 2 are applied, and only 3 is asked for."""
    one, two, three = (ward.cart.vitals(pulse) for pulse in (81, 82, 83))

    answer = ward.take(three, one, two)

    assert (list(answer.receipts), answer.expect) == ([one.id, two.id], {"c1": 3})


def test_lost_numbers_open_an_exception_and_the_rest_goes_on(ward: SmallWard) -> None:
    """A device that has nothing below 5 any more cannot be asked for 1: a person hears of the hole."""
    ward.cart.n = 4
    command = ward.cart.vitals(81, base=5)

    assert ward.answer(command).outcome == "applied"

    (opened,) = ward.exceptions()
    assert (opened.kind, opened.detail) == ("stream-gap", {"first_missing": "1", "next_seen": "5"})


def test_what_the_device_still_holds_is_not_skipped_with_what_it_has_lost(ward: SmallWard) -> None:
    """Base 5 and number 7: 1 to 4 are lost, but 5 and 6 are only late."""
    ward.cart.n = 4
    five, six, seven = (ward.cart.vitals(pulse, base=5) for pulse in (81, 82, 83))

    assert ward.take(seven).expect == {"c1": 5}
    assert ward.take(five, six, seven).outcomes() == ["applied"] * 3

    assert [opened.kind for opened in ward.exceptions()] == ["stream-gap"]


def test_a_number_used_twice_is_kept_and_told(ward: SmallWard) -> None:
    """A device that was set back to an old copy uses numbers again: both commands count, a person hears of it."""
    ward.take(ward.cart.vitals(81), ward.cart.vitals(82))
    ward.cart.n = 0

    assert ward.answer(ward.cart.vitals(83)).outcome == "applied"

    assert [opened.kind for opened in ward.exceptions()] == ["stream-rewound"]
    assert len(ward.changes("vitals.recorded")) == 3


def test_a_known_command_in_another_stream_is_not_applied_again(ward: SmallWard) -> None:
    """A restored device may bring an old command under a new number: its id is what counts."""
    command = ward.cart.vitals(81)
    seq = ward.answer(command).seq
    ward.cart.stream, ward.cart.n = new_id(), 0
    ward.take(ward.cart.vitals(82))

    again = ward.answer(command.model_copy(update={"stream": ward.cart.stream, "n": 2}))

    assert (again.outcome, again.seq) == ("already-applied", seq)
    assert ward.parked() == []


def test_streams_of_one_device_do_not_wait_for_each_other(ward: SmallWard) -> None:
    """A hole in one stream is nothing to another."""
    ward.cart.n = 1
    waiting = ward.cart.vitals(81)
    ward.cart.stream, ward.cart.n = new_id(), 0

    answer = ward.take(waiting, ward.cart.vitals(82))

    assert (answer.outcomes(), answer.expect) == (["applied"], {"c1": 1})


def test_the_cursors_are_read_back_after_a_restart(ward: SmallWard) -> None:
    """A new process goes on where the old one committed."""
    one, two = ward.cart.vitals(81), ward.cart.vitals(82)
    ward.take(one)
    ward.core.ingest.__post_init__()

    assert ward.take(one, two).outcomes() == ["already-applied", "applied"]


def test_a_refused_request_gets_the_same_answer_again(ward: SmallWard) -> None:
    """Also when it has long since become possible: the person was told."""
    raised = ward.terminal.command("call.raise", {"reason": "PAIN"})
    taken_back = ward.terminal.command("call.cancel", {"call": raised.id})

    answer = ward.take(raised, taken_back)
    again = ward.answer(taken_back)

    assert answer.receipts[taken_back.id].outcome == "refused"
    assert again == answer.receipts[taken_back.id]
    assert "taken back" in (again.reason_en or "")
    assert ward.parked() == []


def test_a_fact_without_a_change_is_known_again(ward: SmallWard) -> None:
    """An event for the audit stands there once."""
    seen = ward.cart.command("audit.event", {"action": "view", "what": "trend"}, encounter=STAY_1)

    outcomes = [ward.answer(seen).outcome for _ in range(2)]

    assert outcomes == ["applied", "already-applied"]


def test_a_batch_over_many_devices_answers_each_on_its_own_topic(ward: SmallWard) -> None:
    """Nobody hears another's receipts."""
    ward.take(ward.cart.vitals(81), ward.cart_2.vitals(82), ward.other_cart.vitals(83, encounter=None))

    assert sorted(topic for topic, _ in ward.sent) == [
        "wardlink/v1/w1/down/c1",
        "wardlink/v1/w1/down/c2",
        "wardlink/v1/w2/down/x1",
    ]


def test_a_failure_of_ours_ends_one_batch_and_not_the_ingest(ward: SmallWard) -> None:
    """What was not answered is sent again by its device; the thread lives."""
    ward.core.ingest.start()
    works = ward.core.ingest.send

    def fails(_messages: Any) -> None:
        ward.core.ingest.send = works
        raise RuntimeError("the wire is gone")

    ward.core.ingest.send = fails
    command = ward.cart.vitals(81)

    try:
        ward.core.inbox.put([as_incoming(command)])
        wait_until(lambda: ward.core.counters.failed_batches, "the failure is counted")
        ward.core.inbox.put([as_incoming(command)])
        wait_until(lambda: ward.sent, "the command that came again is answered")
    finally:
        ward.core.ingest.stop()

    assert len(ward.changes()) == 1


def test_a_set_is_told_to_whose_it_is(ward: SmallWard) -> None:
    """The change carries stay, bed, actor and the score by the one rule."""
    full = vitals(72, rr_per_min=16, spo2_pct=97, o2_on=False, sbp_mmhg=120, dbp_mmhg=80, temp_c=36.8, acvpu="A")
    ward.take(ward.cart.command("vitals.record", full, encounter=STAY_1, actor=NURSE))

    (change,) = ward.changes("vitals.recorded")
    assert (change["bed"], change["encounter"], change["actor"]) == ("b1", STAY_1, "staff:n1")
    assert (change["body"]["news2"]["total"], change["body"]["actor_name"]) == (0, "李静")
