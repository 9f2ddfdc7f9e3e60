"""What comes while one group is at work is the next group; everybody hears their own answer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.payments.groups import Groups
from tests.waiting import wait_until


def test_those_who_wait_are_done_together() -> None:
    """While the first group is held up, nine come: they are the second."""
    seen: list[list[int]] = []
    go_on = threading.Event()

    def work(items: Sequence[int]) -> list[int | Exception]:
        seen.append(sorted(items))
        go_on.wait(30)
        return [item * 2 for item in items]

    groups = Groups(work)
    with ThreadPoolExecutor(10) as threads:
        first = threads.submit(groups.do, 0)
        wait_until(lambda: seen, "the first group is at work")
        others = [threads.submit(groups.do, item) for item in range(1, 10)]
        wait_until(lambda: len(groups._waiting) == 9, "the others wait")
        go_on.set()
        found = [each.result() for each in [first, *others]]

    assert found == [item * 2 for item in range(10)]
    assert seen == [[0], list(range(1, 10))]
    assert (groups.groups, groups.items) == (2, 10)


def test_a_group_has_its_size() -> None:
    """Whoever leads and is not in it goes on to the next."""
    sizes: list[int] = []

    def work(items: Sequence[int]) -> list[int | Exception]:
        sizes.append(len(items))
        return list(items)

    groups = Groups(work, most=3)
    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(groups.do, range(200)))

    assert found == list(range(200))
    assert max(sizes) <= 3
    assert sum(sizes) == 200


def test_everybody_hears_their_own_fault() -> None:
    """An answer that is an exception is raised for whom it is meant."""

    def work(items: Sequence[int]) -> list[int | Exception]:
        return [ValueError(str(item)) if item % 2 else item for item in items]

    groups = Groups(work)

    assert groups.do(2) == 2
    with pytest.raises(ValueError, match="3"):
        groups.do(3)


def test_work_that_fails_as_such_leaves_nobody_waiting() -> None:
    """Each of the group hears it, and the next group is done."""
    broken = [True]

    def work(items: Sequence[int]) -> list[int | Exception]:
        if broken[0]:
            raise OSError("no disk")
        return list(items)

    groups = Groups(work)
    with pytest.raises(OSError, match="no disk"):
        groups.do(1)
    broken[0] = False

    assert groups.do(1) == 1
