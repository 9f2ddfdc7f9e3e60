"""An order from its beginning to its end: one code, one payment, one credit, whatever is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from server.integrations.sandbox.provider import SandboxProvider
from server.payments.orders import ChannelUnknown
from server.payments.policy import next_look, policy
from server.payments.port import ChannelRefused, Created, PayAsk
from tests.server.payments.till import TERMINAL, Till
from tests.server.wards import NOW, STAY_2
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.ids import new_id


def test_an_order_is_paid_and_the_deposit_grows(till: Till) -> None:
    """By as much as was paid, once, with the channel's number and instant."""
    order = till.paid(12_345)

    assert (order.status, order.paid_fen, order.late) == ("paid", 12_345, False)
    assert order.channel_trade_no
    assert order.paid_at == NOW
    assert till.held() == 12_345
    assert till.entries() == [("deposit_in", 12_345)]


def test_the_same_key_is_the_same_order(till: Till) -> None:
    """Whoever sends it again after a lost answer gets the same code."""
    wanted = till.wanted()
    first, second = (till.payments.orders.create(wanted, TERMINAL) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("other", [{"amount_fen": 10_001}, {"encounter": STAY_2}, {"purpose": "settle"}])
def test_a_key_stands_for_one_order_only(sqlite_till: Till, other: dict[str, object]) -> None:
    """Another amount, stay or purpose under it is refused."""
    wanted = sqlite_till.wanted()
    sqlite_till.payments.orders.create(wanted, TERMINAL)

    with pytest.raises(Collision):
        sqlite_till.payments.orders.create(replace(wanted, **other), TERMINAL)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount_fen", [-1, 0, policy().deposit_most_fen + 1])
def test_amounts_that_nobody_pays_as_a_deposit(sqlite_till: Till, amount_fen: int) -> None:
    """Are refused in words, and nothing is written."""
    with pytest.raises(InvalidInput):
        sqlite_till.payments.orders.create(sqlite_till.wanted(amount_fen), TERMINAL)

    assert sqlite_till.final()["orders"] == []


@pytest.mark.parametrize("amount_fen", [1, policy().deposit_most_fen])
def test_the_ends_of_what_a_deposit_may_be(sqlite_till: Till, amount_fen: int) -> None:
    """Are allowed."""
    assert sqlite_till.order(amount_fen).amount_fen == amount_fen


def test_for_nobody_nothing_is_paid(sqlite_till: Till) -> None:
    """No stay, or a channel that is not switched on."""
    create = sqlite_till.payments.orders.create
    with pytest.raises(NotFound):
        create(sqlite_till.wanted(encounter=new_id()), TERMINAL)
    with pytest.raises(ChannelUnknown):
        create(sqlite_till.wanted(channel="gold"), TERMINAL)
    with pytest.raises(NotFound):
        sqlite_till.payments.orders.look(new_id())


def test_without_an_answer_it_is_unknown(till: Till) -> None:
    """Not failed: the channel has made a trade whose code never arrived; asked again there is the code."""
    wanted = till.wanted()
    with till.away():
        order = till.payments.orders.create(wanted, TERMINAL)
    assert (order.status, order.qr) == ("unknown", None)

    again = till.payments.orders.create(wanted, TERMINAL)
    assert (again.id, again.status) == (order.id, "qr_ready")
    assert till.pay(again)


def test_the_watch_fetches_a_code_that_never_arrived(sqlite_till: Till) -> None:
    """Nobody has to press again."""
    with sqlite_till.away():
        order = sqlite_till.payments.orders.create(sqlite_till.wanted(), TERMINAL)
    sqlite_till.now_is_later(3)

    assert sqlite_till.again(order).status == "qr_ready"


def test_while_a_channel_is_away_nothing_is_decided(sqlite_till: Till) -> None:
    """Paid, and the channel does not answer until long after the end: then the deposit grows."""
    order = sqlite_till.order()
    sqlite_till.pay(order)
    with sqlite_till.away():
        for _ in range(100):
            sqlite_till.now_is_later(10)
        assert sqlite_till.again(order).status == "qr_ready"
        assert sqlite_till.payments.orders.close(order.id, TERMINAL).status == "closing"
    sqlite_till.now_is_later(60)

    assert sqlite_till.again(order).status == "paid"
    assert sqlite_till.held() == 10_000


def test_closed_by_a_person(till: Till) -> None:
    """Nobody can pay it, and no money has moved; again it is the same."""
    order = till.order()

    assert [till.payments.orders.close(order.id, TERMINAL).status for _ in range(2)] == ["closed", "closed"]
    assert not till.pay(order)
    assert till.entries() == []


def test_what_was_paid_cannot_be_closed(till: Till) -> None:
    """Closing finds that it was paid."""
    order = till.order()
    till.pay(order)

    assert till.payments.orders.close(order.id, TERMINAL).status == "paid"
    assert till.held() == 10_000


def test_an_order_ends_by_itself(sqlite_till: Till) -> None:
    """One second before its end it can be paid; at its end it is closed, at the channel as well."""
    order = sqlite_till.order()
    sqlite_till.now_is_later(299)
    assert sqlite_till.again(order).status == "qr_ready"
    sqlite_till.now_is_later(1)

    assert sqlite_till.again(order).status == "closed"
    assert not sqlite_till.pay(order)


@pytest.mark.parametrize("paid_after_s", [0, 1, 100, 299])
def test_a_lost_notice_is_found(sqlite_till: Till, paid_after_s: int) -> None:
    """Whenever it was paid: within five minutes of its end at the latest, and nobody has asked."""
    order = sqlite_till.order()
    sqlite_till.ward.clock.advance(paid_after_s)
    assert sqlite_till.pay(order)
    waited_s = 0
    while not sqlite_till.again(order).is_paid:
        sqlite_till.now_is_later(1)
        waited_s += 1

    assert waited_s <= 10
    assert sqlite_till.held() == 10_000


def test_a_restart_loses_no_order(sqlite_till: Till) -> None:
    """Paid while the server was down: another process finds it."""
    order = sqlite_till.order()
    sqlite_till.pay(order)
    sqlite_till.ward.clock.advance(7_200)
    again = Till(sqlite_till.ward, sqlite_till.stage)
    again.watch.look()

    assert again.again(order).status == "paid"


def test_asked_by_plan(sqlite_till: Till) -> None:
    """Every 3 s for a minute, then every 10 s, and at the end exactly."""
    plan, ends_at = policy().order_looks, NOW + timedelta(seconds=300)
    gaps = [(next_look(plan, looks, NOW, ends_at=ends_at) - NOW).total_seconds() for looks in (0, 19, 20, 21, 219, 220)]

    assert gaps == [3, 3, 10, 10, 10, 60]
    assert next_look(plan, 30, ends_at - timedelta(seconds=4), ends_at=ends_at) == ends_at
    assert next_look(plan, 30, ends_at, ends_at=ends_at) == ends_at + timedelta(seconds=10)


def test_a_channel_without_a_trade_before_the_scan(sqlite_till: Till) -> None:
    """Closing says that there is none: the order is closing while the code still lives, and closed after its end."""
    habits = sqlite_till.stage.gateway.books.habits
    sqlite_till.stage.gateway.books.habits = replace(habits, trade_at_scan=True)
    order = sqlite_till.order()
    assert sqlite_till.payments.orders.close(order.id, TERMINAL).status == "closing"
    sqlite_till.now_is_later(329)
    assert sqlite_till.again(order).status == "closing"
    sqlite_till.now_is_later(60)

    assert sqlite_till.again(order).status == "closed"


def test_paid_while_it_was_being_closed(sqlite_till: Till) -> None:
    """Such a code was scanned and paid after somebody closed it: that is a payment, and it is credited."""
    habits = sqlite_till.stage.gateway.books.habits
    sqlite_till.stage.gateway.books.habits = replace(habits, trade_at_scan=True)
    order = sqlite_till.order()
    sqlite_till.payments.orders.close(order.id, TERMINAL)
    assert sqlite_till.pay(order)
    sqlite_till.now_is_later(10)

    assert sqlite_till.again(order).status == "paid"
    assert sqlite_till.held() == 10_000


class _Refusing(SandboxProvider):
    """Makes no codes; all else is the sandbox."""

    def create(self, ask: PayAsk) -> Created:
        """Refuse."""
        raise ChannelRefused(reason="merchant-suspended")


def test_a_channel_that_refuses(sqlite_till: Till) -> None:
    """The order is closed with the channel's word for why, and nothing is owed."""
    provider = sqlite_till.stage.provider_to(None)
    provider.__class__ = _Refusing
    sqlite_till.payments.orders.providers["sandbox"] = provider  # type: ignore[index]
    order = sqlite_till.payments.orders.create(sqlite_till.wanted(), TERMINAL)

    assert (order.status, order.fault) == ("closed", "merchant-suspended")
    assert sqlite_till.entries() == []


def test_refused_because_it_was_paid_meanwhile(sqlite_till: Till) -> None:
    """The first answer was lost, somebody paid, and the second ask is refused: that is a payment."""
    wanted = sqlite_till.wanted()
    with sqlite_till.away():
        order = sqlite_till.payments.orders.create(wanted, TERMINAL)
    sqlite_till.stage.pay(sqlite_till.stage.code_of(order.out_trade_no))
    again = sqlite_till.payments.orders.create(wanted, TERMINAL)

    assert again.status == "paid"
    assert sqlite_till.held() == 10_000
