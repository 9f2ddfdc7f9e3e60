"""Money that fits nothing waits for a person; their word is booked once, with the channel's own amount."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, update

from server.identity.staff import Person
from server.payments.cases import WAYS, Case, Way, case_called, cases, work_off
from server.payments.port import ChannelAway, Found, Trade
from server.payments.rows import NOTICE, ORDER, REFUND
from server.payments.service import Payments
from tests.server.reconcile.books_of_a_day import PaperChannel, order, refund
from tests.server.reconcile.test_working_off import balances, number_of
from tests.server.wards import STAY_1, SmallWard
from wardlink.errors import Collision, InvalidInput, NotFound

CASHIER = Person("c1", "郑收费", "cashier", ())
OTHER = Person("c2", "冯收费", "cashier", ())


class Desk:
    """Payments over a channel on paper, and one case of each kind. `channel.says`: how it answers."""

    def __init__(self, ward: SmallWard) -> None:
        self.ward = ward
        self.channel = PaperChannel()
        self.payments = Payments(ward.core, {"wechat": self.channel})
        self.odd = order(ward.db, "odd", 10_000, status="qr_ready")
        late = order(ward.db, "late", 3_000)
        refund(ward.db, late, "R1", 3_000, status="refused")
        self.channel.says["odd"] = Found(Trade.PAID, "Todd", 9_000, ward.clock.now())
        with ward.db.write() as conn:
            conn.execute(update(ORDER).where(ORDER.c.id == self.odd).values(fault="amount"))
            conn.execute(update(ORDER).where(ORDER.c.id == late).values(late=True))
            for id, number, outcome in (("n1", "nobody", "order"), ("n2", "late", "trade"), ("n3", "x", "merchant")):
                self.notice(conn, id, number, outcome)
            self.notice(conn, "n4", "late", "accepted")

    def notice(self, conn: Any, id: str, number: str, outcome: str) -> None:
        """Something that the channel has signed."""
        now = self.ward.clock.now()
        row = {"received_at": now, "sent_at": now, "kind": "payment", "amount_fen": 5_000, "digest": "-"}
        conn.execute(insert(NOTICE).values(channel="wechat", id=id, out_trade_no=number, outcome=outcome, **row))

    def waiting(self, *, handled: bool = False) -> dict[str, Case]:
        """Those that wait, or were dealt with, by fault."""
        with self.ward.db.read() as conn:
            return {case.fault: case for case in cases(conn, handled=handled)}

    def do(self, fault: str, way: Way, who: Person = CASHIER, no: str = "") -> None:
        """Work the case of this fault off."""
        work_off(self.payments, who, self.waiting()[fault], way, reason="查过", admission_no=no)


@pytest.fixture
def desk(ward: SmallWard) -> Desk:
    """One case of each kind."""
    return Desk(ward)


def test_all_that_waits_is_listed_and_nothing_else(desk: Desk) -> None:
    """With the stay where one is known."""
    found = desk.waiting()

    assert set(found) == {"amount", "order", "trade", "merchant", "refund"}
    assert {fault for fault, case in found.items() if case.encounter == STAY_1} == {"amount", "trade", "refund"}
    assert desk.waiting(handled=True) == {}


@pytest.mark.parametrize(
    ("fault", "way", "booked"),
    [
        ("amount", "taken", {"clearing.wechat": 9_000, "deposit": -9_000}),
        ("amount", "given-back", {"clearing.wechat": 9_000, "refunds-due": -9_000}),
        ("order", "taken", {"clearing.wechat": 5_000, "deposit": -5_000}),
        ("order", "held", {"clearing.wechat": 5_000, "suspense": -5_000}),
        ("order", "returned", {}),
        ("trade", "taken", {"clearing.wechat": 5_000, "deposit": -5_000}),
        ("merchant", "explained", {}),
    ],
)
def test_what_is_booked_once(desk: Desk, fault: str, way: Way, booked: dict[str, int]) -> None:
    """The second of two cashiers who have the page open is refused, and the books stand as the first left them."""
    stale = desk.waiting()[fault]
    desk.do(fault, way, no=number_of(desk.ward))
    with pytest.raises(Collision):
        work_off(desk.payments, OTHER, stale, way, reason="也查过", admission_no=number_of(desk.ward))

    assert balances(desk.ward) == booked
    assert fault not in desk.waiting()
    done = desk.waiting(handled=True)
    assert [(case.way, case.handled_by, case.reason) for case in done.values()] == [(way, "staff:c1", "查过")]
    assert desk.ward.clock.now() == next(iter(done.values())).handled_at


def test_a_wrong_amount_that_was_taken_is_a_payment_like_any_other(desk: Desk) -> None:
    """Paid with what came; given back, it goes the way of what came too late, without a second person's word."""
    desk.do("amount", "taken")
    taken = desk.payments.orders.called(desk.odd)

    assert (taken.status, taken.paid_fen, taken.channel_trade_no, taken.late) == ("paid", 9_000, "Todd", False)


