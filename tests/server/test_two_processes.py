"""A command of the console writes while the server runs: neither loses a number or stands in the other's way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.alerts.engine import AlertEngine
from server.core import Core
from server.db import Database
from tests.server.alerts.ward import alerts
from tests.server.wards import DESK, STAY_1, SmallWard, admission
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.encounters import Transfer, UpdateEncounter


@pytest.fixture
def other(ward: SmallWard) -> Iterator[Core]:
    """Another process on the same database."""
    db = Database(ward.db.url)
    yield Core(db, ward.clock)
    db.close()


def test_the_ingest_goes_on_from_where_the_other_has_written(ward: SmallWard, other: Core) -> None:
    """Not once: after every foreign change."""
    for no, bed in enumerate(("b3", "b4")):
        assert ward.answer(ward.cart.vitals(80 + no)).outcome == "applied"
        other.execute("encounter.admit", admission(20 + no, bed), ward="w1", actor=DESK, encounter=new_id())

    assert ward.answer(ward.cart.vitals(90)).outcome == "applied"
    assert ward.parked() == []


def test_the_desk_goes_on_too(ward: SmallWard, other: Core) -> None:
    """Nobody is told to look again because of somebody else's patient."""
    ward.take(ward.cart.vitals(80))
    other.execute("encounter.admit", admission(20, "b3"), ward="w1", actor=DESK, encounter=new_id())

    receipt = ward.core.execute(
        "encounter.update", UpdateEncounter(diet="soft"), ward="w1", actor=DESK, encounter=STAY_1
    )

    assert receipt.outcome == "applied"


def test_alerts_are_raised_from_where_the_other_has_written(ward: SmallWard, other: Core) -> None:
    """At once: nobody waits for the next round."""
    engine = AlertEngine(ward.core)
    ward.take(ward.cart.vitals(132))
    other.execute("encounter.admit", admission(20, "b3"), ward="w1", actor=DESK, encounter=new_id())
    engine.look("w1", f"vitals/{STAY_1}")
    ward.take(ward.cart.vitals(80))

    assert [view.code for view in alerts(ward)] == ["value-severe"]
    ward.check_chains()


def test_an_alert_lets_the_ingest_keep_what_it_knows(ward: SmallWard) -> None:
    """A monitor's next set takes the short way: under load there is an alert every moment."""
    ward.take(ward.monitor.vitals(132, actor=Actor(kind="device", id="m1")))
    AlertEngine(ward.core).look("w1", f"vitals/{STAY_1}")

    assert len(alerts(ward)) == 1
    assert ward.core.census.known_resident(STAY_1) is not None
    assert ward.core.census.known_device("m1") is not None


def test_whom_the_other_has_moved_is_sought_where_he_lies_now(ward: SmallWard, other: Core) -> None:
    """Though an alert has been raised meanwhile."""
    engine = AlertEngine(ward.core)
    ward.take(ward.cart.vitals(132))
    other.execute("encounter.transfer", Transfer(ward="w1", bed="b3"), ward="w1", actor=DESK, encounter=STAY_1)
    engine.look("w1", f"vitals/{STAY_1}")
    ward.take(ward.cart.vitals(80))

    known = ward.core.census.known_resident(STAY_1)
    assert known is not None
    assert known.bed == "b3"


def test_a_stay_that_the_other_has_made_is_known(ward: SmallWard, other: Core) -> None:
    """Also if it was asked for before it was there."""
    stay = new_id()
    ward.take(ward.cart.vitals(80, encounter=stay))
    other.execute("encounter.admit", admission(20, "b3"), ward="w1", actor=DESK, encounter=stay)

    ward.take(ward.cart.vitals(81, encounter=stay))

    assert [row.kind for row in ward.exceptions()] == ["unknown-encounter"]
