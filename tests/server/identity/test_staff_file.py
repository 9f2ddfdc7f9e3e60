"""Staff from a file: added, changed, left as they are; all or nothing; what cannot be is said by its line."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from server.dashboard.staff.sheets import entries, staff_sheet
from server.identity import staff
from server.identity.models import Staff
from server.identity.staff import Person, StaffEntry
from server.identity.staff_file import take
from server.patients.import_table import LinesRejected
from tests.server.hospital import ADMIN, MANAGER, NURSE, Hospital
from wardlink.errors import ImportRejected, WardlinkError
from wardlink.i18n import speaking

WORDS = {
    "nurse": "nurse",
    "护士": "nurse",
    "doctor": "doctor",
    "医生": "doctor",
    "admin": "admin",
    "manager": "manager",
}
BOSS = Person(ADMIN.id, ADMIN.name, "admin", ("w3",))
LEADER = Person(MANAGER.id, MANAGER.name, "manager", ("w3",))


def everybody(hospital: Hospital) -> dict[str, StaffEntry]:
    """All, by id."""
    with hospital.core.db.read() as conn:
        return {entry.id: entry for entry in staff.listed(conn, limit=100)}


def test_new_ones_are_added_and_known_ones_changed(hospital: Hospital) -> None:
    """Chinese or English headings, a ward by name or id; who is new cannot sign in yet, who is not named stays."""
    before = everybody(hospital)
    text = "工号,姓名,角色,病区\nD7,孙医生,医生,三病区；w4\nN1001,李静,医生,三病区\nM1,赵护士长,manager,w3\n"

    taken = take(hospital.core, BOSS, text.encode("gb18030"), WORDS)

    after = everybody(hospital)
    assert (taken.added, taken.changed, taken.same) == (("孙医生",), ("李静",), 1)
    assert (after["d7"].role, after["d7"].wards, after["d7"].has_pin) == ("doctor", ("w3", "w4"), False)
    assert (after["n-lijing"].role, after["n-lijing"].version) == ("doctor", 2)
    assert after["a-wang"] == before["a-wang"]
    assert hospital.sign_in(NURSE).status_code == 200
    assert [line[1:] for line in hospital.audited() if line[1].startswith("staff-")] == [
        ("staff-added", "staff d7"),
        ("staff-changed", "staff n-lijing"),
    ]


def test_only_looked_at_changes_nothing(hospital: Hospital) -> None:
    """It says what would come of it."""
    before, audited = everybody(hospital), hospital.audited()

    taken = take(hospital.core, BOSS, "badge,name,role\nD7,孙医生,doctor\n".encode(), WORDS, only_look=True)

    assert taken.added == ("孙医生",)
    assert (everybody(hospital), hospital.audited()) == (before, audited)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("D7,孙医生,king,w3", "There is no role called king."),
        ("D7,孙医生,doctor,w9", "There is no ward called w9."),
        ("D7,,doctor,w3", "Badge, name and role are needed."),
        ("D 7,孙医生,doctor,w3", "A badge has"),
        ("N1001,李静,nurse,w3", "The badge N1001 stands in the file twice."),
        ("=1+1,孙医生,doctor,w3", "A badge has"),
    ],
)
def test_a_line_that_cannot_be_is_named_and_nothing_is_taken(hospital: Hospital, line: str, words: str) -> None:
    """By its number in the file, with what is wrong; the good lines around it are not taken either."""
    before, audited = everybody(hospital), hospital.audited()
    text = f"badge,name,role,wards\nN1001,李静,doctor,w3\n{line}\nD9,好的,doctor,w3\n"

    with speaking("en"), pytest.raises(LinesRejected) as rejected:
        take(hospital.core, BOSS, text.encode(), WORDS)

    assert [fault.line for fault in rejected.value.faults] == [3]
    assert rejected.value.faults[0].reason.startswith(words)
    assert (everybody(hospital), hospital.audited()) == (before, audited)


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"name,role\nx,nurse\n", b"badge,badge,name,role\n"])
def test_what_is_no_such_file_is_refused(hospital: Hospital, data: bytes) -> None:
    """Empty, no text, columns missing or twice."""
    with pytest.raises(ImportRejected):
        take(hospital.core, BOSS, data, WORDS)


@pytest.mark.parametrize(
    "line", ["A1,王管理,nurse,w3", "X1,新,admin,w3", "X1,新,nurse,w4", "X1,新,nurse,", "M1,赵护士长,nurse,w3"]
)
def test_a_manager_takes_only_what_is_theirs(hospital: Hospital, line: str) -> None:
    """A file is no way around what a person may do by hand."""
    before = everybody(hospital)

    with pytest.raises(WardlinkError):
        take(hospital.core, LEADER, f"badge,name,role,wards\n{line}\n".encode(), WORDS)

    assert everybody(hospital) == before


def test_what_is_exported_can_be_taken_over_again(hospital: Hospital) -> None:
    """The list's own file changes nothing."""
    from server.dashboard.words import ROLES

    with speaking("en"), hospital.core.db.read() as conn:
        found = staff_sheet(entries(conn, None, "all"), {"w3": "三病区", "w4": "四病区"})
    roles: dict[str, Any] = {words.lower(): role for role, words in ROLES.items()} | {role: role for role in ROLES}

    taken = take(hospital.core, BOSS, found.csv(), roles)

    assert (taken.added, taken.changed) == ((), ())
    with hospital.core.db.read() as conn:
        assert taken.same == len(conn.execute(select(Staff)).all())
