"""What staff do about complaints: who sees which, who may handle it, and that of two who act at once one is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.complaints import acting
from server.complaints.service import complaints_of, of_stay
from server.identity.staff import Person
from tests.server.complaints.ward import (
    DOCTOR,
    HEAD,
    NURSE,
    NURSE_2,
    OFFICE,
    OTHER_HEAD,
    seen,
    staffed,
    submitted,
)
from tests.server.wards import NOW, STAY_1, SmallWard
from wardlink.errors import Collision, InvalidInput, NotAllowed, NotFound


def test_the_whole_way(ward: SmallWard) -> None:
    """Received, given to somebody, answered, closed; each step with who and when."""
    core, complaint = staffed(ward).core, submitted(ward)
    acting.acknowledge(core, NURSE, complaint)
    ward.clock.advance(600)
    acting.assign(core, HEAD, complaint, "n2", several_departments=True)
    ward.clock.advance(600)
    acting.reply(core, NURSE_2, complaint, "  已经换了房间。 ")
    acting.close(core, HEAD, complaint)

    found = seen(ward, complaint)
    assert [(step.act, step.actor) for step in found.steps] == [
        ("acknowledge", "staff:n1"),
        ("assign", "staff:h1"),
        ("reply", "staff:n2"),
        ("close", "staff:h1"),
    ]
    with ward.db.read() as conn:
        (at_bed,) = of_stay(conn, STAY_1)
    assert (at_bed.state, at_bed.reply, at_bed.replied_by) == ("closed", "已经换了房间。", "王芳")
    assert (at_bed.reply_by, at_bed.close_by) == (None, None)


def test_whoever_receives_it_may_answer_on_the_spot(ward: SmallWard) -> None:
    """A nurse at the bed solves it: one step."""
    complaint = submitted(ward)

    acting.reply(ward.core, NURSE, complaint, "窗户修好了。")

    assert seen(ward, complaint).row.state == "replied"


def test_whom_it_is_about_does_not_know_of_it(ward: SmallWard) -> None:
    """Neither seen nor handled by them, neither given to them nor taken off the list again."""
    core, complaint = staffed(ward).core, submitted(ward)
    acting.assign(core, HEAD, complaint, "n2", about=["n1", "d1"])

    with pytest.raises(NotFound):
        acting.acknowledge(core, NURSE, complaint)
    with pytest.raises(NotFound):
        acting.reply(core, DOCTOR, complaint, "我没有错。")
    with pytest.raises(NotAllowed):
        acting.assign(core, HEAD, complaint, "n1")
    acting.assign(core, HEAD, complaint, "n2")
    assert seen(ward, complaint).row.about == ["n1", "d1"]
    with ward.db.read() as conn:
        assert {one.id for one in acting.handlers(conn, seen(ward, complaint).row)} == {"h1", "n2", "r1"}


def test_the_head_nurse_cannot_give_it_to_herself_where_it_is_about_her(ward: SmallWard) -> None:
    """She says so herself, and from then on it is somebody else's."""
    core, complaint = staffed(ward).core, submitted(ward)
    with pytest.raises(NotAllowed):
        acting.assign(core, HEAD, complaint, "h1", about=["h1"])
    acting.assign(core, HEAD, complaint, "r1", about=["h1"])

    with pytest.raises(NotFound):
        acting.close(core, HEAD, complaint)
    acting.reply(core, OFFICE, complaint, "我们会来看您。")


def test_what_was_written_to_the_office_the_ward_does_not_see(ward: SmallWard) -> None:
    """Neither on a list, nor by its id, nor as somebody who could be given it; nor in the audit by who wrote it."""
    core, complaint = staffed(ward).core, submitted(ward, office_only=True)

    for person in (NURSE, HEAD, DOCTOR, Person("m1", "马经理", "manager", ("w1",))):
        with pytest.raises(NotFound):
            acting.acknowledge(core, person, complaint)
    with ward.db.read() as conn:
        assert complaints_of(conn, ["w1"], closed=False, with_office_only=False) == []
        assert len(complaints_of(conn, None, closed=False, with_office_only=True)) == 1
        assert [one.id for one in acting.handlers(conn, seen(ward, complaint).row)] == ["r1"]
    acting.acknowledge(core, OFFICE, complaint)
    with ward.db.read() as conn:
        lines = conn.exec_driver_sql("SELECT actor, what, encounter, device FROM access_audit").all()
    told = [tuple(line) for line in lines if complaint in line[1]]
    assert told == [("staff:r1", f"complaint {complaint}", None, None)]


