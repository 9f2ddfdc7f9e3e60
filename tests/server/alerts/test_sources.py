"""What else asks for somebody, besides vital signs: calls, infusions, what is overdue, silent devices, results."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from server.alerts.engine import AlertEngine
from tests.server.alerts.ward import HIGH, WELL, alerts, measure, only, says
from tests.server.orders.ward import active, doses, gives
from tests.server.wards import DESK, STAY_1, STAY_2, SmallWard
from wardlink import topics
from wardlink.i18n import speaking
from wardlink.link.port import Incoming
from wardlink.messages.alert_words import detail_text
from wardlink.messages.alerts import AcceptAlert, ResolveAlert
from wardlink.messages.base import Actor, Message
from wardlink.messages.calls import AcknowledgeCall, ArriveAtCall, RaiseCall, ResolveCall
from wardlink.messages.ecg import RecordEcg
from wardlink.messages.encounters import Discharge
from wardlink.messages.status import DeviceStatus, encode


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


def test_a_call_that_family_pressed_says_so(ward: SmallWard, engine: AlertEngine) -> None:
    """Without their name, on every page and cart that shows the alert; the patient's own press says nothing."""
    family = Actor(kind="family", id=STAY_2)
    ward.take(
        ward.terminal.command("call.raise", {"reason": "PAIN"}, actor=family, encounter=STAY_1),
        ward.terminal_2.command("call.raise", {"reason": "PAIN"}, actor=Actor(kind="patient", id=STAY_2)),
    )
    engine.look("w1", "call/")
    with speaking("en"):
        said = {view.bed: detail_text(view) for view in alerts(ward)}

    assert said == {"b1": "pain · pressed by the family", "b2": "pain"}
