"""Alerts that a cart hears beside the changes, before it has caught up with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.device.fake_server import NOW, WARD
from tests.device.wards import NURSE, STAY_1, TestWard
from tests.waiting import wait_until
from wardlink import topics
from wardlink.device import Device
from wardlink.ids import new_id
from wardlink.messages.alerts import AcceptAlert, AlertNotice, AlertView
from wardlink.record.alerts import ALERT

ALARM = AlertView(
    id=new_id(),
    encounter=STAY_1,
    bed="1",
    code="news2-high",
    priority="high",
    subject=f"vitals/{STAY_1}",
    raised_at=NOW,
    since_at=NOW,
    offered_to=("nurse",),
)


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[TestWard]:
    """A running ward without devices."""
    with TestWard(tmp_path) as running:
        yield running


def tell(ward: TestWard, seq: int, view: AlertView = ALARM, *, log: str | None = None) -> None:
    """The server tells of an alert directly."""
    notice = AlertNotice(log=log or ward.server.books.log_id, seq=seq, view=view)
    ward.served.link.publish(topics.alerts(WARD), notice.model_dump_json(exclude_none=True).encode())


def in_step(cart: Device) -> bool:
    """Whether the cart hears the broker and holds a snapshot."""
    return cart.status().online and cart.replica.log is not None


def test_an_alert_is_shown_before_the_changes_in_front_of_it(ward: TestWard) -> None:
    """A hundred changes are missing here; the alarm does not wait for them, and can be taken at once."""
    cart = ward.device()
    wait_until(lambda: in_step(cart), "the cart is in step")
    ward.server.down = True
    tell(ward, cart.replica.seq + 100)
    wait_until(lambda: cart.replica.records(ALERT) == [ALARM], "the alarm is shown")

    cart.record("alert.accept", AcceptAlert(alert=ALARM.id), actor=NURSE, encounter=STAY_1)

    [taken] = cart.replica.records(ALERT)
    assert (taken.state, taken.accepted_by) == ("accepted", NURSE)


def test_what_is_known_already_or_of_another_history_is_not_believed(ward: TestWard) -> None:
    """A notice that comes late, one of a server that was set back, and a second word about what we have."""
    cart = ward.device()
    wait_until(lambda: in_step(cart), "the cart is in step")
    tell(ward, cart.replica.seq)
    tell(ward, cart.replica.seq + 9, log=new_id())
    tell(ward, cart.replica.seq + 9, ALARM.model_copy(update={"bed": "2"}))
    tell(ward, cart.replica.seq + 9)
    last = ALARM.model_copy(update={"id": new_id()})
    tell(ward, cart.replica.seq + 9, last)
    wait_until(lambda: any(view.id == last.id for view in cart.replica.records(ALERT)), "the last one is shown")

    assert sorted(view.bed or "" for view in cart.replica.records(ALERT)) == ["1", "2"]