def test_a_wrong_amount_that_goes_back_is_sent(desk: Desk) -> None:
    """All of it, once."""
    desk.do("amount", "given-back")

    (back,) = desk.payments.refunds.of_order(desk.odd)
    assert (back.amount_fen, back.status, back.asked_by) == (9_000, "approved", "staff:c1")


def test_a_refund_that_the_channel_refused_is_handed_out(desk: Desk) -> None:
    """Cash leaves the drawer, and nothing is owed to the payer any more."""
    with desk.ward.db.write() as conn:
        from server.money.deposits import unwanted_in

        how = {"amount_fen": 3_000, "channel": "wechat", "key": "k", "at": desk.ward.clock.now(), "actor": "system:x"}
        unwanted_in(conn, encounter=STAY_1, **how)  # type: ignore[arg-type]
    desk.do("refund", "cash")

    assert balances(desk.ward) == {"clearing.wechat": 3_000, "clearing.cash": -3_000}


@pytest.mark.parametrize("kind", list(WAYS))
def test_no_other_way(desk: Desk, kind: Any) -> None:
    """Each kind allows its own ways; of another merchant's money nothing is booked."""
    case = next(case for case in desk.waiting().values() if case.kind == kind)
    for way in {way for ways in WAYS.values() for way in ways} - set(WAYS[kind]):
        with pytest.raises(Collision):
            work_off(desk.payments, CASHIER, case, way, reason="x")
    with pytest.raises(Collision):
        desk.do("merchant", "taken", no=number_of(desk.ward))

    assert balances(desk.ward) == {}
    assert len(desk.waiting()) == 5


def test_whose_it_is_must_be_said(desk: Desk) -> None:
    """By a number that somebody has; otherwise nothing has changed."""
    with pytest.raises(InvalidInput):
        desk.do("order", "taken")
    with pytest.raises(NotFound):
        desk.do("order", "taken", no="ZY-NONE")
    with desk.ward.db.read() as conn, pytest.raises(NotFound):
        case_called(conn, "order", "wechat:n1")

    assert len(desk.waiting()) == 5


@pytest.mark.parametrize("found", [Found(Trade.WAITING), Found(Trade.PAID, "T", None), None])
def test_only_the_channels_own_word_is_booked(desk: Desk, found: Found | None) -> None:
    """Not a notice's amount, and not while it does not answer."""
    if found is None:
        desk.channel.query = _away  # type: ignore[method-assign]
    else:
        desk.channel.says["odd"] = found
    with pytest.raises(Collision):
        desk.do("amount", "taken")

    assert balances(desk.ward) == {}
    assert "amount" in desk.waiting()


def _away(_number: str) -> Found:
    raise ChannelAway


def test_a_stranger_is_the_same_money_on_both_pages(desk: Desk) -> None:
    """What was taken here is not taken again when the bill shows it."""
    from server.reconcile import closing
    from server.reconcile.rows import differences
    from server.reconcile.service import Reconciliation
    from tests.server.reconcile.books_of_a_day import ON, line

    desk.channel.rows[ON] = [line("nobody", 5_000)]
    desk.do("order", "taken", no=number_of(desk.ward))
    Reconciliation(desk.ward.core, {"wechat": desk.channel}).run("wechat", ON)
    with desk.ward.db.read() as conn:
        (found,) = (each for each in differences(conn, desk.ward.clock.now()) if each.number == "nobody")
    with pytest.raises(Collision):
        closing.close(desk.ward.core, OTHER, found.id, "x", way="taken", admission_no=number_of(desk.ward))

    assert balances(desk.ward) == {"clearing.wechat": 5_000, "deposit": -5_000}


def test_refunds_of_payments_in_time_do_not_wait(desk: Desk) -> None:
    """Their money is deposit again."""
    with desk.ward.db.write() as conn:
        conn.execute(update(ORDER).where(ORDER.c.out_trade_no == "late").values(late=False))
        assert conn.execute(REFUND.select()).first() is not None

    assert "refund" not in desk.waiting()