@pytest.mark.parametrize("person", [OTHER_HEAD, Person("k1", "厨师", "kitchen", ()), Person("a1", "管理", "admin", ())])
def test_others_do_not_see_it(ward: SmallWard, person: Person) -> None:
    """A head nurse of another ward, the kitchen, an administrator."""
    complaint = submitted(staffed(ward))

    with pytest.raises((NotFound, NotAllowed)):
        acting.reply(ward.core, person, complaint, "好")


def test_a_nurse_answers_but_does_not_close(ward: SmallWard) -> None:
    """Closing and giving it to others is for those who lead."""
    complaint = submitted(ward)
    acting.reply(ward.core, NURSE, complaint, "好")

    with pytest.raises(NotAllowed):
        acting.close(ward.core, NURSE, complaint)
    with pytest.raises(NotAllowed):
        acting.assign(ward.core, NURSE, complaint, "n2")


@pytest.mark.parametrize("words", ["", "   ", "\n\t"])
def test_an_answer_has_words(ward: SmallWard, words: str) -> None:
    """Nothing is written for an empty one."""
    complaint = submitted(ward)

    with pytest.raises(InvalidInput):
        acting.reply(ward.core, NURSE, complaint, words)
    assert seen(ward, complaint).steps == ()


def test_nothing_is_closed_without_an_answer(ward: SmallWard) -> None:
    """A complaint; thanks are closed as they are."""
    complaint, thanks = submitted(staffed(ward)), submitted(ward, kind="praise", topic="manner")

    with pytest.raises(Collision):
        acting.close(ward.core, HEAD, complaint)
    acting.close(ward.core, HEAD, thanks)

    assert seen(ward, thanks).next_at() is None


@pytest.mark.parametrize("handler", ["nobody", "x1", ""])
def test_it_is_given_only_to_who_may_handle_it(ward: SmallWard, handler: str) -> None:
    """Nobody unknown, nobody of another ward."""
    complaint = submitted(staffed(ward))

    with pytest.raises(InvalidInput):
        acting.assign(ward.core, HEAD, complaint, handler)


def test_the_list_goes_by_the_clock(ward: SmallWard) -> None:
    """What a patient waits for longest stands first, then what only has to be closed, then thanks."""
    core = staffed(ward).core
    thanks = submitted(ward, kind="praise")
    answered, first = submitted(ward), submitted(ward)
    ward.clock.advance(60)
    second = submitted(ward)
    acting.reply(core, NURSE, answered, "好")

    with ward.db.read() as conn:
        found = [one.row.id for one in complaints_of(conn, ["w1"], closed=False, with_office_only=False)]

    assert found == [first, second, answered, thanks]


@pytest.mark.parametrize(
    ("hours", "level", "overdue"),
    [
        (11, None, False),
        (12, "head-nurse", False),
        (20, "department", False),
        (24, "office", False),
        (25, "office", True),
    ],
)
def test_it_climbs_while_nobody_answers(ward: SmallWard, hours: int, level: str | None, overdue: bool) -> None:
    """And no longer once there is an answer."""
    complaint = submitted(ward)
    now = NOW + timedelta(hours=hours)

    assert (seen(ward, complaint).level(now), seen(ward, complaint).is_overdue(now)) == (level, overdue)
    acting.reply(ward.core, NURSE, complaint, "好")
    assert seen(ward, complaint).level(now) is None


def test_of_two_at_once_one_is_told(ward: SmallWard) -> None:
    """Both have read it unanswered; the second does not overwrite the first."""
    from server.complaints.moving import moved

    complaint = submitted(ward)
    row = seen(ward, complaint).row
    common: dict[str, Any] = {"at": NOW, "actor": NURSE.actor, "more": {}}
    with ward.db.write() as conn:
        moved(conn, row, "acknowledge", step="s1", **common)
    with pytest.raises(Collision), ward.db.write() as conn:
        moved(conn, row, "assign", step="s2", **common)

    assert [step.act for step in seen(ward, complaint).steps] == ["acknowledge"]
