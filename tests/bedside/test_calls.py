"""A call from the bed: raised without login, refined, followed, taken back; what it says when it does not arrive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bedside.sample import PLACE, SampleTerminal, sample_stay
from bedside.usecases.call_words import MARKS, advice, headline, reason_text, short_text, steps
from bedside.usecases.calls import (
    PAGES,
    Call,
    Press,
    Stage,
    calls_again,
    cancel,
    current,
    press,
    refine,
)
from bedside.usecases.session import Session
from wardlink.clinical.call_reasons import call_reasons
from wardlink.clock import FixedClock
from wardlink.errors import StoreFailed
from wardlink.i18n import speaking
from wardlink.messages.base import Actor

AT = datetime(2026, 11, 23, 2, 42, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    """10:42 in the ward."""
    return FixedClock(AT)


@pytest.fixture
def terminal(clock: FixedClock) -> SampleTerminal:
    """The invented bed."""
    return SampleTerminal(clock)


def seen(terminal: SampleTerminal, last: Press | None) -> Call:
    """The call that matters."""
    call = current(terminal, PLACE, last, terminal.clock.now())
    assert call is not None
    return call


def test_a_press_needs_no_login(terminal: SampleTerminal) -> None:
    """It is the device that speaks then, for its bed and for nobody; the carts hear it directly."""
    found = press(terminal, PLACE, None)

    command = terminal.recorded[0]
    assert (command.kind, command.bed, command.encounter) == ("call.raise", "12", None)
    assert command.actor == Actor(kind="device", id="t12")
    assert [(n.id, n.bed, n.cls) for n in terminal.rung] == [(command.id, "12", "P2")]
    assert found == Press(command.id, AT, rung=True)


def test_a_patient_who_has_opened_the_screen_is_the_one_who_calls(terminal: SampleTerminal) -> None:
    """With their stay."""
    session = Session(sample_stay(AT))

    press(terminal, PLACE, session)

    command = terminal.recorded[0]
    assert (command.actor, command.encounter) == (Actor(kind="patient", id=session.encounter), session.encounter)


def test_a_call_goes_its_way(terminal: SampleTerminal, clock: FixedClock) -> None:
    """Not delivered, delivered, taken with a time, here, done; then it is gone from the screen."""
    last = press(terminal, PLACE, None)
    assert seen(terminal, last).stage is Stage.UNSENT
    terminal.deliver()
    assert seen(terminal, last).stage is Stage.DELIVERED
    terminal.take(eta_min=3)
    taken = seen(terminal, last)
    assert (taken.stage, taken.by, taken.eta_min(clock.now())) == (Stage.TAKEN, "李静", 3)
    clock.advance(121)
    assert taken.eta_min(clock.now()) == 1
    clock.advance(600)
    assert taken.eta_min(clock.now()) == 0
    terminal.arrive()
    assert seen(terminal, last).stage is Stage.THERE
    terminal.finish()
    assert seen(terminal, last).stage is Stage.DONE
    clock.advance(61)

    assert current(terminal, PLACE, last, clock.now()) is None


def test_offline_a_call_waits_and_says_so(terminal: SampleTerminal) -> None:
    """With the cord, and without pretending that a cart rang."""
    terminal.connect(online=False, server_alive=False)

    last = press(terminal, PLACE, None)

    call = seen(terminal, last)
    assert (call.stage, call.rung) == (Stage.UNSENT, False)
    with speaking("zh_CN"):
        assert "还没有送达" in headline(call, last)
        assert "拉床头拉绳" in advice(call, last)


def test_with_the_server_away_the_carts_ring_and_the_screen_promises_nothing(terminal: SampleTerminal) -> None:
    """A cart may have heard it, but nobody has confirmed."""
    terminal.connect(online=True, server_alive=False)

    last = press(terminal, PLACE, None)

    call = seen(terminal, last)
    assert (call.stage, call.rung) == (Stage.UNSENT, True)
    with speaking("zh_CN"):
        assert "没有人确认" in advice(call, last)
        assert "拉床头拉绳" in advice(call, last)


def test_a_call_still_waits_after_the_replica_let_go_of_it(terminal: SampleTerminal) -> None:
    """What is in the outbox is shown as waiting, however long it takes."""
    terminal.connect(online=False, server_alive=False)
    last = press(terminal, PLACE, None)
    terminal.replica.held_calls.clear()

    call = seen(terminal, last)
    assert (call.id, call.stage, call.raised_at) == (last.id, Stage.UNSENT, AT)


def test_a_disk_that_fails_does_not_keep_the_carts_from_ringing(terminal: SampleTerminal) -> None:
    """And the screen says that it cannot be relied on."""
    terminal.fails_with = StoreFailed(detail="full")

    last = press(terminal, PLACE, None)

    assert [notice.bed for notice in terminal.rung] == ["12"]
    call = seen(terminal, last)
    assert call.stage is Stage.FAILED
    with speaking("en"):
        assert "cannot call" in advice(call, last)


def test_a_refused_call_is_not_shown_as_delivered(terminal: SampleTerminal) -> None:
    """The patient is told to pull the cord."""
    last = press(terminal, PLACE, None)
    terminal.refuse_calls()

    assert seen(terminal, last).stage is Stage.FAILED


def test_a_reason_refines_and_a_graver_one_rings_again(terminal: SampleTerminal) -> None:
    """Carts that have only heard the bed must hear that it is chest pain."""
    last = press(terminal, PLACE, None)

    refine(terminal, PLACE, None, seen(terminal, last), "CHEST")

    assert [(n.id, n.cls, n.reason) for n in terminal.rung] == [(last.id, "P2", None), (last.id, "P1", "CHEST")]
    call = seen(terminal, last)
    assert (call.cls, call.reason) == ("P1", "CHEST")


def test_a_small_reason_rings_nobody_again(terminal: SampleTerminal) -> None:
    """Water is not an alarm."""
    last = press(terminal, PLACE, None)

    refine(terminal, PLACE, None, seen(terminal, last), "WATER")

    assert len(terminal.rung) == 1
    assert seen(terminal, last).cls == "P4"


@pytest.mark.parametrize(
    ("reason", "after_s", "left_s"),
    [
        ("WATER", 0, 10),
        ("WATER", 3, 7),
        ("WATER", 9.5, 1),
        ("WATER", 10.5, 0),
        ("MOVE", 4, 6),
        ("PAIN", 1, 0),
        ("CHEST", 1, 0),
    ],
)
def test_only_a_small_call_can_be_taken_back_for_ten_seconds(
    terminal: SampleTerminal, clock: FixedClock, reason: str, after_s: float, left_s: int
) -> None:
    """P1 and P2 never."""
    last = press(terminal, PLACE, None)
    refine(terminal, PLACE, None, seen(terminal, last), reason)
    clock.advance(after_s)

    assert seen(terminal, last).cancel_left_s(clock.now()) == left_s


def test_a_call_that_was_taken_back_says_so(terminal: SampleTerminal) -> None:
    """And asks for no cord."""
    last = press(terminal, PLACE, None, "WATER")
    cancel(terminal, PLACE, None, seen(terminal, last))

    call = seen(terminal, last)
    assert call.stage is Stage.CANCELLED
    assert advice(call, last) == ""
    assert [step.state for step in steps(call, AT)] == ["done", "done"]


def test_a_trembling_finger_calls_once(terminal: SampleTerminal, clock: FixedClock) -> None:
    """Within ten seconds a second tap changes nothing; later it shows the call, and on its page calls again."""
    last = press(terminal, PLACE, None)
    call = seen(terminal, last)

    clock.advance(9)
    assert not calls_again(call, last, clock.now(), is_shown=True)
    clock.advance(1)
    assert calls_again(call, last, clock.now(), is_shown=True)
    assert not calls_again(call, last, clock.now(), is_shown=False)


def test_a_new_need_calls_anew(terminal: SampleTerminal, clock: FixedClock) -> None:
    """When nobody is on the way, one tap always raises a call, also while a former one was never finished."""
    assert calls_again(None, None, clock.now(), is_shown=False)
    last = press(terminal, PLACE, None)
    terminal.arrive()
    clock.advance(30)

    assert calls_again(seen(terminal, last), last, clock.now(), is_shown=False)


def test_of_several_calls_the_answered_one_is_shown(terminal: SampleTerminal, clock: FixedClock) -> None:
    """A second press that still waits does not hide that a nurse is coming."""
    press(terminal, PLACE, None)
    terminal.deliver()
    terminal.take(eta_min=2)
    clock.advance(30)
    last = press(terminal, PLACE, None)

    assert seen(terminal, last).stage is Stage.TAKEN


def test_calls_of_other_beds_are_not_mine(terminal: SampleTerminal) -> None:
    """A terminal hears of its bed alone; should another slip in, it is not shown."""
    last = press(terminal, PLACE, None)
    terminal.mark(last.id, bed="13", received_at=AT)
    terminal.deliver()

    assert current(terminal, PLACE, last, AT) is None


def test_every_reason_is_offered_once_and_six_a_page() -> None:
    """And the first page holds what cannot wait."""
    offered = [code for page in PAGES for code in page]

    assert sorted(offered) == sorted(call_reasons())
    assert max(len(page) for page in PAGES) <= 6
    assert [call_reasons()[code].cls for code in PAGES[0][:2]] == ["P1", "P1"]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_has_words_and_marks(stage: Stage, language: str) -> None:
    """Colour is never the only sign."""
    call = Call("x", stage, "P2", None, 2, AT, by="李静")
    with speaking(language):
        assert headline(call, None)
        assert short_text(call, AT)
        assert all(step.line.startswith(MARKS[step.state]) for step in steps(call, AT))


def test_an_unknown_reason_stands_for_itself() -> None:
    """A newer server may know more reasons; a long one does not flood the screen."""
    assert reason_text("NEW") == "NEW"
    assert len(reason_text("[bold]" * 20)) <= 16
