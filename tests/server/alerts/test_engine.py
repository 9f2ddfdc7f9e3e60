"""Alerts without any screen: what raises them, who is asked next and what ends them, by the server's clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from server.alerts.engine import AlertEngine
from server.record.service import records_of
from tests.server.orders.ward import active, doses, gives
from tests.server.wards import DESK, NURSE, OTHER_NURSE, STAY_1, STAY_2, SmallWard
from wardlink import topics
from wardlink.clinical.vitals import VitalSet
from wardlink.link.port import Incoming
from wardlink.messages.alerts import AcceptAlert, AlertView, ArriveAtAlert, HandOnAlert, RefuseAlert, ResolveAlert
from wardlink.messages.base import Message
from wardlink.messages.calls import AcknowledgeCall, ArriveAtCall, RaiseCall, ResolveCall
from wardlink.messages.ecg import RecordEcg
from wardlink.messages.encounters import Discharge
from wardlink.messages.status import DeviceStatus, encode
from wardlink.messages.vitals import RecordVitals
from wardlink.record.alerts import ALERT

WELL = {"temp_c": 36.8, "pulse_per_min": 72, "rr_per_min": 16, "sbp_mmhg": 122, "dbp_mmhg": 78, "spo2_pct": 98}
WELL |= {"o2_on": False, "acvpu": "A"}
HIGH = WELL | {"rr_per_min": 25, "spo2_pct": 91, "pulse_per_min": 112}
MEDIUM = WELL | {"rr_per_min": 21, "spo2_pct": 95, "pulse_per_min": 112}
RED = WELL | {"rr_per_min": 25}
BREATHLESS = WELL | {"spo2_pct": 84}


@pytest.fixture
def engine(ward: SmallWard) -> AlertEngine:
    """The engine of the small ward; no thread of its own, it looks when it is told to."""
    return AlertEngine(ward.core)


def measure(ward: SmallWard, readings: dict[str, Any], *, encounter: str = STAY_1) -> str:
    """A nurse's set; the id of its command."""
    body = RecordVitals(readings=VitalSet.model_validate(readings))
    command = ward.cart.command("vitals.record", body, encounter=encounter)
    ward.take(command)
    return command.id


def alerts(ward: SmallWard, *, only_open: bool = False) -> list[AlertView]:
    """Every alert of the ward, oldest first."""
    with ward.db.read() as conn:
        return records_of(conn, ALERT, ward="w1", only_open=only_open)


def only(ward: SmallWard) -> AlertView:
    """The one alert there is."""
    [found] = alerts(ward)
    return found


def says(ward: SmallWard, kind: str, body: Message, *, by: Any = NURSE) -> None:
    """A cart reports what somebody does about an alert or a call."""
    ward.take(ward.cart.command(kind, body, actor=by, bed="b1", encounter=STAY_1))


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


def test_a_discharge_ends_what_asked_for_somebody(ward: SmallWard, engine: AlertEngine) -> None:
    """Also a grave one that somebody has taken; one that nobody took stays visible."""
    measure(ward, HIGH)
    engine.look_at_everything()
    says(ward, "alert.accept", AcceptAlert(alert=only(ward).id))
    ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_1)
    engine.sweep()
    ward.clock.advance(15)
    engine.sweep()

    assert only(ward).state == "resolved"


def test_a_call_climbs_like_any_alert_and_follows_what_is_said_of_the_call(
    ward: SmallWard, engine: AlertEngine
) -> None:
    """An emergency goes to the next after 20 seconds; taken, arrived at and ended as the call is."""
    call = ward.terminal.command("call.raise", RaiseCall(reason="CHEST"), encounter=STAY_1)
    ward.take(call)
    engine.look("w1", "call/")
    ward.clock.advance(20)
    engine.go_on()
    climbed = only(ward)
    states = []
    deeds: list[tuple[str, Message]] = [
        ("call.acknowledge", AcknowledgeCall(call=call.id, eta_min=1)),
        ("call.arrive", ArriveAtCall(call=call.id)),
        ("call.resolve", ResolveCall(call=call.id, outcome="helped")),
    ]
    for kind, body in deeds:
        ward.clock.advance(5)
        says(ward, kind, body)
        engine.look("w1", "call/")
        states.append(only(ward).state)

    assert (climbed.code, climbed.priority, climbed.offered_to) == ("call-P1", "high", ("nurse", "charge-nurse"))
    assert states == ["accepted", "arrived", "resolved"]


def test_an_infusion_that_is_nearly_empty_asks_for_somebody(ward: SmallWard, engine: AlertEngine) -> None:
    """By the rate and what hung there when it was begun; ended, the alert is over."""
    nacl = [{"drug": "nacl-0.9-250", "dose": 250, "unit": "mL"}]
    name = active(ward, category="infusion", items=nacl, route="ivgtt", volume_ml=250, rate_ml_per_h=250)
    dose = doses(ward, name)[0]
    ward.take(gives(ward.cart, dose, "dose.start", volume_ml=250, rate_ml_per_h=250))
    ward.clock.advance(30 * 60)
    engine.look("w1", "dose/")
    half = alerts(ward)
    ward.clock.advance(22 * 60)
    engine.look("w1", "dose/")
    nearly = only(ward)
    ward.take(gives(ward.cart, dose, "dose.end", infused_ml=250))
    engine.look("w1", "dose/")

    assert half == []
    assert (nearly.code, nearly.encounter, nearly.cause) == ("infusion-ending", STAY_1, dose.id)
    assert only(ward).state == "resolved"


