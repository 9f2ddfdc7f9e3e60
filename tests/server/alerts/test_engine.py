"""Alerts without any screen: what raises them, who is asked next and what ends them, by the server's clock."""

from __future__ import annotations

from typing import Any

import pytest

from server.alerts.engine import AlertEngine
from tests.server.alerts.ward import BREATHLESS, HIGH, MEDIUM, RED, WELL, alerts, measure, only, says
from tests.server.wards import OTHER_NURSE, STAY_1, STAY_2, SmallWard
from wardlink.messages.alerts import AcceptAlert, ArriveAtAlert, HandOnAlert, RefuseAlert, ResolveAlert


@pytest.mark.parametrize(
    ("readings", "code", "priority"),
    [
        (HIGH, "news2-high", "high"),
        (MEDIUM, "news2-medium", "medium"),
        (RED, "news2-red", "low"),
        (BREATHLESS, "value-critical", "high"),
        (WELL | {"spo2_pct": 85}, "value-severe", "medium"),
        (WELL | {"pulse_per_min": 131}, "value-severe", "medium"),
        (WELL | {"pulse_per_min": 130}, None, None),
        (WELL, None, None),
    ],
)
def test_vital_signs_raise_one_alert_by_the_gravest(
    ward: SmallWard, engine: AlertEngine, readings: dict[str, Any], code: str | None, priority: str | None
) -> None:
    """Of a stay there is one at most, with its patient, its bed and the set that raised it."""
    cause = measure(ward, readings)
    engine.look("w1", f"vitals/{STAY_1}")
    engine.look("w1", f"vitals/{STAY_1}")

    found = alerts(ward)
    assert [(view.code, view.priority) for view in found] == ([] if code is None else [(code, priority)])
    for view in found:
        assert (view.encounter, view.bed, view.cause) == (STAY_1, "b1", cause)
        assert (view.state, view.offered_to) == ("offered", ("nurse",))


def test_worse_rings_anew_and_better_does_not(ward: SmallWard, engine: AlertEngine) -> None:
    """The same alert; whoever had taken the lesser one is asked again."""
    measure(ward, MEDIUM)
    engine.look("w1", f"vitals/{STAY_1}")
    says(ward, "alert.accept", AcceptAlert(alert=only(ward).id))
    ward.clock.advance(60)
    measure(ward, HIGH)
    engine.look("w1", f"vitals/{STAY_1}")
    worse = only(ward)
    says(ward, "alert.accept", AcceptAlert(alert=worse.id))
    ward.clock.advance(60)
    measure(ward, MEDIUM)
    engine.look("w1", f"vitals/{STAY_1}")

    assert (worse.code, worse.state, worse.accepted_by) == ("news2-high", "offered", None)
    assert (only(ward).code, only(ward).state) == ("news2-medium", "accepted")


def test_a_grave_alert_stays_until_somebody_has_taken_it(ward: SmallWard, engine: AlertEngine) -> None:
    """Its cause may be gone; a lesser one then ends by itself. Both only after it has stayed away for a while."""
    measure(ward, HIGH)
    measure(ward, MEDIUM, encounter=STAY_2)
    engine.look_at_everything()
    ward.clock.advance(30)
    measure(ward, WELL)
    measure(ward, WELL, encounter=STAY_2)
    engine.sweep()
    before = [view.state for view in alerts(ward)]
    ward.clock.advance(15)
    engine.sweep()
    grave, lesser = alerts(ward)
    says(ward, "alert.accept", AcceptAlert(alert=grave.id))
    engine.sweep()

    assert before == ["offered", "offered"]
    assert (grave.state, grave.gone_at is not None, lesser.state) == ("offered", True, "resolved")
    assert [view.state for view in alerts(ward)] == ["resolved", "resolved"]


def test_what_nobody_takes_climbs_the_chain_and_is_never_silent(ward: SmallWard, engine: AlertEngine) -> None:
    """By day nurse, charge nurse, head nurse, doctor; each step adds one, and in the end all are asked again."""
    measure(ward, HIGH)
    engine.look("w1", f"vitals/{STAY_1}")
    seen = [only(ward).offered_to]
    for _ in range(4):
        ward.clock.advance(59)
        engine.go_on()
        assert only(ward).offered_to == seen[-1]
        ward.clock.advance(1)
        engine.go_on()
        seen.append(only(ward).offered_to)

    chain = ("nurse", "charge-nurse", "head-nurse", "doctor")
    assert seen == [chain[:1], chain[:2], chain[:3], chain, chain]
    assert only(ward).offers == 5
    assert only(ward).answer_by_at is not None


def test_at_night_the_head_nurse_is_passed_over(ward: SmallWard, engine: AlertEngine) -> None:
    """The chain is data, with hours of the ward's day."""
    ward.clock.advance(9 * 3600)  # 19:00 in the ward
    measure(ward, HIGH)
    engine.look("w1", f"vitals/{STAY_1}")
    for _ in range(2):
        ward.clock.advance(60)
        engine.go_on()

    assert only(ward).offered_to == ("nurse", "charge-nurse", "doctor")


