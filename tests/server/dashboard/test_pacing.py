"""A page is sent one thing after the other, and what it was too slow for is never more than a picture or two."""

from __future__ import annotations

import pytest

from server.dashboard.pacing import MOST_WAITING_BYTES, PATIENCE_S, Inlet, Pace


@pytest.fixture
def sent() -> list[list[bytes]]:
    """What the page was sent, each time."""
    return []


@pytest.fixture
def pace(sent: list[list[bytes]]) -> Pace:
    """A page that has been sent frame 0 at second 0."""
    found = Pace(sent.append)
    assert found.frame(b"0", 0.0)
    return found


def test_what_a_page_cannot_take_goes_to_it_all_at_once(pace: Pace, sent: list[list[bytes]]) -> None:
    """In its order, when the frame before has been shown; then the next goes straight on."""
    assert not pace.frame(b"1", 0.1)
    assert not pace.frame(b"2", 0.2)
    assert not pace.shown(0.3)
    assert not pace.shown(0.4)
    assert pace.frame(b"3", 0.5)

    assert sent == [[b"0"], [b"1", b"2"], [b"3"]]


def test_a_lost_answer_stops_nothing(pace: Pace, sent: list[list[bytes]]) -> None:
    """After a while it is sent to again, with everything that has waited."""
    pace.frame(b"1", PATIENCE_S - 0.1)
    pace.frame(b"2", PATIENCE_S)

    assert sent == [[b"0"], [b"1", b"2"]]


@pytest.mark.parametrize(("size", "needs_all"), [(MOST_WAITING_BYTES, False), (MOST_WAITING_BYTES + 1, True)])
def test_too_much_is_left_out_for_the_whole_picture(
    pace: Pace, sent: list[list[bytes]], size: int, needs_all: bool
) -> None:
    """A page that hangs for an hour costs no memory, and is not shown an hour's frames one by one."""
    pace.frame(b"x" * size, 1.0)

    assert pace.shown(2.0) is needs_all
    assert len(sent) == (1 if needs_all else 2)


def test_nothing_older_is_shown_after_the_whole_picture(pace: Pace, sent: list[list[bytes]]) -> None:
    """What waited when the picture was asked for is in it already."""
    pace.frame(b"x" * (MOST_WAITING_BYTES + 1), 1.0)
    pace.frame(b"2", 1.1)

    assert pace.shown(2.0)
    assert pace.frame(b"whole", 2.1)
    assert not pace.shown(2.2)
    assert sent == [[b"0"], [b"whole"]]


def test_what_comes_while_a_page_is_made_is_shown_when_it_is_there() -> None:
    """Before everything that comes later."""
    inlet, shown = Inlet(), list[bytes]()
    inlet.send(b"1")
    inlet.send(b"2")
    inlet.open(shown.append)
    inlet.send(b"3")

    assert shown == [b"1", b"2", b"3"]
