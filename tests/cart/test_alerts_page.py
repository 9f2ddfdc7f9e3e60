"""The page of alerts under the hands of a nurse: taken, given back, handed on, dealt with; and for whom it rings."""

from __future__ import annotations

import pytest

from cart.sample import SECOND_BADGE, SECOND_PIN
from cart.usecases.alerts import open_alerts, rings_for
from cart.usecases.ringing import Bells
from cart.usecases.session import Session
from tests.cart.alerts import ALERTS, alert, told_at
from tests.cart.nurse import AT, Nurse, cart, sample_of
from wardlink.messages.alerts import AlertView
from wardlink.messages.base import Actor
from wardlink.messages.changes import StaffView
from wardlink.record.alerts import ALERT

LI = Session(StaffView(id="n-lijing", name="李静", role="nurse"), False, AT)
HEAD = Session(StaffView(id="h-1", name="赵护士长", role="head-nurse"), False, AT)


async def begin(nurse: Nurse, *views: AlertView) -> None:
    """Signed in, with these alerts open, on their page."""
    await nurse.sign_in()
    for view in views:
        sample_of(nurse).change(ALERT, view)
    await nurse.press("f8")
    await nurse.changed()


def now_of(nurse: Nurse, view: AlertView) -> AlertView:
    """An alert as the cart shows it now."""
    found = sample_of(nurse).replica.record(ALERT, view.id)
    assert found is not None
    return found


async def test_one_key_takes_it_also_without_a_network() -> None:
    """Said with the minutes until she is there, at once on the page, whatever the network does."""
    async with cart() as nurse:
        sample_of(nurse).online = sample_of(nurse).server_alive = False
        await begin(nurse, ALERTS[0])
        await nurse.press("2")

        taken = now_of(nurse, ALERTS[0])
        assert (taken.state, taken.accepted_name, taken.eta_min) == ("accepted", "李静", 2)
        assert "李静" in nurse.text()


async def test_there_and_done_with_what_was_done() -> None:
    """A is pressed at the bed; R asks what was done, and the alert leaves the list."""
    async with cart() as nurse:
        await begin(nurse, ALERTS[0])
        await nurse.press("t", "a")
        there = now_of(nurse, ALERTS[0])
        await nurse.press("r", "2")

        done = now_of(nurse, ALERTS[0])
        assert there.state == "arrived"
        assert (done.state, done.outcome) == ("resolved", "已报告医生")
        assert "目前没有提醒" in nurse.text()


async def test_who_cannot_is_left_in_peace_and_the_others_are_not() -> None:
    """Refused with a reason it stays open, and rings no more on this cart for her; for her colleague it does."""
    async with cart() as nurse:
        await begin(nurse, ALERTS[0])
        await nurse.press("x", "2")
        refused = now_of(nurse, ALERTS[0])
        mine = nurse.text()
        await nurse.press("f12")
        await nurse.sign_in(SECOND_BADGE, SECOND_PIN)
        other = alert(9, "news2-high", bed="10", detail={"news2": "11"})
        sample_of(nurse).change(ALERT, other)
        await nurse.changed()

        assert (refused.state, refused.events[-1].reason) == ("offered", "抢救中")
        assert "F8 处理" not in mine
        assert "F8 处理" in nurse.text()


async def test_handed_on_to_somebody_who_does_not_have_it_yet() -> None:
    """The roles that have it are not offered; the reason is kept."""
    async with cart() as nurse:
        await begin(nurse, ALERTS[0])
        await nurse.press("h")
        asked = nurse.text()
        await nurse.press("2", "1")

        found = now_of(nurse, ALERTS[0])
        rows = [line.strip(" ▊▎").split() for line in asked.splitlines() if "▊   " in line]
        options = [words for words in rows if len(words) == 2 and words[0].isdigit()]
        assert options == [["1", "护士长"], ["2", "医生"]]
        assert found.offered_to == ("nurse", "charge-nurse", "doctor")
        assert (found.events[-1].to, found.events[-1].reason) == ("doctor", "需医生查看")


async def test_the_keys_say_so_when_everybody_has_it() -> None:
    """Nothing is sent."""
    async with cart() as nurse:
        everybody = ALERTS[0].model_copy(update={"offered_to": ("nurse", "charge-nurse", "head-nurse", "doctor")})
        await begin(nurse, everybody)
        await nurse.press("h")

        assert now_of(nurse, everybody) == everybody


async def test_the_patient_is_one_key_away() -> None:
    """O opens the stay that it is about; an alert of the ward has none."""
    async with cart() as nurse:
        await begin(nurse, ALERTS[2])
        await nurse.press("o")
        stays = nurse.page
        sample_of(nurse).change(ALERT, ALERTS[0])
        await nurse.changed()
        await nurse.press("home", "o")

        assert (stays, nurse.page) == ("AlertsScreen", "PatientScreen")


async def test_nobody_answers_alerts_before_signing_in() -> None:
    """The key says why."""
    async with cart() as nurse:
        await nurse.settle()
        await nurse.press("f8")

        assert nurse.page == "SignInScreen"


def test_what_nobody_has_comes_first_then_the_graver_then_the_older() -> None:
    """What stands behind another and calls are not on this list."""
    behind = alert(4, "dose-overdue", bed="11", within=ALERTS[2].id, state="raised")
    call = alert(5, "call-P2", bed="11")
    over = alert(6, "news2-high", bed="11", state="resolved")

    found = open_alerts([*reversed(ALERTS), behind, call, over])

    assert [view.id for view in found] == [ALERTS[0].id, ALERTS[2].id, ALERTS[1].id]


@pytest.mark.parametrize(
    ("view", "session", "rings"),
    [
        (alert(1, "news2-high", bed="10"), LI, True),
        (alert(1, "news2-high", bed="10"), None, True),
        (alert(1, "infusion-ending", bed="10"), None, False),
        (alert(1, "news2-high", bed="10", offered_to=("doctor",)), None, False),
        (alert(1, "news2-high", bed="10"), HEAD, False),
        (alert(1, "news2-high", bed="10", offered_to=("nurse", "charge-nurse", "head-nurse")), HEAD, True),
        (alert(1, "news2-high", bed="10", state="accepted"), LI, False),
        (
            alert(1, "news2-high", bed="10", events=(told_at("refused", AT, by=Actor(kind="staff", id="n-lijing")),)),
            LI,
            False,
        ),
        (
            alert(
                1,
                "news2-high",
                bed="10",
                since_at=AT,
                events=(told_at("refused", AT - (AT - ALERTS[0].raised_at), by=Actor(kind="staff", id="n-lijing")),),
            ),
            LI,
            True,
        ),
    ],
)
def test_for_whom_it_rings(view: AlertView, session: Session | None, rings: bool) -> None:
    """For the roles it is offered to; for nobody who has refused it since it last began to ring."""
    assert rings_for(view, session) is rings


def test_each_sounds_in_its_own_rhythm_and_falls_silent_when_taken() -> None:
    """A grave one every three seconds, a lesser one every minute; taken, neither."""
    grave, lesser = alert(1, "news2-high", bed="10"), alert(2, "infusion-ending", bed="12")
    bells = Bells()
    sounded = [bells.due([], [grave, lesser], LI, second) for second in range(7)]
    taken = [view.model_copy(update={"state": "accepted"}) for view in (grave, lesser)]

    assert sounded == [2, 0, 0, 1, 0, 0, 1]
    assert bells.due([], [grave, lesser], LI, 60.0) == 2
    assert bells.due([], taken, LI, 120.0) == 0
