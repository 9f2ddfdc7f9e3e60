"""Work that is done together: what comes while one group is at work is the next group.

No timer and no thread of its own: of those who wait, one does the work of all. With little to do a group is one; the
more there is, the larger the groups, so that a commit is shared by as many as wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

MOST = 200
"""So many in one group: whoever comes first shall not wait for too many others."""


class Groups(Generic[T, R]):
    """`work` is given a group and answers each of it, in order, with a result or the exception to be raised there."""

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R | Exception]], most: int = MOST) -> None:
        self._work = work
        self._most = most
        self._waiting: list[_Job[T, R]] = []
        self._guard = threading.Lock()
        self._turn = threading.Lock()
        self.groups = 0
        self.items = 0

    def do(self, item: T) -> R:
        """Have it done, by this thread or by another one; returns when it is.

        Raises:
            Exception: what `work` answered for it.
        """
        job: _Job[T, R] = _Job(item)
        with self._guard:
            self._waiting.append(job)
        while job.answer is None:
            with self._turn:
                if job.answer is None:
                    self._next()
        (answer,) = job.answer
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _next(self) -> None:
        with self._guard:
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            self.groups += 1
            self.items += len(group)
        try:
            answers = self._work([job.item for job in group])
        except BaseException as exc:
            # Nobody waits for ever for what was begun and will not end.
            for job in group:
                job.answer = (exc,)
            if isinstance(exc, Exception):
                return
            raise
        for job, answer in zip(group, answers, strict=True):
            job.answer = (answer,)


class _Job(Generic[T, R]):
    __slots__ = ("answer", "item")

    def __init__(self, item: T) -> None:
        self.item = item
        self.answer: tuple[R | BaseException] | None = None
