"""What a range of changes means to a replica."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wardlink.device.receiver import Position, Verdict, judge, news
from wardlink.messages.changes import Change, ChangeRange

LOG, OTHER = "00000000-0000-7000-8000-00000000000a", "00000000-0000-7000-8000-00000000000b"
AT = datetime(2026, 11, 24, tzinfo=UTC)


def joint(seq: int, history: str = "a") -> str:
    """What the chain of a history is at a number."""
    return f"{history}{seq}"


MINE = Position(LOG, 10, joint(10))


def found(after: int, upto: int, log: str = LOG, history: str = "a") -> ChangeRange:
    """A range with a change for every number."""
    changes = tuple(Change(seq=seq, kind="x", at=AT, body={}) for seq in range(after + 1, upto + 1))
    edges = {"joint_after": joint(after, history), "joint_upto": joint(upto, history)}
    return ChangeRange(ward="w3", log=log, at=AT, after=after, upto=upto, changes=changes, **edges)


@pytest.mark.parametrize(
    ("after", "upto", "expected"),
    [
        (11, 12, Verdict.REPAIR),  # one is missing
        (10, 11, Verdict.APPLY),  # the next one
        (9, 11, Verdict.REPAIR),  # overlaps: whether it is our history cannot be seen
        (0, 11, Verdict.REPAIR),
        (9, 10, Verdict.IGNORE),  # known
        (0, 9, Verdict.IGNORE),
        (10, 10, Verdict.IGNORE),  # empty
    ],
)
def test_a_range_is_judged_by_its_edges(after: int, upto: int, expected: Verdict) -> None:
    """A replica at 10 applies what continues it, ignores what it holds, and never accepts a gap."""
    assert judge(MINE, found(after, upto)) is expected


def test_another_history_replaces_ours() -> None:
    """Another log, or none yet, asks for a snapshot, whatever the numbers say."""
    assert judge(MINE, found(10, 11, OTHER)) is Verdict.REPLACE
    assert judge(Position(), found(0, 1)) is Verdict.REPLACE


def test_only_an_answer_shows_that_the_server_went_back() -> None:
    """An end before the beginning, in answer to our question, means a restored server; unasked it is only late."""
    went_back = found(10, 10).model_copy(update={"upto": 7})

    assert judge(MINE, went_back, asked=True) is Verdict.REPLACE
    assert judge(MINE, went_back) is Verdict.IGNORE


@pytest.mark.parametrize(
    ("after", "upto", "asked", "expected"),
    [
        (10, 12, True, Verdict.REPLACE),  # it was set back and has gone on beyond us
        (10, 10, True, Verdict.REPLACE),  # it stands just where we do, with another past
        (10, 12, False, Verdict.REPAIR),
        (8, 10, False, Verdict.REPAIR),
        (7, 9, False, Verdict.IGNORE),  # where it ends we hold no joint; the next one shows it
    ],
)
def test_the_same_number_in_another_history_is_noticed(after: int, upto: int, asked: bool, expected: Verdict) -> None:
    """A restored server keeps its log's name and gives the same numbers again."""
    assert judge(MINE, found(after, upto, history="b"), asked=asked) is expected


def test_only_news_is_applied() -> None:
    """Of an overlapping range only the numbers beyond ours are applied."""
    assert [change.seq for change in news(Position(LOG, 10), found(8, 12))] == [11, 12]
