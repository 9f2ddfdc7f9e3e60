"""What is sent next: window, going back, being asked, and a server that is away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardlink.device.sender import EXPECT_AGAIN_S, RESEND_MOST_S, RESEND_S, WINDOW, Sender


def flown(upto: int, now_s: float = 0.0) -> Sender:
    """A sender that has sent 1 to `upto` at `now_s`."""
    sender = Sender()
    for n in range(1, upto + 1):
        sender.sent(n, now_s)
    return sender


def test_a_full_window_waits() -> None:
    """At most WINDOW commands are without a receipt; each receipt makes room for one."""
    sender = flown(WINDOW)

    assert sender.room(0.1) == 0

    sender.settled([1])
    assert sender.room(0.1) == 1


def test_nothing_is_repeated_before_its_time() -> None:
    """One step before the waiting time is over nothing is sent again; at it, everything from the earliest on."""
    sender = flown(3)
    sender.settled([1])
    sender.room(RESEND_S - 0.001)

    assert sender.cursor == 4

    assert sender.room(RESEND_S) == WINDOW
    assert sender.cursor == 2


def test_waiting_grows_while_nobody_answers_and_is_short_again_afterwards() -> None:
    """Each round without any receipt waits twice as long, up to a bound; one receipt ends that."""
    sender = Sender()
    now_s, waits = 0.0, []
    for _ in range(6):
        sender.sent(1, now_s)
        due_s = sender.due_s()
        assert due_s is not None
        waits.append(due_s - now_s)
        now_s = due_s
        sender.room(now_s)

    assert waits == [2.0, 4.0, 8.0, RESEND_MOST_S, RESEND_MOST_S, RESEND_MOST_S]

    sender.sent(1, now_s)
    sender.settled([1])
    sender.sent(2, now_s)
    assert sender.due_s() == now_s + RESEND_S


def test_the_server_is_followed_once_a_second() -> None:
    """The same request for a number, repeated by every batch behind a hole, is followed once."""
    sender = flown(10)

    assert sender.expected(4, 1, 1.0)
    assert sender.cursor == 4
    for n in range(4, 11):
        sender.sent(n, 1.0)
    assert not sender.expected(4, 1, 1.0 + EXPECT_AGAIN_S - 0.01)
    assert sender.cursor == 11
    assert sender.expected(4, 1, 1.0 + EXPECT_AGAIN_S)
    assert sender.cursor == 4


def test_what_the_server_has_forgotten_is_sent_although_it_was_answered() -> None:
    """A request for an answered number opens the answered ones up to where we were, no further back than we keep."""
    sender = flown(100)
    sender.settled(range(1, 101))

    assert sender.expected(40, 60, 1.0)
    assert (sender.cursor, sender.replay_upto) == (60, 100)


def test_a_reconnect_in_the_middle_of_a_replay_goes_on_with_it() -> None:
    """Numbers that the server has asked for again are not forgotten when the connection is lost."""
    sender = flown(100)
    sender.settled(range(1, 101))
    sender.expected(40, 1, 1.0)
    sender.sent(40, 1.0)
    sender.begin(first_open=101)

    assert (sender.cursor, sender.replay_upto) == (40, 100)


def test_one_at_a_time_goes_to_a_lost_server() -> None:
    """While the broker says that the server is lost a single command probes for it; its return starts anew."""
    sender = flown(5)
    sender.settled([1, 2])
    sender.server(lost=True, first_open=3)

    assert sender.room(0.1) == 0
    assert sender.room(RESEND_S) == 1

    sender.sent(3, RESEND_S)
    assert sender.room(RESEND_S) == 0
    sender.server(lost=False, first_open=3)
    assert (sender.cursor, sender.room(RESEND_S)) == (3, WINDOW)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("send"), st.integers(1, 300)),
            st.tuples(st.just("settle"), st.integers(1, 300)),
            st.tuples(st.just("expect"), st.integers(1, 300)),
            st.tuples(st.just("pass"), st.floats(0, 20)),
            st.tuples(st.just("back"), st.just(0)),
        ),
        max_size=60,
    )
)
def test_nothing_unsettled_is_ever_left_behind(walk: list[tuple[str, float]]) -> None:
    """Whatever happens, every number without a receipt either waits for one or lies before us."""
    sender, open_, now_s = Sender(), set(range(1, 301)), 0.0
    for move, value in walk:
        match move:
            case "send":
                for _ in range(min(int(value), sender.room(now_s))):
                    rest = [n for n in range(sender.cursor, 301) if n in open_ or n <= sender.replay_upto]
                    if rest:
                        sender.sent(rest[0], now_s)
            case "settle":
                open_ -= set(range(1, int(value)))
                sender.settled(range(1, int(value)))
            case "expect":
                sender.expected(int(value), 1, now_s)
            case "pass":
                now_s += value
                sender.room(now_s)
            case _:
                sender.begin(min(open_, default=301))

        assert all(n in sender.in_flight or n >= sender.cursor for n in open_)
        assert len(sender.in_flight) <= WINDOW
