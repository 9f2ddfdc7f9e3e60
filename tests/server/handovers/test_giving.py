"""Beds given at a desk: in the record that carts keep, to nurses of the ward, for this shift and the next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.handovers.giving import give, given
from server.identity.staff import Person
from tests.server.wards import NOW, SmallWard
from wardlink.clinical.shifts import Shift, shift_at
from wardlink.errors import InvalidInput, NotFound
from wardlink.messages.assignments import AssignmentView

BOSS = Person("n2", "王芳", "charge-nurse", ("w1",))
SHIFT = shift_at(NOW)


def nurses(ward: SmallWard, shift: Shift = SHIFT) -> dict[str, list[tuple[str, str | None]]]:
    """By bed: whose it is."""
    with ward.db.read() as conn:
        found = given(conn, "w1", shift)
    return {bed: [(step.by.id, step.by_name) for step in view.nurses] for bed, view in found.items()}


def put(ward: SmallWard, *beds: str, nurse: str = "n1", shift: Shift = SHIFT, takes: bool = True) -> int:
    """Give beds, or take them away."""
    return give(ward.core, BOSS, "w1", shift.begins_at, nurse, beds, takes=takes)


def test_what_the_desk_gives_is_what_a_cart_would_have_taken(ward: SmallWard) -> None:
    """The same record, told to carts as ever; who gave it stands in the audit."""
    assert put(ward, "b1", "b2") == 2
    body = {"shift_at": SHIFT.begins_at.isoformat(), "bed": "b1"}
    ward.answer(ward.cart.command("assignment.leave", body, bed="b1"))

    assert nurses(ward) == {"b1": [], "b2": [("n1", "李静")]}
    views = [AssignmentView.model_validate(row["body"]) for row in ward.changes("assignment.changed")]
    assert [(view.bed, view.steps[-1].takes) for view in views] == [("b1", True), ("b2", True), ("b1", False)]
    with ward.db.read() as conn:
        rows = conn.exec_driver_sql("SELECT actor, what FROM access_audit WHERE action = 'assignment-given'").all()
    assert [tuple(row) for row in rows] == [("staff:n2", "ward w1 nurse n1")]


def test_what_is_so_already_changes_nothing(ward: SmallWard) -> None:
    """Giving twice, taking away what nobody has; two nurses may share a bed."""
    made = [put(ward, "b1"), put(ward, "b1"), put(ward, "b2", takes=False), put(ward, "b1", nurse="n2")]
    shared = nurses(ward)["b1"]
    made.append(put(ward, "b1", takes=False))

    assert made == [1, 0, 0, 1, 1]
    assert (len(shared), [nurse for nurse, _name in nurses(ward)["b1"]]) == (2, ["n2"])


def test_a_shift_knows_nothing_of_another(ward: SmallWard) -> None:
    """The running one and the next can be given, no other."""
    put(ward, "b1", shift=SHIFT.after())
    assert (nurses(ward), [n for n, _name in nurses(ward, SHIFT.after())["b1"]]) == ({}, ["n1"])
    for shift in (SHIFT.before(), SHIFT.after().after()):
        with pytest.raises(InvalidInput):
            put(ward, "b1", shift=shift)
    ward.clock.advance((SHIFT.ends_at - NOW) / timedelta(seconds=1))

    with pytest.raises(InvalidInput):
        put(ward, "b1")


@pytest.mark.parametrize(
    ("beds", "nurse", "fault"),
    [
        (("b1", "b9"), "n1", NotFound),
        ((), "n1", InvalidInput),
        (("b1",), "d1", InvalidInput),
        (("b1",), "x", InvalidInput),
    ],
)
def test_what_cannot_be_given(ward: SmallWard, beds: tuple[str, ...], nurse: str, fault: type[Exception]) -> None:
    """No such bed, no bed, no nurse; nothing of it is written."""
    with pytest.raises(fault):
        put(ward, *beds, nurse=nurse)

    assert nurses(ward) == {}
