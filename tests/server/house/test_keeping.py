"""Versions of what the hospital writes itself: which holds at a time, and what two people at once may do."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from server.db import Database
from server.house.keeping import Version, add, seen, standing, take_back, text_of, versions, waiting
from tests.server.wards import NOW
from wardlink.errors import Collision, NotFound

HOUR = timedelta(hours=1)


def version(no: int, effective_at: datetime, *, ended: bool = False) -> Version:
    """One of nobody."""
    return Version("menu", no, NOW, "staff:m", effective_at, "", "", NOW if ended else None, None)


@pytest.mark.parametrize(
    ("effective", "holding"),
    [
        ([], []),
        ([0], [1]),
        ([1], []),
        ([-2, -1], [2, 1]),
        ([-1, -2], [1, 2]),
        ([-1, -1], [2, 1]),
        ([-1, 1, 0], [3, 1]),
    ],
)
def test_the_one_whose_time_came_last_holds(effective: list[int], holding: list[int]) -> None:
    """Of two with the same time the one put in last; one that waits holds no sooner."""
    found = [version(no, NOW + hours * HOUR) for no, hours in enumerate(effective, 1)]

    assert [each.no for each in standing(found, NOW)] == holding


def test_to_the_microsecond_of_its_time() -> None:
    """It waits until then, and holds from then."""
    found = [version(1, NOW)]

    before = NOW - timedelta(microseconds=1)
    assert ([*standing(found, before)], waiting(found, before)) == ([], found)
    assert (standing(found, NOW), waiting(found, NOW)) == (found, [])


def test_what_was_taken_back_neither_holds_nor_waits() -> None:
    """Whenever its time was."""
    found = [version(1, NOW - HOUR, ended=True), version(2, NOW + HOUR, ended=True)]

    assert (standing(found, NOW), waiting(found, NOW)) == ([], [])


def put(database: Database, text: str, saw: str, *, after: timedelta = timedelta(), kind: str = "menu") -> Version:
    """One version is put in."""
    with database.write() as conn:
        return add(conn, kind, text, by="staff:m", at=NOW, effective_at=NOW + after, note="why", saw=saw)


def test_versions_are_numbered_by_kind_and_kept_word_for_word(database: Database) -> None:
    """With a digest of what was sent."""
    put(database, "甲\n", "0.0")
    put(database, "乙", "1.0")
    put(database, "丙", "0.0", kind="guides")

    with database.read() as conn:
        found = versions(conn, "menu")
        texts = [text_of(conn, "menu", each.no) for each in found]
        with pytest.raises(NotFound):
            text_of(conn, "menu", 3)
    assert [each.no for each in found] == [2, 1]
    assert texts == ["乙", "甲\n"]
    assert found[1].digest == sha256("甲\n".encode()).hexdigest()


def test_who_saw_others_than_there_are_is_refused(database: Database) -> None:
    """Also where one was taken back meanwhile; nothing is written."""
    put(database, "a", "0.0", after=HOUR)
    with pytest.raises(Collision):
        put(database, "b", "0.0")
    with database.write() as conn:
        take_back(conn, "menu", 1, by="staff:m", at=NOW)
    with pytest.raises(Collision):
        put(database, "b", "1.0")

    with database.read() as conn:
        assert seen(versions(conn, "menu")) == "1.1"


def test_only_what_waits_can_be_taken_back_and_once(database: Database) -> None:
    """What holds is replaced by another version, not taken away."""
    put(database, "a", "0.0")
    put(database, "b", "1.0", after=HOUR)

    for no, at in ((1, NOW), (2, NOW + HOUR), (3, NOW)):
        with pytest.raises(Collision), database.write() as conn:
            take_back(conn, "menu", no, by="staff:m", at=at)
    with database.write() as conn:
        take_back(conn, "menu", 2, by="staff:m", at=NOW)
    with pytest.raises(Collision), database.write() as conn:
        take_back(conn, "menu", 2, by="staff:m", at=NOW)
