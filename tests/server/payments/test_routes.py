"""Payments over HTTP: who may, for whom, and what the channel's own entrance believes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, insert, update

from server.identity import sessions
from server.identity.models import Device, Staff
from server.identity.staff import Person
from tests.server.desk import Desk
from tests.server.payments.till import Till
from tests.server.wards import STAY_1, STAY_2
from wardlink.ids import new_id

_DEVICE: Table = Device.__table__  # type: ignore[attr-defined]
CASHIERS = (Person("k1", "钱会计", "cashier", ()), Person("k2", "吴会计", "cashier", ()))
SECRET = "secret of a terminal"


class Counter:
    """The desk with two cashiers, and the terminals at beds 1 and 2."""

    def __init__(self, till: Till, folder: Path) -> None:
        self.till = till
        self.desk = Desk(till.ward, folder)
        self.desk._http.app.state.payments = till.payments  # type: ignore[attr-defined]
        with till.ward.db.write() as conn:
            for person in CASHIERS:
                row = {"id": person.id, "name": person.name, "role": person.role, "wards": []}
                conn.execute(insert(Staff).values(**row, badge=f"b-{person.id}", pin_hash="-"))
                begun = sessions.begin(conn, person, device=None, now=till.ward.clock.now())
                self.desk._tokens[person.id] = begun.token
            conn.execute(update(_DEVICE).values(secret_sha256=hashlib.sha256(SECRET.encode()).hexdigest()))

    def terminal(self, device: str, method: str, path: str, **options: Any) -> Any:
        """As a device."""
        return self.desk._http.request(method, f"/api/v1{path}", auth=(device, SECRET), **options)

    def ask(self, who: str = "n1", stay: str = STAY_1, **other: Any) -> Any:
        """Ask for a deposit of 100 yuan."""
        return self.desk.post(who, f"/encounters/{stay}/payments", body() | other)


def body() -> dict[str, Any]:
    """A deposit of 100 yuan under a new key."""
    return {"key": new_id(), "amount_fen": 10_000, "channel": "sandbox"}


@pytest.fixture
def counter(sqlite_till: Till, tmp_path: Path) -> Counter:
    """The counter of the small ward."""
    return Counter(sqlite_till, tmp_path)


def test_a_nurse_asks_and_the_patient_pays(counter: Counter) -> None:
    """The code is shown while it can be paid, and the payment after the channel has told it."""
    asked = counter.ask()
    assert (asked.status_code, asked.json()["status"]) == (201, "qr_ready")
    order = counter.till.payments.orders.called(asked.json()["id"])
    counter.till.pay(order)
    headers, raw = counter.till.notice(order)
    told = counter.desk._http.post("/api/v1/pay/notices/sandbox", content=raw, headers=headers)
    shown = counter.desk.get("n1", f"/payments/{order.id}").json()

    assert told.status_code == 204
    assert (shown["status"], shown["paid_fen"], shown["qr"]) == ("paid", 10_000, None)
    assert [each["id"] for each in counter.desk.get("n1", f"/encounters/{STAY_1}/payments").json()] == [order.id]
    assert ("staff:n1", "payment-asked", f"payment {order.id}", STAY_1) in counter.desk.audited()


def test_a_notice_that_is_not_signed(counter: Counter) -> None:
    """Changes nothing, whatever it says; an unknown channel is no address."""
    post = counter.desk._http.post
    assert post("/api/v1/pay/notices/sandbox", content=b'{"id":"x"}').status_code == 400
    assert post("/api/v1/pay/notices/gold", content=b"{}").status_code == 422
    assert post("/api/v1/pay/notices/sandbox", content=b"x" * 70_000).status_code == 413


def test_a_terminal_pays_for_its_own_bed(counter: Counter) -> None:
    """And sees no payment of another bed; a cart's credential is not a patient's."""
    made = counter.terminal("t1", "POST", f"/encounters/{STAY_1}/payments", json=body())
    assert made.status_code == 201
    id = made.json()["id"]

    assert counter.terminal("t1", "GET", f"/payments/{id}").json()["qr"]
    assert counter.terminal("t1", "POST", f"/payments/{id}/close").json()["status"] == "closed"
    for device in ("t2", "c1", "m1"):
        assert counter.terminal(device, "GET", f"/payments/{id}").status_code == 403
        assert counter.terminal(device, "POST", f"/encounters/{STAY_1}/payments", json=body()).status_code == 403
    assert counter.terminal("t1", "POST", f"/encounters/{STAY_2}/payments", json=body()).status_code == 403


@pytest.mark.parametrize(
    ("who", "status"), [("n1", 201), ("h1", 201), ("k1", 201), ("d1", 403), ("x1", 403), (None, 401)]
)
def test_who_may_ask(counter: Counter, who: str | None, status: int) -> None:
    """Nurses of the ward and every cashier; no doctor, nobody of another ward, nobody unknown."""
    assert counter.desk.post(who, f"/encounters/{STAY_1}/payments", body()).status_code == status


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_fen": 0},
        {"amount_fen": -1},
        {"amount_fen": 100.5},
        {"amount_fen": "100"},
        {"amount_fen": 10**18},
        {"amount_fen": None},
        {"purpose": "settle"},
        {"channel": "gold"},
        {"key": "x"},
    ],
)
def test_what_cannot_be_asked(counter: Counter, wrong: dict[str, Any]) -> None:
    """Refused in words, and nothing is made: no fraction of a fen, no amount that the server works out itself."""
    assert counter.ask(**wrong).status_code == 422
    assert counter.till.final()["orders"] == []


def test_a_refund_takes_two_cashiers(counter: Counter) -> None:
    """One asks, another agrees; a nurse does neither."""
    order = counter.till.paid()
    wanted = {"key": new_id(), "amount_fen": 4_000, "reason": "多缴"}
    assert counter.desk.post("n1", f"/payments/{order.id}/refunds", wanted).status_code == 403
    asked = counter.desk.post("k1", f"/payments/{order.id}/refunds", wanted).json()
    assert [each["id"] for each in counter.desk.get("k2", "/refunds").json()] == [asked["id"]]
    assert counter.desk.post("k1", f"/refunds/{asked['id']}/agree").status_code == 403
    agreed = counter.desk.post("k2", f"/refunds/{asked['id']}/agree").json()

    assert (agreed["status"], agreed["asked_by"], agreed["agreed_by"]) == ("done", "staff:k1", "staff:k2")
    assert counter.desk.get("k1", f"/payments/{order.id}").json()["status"] == "part_refunded"
    assert [line[1] for line in counter.desk.audited() if "refund" in line[1]] == ["refund-asked", "refund-agreed"]


def test_more_than_was_paid_is_said(counter: Counter) -> None:
    """With how much is left, to the cashier."""
    order = counter.till.paid()
    answer = counter.desk.post(
        "k1", f"/payments/{order.id}/refunds", {"key": new_id(), "amount_fen": 10_001, "reason": "多缴"}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "refund-too-much")
    assert "100.00" in answer.json()["detail"]


def test_the_ways_to_pay(counter: Counter) -> None:
    """Those that are switched on."""
    assert counter.terminal("t1", "GET", "/pay/channels").json() == {"channels": ["sandbox"]}
