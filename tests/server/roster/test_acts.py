"""Rosters: entered as seen, copied, taken from a file; who may stand on one. On both engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, update

from server.identity.models import Staff
from server.identity.staff import Person
from server.patients.import_table import LinesRejected
from server.roster.acts import Change, copy_week, enter
from server.roster.file import take
from server.roster.service import entries, on_shift, workers
from tests.server.wards import SmallWard
from wardlink.clinical.roster import week
from wardlink.clinical.shifts import shift_on
from wardlink.errors import Collision, ImportRejected, InvalidInput, NotFound
from wardlink.i18n import speaking

_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]

BOSS = Person("h1", "孙护士长", "head-nurse", ("w1",))
MONDAY = date(2026, 11, 23)
DAYS = week(MONDAY)
PEOPLE = [
    ("h1", "孙护士长", "head-nurse", ["w1"], True),
    ("x1", "周医生", "doctor", ["w1"], True),
    ("x2", "别处医生", "doctor", ["w2"], True),
    ("r1", "吴治疗师", "therapist", [], True),
    ("r2", "别处治疗师", "therapist", ["w2"], True),
    ("k1", "收费员", "cashier", ["w1"], True),
    ("n9", "离职护士", "nurse", ["w1"], False),
]


@pytest.fixture
def ward(ward: SmallWard) -> SmallWard:
    """The small ward, with doctors and therapists."""
    ward.hire(PEOPLE)
    return ward


def put(ward: SmallWard, staff: str, code: str, *, was: str | None = "", on: date = MONDAY, at: str = "w1") -> int:
    """Enter a cell."""
    return enter(ward.core, BOSS, at, [Change(staff, on, was, code)])


def held(ward: SmallWard, day: date = MONDAY) -> dict[tuple[str, str], str]:
    """What is entered in w1 in the week of a day, by person and weekday."""
    with ward.db.read() as conn:
        return {(e.staff, f"{e.on:%a}"): e.code for e in entries(conn, week(day), ward="w1")}


def audited(ward: SmallWard) -> list[Any]:
    """What the audit says of rosters."""
    with ward.db.read() as conn:
        rows = conn.exec_driver_sql("SELECT what FROM access_audit WHERE action = 'roster-entered' ORDER BY no")
        return [what for (what,) in rows]


def test_who_stands_on_a_roster(ward: SmallWard) -> None:
    """Nurses and doctors of the ward and therapists, who are not bound to one; nobody who has left."""
    with ward.db.read() as conn:
        found = {worker.id for worker in workers(conn, "w1")}

    assert found >= {"h1", "n1", "x1", "r1"}
    assert not found & {"x2", "r2", "k1", "n9"}


def test_a_cell_is_entered_changed_and_emptied(ward: SmallWard) -> None:
    """Each with a line of the audit; what says the same changes nothing."""
    made = [put(ward, "n1", "day"), put(ward, "n1", "night", was="day"), put(ward, "n1", "night", was="night")]
    before = held(ward)
    made.append(put(ward, "n1", "", was="night"))

    assert (made, before, held(ward)) == ([1, 1, 0, 1], {("n1", "Mon"): "night"}, {})
    assert audited(ward) == ["ward w1 from 2026-11-23"] * 3


def test_the_second_editor_of_a_cell_is_refused(ward: SmallWard) -> None:
    """In a sentence that says what stands there now; nothing of the form is saved."""
    put(ward, "n1", "day")
    with speaking("en"), pytest.raises(Collision) as refused:
        enter(ward.core, BOSS, "w1", [Change("x1", MONDAY, "", "day"), Change("n1", MONDAY, "", "night")])

    assert held(ward) == {("n1", "Mon"): "day"}
    with speaking("en"):
        assert "Day shift" in refused.value.text()


def test_two_who_enter_the_same_agree(ward: SmallWard) -> None:
    """There is nothing to refuse."""
    put(ward, "n1", "day")

    assert put(ward, "n1", "day") == 0


def test_of_many_at_once_one_is_first(ward: SmallWard) -> None:
    """Whoever comes second has not seen it."""

    def one(code: str) -> str:
        try:
            put(ward, "n1", code)
        except Collision:
            return "refused"
        return code

    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(one, ("day", "evening", "night")))

    assert said.count("refused") == 2
    assert held(ward)["n1", "Mon"] in said


@pytest.mark.parametrize(
    ("staff", "code", "fault"),
    [
        ("n1", "siesta", InvalidInput),
        ("x2", "day", NotFound),
        ("k1", "day", NotFound),
        ("n9", "day", NotFound),
        ("nobody", "day", NotFound),
    ],
)
def test_what_cannot_be_entered(ward: SmallWard, staff: str, code: str, fault: type[Exception]) -> None:
    """No such shift, or nobody of the ward."""
    with pytest.raises(fault):
        put(ward, staff, code)


def test_there_is_no_roster_without_a_ward(ward: SmallWard) -> None:
    """And nothing is written."""
    with pytest.raises(NotFound):
        put(ward, "n1", "day", at="w9")


def test_who_has_left_keeps_what_was_entered_and_gets_nothing_new(ward: SmallWard) -> None:
    """It may be emptied."""
    put(ward, "x1", "day")
    with ward.db.write() as conn:
        conn.execute(update(_STAFF).where(_STAFF.c.id == "x1").values(active=False))
    with pytest.raises(InvalidInput):
        put(ward, "x1", "night", was="day")

    assert held(ward) == {("x1", "Mon"): "day"}
    assert put(ward, "x1", "", was="day") == 1


def test_last_week_fills_what_is_empty(ward: SmallWard) -> None:
    """What is entered stays, who has left is passed over, and twice is once."""
    for staff, code in (("n1", "day"), ("n2", "night"), ("x1", "on-call")):
        put(ward, staff, code)
    put(ward, "n2", "off", on=MONDAY + timedelta(days=7))
    with ward.db.write() as conn:
        conn.execute(update(_STAFF).where(_STAFF.c.id == "x1").values(active=False))
    later = MONDAY + timedelta(days=9)
    made = [copy_week(ward.core, BOSS, "w1", later), copy_week(ward.core, BOSS, "w1", later)]

    assert (made, held(ward, later)) == ([1, 0], {("n1", "Mon"): "day", ("n2", "Mon"): "off"})
    with pytest.raises(InvalidInput):
        copy_week(ward.core, BOSS, "w1", MONDAY)


def test_who_is_on_duty_at_the_bounds_of_a_shift(ward: SmallWard) -> None:
    """By the day on which it begins, and only in this ward."""
    put(ward, "x1", "evening")
    put(ward, "x2", "evening", at="w2")
    with ward.db.read() as conn:
        found = [
            on_shift(conn, "w1", shift_on(day, code))
            for day, code in ((MONDAY, "evening"), (MONDAY, "day"), (DAYS[1], "evening"))
        ]

    assert found == [["x1"], [], []]


def badge(ward: SmallWard, staff: str) -> str:
    """The number on somebody's badge."""
    with ward.db.read() as conn:
        return next(worker.badge for worker in workers(conn, "w1") if worker.id == staff)


