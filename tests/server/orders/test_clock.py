"""What time does to orders, by the server's clock and whether or not anybody looks."""

from __future__ import annotations

from datetime import timedelta

from server.orders.clock import OrderClock
from server.orders.planning import horizon
from tests.server.orders.ward import active, do, doses, gives, order
from tests.server.wards import DESK, STAY_1, SmallWard
from tests.waiting import wait_until
from wardlink.clock import ward_time
from wardlink.ids import new_id
from wardlink.messages.encounters import Discharge

HOUR = 3600


def test_the_next_day_is_planned_when_the_ward_s_midnight_has_passed(ward: SmallWard) -> None:
    """Once; a second look makes nothing more, and neither does a server that starts anew."""
    name = active(ward)
    clock = OrderClock(ward.core)
    clock.look()
    before = len(doses(ward, name))
    ward.clock.advance(14 * HOUR)  # past midnight in the ward

    clock.look()
    after = doses(ward, name)
    clock.look()
    OrderClock(ward.core).look()

    assert (before, len(after), len(doses(ward, name))) == (6, 9, 9)
    assert after[-1].due_at is not None
    assert after[-1].due_at < horizon(ward.clock.now())


def test_what_was_not_begun_is_called_missed_at_its_time(ward: SmallWard) -> None:
    """By the server, with the instant from which on it was missed; what was given is left alone."""
    name = active(ward)
    first, second, *_ = doses(ward, name)
    ward.take(gives(ward.cart, first))
    assert second.missed_at is not None
    clock = OrderClock(ward.core)

    ward.clock.advance((second.missed_at - ward.clock.now()).total_seconds() - 1)
    clock.look()
    just_before = doses(ward, name)[1].state
    ward.clock.advance(1)
    clock.look()

    found = doses(ward, name)
    assert (just_before, [dose.state for dose in found[:3]]) == ("planned", ["done", "missed", "planned"])
    assert (found[1].events[0].at, str(found[1].events[0].by)) == (second.missed_at, "system:server")
    assert ward.exceptions() == []


def test_a_dose_on_hold_is_not_missed(ward: SmallWard) -> None:
    """It waits for the doctor."""
    name = active(ward)
    do(ward, "order.hold", {"order": name, "reason": "禁食"})
    ward.clock.advance(24 * HOUR)

    OrderClock(ward.core).name_missed(ward.clock.now())

    assert {dose.state for dose in doses(ward, name)} == {"planned"}


def test_a_dose_given_late_after_it_was_called_missed(ward: SmallWard) -> None:
    """A cart without a network gave it in time: that it was called missed meanwhile is put before a person."""
    name = active(ward)
    dose = doses(ward, name)[1]
    assert dose.due_at is not None
    ward.clock.advance((dose.due_at - ward.clock.now()).total_seconds())
    offline = gives(ward.cart, dose)
    ward.clock.advance(5 * HOUR)
    OrderClock(ward.core).look()

    ward.take(offline)

    assert doses(ward, name)[1].state == "done"
    assert [row.kind for row in ward.exceptions()] == ["dose-contradicts"]


def test_who_has_gone_home_misses_nothing(ward: SmallWard) -> None:
    """What was due before the discharge was missed by then; the rest is taken back, and nobody is asked about it."""
    name = active(ward)
    second = doses(ward, name)[1]
    assert second.due_at is not None
    ward.clock.advance((second.due_at - ward.clock.now()).total_seconds() + 60)
    ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_1)
    gone_at = ward.clock.now()
    ward.clock.advance(24 * HOUR)

    clock = OrderClock(ward.core)
    clock.look()
    clock.look()

    found = doses(ward, name)
    assert [dose.state for dose in found[:4]] == ["missed", "missed", "cancelled", "cancelled"]
    assert [event.at for event in found[1].events] == [gone_at]
    assert ward.exceptions() == []


def test_what_may_be_given_once_lapses_after_twelve_hours(ward: SmallWard) -> None:
    """Unused it ends by itself; used before, it is left to the nurse."""
    once = {"kind": "temporary-prn", "frequency": "sos", "start_at": ward.clock.now().isoformat()}
    name = active(ward, **once)
    ward.clock.advance(12 * HOUR)
    clock = OrderClock(ward.core)
    clock.look()
    just_then = order(ward, name).state
    ward.clock.advance(1)
    clock.look()

    ended = order(ward, name)
    assert (just_then, ended.state) == ("active", "stopped")
    assert ended.stop_at == ended.start_at + timedelta(hours=12)
    assert f"{ward_time(ended.stop_at):%H:%M}" == "22:00"


def test_what_is_ordered_once_is_completed_by_its_dose(ward: SmallWard) -> None:
    """And does not lapse any more; a standing order goes on."""
    now = ward.clock.now().isoformat()
    once = active(ward, kind="temporary", frequency="st", start_at=now)
    often = active(ward)
    for name in (once, often):
        ward.take(gives(ward.cart, doses(ward, name)[0]))

    assert [order(ward, name).state for name in (once, often)] == ["completed", "active"]


def test_it_runs_by_itself_and_ends(ward: SmallWard) -> None:
    """A look that fails does not end it."""
    clock = OrderClock(ward.core, every_s=0.01)
    looked: list[str] = []

    def look() -> None:
        looked.append(new_id())
        raise RuntimeError("the disk is full")

    clock.look = look  # type: ignore[method-assign]
    clock.start()
    wait_until(lambda: len(looked) >= 3, "it looked three times")
    clock.stop()
