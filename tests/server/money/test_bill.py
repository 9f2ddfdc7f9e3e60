"""The bill at the bed over HTTP: for whoever lies there, equal to the books, named, and every look written down."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from sqlalchemy import Table, update

from server.identity.models import Device
from server.money.prices import sample_prices
from server.money.round import ChargeRound
from tests.server.desk import Desk
from tests.server.insurance.test_routes import SAID as INSURED
from tests.server.money.test_routes import charge, deposit
from tests.server.orders.ward import active, doses, gives
from tests.server.wards import STAY_1, STAY_2
from wardlink.messages.bills import BillEstimate, BillOfDay, BillView

_DEVICE: Table = Device.__table__  # type: ignore[attr-defined]
SECRET = "secret of a terminal"
BILL = f"/encounters/{STAY_1}/bill"


@pytest.fixture
def bed(desk: Desk) -> Desk:
    """The desk, and devices that may ask."""
    with desk.ward.db.write() as conn:
        conn.execute(update(_DEVICE).values(secret_sha256=hashlib.sha256(SECRET.encode()).hexdigest()))
    return desk


def ask(bed: Desk, path: str, device: str = "t1", language: str = "zh-CN") -> Any:
    """The terminal asks."""
    headers = {"Accept-Language": language}
    return bed._http.get(f"/api/v1{path}", auth=(device, SECRET), headers=headers)


def test_the_bill_is_what_the_books_say(bed: Desk) -> None:
    """Days, sum and deposit as a cashier sees them; a dose is named with who gave it, in the patient's language."""
    ward = bed.ward
    ward.take(gives(ward.cart, doses(ward, active(ward))[0]))
    ChargeRound(ward.core, sample_prices).look(STAY_1)
    deposit(bed)
    charge(bed)
    bill = BillView.model_validate(ask(bed, BILL).json())
    cashier = bed.get("c1", f"/encounters/{STAY_1}/money").json()
    days = [BillOfDay.model_validate(ask(bed, f"{BILL}/{day.day}").json()) for day in bill.days]
    english = BillOfDay.model_validate(ask(bed, f"{BILL}/{bill.days[0].day}", language="en").json())

    assert (bill.deposit_fen, bill.available_fen) == (cashier["deposit_fen"], cashier["available_fen"])
    assert [day.total_fen for day in days] == [day.amount_fen for day in bill.days]
    assert sum(line.amount_fen for day in days for group in day.groups for line in group.lines) == bill.total_fen
    assert "李静" in {line.by for day in days for group in day.groups for line in group.lines}
    assert {group.name for group in english.groups}.isdisjoint({group.name for group in days[0].groups})
    assert ("device:t1", "view", "bill", STAY_1) in bed.audited()


@pytest.mark.parametrize("path", ["", "/2026-11-23", "/insurance/estimate"])
@pytest.mark.parametrize(("device", "stay", "status"), [("t1", STAY_2, 403), ("t2", STAY_1, 403), ("c1", STAY_1, 403)])
def test_nobody_else_reads_it(bed: Desk, path: str, device: str, stay: str, status: int) -> None:
    """Another bed's terminal, another patient's bill, a cart; somebody without a secret."""
    assert ask(bed, f"/encounters/{stay}/bill{path}", device).status_code == status
    assert bed._http.get(f"/api/v1{BILL}{path}").status_code == 401


def test_an_estimate_needs_an_insurance(bed: Desk) -> None:
    """Until somebody has entered one it is refused; then it adds up."""
    before = ask(bed, f"{BILL}/insurance/estimate")
    charge(bed)
    said = bed.send("h1", "PUT", f"/encounters/{STAY_1}/insurance", json=INSURED)
    found = BillEstimate.model_validate(ask(bed, f"{BILL}/insurance/estimate").json())

    assert (before.status_code, said.status_code) == (422, 200)
    assert found.fund_fen + found.person_fen == found.total_fen
    assert len(found.steps) > 3


def test_a_day_that_is_none_is_refused(bed: Desk) -> None:
    """With a sentence."""
    assert ask(bed, f"{BILL}/tomorrow").status_code == 422
