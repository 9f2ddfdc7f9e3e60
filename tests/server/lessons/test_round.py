"""The hospital's own lessons: read from a file, told to every ward and bed, and a broken file changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.lessons.round import LessonRound, lessons_told
from server.projection import for_bed
from server.snapshot import render_snapshot
from tests.server.wards import SmallWard
from wardlink.clinical.lessons import Lessons, our_lessons, read_lessons
from wardlink.clinical.written import MOST_BYTES
from wardlink.errors import Misconfigured
from wardlink.messages.changes import decode_snapshot

OURS = (Path(__file__).parents[3] / "wardlink/clinical/lessons/lessons.toml").read_text("utf-8")
TITLE = our_lessons().lessons[0].title.zh_CN
THEIRS = OURS.replace(TITLE, "本院防跌倒课", 1)
LINES = OURS.splitlines()
SECOND = [n for n, line in enumerate(LINES, 1) if line == "[[lessons]]"][1]
QUESTION = next(n for n, line in enumerate(LINES, 1) if n > SECOND and line == "[[lessons.questions]]")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The hospital's file."""
    found = tmp_path / "lessons.toml"
    found.write_text(THEIRS, "utf-8")
    return found


def held(ward: SmallWard, name: str = "w1") -> Lessons | None:
    """What a ward was told."""
    with ward.db.read() as conn:
        return lessons_told(conn, name)


def test_a_file_is_told_to_every_ward_once_and_taken_back(ward: SmallWard, path: Path) -> None:
    """Without one nobody is told what every device has; who takes it away has ours again."""
    none = LessonRound(ward.core, None).tell()
    first = LessonRound(ward.core, path)
    told = (first.tell(), first.tell(), LessonRound(ward.core, path).tell())
    theirs = held(ward)
    back = LessonRound(ward.core, None).tell()

    assert (none, told, back) == (0, (2, 0, 0), 2)
    assert theirs == read_lessons(THEIRS)
    assert held(ward, "w2") == our_lessons()


def test_a_broken_file_is_named_with_its_line_and_the_old_one_holds(ward: SmallWard, path: Path) -> None:
    """Once it is whole again, it is told."""
    round_ = LessonRound(ward.core, path)
    round_.tell()
    path.write_text(THEIRS.replace("本院防跌倒课", "", 1), "utf-8")
    broken, fault, before = round_.tell(), round_.file.fault, held(ward)
    path.write_text(THEIRS.replace("本院防跌倒课", "新的课", 1), "utf-8")
    mended, after = round_.tell(), held(ward)

    assert (broken, mended, round_.file.fault) == (0, 2, None)
    assert fault is not None
    assert before is not None
    assert after is not None
    assert (before.lessons[0].title.zh_CN, after.lessons[0].title.zh_CN) == ("本院防跌倒课", "新的课")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (OURS.replace("right = 1", "right = 9", 1), LINES.index("[[lessons.questions]]") + 1),
        ("\n".join([*LINES[:SECOND], "minutes = 99", *LINES[SECOND:]]), None),
        ("\n".join(line for n, line in enumerate(LINES, 1) if n != SECOND + 1), SECOND),
        ("\n".join(line for n, line in enumerate(LINES, 1) if n != QUESTION + 1), QUESTION),
        (OURS + OURS, None),
        ("lessons = [", 1),
        ("", 1),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int | None) -> None:
    """A lesson, a question of it, or the file."""
    with pytest.raises(Misconfigured) as raised:
        read_lessons(text)

    assert line is None or f"{line}" in raised.value.text()


def test_a_file_that_no_message_can_hold_is_refused(ward: SmallWard, path: Path) -> None:
    """It would reach no bed."""
    many = [OURS.replace('code = "', f'code = "a{"b" * n}-') for n in range(6)]
    path.write_text("\n".join(many), "utf-8")
    round_ = LessonRound(ward.core, path)

    assert round_.tell() == 0
    assert round_.file.fault is not None
    assert str(MOST_BYTES) in str(round_.file.fault)


def test_every_bed_holds_the_lessons(ward: SmallWard, path: Path) -> None:
    """In the snapshot and in what it hears; they are nobody's secret."""
    LessonRound(ward.core, path).tell()

    with ward.db.read() as conn:
        found = decode_snapshot(render_snapshot(conn, "w1", ward.clock.now(), bed="b3")).records
    heard = [row for row in ward.changes("lessons.changed") if for_bed(row | {"body": ""}, "w1", "b3")]
    assert len(found["lessons"]) == len(heard) == 1
