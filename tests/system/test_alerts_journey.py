"""An alert on its way: from a set typed at one cart to the other, taken there while the server is dead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cart.usecases import alerts
from cart.usecases.session import sign_in
from tests.system.test_journey import ILL
from tests.system.wards import BADGE, PIN, RunningWard, running
from tests.waiting import wait_until
from wardlink.device import Device
from wardlink.messages.alerts import AlertView
from wardlink.messages.vitals import RecordVitals
from wardlink.record.alerts import ALERT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWard]:
    """A ward with two carts, in step."""
    with running(tmp_path_factory.mktemp("alerts"), broker="nats") as found:
        found.in_step(found.device("c1"), found.device("c2"))
        yield found


def shown(cart: Device) -> AlertView | None:
    """The alert that this cart shows."""
    found = alerts.open_alerts(cart.replica.records(ALERT))
    return found[0] if found else None


def test_a_grave_set_rings_on_the_other_cart_and_is_taken_there(ward: RunningWard) -> None:
    """Raised within moments; taken while the server is dead, known everywhere once it lives, and raised once only."""
    c1, c2 = ward.device("c1"), ward.device("c2")
    nurse = sign_in(c1, BADGE, PIN)
    c1.record("vitals.record", RecordVitals(readings=ILL), actor=nurse.actor, encounter=ward.stay)
    raised = wait_until(lambda: shown(c2), "the alert is on the other cart")
    assert (raised.code, raised.encounter, raised.offered_to) == ("news2-high", ward.stay, ("nurse",))
    assert alerts.rings_for(raised, nurse)

    ward.server.kill()
    alerts.accept(c2, nurse, raised, 2)
    taken = shown(c2)
    assert taken is not None
    assert (taken.state, alerts.rings_for(taken, nurse)) == ("accepted", False)
    ward.start_server()

    ward.in_step(c1, c2)
    found = wait_until(lambda: (view := shown(c1)) and view.state == "accepted" and view, "it is known to be taken")
    assert (found.id, found.eta_min) == (raised.id, 2)
    assert len(c1.replica.records(ALERT)) == 1
