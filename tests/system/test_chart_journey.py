"""The temperature chart's journey: measured and marked on two carts without a server, one chart everywhere, printed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from cart.usecases import chart
from tests.server.charts.looking import words
from tests.server.charts.test_sheet import has_font
from tests.system.wards import BED, DOCTOR, NURSE, NURSE_2, running
from wardlink.clinical.temperature_chart.conventions import conventions
from wardlink.clinical.temperature_chart.cooling import cooled
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import SystemClock
from wardlink.device import Device
from wardlink.messages.chart_events import RecordChartEvent
from wardlink.messages.vitals import RecordVitals

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not has_font(), reason="no Chinese font is installed")]


def coolings(cart: Device, stay: str) -> list[tuple[float | None, float | None]]:
    """The temperatures before and after each cooling, as this cart's chart has them; midnight may lie between them."""
    found = chart.read(cart.replica, stay, SystemClock().now())
    assert found is not None
    return [
        (c.before.temp_c, c.after.temp_c) for c in cooled(found.facts.measurements, found.facts.events, conventions())
    ]


def test_one_chart_of_what_two_carts_said(tmp_path: Path) -> None:
    """Fever on one, cooling and the temperature after it on the other: both carts put them together, and it prints."""
    with running(tmp_path) as ward:
        carts = [ward.device(name) for name in ("c1", "c2")]
        ward.in_step(*carts)
        ward.server.kill()
        now = SystemClock().now()

        def measure(cart: Device, temp_c: float, minutes_ago: int) -> None:
            body = RecordVitals(readings=VitalSet(temp_c=temp_c, temp_method="axillary"))
            at = now - timedelta(minutes=minutes_ago)
            cart.record("vitals.record", body, actor=NURSE, encounter=ward.stay, bed=BED, measured_at=at)

        measure(carts[0], 39.4, 40)
        cooling = RecordChartEvent(what="cooling")
        cooled_at = now - timedelta(minutes=35)
        carts[1].record(
            "chart-event.record", cooling, actor=NURSE_2, encounter=ward.stay, bed=BED, measured_at=cooled_at
        )
        measure(carts[1], 38.3, 5)
        apart = [coolings(cart, ward.stay) for cart in carts]
        ward.start_server()
        ward.in_step(*carts, timeout_s=60)
        together = [coolings(cart, ward.stay) for cart in carts]

        signed = httpx2.post(
            f"{ward.address}/api/v1/sign-in", json={"badge": DOCTOR[0], "pin": DOCTOR[1]}, trust_env=False
        ).json()
        answer = httpx2.get(
            f"{ward.address}/api/v1/encounters/{ward.stay}/temperature-chart.pdf",
            headers={"Authorization": f"Bearer {signed['token']}", "Accept-Language": "zh"},
            trust_env=False,
        )

    assert apart == [[], []]
    assert together == [[(39.4, 38.3)]] * 2
    assert (answer.status_code, "体温单" in words(answer.content)) == (200, True)
