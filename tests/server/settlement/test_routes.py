"""Settlements over HTTP: who may do what, and from the confirmation on at the patient's own bed."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from sqlalchemy import Table, update

from server.identity.models import Device
from server.money.charges import charge_by_hand
from server.money.deposits import deposit_in
from server.money.prices import E4, sample_prices
from tests.server.desk import Desk
from tests.server.wards import STAY_1, STAY_2
from wardlink.ids import new_id

_DEVICE: Table = Device.__table__  # type: ignore[attr-defined]
CASHIER = "c1"


@pytest.fixture
def bill(desk: Desk) -> Desk:
    """Stay 1 has a bed-day and a deposit in cash that is more than enough; its terminals have a secret."""
    now = desk.ward.clock.now()
    item = sample_prices().item("bed-3")
    assert item is not None
    with desk.ward.db.write() as conn:
        how: dict[str, Any] = {"encounter": STAY_1, "at": now, "actor": "staff:c1"}
        charge_by_hand(conn, item=item, quantity_e4=E4, reason="测试", key=new_id(), now=now, **how)
        deposit_in(conn, amount_fen=100_000, channel="cash", key=new_id(), **how)
        conn.execute(update(_DEVICE).values(secret_sha256=hashlib.sha256(b"secret").hexdigest()))
    desk.ward.clock.advance(1)
    return desk


def begun(desk: Desk) -> Any:
    """A settlement of stay 1."""
    return desk.post(CASHIER, f"/encounters/{STAY_1}/settlements", {"key": new_id()}).json()


def at_bed(desk: Desk, terminal: str, method: str, path: str, **options: Any) -> Any:
    """What a terminal asks."""
    return desk.send(None, method, path, auth=(terminal, "secret"), **options)


def test_a_cashier_settles_and_the_patient_agrees_at_the_bed(bill: Desk) -> None:
    """Begun and checked at the counter, agreed to at the bed, the rest handed out, and done."""
    made = begun(bill)
    id, here = made["id"], f"/settlements/{made['id']}"
    assert (made["step"], made["wait"]["code"]) == ("audit", "audit")
    early = at_bed(bill, "t1", "GET", here)
    assert (early.status_code, early.json()["code"]) == (409, "settlement-not-at-bed")
    total = int(float(made["wait"]["text"].split("check the bill: ")[1].split(" yuan")[0]) * 100)
    checked = bill.post(CASHIER, f"{here}/audit", {"total_fen": total}).json()
    assert (checked["step"], checked["division"]["cash_fen"]) == ("confirm", total)
    assert checked["division"]["is_estimate"] is False

    agreed = at_bed(bill, "t1", "POST", f"{here}/confirm", json={"cash_fen": total}).json()
    assert (agreed["step"], agreed["wait"]["code"]) == ("refund", "payout")
    assert at_bed(bill, "t1", "POST", f"{here}/payouts/1", json={"way": "cash"}).status_code == 401
    done = bill.post(CASHIER, f"{here}/payouts/1", {"way": "cash"}).json()
    assert (done["status"], done["payouts"][0]["amount_fen"]) == ("done", 100_000 - total)
    assert done["receipt_no"].endswith("-00001")
    assert {step["state"] for step in done["steps"]} == {"done"}
    assert ("device:t1", "settlement-step", f"settlement {id}", STAY_1) in bill.audited()


def test_nobody_else_may_settle(bill: Desk) -> None:
    """Not a nurse, not a doctor, not the terminal of another bed; nor anybody who has not signed in."""
    made = begun(bill)
    here = f"/settlements/{made['id']}"

    assert bill.post("n1", f"/encounters/{STAY_2}/settlements", {"key": new_id()}).status_code == 403
    assert bill.get("n1", here).status_code == 403
    assert bill.post("d1", f"{here}/audit", {"total_fen": 1}).status_code == 403
    assert at_bed(bill, "t2", "GET", here).status_code == 403
    assert at_bed(bill, "t2", "POST", f"{here}/go", json={}).status_code == 403
    assert bill.get(None, here).status_code == 401
    assert bill.get(CASHIER, f"/settlements/{new_id()}").status_code == 404


def test_what_is_said_wrongly_changes_nothing(bill: Desk) -> None:
    """Another amount, one below nothing, a fraction, a second settlement, an unknown field."""
    made = begun(bill)
    here = f"/settlements/{made['id']}"

    for total in (1, -1, 1.5, "4000"):
        assert bill.post(CASHIER, f"{here}/audit", {"total_fen": total}).status_code in (409, 422)
    assert bill.post(CASHIER, f"/encounters/{STAY_1}/settlements", {"key": new_id()}).status_code == 409
    assert bill.post(CASHIER, f"{here}/go", {"x": 1}).status_code == 422
    assert bill.post(CASHIER, f"{here}/confirm", {"cash_fen": 4_000}).status_code == 409
    assert bill.get(CASHIER, here).json()["step"] == "audit"


def test_a_settlement_that_was_given_up_can_begin_anew(bill: Desk) -> None:
    """With a reason, as long as nothing has left the house."""
    here = f"/settlements/{begun(bill)['id']}"
    assert bill.post(CASHIER, f"{here}/give-up", {"reason": ""}).status_code == 422
    assert bill.post(CASHIER, f"{here}/give-up", {"reason": "家属改期"}).json()["status"] == "abandoned"

    assert begun(bill)["step"] == "audit"
