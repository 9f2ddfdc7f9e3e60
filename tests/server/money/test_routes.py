"""Money over HTTP: who may, what is refused, and that each look and each act is written down."""

from __future__ import annotations

from typing import Any

from server.identity.staff import called, hashed, set_pin
from server.money.prices import sample_prices
from server.money.round import ChargeRound
from tests.server.desk import Desk
from tests.server.money.books import check_books
from tests.server.orders.ward import active, doses, gives
from tests.server.wards import DESK, STAY_1, STAY_2
from wardlink.ids import new_id
from wardlink.messages.encounters import Discharge

MONEY = f"/encounters/{STAY_1}/money"


def deposit(desk: Desk, amount_fen: Any = 100_000, *, who: str = "c1", key: str | None = None) -> Any:
    """Cash comes in."""
    return desk.post(who, f"{MONEY}/deposits", {"key": key or new_id(), "amount_fen": amount_fen})


def charge(desk: Desk, *, who: str = "c1", **said: Any) -> Any:
    """A companion's bed is charged."""
    body = {"key": new_id(), "item": "escort-bed", "quantity": "2", "reason": "陪护"} | said
    return desk.post(who, f"{MONEY}/charges", body)


def test_cash_is_booked_once_however_often_it_is_sent(desk: Desk) -> None:
    """The answer says how the stay stands; another amount under the key is a collision."""
    key = new_id()
    first, again = deposit(desk, key=key), deposit(desk, key=key)
    other = deposit(desk, 99_999, key=key)

    assert (first.status_code, first.json()["outcome"], again.json()["outcome"]) == (201, "applied", "already-applied")
    assert again.json()["standing"]["deposit_fen"] == 100_000
    assert other.status_code == 409
    assert ("staff:c1", "deposit-in", "money", STAY_1) in desk.audited()


def test_what_is_no_amount_is_refused(desk: Desk) -> None:
    """Nothing, below nothing, fractions, text, beyond reason: nothing is booked."""
    amounts: list[Any] = [0, -1, 1.0, 1.5, "100", True, None, 10**10 + 1, 10**30]

    assert [deposit(desk, amount).status_code for amount in amounts] == [422] * len(amounts)
    assert desk.get("c1", MONEY).json()["deposit_fen"] == 0


def sign(desk: Desk, who: str = "c2", pin: str = "246813") -> dict[str, str]:
    """Badge and PIN of this person, who has one from now on."""
    with desk.ward.db.write() as conn:
        set_pin(conn, called(conn, who), hashed(pin))
    return {"badge": f"b-{who}", "pin": pin}


def test_a_refund_is_at_most_what_is_left(desk: Desk) -> None:
    """One fen more is refused in words."""
    deposit(desk)
    charge(desk)
    back = {"key": new_id(), "amount_fen": 97_001, "reason": "出院", "agreed_by": sign(desk)}
    refused = desk.post("c1", f"{MONEY}/refunds", back)
    done = desk.post("c1", f"{MONEY}/refunds", back | {"amount_fen": 97_000})

    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "At most 970.00 yuan of this deposit can be given back.",
    )
    assert (done.status_code, done.json()["standing"]["available_fen"]) == (201, 0)


def test_cash_goes_back_with_two_people(desk: Desk) -> None:
    """As through a channel: not with oneself, a wrong PIN, or somebody who may not; both stand in the audit."""
    deposit(desk)
    key, second = new_id(), sign(desk)

    def back(agreed_by: dict[str, str] | None) -> int:
        told = {"key": key, "amount_fen": 1_000, "reason": "多缴"} | ({"agreed_by": agreed_by} if agreed_by else {})
        status: int = desk.post("c1", f"{MONEY}/refunds", told).status_code
        return status

    refused = [back(None), back(sign(desk, "c1")), back(second | {"pin": "000000"}), back(sign(desk, "h1"))]
    assert refused == [422, 403, 401, 403]
    assert desk.get("c1", MONEY).json()["deposit_fen"] == 100_000
    assert [back(second), back(second)] == [201, 201]
    assert desk.get("c1", MONEY).json()["deposit_fen"] == 99_000
    with desk.ward.db.read() as conn:
        found = conn.exec_driver_sql("SELECT detail FROM access_audit WHERE action = 'deposit-refund'").fetchall()
    assert all("staff:c2" in str(detail) for (detail,) in found)


