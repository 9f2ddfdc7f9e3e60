"""What nurses mark on the temperature chart, on the server."""

from __future__ import annotations

from datetime import timedelta

from server.record.service import records_of
from tests.server.charts.ward import snapshot
from tests.server.wards import NOW, OTHER_NURSE, STAY_1, SmallWard
from wardlink.messages.chart_events import ChartEventView, RecordChartEvent, StrikeChartEvent
from wardlink.record.chart_events import CHART_EVENT

SURGERY = RecordChartEvent(what="surgery")


def kept(ward: SmallWard) -> list[ChartEventView]:
    """All of them, the earliest first."""
    with ward.db.read() as conn:
        return records_of(conn, CHART_EVENT)


def test_a_mark_is_kept_once_and_told(ward: SmallWard) -> None:
    """However often it is sent; with who marked it and when it happened."""
    command = ward.cart.command("chart-event.record", SURGERY, encounter=STAY_1, measured_at=NOW - timedelta(hours=1))

    outcomes = [ward.answer(command).outcome for _ in range(2)]

    (view,) = kept(ward)
    assert outcomes == ["applied", "already-applied"]
    assert (view.what, view.at, view.by_name) == ("surgery", NOW - timedelta(hours=1), "李静")
    assert len(ward.changes("chart-event.changed")) == 1


def test_a_struck_mark_stays_readable(ward: SmallWard) -> None:
    """With the first reason that was given."""
    mark = ward.cart.command("chart-event.record", SURGERY, encounter=STAY_1)
    strikes = [
        device.command("chart-event.strike", StrikeChartEvent(event=mark.id, reason=why), encounter=STAY_1, actor=who)
        for device, why, who in ((ward.cart, "录错", mark.actor), (ward.cart_2, "重复", OTHER_NURSE))
    ]
    ward.take(mark, strikes[0])
    ward.take(strikes[1])

    (view,) = kept(ward)
    assert (view.what, view.struck_reason) == ("surgery", "录错")


def test_a_mark_is_on_every_cart_for_weeks_and_at_no_bed(ward: SmallWard) -> None:
    """Days are counted after an operation."""
    ward.take(ward.cart.command("chart-event.record", SURGERY, encounter=STAY_1))
    ward.clock.advance(timedelta(days=20).total_seconds())

    on_cart = snapshot(ward).records.get("chart-event", ())

    assert [view["what"] for view in on_cart] == ["surgery"]
    assert "chart-event" not in snapshot(ward, bed="b1").records
