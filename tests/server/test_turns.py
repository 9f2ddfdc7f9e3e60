"""The lock that is given in turn."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from server.turns import Turns
from tests.waiting import wait_until


def in_line(turns: Turns, work: Callable[[], object], place: int) -> threading.Thread:
    """A thread that stands at this place in line for a turn in which it does `work`."""

    def take_turn() -> None:
        with turns:
            work()

    thread = threading.Thread(target=take_turn)
    thread.start()
    wait_until(lambda: turns.waiting == place, "it stands in line")
    return thread


def test_turns_are_taken_in_the_order_in_which_they_were_asked_for() -> None:
    """And who asks again at once stands behind those who wait already."""
    turns, taken = Turns(), list[str]()
    with turns:
        threads = [in_line(turns, partial(taken.append, f"{n}"), n) for n in (1, 2, 3)]
    with turns:
        taken.append("again")
    for thread in threads:
        thread.join()

    assert taken == ["1", "2", "3", "again"]
    assert turns.waiting == 0


def test_who_has_it_may_take_it_again() -> None:
    """Nobody else gets in before it is let go as often as it was taken."""
    turns, taken = Turns(), list[str]()
    with turns:
        with turns:
            thread = in_line(turns, lambda: taken.append("other"), 1)
        taken.append("first")
    thread.join()

    assert taken == ["first", "other"]


def test_a_fault_lets_go() -> None:
    """The next one comes in."""
    turns = Turns()
    with pytest.raises(ValueError, match="inside"), turns:
        raise ValueError("inside")
    thread = in_line(turns, lambda: None, 0)
    thread.join(timeout=10)

    assert not thread.is_alive()


def test_many_threads_never_hold_it_together() -> None:
    """Two at once would lose some of what they count."""
    turns, counted, together = Turns(), [0], set[int]()

    def count() -> None:
        for _ in range(200):
            with turns, turns:
                before = counted[0]
                together.add(before)
                counted[0] = before + 1

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counted == [1_600]
    assert len(together) == 1_600


class Told(Exception):
    """The program is told to end."""


@pytest.fixture
def told() -> Iterator[int]:
    """A signal by which the program is told so; the usual one is switched off where tests run side by side."""

    def end(*_: object) -> None:
        raise Told

    before = signal.signal(signal.SIGUSR1, end)
    yield signal.SIGUSR1
    signal.signal(signal.SIGUSR1, before)


def test_who_is_interrupted_in_line_leaves_it(told: int) -> None:
    """The program is told to end while it waits: the one behind still gets its turn."""
    turns, held, let_go, taken = Turns(), threading.Event(), threading.Event(), list[str]()
    program = threading.get_ident()

    def hold() -> None:
        with turns:
            held.set()
            let_go.wait(30)

    def interrupt() -> None:
        wait_until(lambda: turns.waiting == 1, "the program stands in line")
        signal.pthread_kill(program, told)

    holder, interrupter = threading.Thread(target=hold), threading.Thread(target=interrupt)
    holder.start()
    held.wait(30)
    interrupter.start()
    with pytest.raises(Told), turns:
        taken.append("interrupted")
    interrupter.join()
    left = turns.waiting
    behind = in_line(turns, lambda: taken.append("behind"), 1)
    let_go.set()
    holder.join()
    behind.join(timeout=10)

    assert left == 0
    assert taken == ["behind"]
