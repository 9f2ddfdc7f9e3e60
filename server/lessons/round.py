"""Looks at the file of the lessons now and then, and tells the wards what stands in it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from server.core import Core
from server.house_file import HouseFile
from server.house_round import HouseRound
from server.record.service import record_called
from wardlink.clinical.lessons import Lessons, our_lessons, read_lessons_file
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
            HouseFile("lessons", path, read_lessons_file, our_lessons()),
            known=lessons_told,
            command=lambda lessons: ("lessons.set", SetLessons(lessons=lessons)),
        )
