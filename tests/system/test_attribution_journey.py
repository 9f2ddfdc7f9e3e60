"""A monitor speaks and nobody has paired it: a nurse says afterwards whose the values were, and takes it back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cart.usecases.attributions import candidates_of, give, given, monitor_of, nobodys, take_back
from cart.usecases.cases import open_cases
from cart.usecases.session import sign_in
from server.dashboard.load import read_board
from tests.postgres import needs_postgres
from tests.system.wards import BADGE, BED, MONITOR, PIN, WARD, RunningWard, running
from tests.waiting import wait_until
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import SystemClock
from wardlink.device import Device
from wardlink.messages.base import Actor
from wardlink.messages.exceptions import ExceptionView
from wardlink.messages.vitals import RecordVitals

pytestmark = pytest.mark.slow

HOUSES = ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, needs_postgres])]


@pytest.fixture(scope="module", params=HOUSES)
def ward(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWard]:
    """A ward with two carts and a monitor."""
    url = None
    if request.param == "postgres":
        cluster = request.getfixturevalue("cluster")
        url = cluster.url(cluster.create())
    with running(tmp_path_factory.mktemp("attribution"), url=url) as found:
        found.in_step(found.device("c1"), found.device("c2"))
        yield found


def case_of(device: Device) -> ExceptionView | None:
    """The case of the monitor, as a cart holds it."""
    return next((case for case in open_cases(device.replica.exceptions()) if monitor_of(case) == MONITOR), None)


def pulses(device: Device, stay: str) -> list[tuple[float | None, bool]]:
    """What a cart holds of a stay: the pulse of each set, and whether it says that it was given afterwards."""
    return [(found.readings.pulse_per_min, found.assigned is not None) for found in device.replica.vitals(stay)]


def test_values_that_were_nobodys_are_the_patients_everywhere(ward: RunningWard) -> None:
    """Said on a cart without a network; then known to the other cart, the board and a cart that begins; taken back."""
    c1, c2, monitor = ward.device("c1"), ward.device("c2"), ward.device(MONITOR)
    nurse = sign_in(c1, BADGE, PIN)
    body = RecordVitals(readings=VitalSet(pulse_per_min=131.0, rr_per_min=26.0), source="monitor")
    monitor.record("vitals.record", body, actor=Actor(kind="device", id=MONITOR), bed=BED)
    wait_until(lambda: case_of(c1) is not None, "the case is on the cart", timeout_s=60)
    ward.in_step(c1, c2, monitor)
    ward.server.stop()

    case = case_of(c1)
    assert case is not None
    found = nobodys(c1.replica, case)
    assert found is not None
    offered = candidates_of(c1.replica, found.bed, found.time)
    said = give(c1, nurse, found, offered[0].stay, found.time, "emergency")
    waiting = [view.received_at for view in given(c1.replica)]
    ward.start_server()
    ward.in_step(c1, c2)

    with ward.db.read() as conn:
        board = read_board(conn, WARD, SystemClock().now())
    assert ([each.lay is not None for each in offered], waiting) == ([True, False], [None])
    assert pulses(c1, ward.stay) == pulses(c2, ward.stay) == [(131.0, True)]
    assert (c2.replica.nobodys(MONITOR), case_of(c2)) == ([], None)
    assert board.latest[ward.stay].values["pulse_per_min"].value == 131.0
    assert c2.replica.latest(ward.stay)["pulse_per_min"].value == 131.0

    view = next(view for view in given(c1.replica) if view.id == said.id)
    take_back(c1, nurse, view, "wrong patient")
    ward.in_step(c1, c2)

    assert pulses(c1, ward.stay) == pulses(c2, ward.stay) == []
    assert c2.replica.latest(ward.stay) == {}
    assert [found.readings.pulse_per_min for found in c2.replica.nobodys(MONITOR)] == [131.0]
    assert case_of(c2) is not None
