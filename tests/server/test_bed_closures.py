"""Beds out of service: who lies there stands in the way, who comes is refused, and no two managers miss each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.identity import audit
from server.identity.staff import Person
from server.wards import acts
from server.wards.closures import Closing, Closure, history, mark, not_over
from tests.server.wards import DESK, NOW, STAY_1, SmallWard
from wardlink.errors import Collision, InvalidInput, NotFound, WardlinkError
from wardlink.i18n import speaking
from wardlink.messages.encounters import Discharge, Transfer

BOSS = Person(id="boss", name="护士长", role="head-nurse", wards=("w1",))


def after(minutes: float) -> Any:
    """An instant so long after the ward's beginning."""
    return NOW + timedelta(minutes=minutes)


def seen(ward: SmallWard, bed: str) -> str:
    """As a manager sees the bed now."""
    with ward.db.read() as conn:
        return mark(history(conn, "w1", bed))


def close(ward: SmallWard, bed: str = "b3", since: Any = None, until: Any = None, **how: Any) -> Closure:
    """Take a bed out of service for a repair."""
    was = how.pop("seen", None) or seen(ward, bed)
    asked = Closing(since, until, how.pop("reason", "repair"), how.pop("words", ""))
    return acts.close_bed(ward.core, BOSS, "w1", bed, asked, seen=was)


def why(fault: WardlinkError) -> str:
    """In English."""
    with speaking("en"):
        return fault.text()


def test_nobody_is_admitted_or_moved_into_a_closed_bed(ward: SmallWard) -> None:
    """The sentence says since when and why; nothing is written."""
    close(ward, words="the rail is broken")

    with pytest.raises(Collision) as admitted:
        ward.admit(9, "b3")
    with pytest.raises(Collision) as moved:
        ward.core.execute("encounter.transfer", Transfer(ward="w1", bed="b3"), ward="w1", actor=DESK, encounter=STAY_1)

    assert (admitted.value.code, moved.value.code) == ("bed-closed", "bed-closed")
    told = "Bed b3 is closed from 2026-11-25 10:00 on: repair (the rail is broken)."
    assert why(admitted.value).startswith(told)


@pytest.mark.parametrize("minute", [-1, 0, 1, 59, 60])
def test_a_bed_is_closed_from_its_beginning_until_its_end(ward: SmallWard, minute: int) -> None:
    """A planned closing stands in the way of who comes before it as well: who lies there would lie in a closed bed."""
    close(ward, since=after(30), until=after(60))
    ward.clock.advance(60 * max(0, minute))

    try:
        ward.admit(9, "b3", measured_at=after(minute))
        is_open = True
    except Collision:
        is_open = False

    assert is_open == (minute >= 60)


def test_a_bed_in_which_somebody_lies_is_not_closed(ward: SmallWard) -> None:
    """Not now and not for later; when the patient is gone it is, from that instant on and not before."""
    for since in (None, after(600)):
        with pytest.raises(Collision) as refused:
            close(ward, "b1", since=since)
        assert why(refused.value).startswith("A patient lies in bed b1.")
    ward.clock.advance(3600)
    ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_1)
    with pytest.raises(Collision) as refused:
        close(ward, "b1", since=after(59))
    assert why(refused.value).startswith("A patient lay in bed b1 at that time.")

    closure = close(ward, "b1")

    assert (closure.from_at, closure.ends_at) == (after(60), None)


def test_who_lay_in_a_closed_bed_is_kept_and_put_before_a_person(ward: SmallWard) -> None:
    """It was closed for half an hour; that somebody was admitted there then becomes known when it is open again."""
    closure = close(ward)
    ward.clock.advance(1800)
    acts.give_back_bed(ward.core, BOSS, "w1", "b3", closure.id, seen=seen(ward, "b3"))

    stay = ward.admit(9, "b3", measured_at=after(10))

    (opened,) = ward.exceptions()
    assert (opened.kind, opened.bed, opened.encounter) == ("bed-closed", "b3", stay)
    assert opened.detail["closed_reason"] == "repair"


def test_given_back_it_is_open_and_stays_in_the_history(ward: SmallWard) -> None:
    """Who, when and why; a closing that was called off before it began stands in nobody's way."""
    first = close(ward)
    ward.clock.advance(60)
    acts.give_back_bed(ward.core, BOSS, "w1", "b3", first.id, seen=seen(ward, "b3"))
    later = close(ward, since=after(100), reason="other", words="the window")
    acts.give_back_bed(ward.core, BOSS, "w1", "b3", later.id, seen=seen(ward, "b3"))
    ward.admit(9, "b3")

    with ward.db.read() as conn:
        found, standing = history(conn, "w1", "b3"), not_over(conn, "w1", ward.clock.now())
        wanted = audit.Search(actor="staff:boss")
        acted = sorted(row.action for row in audit.search(conn, wanted, 10))
    assert [(each.reason, each.closed_by, each.back_by, each.back_at) for each in found] == [
        ("other", "staff:boss", "staff:boss", after(1)),
        ("repair", "staff:boss", "staff:boss", after(1)),
    ]
    assert standing == {}
    assert not ward.exceptions()
    assert acted == ["bed-closed", "bed-closed", "bed-given-back", "bed-given-back"]


def test_of_two_managers_the_second_is_told(ward: SmallWard) -> None:
    """Both looked at the open bed; and both want to give it back."""
    was = seen(ward, "b3")
    closure = close(ward, seen=was)
    with pytest.raises(Collision) as closed:
        close(ward, seen=was, since=after(500))
    was = seen(ward, "b3")
    acts.give_back_bed(ward.core, BOSS, "w1", "b3", closure.id, seen=was)
    with pytest.raises(Collision) as opened:
        acts.give_back_bed(ward.core, BOSS, "w1", "b3", closure.id, seen=was)

    assert why(closed.value) == why(opened.value) == "Somebody has changed this meanwhile. Please look at it again."


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"reason": "because"}, InvalidInput),
        ({"reason": "other"}, InvalidInput),
        ({"since": after(5), "until": after(5)}, InvalidInput),
        ({"until": after(0)}, InvalidInput),
        ({"bed": "b9"}, NotFound),
        ({"since": after(59)}, Collision),
        ({"since": after(0), "until": after(31)}, Collision),
    ],
)
def test_what_cannot_be_is_refused(ward: SmallWard, how: dict[str, Any], error: type[WardlinkError]) -> None:
    """A reason, words where it needs them, an end after its beginning, a bed, and no second closing at that time."""
    close(ward, since=after(30), until=after(60))

    with pytest.raises(error):
        close(ward, **how)
    close(ward, since=after(0), until=after(30))
    close(ward, since=after(60))
