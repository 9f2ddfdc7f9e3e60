"""A set that two nurses strike out, each on her cart."""

from __future__ import annotations

from server.snapshot import render_snapshot
from tests.server.wards import OTHER_NURSE, SmallWard
from wardlink.messages.changes import decode_snapshot


def test_the_first_strike_stands_for_everybody(ward: SmallWard) -> None:
    """Whoever hears of the second one and whoever begins with a snapshot read the same reason."""
    found = ward.cart.vitals()
    ward.take(found)
    ward.take(ward.cart.command("vitals.strike", {"vitals": found.id, "reason": "wrong patient"}))
    ward.clock.advance(60)
    ward.take(ward.cart_2.command("vitals.strike", {"vitals": found.id, "reason": "again"}, actor=OTHER_NURSE))

    told = [change["body"] for change in ward.changes("vitals.struck")]
    with ward.db.read() as conn:
        (held,) = decode_snapshot(render_snapshot(conn, "w1", ward.clock.now())).vitals
    assert [body["struck_reason"] for body in told] == ["wrong patient", "wrong patient"]
    assert told[0] == told[1]
    assert (held.struck_reason, str(held.struck_by)) == ("wrong patient", "staff:n1")
