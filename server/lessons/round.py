"""Looks at the lessons now and then, and tells the wards what stands in it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from server.core import Core
from server.house.kinds import LESSONS as KIND
from server.house.round import HouseRound
from server.record.service import record_called
from wardlink.clinical.lessons import Lessons
from wardlink.messages.lessons import SetLessons
from wardlink.record.lesson_texts import LESSONS, lessons_id


def lessons_told(conn: Connection, ward: str) -> Lessons | None:
    """The lessons that this ward was told last; None before the first."""
    found = record_called(conn, LESSONS, lessons_id(ward))
    return None if found is None else found[1].lessons


class LessonRound(HouseRound[Lessons]):
    """One thread for the lessons of this server. `path`: the hospital's file; None for those that ship."""

    def __init__(self, core: Core, path: Path | None) -> None:
        super().__init__(
            core,
            KIND,
            path,
            known=lessons_told,
            command=lambda lessons: ("lessons.set", SetLessons(lessons=lessons)),
        )