WRITES: list[tuple[str, dict[str, Any]]] = [
    ("deposits", {"amount_fen": 1}),
    ("refunds", {"amount_fen": 1, "reason": "出院", "agreed_by": {"badge": "b-c2", "pin": "1"}}),
    ("charges", {"item": "escort-bed", "reason": "陪护"}),
]


def test_only_a_cashier_moves_money(desk: Desk) -> None:
    """Nobody else, and nobody who has not signed in."""
    for path, body in WRITES:
        for who in ("n1", "d1", "h1", "p1", "x1", "tech"):
            assert (who, path, desk.post(who, f"{MONEY}/{path}", {"key": new_id()} | body).status_code) == (
                who,
                path,
                403,
            )
        assert desk.post(None, f"{MONEY}/{path}", {"key": new_id()} | body).status_code == 401


def test_who_works_with_the_patient_and_the_cashier_see_it(desk: Desk) -> None:
    """Not a pharmacist, a technician, or a nurse of another ward."""
    day = "2026-11-25"
    paths = ("", "/days", f"/days/{day}", f"/days/{day}.csv", "/uncharged")

    for who, status in (("n1", 200), ("d1", 200), ("h1", 200), ("c1", 200), ("p1", 403), ("x1", 403), ("tech", 403)):
        assert (who, {desk.get(who, f"{MONEY}{path}").status_code for path in paths}) == (who, {status})


def test_the_list_of_a_day_over_http(desk: Desk) -> None:
    """As values and as a table, in the language of the one who asks; both are written down."""
    desk.ward.take(gives(desk.ward.cart, doses(desk.ward, active(desk.ward))[0]))
    ChargeRound(desk.ward.core, sample_prices).look(STAY_1)
    found = desk.get("n1", f"{MONEY}/days/2026-11-25").json()
    chinese = desk.get("n1", f"{MONEY}/days/2026-11-25", headers={"Accept-Language": "zh"}).json()
    table = desk.get("n1", f"{MONEY}/days/2026-11-25.csv")

    (line,) = found["lines"]
    assert (line["name"], line["quantity"], line["amount_fen"], line["self_pay_fen"]) == (
        "aspirin enteric tablets",
        "1",
        45,
        0,
    )
    assert chinese["lines"][0]["name"] == "阿司匹林肠溶片"
    assert found["subtotals"] == [{"category": "drug", "name": "drugs", "amount_fen": 45}]
    assert (found["total_fen"], found["running_fen"], found["is_over"]) == (45, 45, False)
    assert table.headers["content-type"].startswith("text/csv")
    assert "aspirin enteric tablets" in table.content.decode("utf-8-sig")
    assert ("staff:n1", "export", "money of 2026-11-25", STAY_1) in desk.audited()


def test_a_day_that_is_none_is_said(desk: Desk) -> None:
    """In words."""
    assert [desk.get("n1", f"{MONEY}/days/{day}").status_code for day in ("2026-13-01", "soon", "20261125x")] == [
        422
    ] * 3


def test_a_charge_by_hand_and_its_reversal(desk: Desk) -> None:
    """Once under its key, with a reason; taken back once."""
    key = new_id()
    first, again = charge(desk, key=key), charge(desk, key=key)
    entry = first.json()["entry"]
    back = desk.post("c1", f"{MONEY}/charges/{entry}/reverse", {"reason": "未使用"})
    other = desk.post("c1", f"{MONEY}/charges/{entry}/reverse", {"reason": "another"})

    assert (first.status_code, first.json()["amount_fen"], again.json()["entry"]) == (201, 3_000, entry)
    assert (back.status_code, back.json()["amount_fen"], back.json()["reason"]) == (201, -3_000, "未使用")
    assert other.status_code == 409
    assert desk.get("c1", MONEY).json()["unsettled_fen"] == 0


WRONG_CHARGES: list[tuple[dict[str, Any], int]] = [
    ({"quantity": "0"}, 422),
    ({"quantity": "-1"}, 422),
    ({"quantity": "0.00001"}, 422),
    ({"quantity": "1e9"}, 422),
    ({"quantity": "NaN"}, 422),
    ({"item": "gold"}, 404),
    ({"reason": " "}, 422),
    ({"at": "2026-11-26T00:00:00Z"}, 422),
    ({"at": "2026-11-01T00:00:00Z"}, 422),
    ({"at": "2025-01-01T00:00:00"}, 422),
    ({"price_fen": 1}, 422),
]


