"""The hospital's own guides: read from a file, told to every ward, and a broken file changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.guides.round import GuideRound, guides_of
from server.projection import for_bed
from server.snapshot import render_snapshot
from tests.server.wards import SmallWard
from wardlink.clinical.guides import Guides, our_guides
from wardlink.messages.changes import decode_snapshot

OURS = (Path(__file__).parents[3] / "wardlink/clinical/guides/guides.toml").read_text("utf-8")
THEIRS = OURS.replace("看懂我的医保", "本院医保指南", 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The hospital's file."""
    found = tmp_path / "guides.toml"
    found.write_text(THEIRS, "utf-8")
    return found


def held(ward: SmallWard, name: str = "w1") -> Guides | None:
    """What a ward was told."""
    with ward.db.read() as conn:
        return guides_of(conn, name)


def test_without_a_file_nobody_is_told_what_every_device_has(ward: SmallWard) -> None:
    """It ships with the bed's screen."""
    assert GuideRound(ward.core, None).tell() == 0
    assert held(ward) is None


def test_a_file_is_told_to_every_ward_once(ward: SmallWard, path: Path) -> None:
    """And again by nobody, also after a new start."""
    first = GuideRound(ward.core, path)
    told = (first.tell(), first.tell(), GuideRound(ward.core, path).tell())

    found = held(ward)
    assert told == (2, 0, 0)
    assert found is not None
    assert found.guides[0].title.zh_CN == "本院医保指南"
    assert held(ward, "w2") == found


def test_a_broken_file_is_named_with_its_line_and_the_old_one_holds(ward: SmallWard, path: Path) -> None:
    """Once it is whole again, it is told."""
    round_ = GuideRound(ward.core, path)
    round_.tell()
    before = held(ward)
    path.write_text(THEIRS.replace("本院医保指南", "", 1), "utf-8")
    broken, fault = round_.tell(), round_.file.fault
    path.write_text(THEIRS.replace("本院医保指南", "新的指南", 1), "utf-8")
    mended, after = round_.tell(), held(ward)

    assert (broken, mended, round_.file.fault) == (0, 2, None)
    assert fault is not None
    line = THEIRS.splitlines().index("[[guides]]") + 1
    assert f"line {line}:" in fault.text() or f"第 {line} 行" in fault.text()
    assert before is not None
    assert after is not None
    assert (before.guides[0].title.zh_CN, after.guides[0].title.zh_CN) == ("本院医保指南", "新的指南")


def test_a_file_that_is_not_there_is_said_and_changes_nothing(ward: SmallWard, path: Path) -> None:
    """Nor does one that is no text."""
    round_ = GuideRound(ward.core, path.with_name("nowhere.toml"))
    assert round_.tell() == 0
    assert round_.file.fault is not None
    path.write_bytes(b"\xff\xfe\x00")
    assert GuideRound(ward.core, path).tell() == 0
    assert held(ward) is None


def test_who_takes_the_file_away_has_ours_again(ward: SmallWard, path: Path) -> None:
    """Wards that were told others must hear it."""
    GuideRound(ward.core, path).tell()
    told = GuideRound(ward.core, None).tell()

    assert told == 2
    assert held(ward) == our_guides()


def test_every_bed_holds_the_guides(ward: SmallWard, path: Path) -> None:
    """In the snapshot and in what it hears; they are nobody's secret."""
    GuideRound(ward.core, path).tell()

    with ward.db.read() as conn:
        found = decode_snapshot(render_snapshot(conn, "w1", ward.clock.now(), bed="b3")).records
    heard = [row for row in ward.changes("guides.changed") if for_bed(row | {"body": ""}, "w1", "b3")]
    assert len(found["guides"]) == len(heard) == 1
