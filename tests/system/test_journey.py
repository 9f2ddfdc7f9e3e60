"""The vital journey: what is typed at one cart is known everywhere, and a call rings whatever else is down.

The same on each database and with each broker; the broker is a process of its own, so that it stays when the
server is gone.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bedside.ports import Place
from bedside.usecases import calls as at_the_bed
from bedside.usecases.calls import Stage
from bedside.usecases.session import open_session
from cart.usecases import calls as at_the_cart
from cart.usecases.session import Session, sign_in
from server.dashboard.load import read_board
from tests.brokers import needs_mosquitto
from tests.postgres import needs_postgres
from tests.system.wards import BADGE, BED, BED_2, PIN, TERMINAL, WARD, RunningWard, running
from tests.waiting import wait_until
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import SystemClock
from wardlink.device import Device
from wardlink.messages.calls import CallChanged
from wardlink.messages.vitals import RecordVitals, StrikeVitals

pytestmark = pytest.mark.slow

PLACE = Place(WARD, BED, TERMINAL)
ILL = VitalSet(
    temp_c=38.6,
    temp_method="axillary",
    pulse_per_min=112.0,
    rr_per_min=25.0,
    sbp_mmhg=100.0,
    dbp_mmhg=62.0,
    spo2_pct=91.0,
    o2_on=False,
    o2_mode="air",
    acvpu="A",
)
"""NEWS2 11: worked example 3 of the ward domain sheet, 2.4."""

HOUSES = [
    pytest.param(("sqlite", "nats"), id="sqlite-nats"),
    pytest.param(("sqlite", "mosquitto"), id="sqlite-mosquitto", marks=[pytest.mark.mosquitto, needs_mosquitto]),
    pytest.param(("postgres", "nats"), id="postgres-nats", marks=[pytest.mark.postgres, needs_postgres]),
]


@pytest.fixture(scope="module", params=HOUSES)
def ward(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWard]:
    """A ward with two carts, a terminal and a monitor."""
    database, broker = request.param
    url = None
    if database == "postgres":
        cluster = request.getfixturevalue("cluster")
        url = cluster.url(cluster.create())
    with running(tmp_path_factory.mktemp("journey"), url=url, broker=broker) as found:
        found.in_step(found.device("c1"), found.device("c2"), found.device(TERMINAL))
        yield found


@pytest.fixture
def nurse(ward: RunningWard) -> Session:
    """李静, signed in at cart C1."""
    return sign_in(ward.device("c1"), BADGE, PIN)


def record(ward: RunningWard, nurse: Session, bed: str = BED, readings: VitalSet = ILL) -> str:
    """Save a set at cart C1; its id."""
    stay = ward.built.stays[bed]
    body = RecordVitals(readings=readings)
    return ward.device("c1").record("vitals.record", body, actor=nurse.actor, encounter=stay, bed=bed).id


def has(device: Device, vitals_id: str) -> bool:
    """Whether a device holds a set, as confirmed by the server."""
    held = device.replica.vitals_set(vitals_id)
    return held is not None and held.received_at is not None


def test_a_set_typed_at_one_cart_reaches_the_other_the_terminal_and_the_board(
    ward: RunningWard, nurse: Session
) -> None:
    """The same readings, the score and who took them; at the cart itself at once, at the others when confirmed."""
    c1, c2, terminal = ward.device("c1"), ward.device("c2"), ward.device(TERMINAL)

    made = record(ward, nurse)

    mine = c1.replica.vitals_set(made)
    assert mine is not None
    assert mine.readings == ILL
    ward.in_step(c1, c2, terminal)
    for device in (c1, c2, terminal):
        held = device.replica.vitals_set(made)
        assert held is not None
        assert held.readings == ILL
        assert held.actor_name == "李静"
        assert held.news2 is not None
        assert (held.news2.total, held.news2.band) == (11, "high")
    with ward.db.read() as conn:
        board = read_board(conn, WARD, SystemClock().now())
    shown = board.latest[ward.stay]
    assert shown.values["temp_c"].value == 38.6
    score = shown.score(board.stays[ward.stay])
    assert score is not None
    assert score.text == "11"


def test_a_terminal_hears_its_own_bed_only(ward: RunningWard, nurse: Session) -> None:
    """A set of the neighbour reaches the carts and never the terminal, neither told nor asked for."""
    c2, terminal = ward.device("c2"), ward.device(TERMINAL)

    made = record(ward, nurse, BED_2)

    wait_until(lambda: has(c2, made), "the other cart holds the set")
    ward.in_step(terminal)
    assert terminal.replica.vitals_set(made) is None
    assert {stay.bed for stay in terminal.replica.encounters()} <= {BED}


def test_a_set_that_is_struck_out_is_struck_everywhere(ward: RunningWard, nurse: Session) -> None:
    """It stays readable with its reason, and no longer counts as the newest value."""
    c1, c2, terminal = ward.device("c1"), ward.device("c2"), ward.device(TERMINAL)
    made = record(ward, nurse, readings=VitalSet(pulse_per_min=199.0))
    wait_until(lambda: has(c2, made), "the other cart holds the set")

    c1.record(
        "vitals.strike", StrikeVitals(vitals=made, reason="wrong patient"), actor=nurse.actor, encounter=ward.stay
    )

    ward.in_step(c1, c2, terminal)
    for device in (c1, c2, terminal):
        held = device.replica.vitals_set(made)
        assert held is not None
        assert held.struck_reason == "wrong patient"
        latest = device.replica.latest(ward.stay).get("pulse_per_min")
        assert latest is None or latest.vitals_id != made


def test_what_a_cart_records_while_everything_is_down_arrives_later(ward: RunningWard, nurse: Session) -> None:
    """The broker and the server die; the set is kept, shown as unsent, and reaches everybody afterwards."""
    assert ward.broker is not None
    c1, c2 = ward.device("c1"), ward.device("c2")
    ward.server.kill()
    ward.broker.kill()
    wait_until(lambda: not c1.status().online, "the cart notices that nobody is there")

    made = record(ward, nurse)

    assert c1.status().outbox == 1
    assert not has(c1, made)
    ward.broker.revive()
    ward.start_server()
    ward.in_step(c1, c2)
    assert has(c2, made)
    assert sum(change.command == made for change in ward.changes("vitals.recorded")) == 1


def test_a_call_rings_while_the_server_is_down_and_its_progress_comes_back(ward: RunningWard, nurse: Session) -> None:
    """Raised at the bed it rings on both carts without a server; once it is back, everyone sees each step."""
    c1, c2, terminal = ward.device("c1"), ward.device("c2"), ward.device(TERMINAL)
    patient = open_session(terminal, f"S{BED}", "4827")
    ward.server.kill()

    press = at_the_bed.press(terminal, PLACE, patient, "PAIN")

    assert press.rung
    assert press.error is None
    for cart in (c1, c2):
        rung = wait_until(lambda cart=cart: call_at(cart, press.id), "the call rings on the cart")  # type: ignore[misc]
        assert (rung.bed, rung.state, rung.cls, rung.received_at) == (BED, "raised", "P2", None)
    assert stage(terminal, press) is Stage.UNSENT
    taken = call_at(c1, press.id)
    assert taken is not None
    at_the_cart.acknowledge(c1, nurse, taken, 3)

    ward.start_server()

    wait_until(lambda: stage(terminal, press) is Stage.TAKEN, "the patient reads who comes", timeout_s=30)
    seen = at_the_bed.current(terminal, PLACE, press, terminal.clock.now())
    assert seen is not None
    assert (seen.by, seen.eta_min(terminal.clock.now())) == ("李静", 3)
    for move, after in ((at_the_cart.arrive, Stage.THERE), (resolved, Stage.DONE)):
        call = call_at(c1, press.id)
        assert call is not None
        move(c1, nurse, call)
        wait_until(lambda after=after: stage(terminal, press) is after, f"the patient reads {after}")  # type: ignore[misc]
    ward.in_step(c1, c2, terminal)
    assert [call_at(device, press.id) for device in (c2, terminal)] == [call_at(c1, press.id)] * 2
    assert sum(call.id == press.id for call in c2.replica.calls()) == 1


def test_nothing_was_put_aside(ward: RunningWard) -> None:
    """After all of this no message is parked, no chain is broken, and no exception waits for a person."""
    from workbench.demo.health import Books

    books = Books(ward.url, WARD)
    try:
        assert [check.what for check in books.checks() if not check.is_well] == []
    finally:
        books.close()


def call_at(device: Device, call_id: str) -> CallChanged | None:
    """A call as a device holds it."""
    return next((call for call in device.replica.calls() if call.id == call_id), None)


def stage(terminal: Device, press: at_the_bed.Press) -> Stage | None:
    """How far the patient sees the call."""
    found = at_the_bed.current(terminal, PLACE, press, terminal.clock.now())
    return None if found is None or found.id != press.id else found.stage


def resolved(cart: Device, nurse: Session, call: CallChanged) -> None:
    """The nurse has helped."""
    at_the_cart.resolve(cart, nurse, call, "helped")
