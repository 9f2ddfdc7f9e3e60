"""A settlement goes from the closed bill to the receipt, step by step, and says in words what it waits for."""

from __future__ import annotations

import pytest

from server.settlement.rows import Saga
from server.settlement.waits import wait_in
from tests.server.orders.ward import active, do, doses, gives
from tests.server.settlement.counter import BEDSIDE, CARD, CASHIER, OFFLINE, ONLINE, Till
from tests.server.wards import STAY_1
from wardlink.errors import Collision, InvalidInput
from wardlink.i18n import speaking
from wardlink.ids import new_id

PRICE = 6_000


def code(saga: Saga) -> str:
    """What it waits for."""
    assert saga.wait is not None
    return str(saga.wait["code"])


def test_a_patient_who_paid_ahead_gets_the_rest_back_and_the_books_are_at_nothing(till: Till) -> None:
    """Own bill, deposits by code and in cash: the newest deposit first, each through its own channel."""
    till.charge(quantity=2)
    till.cash_in(10_000)
    till.paid(30_000)
    total = till.of_stay()[1]
    done = till.until(till.begin(), "done")

    assert done.status == "done"
    assert done.receipt_no == "20261125-00001"
    assert till.of_stay() == (0, 0)
    payouts = till.settlements.payouts(done.id)
    assert [(p.channel, p.status) for p in payouts] == [("sandbox", "done"), ("cash", "done")]
    assert [p.amount_fen for p in payouts] == [30_000, 10_000 - total]
    assert till.channel.given_back_fen() == 30_000
    books = till.books()
    assert books.pop("clearing.cash") == total
    assert all(account.startswith("income.") for account in books)


def test_what_the_deposits_lack_is_collected_by_code(till: Till) -> None:
    """The settlement asks for exactly what is missing, and goes on once it is paid."""
    till.charge(quantity=3)
    total = till.of_stay()[1]
    till.cash_in(1_000)
    id = till.begin()
    saga = till.until(id, "collect")

    assert code(saga) == "collect"
    assert till.settlements.missing_fen(saga) == total - 1_000
    done = till.until(id, "done")
    assert done.status == "done"
    assert till.of_stay() == (0, 0)
    assert till.settlements.payouts(id) == []


def test_the_platforms_answer_wins(till: Till) -> None:
    """The platform settles otherwise than it had said before: its answer is booked, and the difference collected."""
    till.charge(quantity=10)
    total = till.of_stay()[1]
    till.cash_in(total)
    till.insurer.less_fen = 500
    done = till.until(till.begin(ONLINE), "done")

    assert done.divided.reference == "S1"
    assert done.divided.fund_fen == total * 6 // 10 - 500
    assert done.confirmed_fen == done.divided.cash_fen - 500
    assert till.books()["insurance"] == done.divided.fund_fen
    assert till.of_stay() == (0, 0)


def test_a_platform_that_does_not_answer_is_asked_before_anything_is_sent_again(till: Till) -> None:
    """The answer to the settlement is lost; the settlement that stands over there is found, and none is made twice."""
    till.charge(quantity=10)
    id = till.begin(ONLINE)
    saga = till.until(id, "confirm")
    till.settlements.confirm(id, cash_fen=saga.divided.cash_fen, by=BEDSIDE)
    till.insurer.away = 3
    waits = [code(till.go(id, card=CARD)) for _ in range(3)]
    assert waits == ["insurer-away"] * 3
    till.until(id, "done")

    assert till.insurer.times == 1
    assert till.of_stay() == (0, 0)


def test_a_platform_that_refuses_is_said_and_the_settlement_may_be_given_up(till: Till) -> None:
    """Refused is an answer: nothing stands over there, and another settlement may begin."""
    till.charge()
    id = till.begin(ONLINE)
    saga = till.until(id, "confirm")
    till.settlements.confirm(id, cash_fen=saga.divided.cash_fen, by=BEDSIDE)
    till.insurer.refuses = "未登记"
    saga = till.go(id, card=CARD)

    assert code(saga) == "insurer-refused"
    with speaking("zh_CN"):
        assert "未登记" in wait_in(saga.wait or {}).text()
    till.settlements.give_up(id, reason="改自费", by=CASHIER)
    assert till.until(till.begin(), "done").status == "done"


def test_an_estimate_needs_a_cashiers_decision_with_a_reason(till: Till) -> None:
    """Without the platform nothing is settled by our own estimate unless somebody says so."""
    till.charge(quantity=40)
    total = till.of_stay()[1]
    id = till.begin(OFFLINE)
    saga = till.until(id, "decide")

    assert code(saga) == "decide"
    assert saga.divided.source == "estimate"
    assert 0 < saga.divided.fund_fen < total
    with pytest.raises(InvalidInput):
        till.settlements.decide(id, by_estimate=True, reason=" ", by=CASHIER)
    alone = till.settlements.decide(id, by_estimate=False, reason="病人自行报销", by=CASHIER)
    assert (alone.divided.source, alone.divided.cash_fen) == ("self", total)


