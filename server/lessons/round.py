"""Looks at the file of the lessons now and then, and tells the wards what stands in it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, select
from sqlmodel import col

from server.core import Core
from server.house_file import HouseFile, Telling
from server.patients.models import Ward
from server.record.service import record_called
from server.ticking import Ticking
from wardlink.clinical.lessons import Lessons, our_lessons, read_lessons_file
from wardlink.messages.lessons import SetLessons
from wardlink.record.lesson_texts import LESSONS, lessons_id

EVERY_S = 5.0


def lessons_told(conn: Connection, ward: str) -> Lessons | None:
    """The lessons that this ward was told last; None before the first."""
    found = record_called(conn, LESSONS, lessons_id(ward))
    return None if found is None else found[1].lessons


class LessonRound:
    """One thread for the lessons of this server. `path`: the hospital's file; None for those that ship."""

    def __init__(self, core: Core, path: Path | None, *, every_s: float = EVERY_S) -> None:
        self._core = core
        self.file = HouseFile("lessons", path, read_lessons_file, our_lessons())
        self._telling = Telling(
            core,
            self.file,
            known=lessons_told,
            command=lambda lessons: ("lessons.set", SetLessons(lessons=lessons)),
            ships=True,
        )
        self._ticking = Ticking("lesson-round", self.tell, every_s=every_s)

    def start(self) -> None:
        """Begin to look."""
        self._ticking.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._ticking.stop()

    def tell(self) -> int:
        """Tell each ward the lessons, where it does not have them; how many were told."""
        with self._core.db.read() as conn:
            wards = list(conn.execute(select(col(Ward.id)).order_by(col(Ward.id))).scalars())
        return self._telling.tell(wards)
