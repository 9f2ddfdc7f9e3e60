"""A monitor does not know at whom it stands: two scans say so, and what nobody has paired waits for a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from server.record.service import records_of
from server.vitals.models import VitalsRow
from tests.server.wards import NOW, STAY_1, STAY_2, SmallWard, vitals
from wardlink.messages.commands import Command
from wardlink.record.pairings import PAIRING


def scanned(ward: SmallWard, stay: str, *, apart_s: float = 20, **how: Any) -> Command:
    """A nurse has scanned the wristband of a stay, and then the monitor."""
    at = how.get("measured_at", ward.clock.now())
    wristband_at = at - timedelta(seconds=apart_s)
    body = {"monitor": "m1", "wristband_at": wristband_at.isoformat(), "monitor_at": at.isoformat()}
    return how.pop("cart", ward.cart).command("monitor.pair", body, encounter=stay, **how)


def measured(ward: SmallWard, pulse: float) -> Command:
    """The monitor says a pulse, and not whose."""
    return ward.monitor.command("vitals.record", vitals(pulse), actor={"kind": "device", "id": "m1"})


def whose(ward: SmallWard) -> list[str | None]:
    """To whom the sets were given, in their order."""
    with ward.db.read() as conn:
        return list(conn.execute(select(col(VitalsRow.encounter)).order_by(col(VitalsRow.seq))).scalars())


def test_what_it_measures_belongs_to_whom_it_was_paired_with(ward: SmallWard) -> None:
    """From the scan on, and to the next patient from the next scan on."""
    ward.take(scanned(ward, STAY_1))
    ward.clock.advance(5)
    ward.take(measured(ward, 71))
    ward.clock.advance(5)
    ward.take(scanned(ward, STAY_2), measured(ward, 72))

    assert whose(ward) == [STAY_1, STAY_2]
    assert [change["encounter"] for change in ward.changes("vitals.recorded")] == [STAY_1, STAY_2]
    assert ward.exceptions() == []


def test_what_nobody_has_paired_waits_for_a_person(ward: SmallWard) -> None:
    """Kept without a patient; one case for the monitor, however often it speaks, and a new one once that is closed."""
    ward.take(measured(ward, 71), measured(ward, 72))
    ward.clock.advance(1)
    ward.take(measured(ward, 73))
    (case,) = ward.exceptions()
    ward.take(ward.cart.command("exception.close", {"exception": case.id, "reason": "paired it"}))
    ward.take(measured(ward, 74))

    assert whose(ward) == [None] * 4
    assert [(row.kind, row.device) for row in ward.exceptions()] == [("unknown-encounter", "m1")] * 2


def test_what_was_measured_before_the_scan_is_not_given_to_anybody(ward: SmallWard) -> None:
    """It may have been the patient before."""
    early = measured(ward, 71)
    ward.clock.advance(60)
    ward.take(scanned(ward, STAY_1))

    ward.take(early)

    assert whose(ward) == [None]


def test_scans_too_far_apart_pair_nothing(ward: SmallWard) -> None:
    """Sixty seconds are enough, one more is not; it is put before a person."""
    ward.take(scanned(ward, STAY_1, apart_s=60))
    ward.clock.advance(5)
    ward.take(scanned(ward, STAY_2, apart_s=61), measured(ward, 71))

    assert whose(ward) == [STAY_1]
    assert [row.kind for row in ward.exceptions()] == ["pairing-unsure"]
    with ward.db.read() as conn:
        assert [pairing.holds for pairing in records_of(conn, PAIRING)] == [True, False]


def test_of_two_carts_the_later_scan_holds(ward: SmallWard) -> None:
    """Whichever is heard first."""
    old = scanned(ward, STAY_1, cart=ward.cart_2, measured_at=NOW - timedelta(minutes=5))
    ward.take(scanned(ward, STAY_2))
    ward.take(old, measured(ward, 71))

    assert whose(ward) == [STAY_2]


def test_a_monitor_that_was_taken_off_stands_at_nobody(ward: SmallWard) -> None:
    """Until the next scan."""
    pairing = scanned(ward, STAY_1)
    ward.take(pairing)
    ward.clock.advance(5)
    ward.take(ward.cart.command("monitor.unpair", {"pairing": pairing.id}, encounter=STAY_1), measured(ward, 71))

    assert whose(ward) == [None]