def test_an_open_order_is_in_the_way_and_says_what_to_do(till: Till) -> None:
    """As long as an order runs the bill cannot be closed; once it is stopped it can."""
    order = active(till.ward)
    till.ward.take(gives(till.ward.cart, doses(till.ward, order)[0]))
    till.ward.clock.advance(1)
    id = till.begin()
    saga = till.go(id)

    assert (saga.step, code(saga)) == ("tasks", "open-order")
    with speaking("en"):
        assert "have the doctor stop them" in wait_in(saga.wait or {}).text()
    do(till.ward, "order.stop", {"order": order, "reason": "出院", "stop_at": till.ward.clock.now().isoformat()})
    saga = till.go(id)
    assert (saga.step, code(saga)) == ("audit", "audit")


def test_a_charge_after_the_check_opens_the_bill_again(till: Till) -> None:
    """What the patient was shown is what is settled: with another line it is checked and shown anew."""
    till.charge()
    id = till.begin()
    till.until(id, "confirm")
    till.charge()
    saga = till.go(id)

    assert (saga.step, saga.division, saga.audited_by) == ("audit", None, None)
    done = till.until(id, "done")
    assert done.lines == 2
    assert till.of_stay() == (0, 0)


def test_a_charge_after_the_settlement_is_settled_by_another_one(till: Till) -> None:
    """A late line keeps its part of the deposit, and a second settlement takes it and gives the rest back."""
    till.charge(quantity=2)
    id = till.begin()
    till.until(id, "collect")
    till.charge()
    till.paid(50_000)
    first = till.until(id, "done")
    assert first.status == "done"
    held, unsettled = till.of_stay()
    assert held == unsettled > 0
    second = till.until(till.begin(), "done")

    assert (second.status, second.lines, second.receipt_no) == ("done", 1, "20261125-00002")
    assert till.of_stay() == (0, 0)


def test_a_channel_that_will_not_give_back_leaves_it_to_a_person(till: Till) -> None:
    """After a year WeChat gives nothing back: it is handed out, and booked as that."""
    till.charge()
    till.paid(20_000)
    till.channel.refuses = True
    id = till.begin()
    saga = till.until(id, "refund")
    while code(saga) == "refund-under-way":
        saga = till.go(id)
    assert code(saga) == "payout"
    till.settlements.hand_out(id, no=1, way="bank", by=CASHIER)
    till.settlements.hand_out(id, no=1, way="bank", by=CASHIER)

    assert till.until(id, "done").status == "done"
    assert till.of_stay() == (0, 0)
    assert till.books()["clearing.bank"] < 0


def test_a_channel_of_which_nothing_is_known_is_shown_as_under_way(till: Till) -> None:
    """A lost answer to a refund is asked about; the money goes back once."""
    till.charge()
    till.paid(20_000)
    id = till.begin()
    till.until(id, "book")
    till.channel.away = 2
    till.until(id, "done")

    assert len(till.channel.refunds) == 1
    assert till.of_stay() == (0, 0)


def test_two_cashiers_cannot_settle_one_stay_at_once(till: Till) -> None:
    """The second is sent to the first one's settlement; the same id again is the same settlement."""
    id = new_id()
    till.settlements.begin(id, STAY_1, None, CASHIER)

    assert till.settlements.begin(id, STAY_1, None, CASHIER).id == id
    with pytest.raises(Collision):
        till.begin()


def test_a_check_of_another_amount_closes_nothing(till: Till) -> None:
    """The cashier has looked at another bill than the one that is there now."""
    till.charge()
    id = till.begin()
    till.until(id, "audit")
    saga = till.go(id)
    with pytest.raises(Collision):
        till.settlements.audit(saga.id, total_fen=1, by=CASHIER)

    assert till.go(id).step == "audit"


def test_what_has_gone_out_cannot_be_given_up(till: Till) -> None:
    """From the settlement with the insurance on it goes to its end."""
    till.charge()
    till.cash_in(1)
    id = till.begin()
    till.until(id, "collect")
    with pytest.raises(Collision):
        till.settlements.give_up(id, reason="弄错了", by=CASHIER)

    assert till.until(id, "done").status == "done"


def test_a_stay_without_charges_gets_everything_back(till: Till) -> None:
    """Nothing was charged: all of the deposit goes back."""
    till.paid(12_345)
    done = till.until(till.begin(), "done")

    assert (done.status, done.total_fen) == ("done", 0)
    assert till.channel.given_back_fen() == 12_345
    assert till.of_stay() == (0, 0)