def test_what_is_overdue_asks_for_somebody_until_it_is_done(ward: SmallWard, engine: AlertEngine) -> None:
    """A set that nobody has measured in time; measured, the alert is over and the other patient's stays."""
    measure(ward, WELL)
    measure(ward, WELL, encounter=STAY_2)
    engine.sweep()
    before = alerts(ward)
    ward.clock.advance(36 * 3600)
    engine.sweep()
    late = [view for view in alerts(ward) if view.code == "vitals-overdue"]
    measure(ward, WELL)
    engine.sweep()

    assert before == []
    assert sorted(view.encounter or "" for view in late) == [STAY_1, STAY_2]
    assert {view.encounter: view.state for view in alerts(ward)} == {STAY_1: "resolved", STAY_2: "offered"}


def test_a_device_that_falls_silent_without_a_goodbye_asks_for_somebody(ward: SmallWard, engine: AlertEngine) -> None:
    """Heard again it is over; a cart that is put away, and a monitor that says that it ends, ask for nobody."""
    engine.sweep()
    for device in ("m1", "c1", "t1"):
        _hear(ward, device, online=True)
    _hear(ward, "t1", online=False)
    ward.clock.advance(16)
    engine.look_at_devices()
    silent = only(ward)
    _hear(ward, "m1", online=True)
    engine.look_at_devices()

    assert (silent.code, silent.detail, silent.offered_to) == ("device-silent", {"device": "m1"}, ("nurse",))
    assert only(ward).state == "resolved"


def _hear(ward: SmallWard, device: str, *, online: bool) -> None:
    told = DeviceStatus(online=online, at=ward.clock.now())
    ward.core.fleet.hear(Incoming(topics.status("w1", device), encode(told)))


def test_a_critical_result_asks_for_somebody_once(ward: SmallWard, engine: AlertEngine) -> None:
    """Dealt with, it does not come again, though the report stays what it is."""
    for report, critical in (("窦性心律", False), ("三度房室传导阻滞", True)):
        strip = RecordEcg(
            source="room",
            leads=("II",),
            rate_hz=500,
            uv_per_unit=5,
            length=5_000,
            digest="-",
            report=report,
            critical=critical,
        )
        ward.core.execute("ecg.record", strip, ward="w1", actor=DESK, encounter=STAY_1, bed="b1")
    engine.sweep()
    found = only(ward)
    says(ward, "alert.resolve", ResolveAlert(alert=found.id, outcome="doctor informed"))
    ward.clock.advance(6 * 3600)
    engine.look("w1", "result/")

    assert (found.code, found.priority, found.encounter) == ("critical-result", "medium", STAY_1)
    assert len([view for view in alerts(ward) if view.code == "critical-result"]) == 1


def test_a_storm_is_one_alert_and_hides_nothing(ward: SmallWard, engine: AlertEngine) -> None:
    """Five of one kind stand behind one; each is still there, and each ends by itself."""
    _exceptions(ward, 4)
    ward.clock.advance(30 * 60)
    engine.sweep()
    four = alerts(ward)
    _exceptions(ward, 3)
    ward.clock.advance(30 * 60)
    engine.sweep()
    many = [view for view in alerts(ward) if view.subject == "many/exception-open"]
    behind = [view for view in alerts(ward) if view.within == many[0].id]
    ringing = [view for view in alerts(ward, only_open=True) if view.state == "offered"]
    says(ward, "alert.resolve", ResolveAlert(alert=many[0].id, outcome="all looked at"))

    assert [view.within for view in four] == [None] * 4
    assert (len(many), many[0].members, len(behind)) == (1, 7, 7)
    assert ringing == many
    assert alerts(ward, only_open=True) == []


def _exceptions(ward: SmallWard, count: int) -> None:
    with ward.core.transaction() as batch:
        for _ in range(count):
            batch.exception("bed-taken", ward="w1", command=None, bed="b1")


@pytest.mark.parametrize("deed", ["look_at_everything", "sweep", "go_on"])
def test_looking_twice_changes_nothing(ward: SmallWard, engine: AlertEngine, deed: str) -> None:
    """No change is told where nothing has changed."""
    measure(ward, HIGH)
    _exceptions(ward, 6)
    ward.clock.advance(1800)
    engine.look_at_everything()
    engine.go_on()
    look: Callable[[], None] = getattr(engine, deed)
    look()
    with ward.db.read() as conn:
        before = ward.core.head_of(conn, "w1")
    look()
    with ward.db.read() as conn:
        assert ward.core.head_of(conn, "w1") == before