def test_a_file_is_looked_at_and_then_entered(ward: SmallWard) -> None:
    """In either language; an empty cell leaves what is there, a dash empties it."""
    put(ward, "n2", "night")
    put(ward, "n2", "day", on=DAYS[2])
    rows = [f"{badge(ward, 'n1')},Day shift,休息,", f"{badge(ward, 'n2')},-,on-call,"]
    data = "\n".join(["工号,2026-11-23,2026/11/24,2026-11-25", *rows]).encode()
    looked = take(ward.core, BOSS, "w1", MONDAY, data, only_look=True)
    before = held(ward)
    taken = take(ward.core, BOSS, "w1", MONDAY, data)

    assert (looked.changed, looked.people, taken) == (4, 2, looked)
    assert before == {("n2", "Mon"): "night", ("n2", "Wed"): "day"}
    after = {("n1", "Mon"): "day", ("n1", "Tue"): "off", ("n2", "Tue"): "on-call", ("n2", "Wed"): "day"}
    assert held(ward) == after


def test_every_wrong_line_of_a_file_is_named(ward: SmallWard) -> None:
    """And nothing of it is entered."""
    good = badge(ward, "n1")
    rows = [f"{good},day", "b-x2,day", f"{badge(ward, 'x1')},siesta", f"{good},night", ",day"]
    data = "\n".join(["工号,2026-11-23", *rows]).encode()
    with pytest.raises(LinesRejected) as refused:
        take(ward.core, BOSS, "w1", MONDAY, data)

    assert [fault.line for fault in refused.value.faults] == [3, 4, 5, 6]
    assert held(ward) == {}


def test_a_file_of_another_week_is_refused(ward: SmallWard) -> None:
    """It has no day of this one."""
    with pytest.raises(ImportRejected):
        take(ward.core, BOSS, "w1", MONDAY, f"工号,2026-11-30\n{badge(ward, 'n1')},day".encode())
