"""Lines that come after discharge or settlement: settled by another bill, or waived with a reason."""

from __future__ import annotations

import pytest

from server.money.charges import reverse_by_hand
from server.money.standing import standing
from server.settlement.late import Late, late_lines, waive
from tests.server.desk import Desk
from tests.server.settlement.counter import CASHIER, Till
from tests.server.wards import STAY_1, STAY_2
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.ids import new_id


def late(till: Till) -> list[Late]:
    """The late lines of stay 1."""
    with till.ward.db.read() as conn:
        return late_lines(conn, till.ward.clock.now(), encounter=STAY_1)


def let_off(till: Till, entry: str, reason: str = "科室承担", encounter: str = STAY_1) -> None:
    """Waive a line."""
    now = till.ward.clock.now()
    with till.ward.db.write() as conn:
        waive(conn, encounter=encounter, entry=entry, reason=reason, now=now, actor=CASHIER.actor)


def settled(till: Till) -> None:
    """Stay 1 has a line and is settled."""
    till.charge(quantity=2)
    till.until(till.begin(), "done")
    till.ward.clock.advance(1)


def test_a_late_line_is_open_until_another_settlement_has_it(till: Till) -> None:
    """Open, being settled, settled with its receipt; the line of the first settlement is none."""
    settled(till)
    entry = till.charge()
    assert [(each.line.entry, each.state) for each in late(till)] == [(entry, "open")]
    id = till.begin()
    till.until(id, "confirm")
    assert [each.state for each in late(till)] == ["settling"]
    with pytest.raises(Collision):
        let_off(till, entry)
    done = till.until(id, "done")

    assert [(each.state, each.receipt_no) for each in late(till)] == [("settled", done.receipt_no)]
    with pytest.raises(Collision):
        let_off(till, entry)


def test_a_late_line_is_waived_once_with_a_reason_and_owed_no_more(till: Till) -> None:
    """The books say so too: nothing is left to settle, and the reversal is no late line of its own."""
    settled(till)
    entry = till.charge()
    with pytest.raises(InvalidInput):
        let_off(till, entry, " ")
    with pytest.raises(NotFound):
        let_off(till, entry, encounter=STAY_2)
    let_off(till, entry)
    let_off(till, entry)

    (found,) = late(till)
    assert (found.state, found.reason, found.by) == ("waived", "科室承担", CASHIER.actor)
    assert till.of_stay() == (0, 0)
    till.books()


def test_what_is_not_late_cannot_be_waived_here(till: Till) -> None:
    """A charge of a running stay is taken back by the one who may, not waived."""
    entry = till.charge()

    assert late(till) == []
    with pytest.raises(Collision):
        let_off(till, entry)


def test_what_is_taken_back_after_the_settlement_is_shown_as_owed_to_the_patient(till: Till) -> None:
    """It stands below zero, and nobody can waive it."""
    entry = till.charge(quantity=2)
    till.until(till.begin(), "done")
    till.ward.clock.advance(1)
    now = till.ward.clock.now()
    with till.ward.db.write() as conn:
        back = reverse_by_hand(conn, encounter=STAY_1, entry=entry, reason="录错", now=now, actor=CASHIER.actor)

    (found,) = late(till)
    assert (found.line.entry, found.state, found.line.amount_fen < 0) == (back.entry, "open", True)
    with pytest.raises(Collision):
        let_off(till, back.entry)


def test_only_a_cashier_waives_and_it_is_audited(desk: Desk) -> None:
    """Not a nurse; under the name of who did it."""
    till = Till(desk.ward)
    settled(till)
    entry = till.charge()
    here = f"/encounters/{STAY_1}/late-lines/{entry}/waive"
    assert desk.post("n1", here, {"reason": "免"}).status_code == 403
    assert desk.post("c1", here, {"reason": ""}).status_code == 422
    assert desk.post("c1", f"/encounters/{STAY_1}/late-lines/{new_id()}/waive", {"reason": "免"}).status_code == 404
    assert desk.post("c1", here, {"reason": "免"}).json()["amount_fen"] < 0

    assert ("staff:c1", "charge-waived", "late line", STAY_1) in desk.audited()
    everything = desk.get("c1", "/wards/w1/money/after-discharge").json()
    assert [(each["state"], each["reason"], each["by"]) for each in everything] == [("waived", "免", "staff:c1")]
    assert desk.get("c1", "/wards/w1/money/after-discharge?open_only=true").json() == []


def test_what_the_insurance_is_expected_to_pay_is_not_asked_of_the_patient(desk: Desk) -> None:
    """Left, runway and level count the own part alone; once anything is settled, no estimate counts any more."""
    till = Till(desk.ward)
    till.charge(quantity=100)
    till.cash_in(100_000)
    alone = desk.get("c1", f"/encounters/{STAY_1}/money").json()
    said = {"scheme": "employee", "status": "in-service", "balance_fen": 100_000}
    assert desk.send("c1", "PUT", f"/encounters/{STAY_1}/insurance", json=said).status_code == 200
    insured = desk.get("c1", f"/encounters/{STAY_1}/money").json()

    assert (alone["available_fen"], alone["from_insurance_fen"], alone["level"]) == (-300_000, 0, "warning")
    assert (insured["from_insurance_fen"], insured["available_fen"]) == (372_000, 72_000)
    assert insured["level"] == "none"
    till.until(till.begin(), "done")
    till.charge(quantity=100)
    assert desk.get("c1", f"/encounters/{STAY_1}/money").json()["from_insurance_fen"] == 0


def test_the_runway_counts_the_own_part_of_a_day(till: Till) -> None:
    """Half of a day is the insurance's: the deposit lasts twice as long."""
    till.charge(quantity=10)
    till.cash_in(100_000)
    till.ward.clock.advance(86_400)
    with till.ward.db.read() as conn:
        now = till.ward.clock.now()
        alone, half = standing(conn, STAY_1, now), standing(conn, STAY_1, now, from_insurance_fen=20_000)

    a_day_fen = alone.per_day_fen
    assert a_day_fen is not None
    assert half.per_day_fen == a_day_fen
    assert (alone.runway_days, half.runway_days) == (60_000 // a_day_fen, 80_000 // -(-a_day_fen // 2))