def test_timers_survive_a_restart(ward: SmallWard, engine: AlertEngine) -> None:
    """A server that was away offers at once to everybody who would have been asked meanwhile, and doubles nothing."""
    measure(ward, HIGH)
    engine.look_at_everything()
    ward.clock.advance(121)

    anew = AlertEngine(ward.core)
    anew.look_at_everything()
    anew.go_on()

    assert only(ward).offered_to == ("nurse", "charge-nurse", "head-nurse")


def test_who_takes_it_and_does_not_come_is_asked_again_with_the_next(ward: SmallWard, engine: AlertEngine) -> None:
    """Accepted is not arrived: after the time to arrive it is offered anew, and the next in the chain joins."""
    measure(ward, HIGH)
    engine.look("w1", f"vitals/{STAY_1}")
    says(ward, "alert.accept", AcceptAlert(alert=only(ward).id, eta_min=3))
    ward.clock.advance(299)
    engine.go_on()
    taken = only(ward)
    ward.clock.advance(1)
    engine.go_on()

    assert (taken.state, taken.accepted_name, taken.eta_min) == ("accepted", "李静", 3)
    assert (only(ward).state, only(ward).offered_to) == ("offered", ("nurse", "charge-nurse"))
    assert [event.deed for event in only(ward).events] == ["raised", "offered", "accepted", "timed-out", "offered"]


def test_who_arrives_is_not_pressed(ward: SmallWard, engine: AlertEngine) -> None:
    """Nothing is offered to anybody else while somebody is there; dealt with, it is over."""
    measure(ward, HIGH)
    engine.look("w1", f"vitals/{STAY_1}")
    says(ward, "alert.arrive", ArriveAtAlert(alert=only(ward).id))
    ward.clock.advance(7200)
    engine.go_on()
    there = only(ward)
    says(ward, "alert.resolve", ResolveAlert(alert=there.id, outcome="doctor informed"))

    assert (there.state, there.offered_to) == ("arrived", ("nurse",))
    assert (only(ward).state, only(ward).outcome) == ("resolved", "doctor informed")


def test_the_first_has_it_whatever_comes_first(ward: SmallWard, engine: AlertEngine) -> None:
    """Two carts took it; the one whose clock was earlier has it, also if its word comes later."""
    measure(ward, HIGH)
    engine.look("w1", f"vitals/{STAY_1}")
    ward.clock.advance(10)
    body = AcceptAlert(alert=only(ward).id)
    early = ward.cart_2.command("alert.accept", body, actor=OTHER_NURSE, encounter=STAY_1, bed="b1")
    ward.clock.advance(5)
    says(ward, "alert.accept", body)
    ward.take(early)
    ward.take(early)

    assert str(only(ward).accepted_by) == str(OTHER_NURSE)
    assert [event.deed for event in only(ward).events][2:] == ["accepted", "accepted"]


def test_refused_and_handed_on_it_waits_for_others(ward: SmallWard, engine: AlertEngine) -> None:
    """Whoever had it gives it back; a role that was not asked yet has it too, and the clock runs anew."""
    measure(ward, MEDIUM)
    engine.look("w1", f"vitals/{STAY_1}")
    alert = only(ward).id
    says(ward, "alert.accept", AcceptAlert(alert=alert))
    ward.clock.advance(5)
    says(ward, "alert.refuse", RefuseAlert(alert=alert, reason="抢救中"))
    refused = only(ward)
    ward.clock.advance(5)
    says(ward, "alert.hand-on", HandOnAlert(alert=alert, to="doctor", reason="需医生查看"))

    assert (refused.state, refused.accepted_by) == ("offered", None)
    assert (only(ward).state, only(ward).offered_to) == ("offered", ("nurse", "doctor"))
    assert only(ward).answer_by_at is not None
    assert (only(ward).answer_by_at - ward.clock.now()).total_seconds() == 120  # type: ignore[operator]


def test_dealt_with_it_comes_again_only_if_it_lasts_or_gets_worse(ward: SmallWard, engine: AlertEngine) -> None:
    """Half an hour after a grave one, an hour after a lesser one; at once where it has become worse."""
    measure(ward, MEDIUM)
    engine.look_at_everything()
    says(ward, "alert.resolve", ResolveAlert(alert=only(ward).id, outcome="doctor informed"))
    ward.clock.advance(3599)
    measure(ward, MEDIUM)
    engine.sweep()
    quiet = len(alerts(ward))
    ward.clock.advance(1)
    engine.sweep()
    again = alerts(ward)
    says(ward, "alert.resolve", ResolveAlert(alert=again[-1].id, outcome="doctor informed"))
    measure(ward, HIGH)
    engine.look("w1", f"vitals/{STAY_1}")

    assert (quiet, len(again)) == (1, 2)
    assert [view.code for view in alerts(ward)] == ["news2-medium", "news2-medium", "news2-high"]
