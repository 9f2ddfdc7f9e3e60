"""An order's journey through a real ward: signed at the desk, checked on two carts, given on both without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.system.wards import BED, DOCTOR, NURSE, NURSE_2, PHARMACIST, RunningWard, running
from tests.waiting import wait_until
from wardlink.clock import SystemClock
from wardlink.device import Device
from wardlink.messages.base import Actor
from wardlink.messages.doses import DoseView, GiveDose, Scan
from wardlink.messages.orders import CheckOrder, OrderView
from wardlink.record.doses import DOSE
from wardlink.record.orders import ORDER

pytestmark = pytest.mark.slow


def at_the_desk(ward: RunningWard, who: tuple[str, str], path: str, body: dict[str, Any]) -> Any:
    """What somebody does over HTTP, signed in with badge and PIN."""
    signed = httpx2.post(
        f"{ward.address}/api/v1/sign-in", json={"badge": who[0], "pin": who[1]}, trust_env=False
    ).json()
    answer = httpx2.post(
        f"{ward.address}/api/v1{path}",
        json=body,
        headers={"Authorization": f"Bearer {signed['token']}"},
        trust_env=False,
    )
    assert answer.status_code < 300, answer.text
    return answer.json()


def known(cart: Device, order: str) -> OrderView | None:
    """An order as this cart holds it."""
    return cart.replica.record(ORDER, order)


def doses(cart: Device) -> list[DoseView]:
    """All doses that this cart holds."""
    return cart.replica.records(DOSE)


def gives(cart: Device, dose: DoseView, nurse: Actor) -> str:
    """A nurse gives a dose, with every code read."""
    now = SystemClock().now()
    scans = (Scan(what="wristband", code=dose.encounter or "", at=now), Scan(what="drug", code="gtin", at=now))
    body = GiveDose(dose=dose.id, order=dose.order, due_at=dose.due_at, items=dose.items, scans=scans)
    return cart.record("dose.give", body, actor=nurse, encounter=dose.encounter, bed=dose.bed).id


def test_an_order_and_its_dose_on_two_carts(tmp_path: Path) -> None:
    """New and stopped orders reach both carts; a dose given twice offline is hidden from nobody."""
    with running(tmp_path) as ward:
        carts = [ward.device(name) for name in ("c1", "c2")]
        ward.in_step(*carts)
        signed = {
            "kind": "standing",
            "category": "drug",
            "items": [{"drug": "aspirin-100mg", "dose": 1, "unit": "片"}],
            "route": "po",
            "frequency": "q1h",
            "start_at": SystemClock().now().isoformat(),
        }
        order = at_the_desk(ward, DOCTOR, f"/encounters/{ward.stay}/orders", signed)["id"]
        wait_until(lambda: all(known(cart, order) for cart in carts), "the order is on both carts")

        at_the_desk(ward, PHARMACIST, f"/orders/{order}/review", {"accepted": True})
        ward.in_step(*carts)
        for cart, nurse, step in ((carts[0], NURSE, "transcribed"), (carts[1], NURSE_2, "checked")):
            body = CheckOrder.model_validate({"order": order, "step": step})
            cart.record("order.check", body, actor=nurse, encounter=ward.stay, bed=BED)
            ward.in_step(*carts)
        assert [len(doses(cart)) > 20 for cart in carts] == [True, True]

        ward.server.kill()
        first, second, *_ = doses(carts[0])
        given = [gives(carts[0], first, NURSE), gives(carts[1], first, NURSE_2), gives(carts[1], second, NURSE_2)]
        shown = [[d.state for d in doses(cart)[:2]] for cart in carts]
        ward.start_server()
        ward.in_step(*carts, timeout_s=60)
        at_the_desk(ward, DOCTOR, f"/orders/{order}/stop", {})
        wait_until(
            lambda: all(found.state == "stopped" for cart in carts if (found := known(cart, order))),
            "the stop is on both carts",
        )
        ward.in_step(*carts)

        assert shown == [["done", "planned"], ["done", "done"]]
        both = carts[0].replica.record(DOSE, first.id)
        assert both is not None
        assert {event.command for event in both.givings()} == set(given[:2])
        assert doses(carts[0]) == doses(carts[1])
        assert [[e.kind for e in cart.replica.exceptions()] for cart in carts] == [["given-twice"]] * 2
        assert {d.state for d in doses(carts[0]) if d.due_at and d.due_at > SystemClock().now()} <= {
            "cancelled",
            "done",
        }
        assert carts[0].replica.unsent_records(DOSE) == frozenset()