def test_a_charge_that_cannot_be_right_is_refused(desk: Desk) -> None:
    """Quantities, items, times ahead or before the patient came; nobody names a price."""
    for said, status in WRONG_CHARGES:
        assert (said, charge(desk, **said).status_code) == (said, status)
    with desk.ward.db.read() as conn:
        check_books(conn)


def test_what_is_charged_after_a_stay_has_ended_is_kept_and_listed(desk: Desk) -> None:
    """A line by hand, and a dose that a cart told late; not the days of the stay."""
    late = gives(desk.ward.cart, doses(desk.ward, active(desk.ward))[0])
    desk.ward.clock.advance(300)
    desk.ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_1)
    desk.ward.clock.advance(300)
    desk.ward.take(late)
    ChargeRound(desk.ward.core, sample_prices).look(STAY_1)
    assert charge(desk).status_code == 201

    found = desk.get("c1", "/wards/w1/money/after-discharge").json()
    assert sorted((each["line"]["item"], each["happened_after"]) for each in found) == [
        ("aspirin-100mg", False),
        ("escort-bed", True),
    ]
    assert desk.get("x1", "/wards/w1/money/after-discharge").status_code == 403


def test_a_ward_sees_how_its_stays_stand(desk: Desk) -> None:
    """In the order of the beds, with the level of arrears."""
    deposit(desk)
    found = desk.get("n1", "/wards/w1/money").json()

    assert [(each["bed"], each["standing"]["level"]) for each in found] == [("b1", "none"), ("b2", "notice")]
    assert desk.get("x1", "/wards/w1/money").status_code == 403


def test_treat_first_pay_later(desk: Desk) -> None:
    """A doctor agrees to it; the level goes; it ends once. A nurse may not, and not on any ground."""
    key = new_id()
    body = {"key": key, "kind": "treat-first", "ground": "rescue", "reason": "抢救"}
    path = f"{MONEY}/agreements"
    nurse = desk.post("n1", path, body)
    wrong = desk.post("d1", path, body | {"ground": "doctor"})
    done, again = desk.post("d1", path, body), desk.post("d1", path, body)
    other = desk.post("d1", path, body | {"credit_fen": 5})
    ended = [desk.post("h1", f"{path}/{key}/end") for _ in range(2)]
    elsewhere = desk.post("d1", f"/encounters/{STAY_2}/money/agreements/{key}/end")

    assert [answer.status_code for answer in (nurse, wrong, done, again, other)] == [403, 422, 201, 201, 409]
    assert done.json()["standing"]["level"] == "none"
    assert again.json()["outcome"] == "already-applied"
    assert [answer.status_code for answer in ended] == [200, 409]
    assert (ended[0].json()["level"], ended[0].json()["agreements"]) == ("notice", [])
    assert elsewhere.status_code == 404


def test_a_cashier_finds_a_stay_by_its_whole_number(desk: Desk) -> None:
    """And by nothing less; a nurse only where she works."""
    found = desk.get("c1", "/money/stays?admission_no=ZY0001").json()

    assert (found["encounter"], found["bed"]) == (STAY_1, "b1")
    assert desk.get("c1", "/money/stays?admission_no=ZY000").status_code == 404
    assert desk.get("x1", "/money/stays?admission_no=ZY0001").status_code == 404
    assert desk.get("p1", "/money/stays?admission_no=ZY0001").status_code == 403


def test_the_price_list_of_a_day(desk: Desk) -> None:
    """By a part of a name or a code, with the price of that day."""
    path = "/money/prices?text=BED-3"

    assert desk.get("c1", path).json()[0]["price_fen"] == 4_000
    assert desk.get("c1", f"{path}&on=2026-02-01").json()[0]["price_fen"] == 3_500
    assert desk.get("c1", f"{path}&on=2020-02-01").json()[0]["price_fen"] is None
    assert len(desk.get("c1", "/money/prices?text=护理").json()) == 4


def test_a_stay_that_is_none_is_said(desk: Desk) -> None:
    """Reading and writing alike."""
    nowhere = f"/encounters/{new_id()}/money"

    assert desk.get("c1", nowhere).status_code == 404
    assert desk.post("c1", f"{nowhere}/deposits", {"key": new_id(), "amount_fen": 1}).status_code == 404
