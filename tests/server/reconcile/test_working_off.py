"""A difference is worked off by one person, once, in a way that it allows; the ledger says what that meant."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from server.identity.staff import Person
from server.money.deposits import held
from server.money.ledger import POSTING
from server.payments.rows import ORDER
from server.reconcile import closing
from server.reconcile.resolving import Resolution, ways_of
from server.reconcile.rows import DifferenceView, Wanted, count_differences, differences, undecided
from server.reconcile.service import Reconciliation
from tests.server.reconcile.books_of_a_day import ON, PaperChannel, line, order
from tests.server.wards import STAY_1, SmallWard
from wardlink.errors import Collision, InvalidInput, NotAllowed, NotFound, WardlinkError

CASHIER = Person("c1", "郑收费", "cashier", ())
OTHER = Person("c2", "冯收费", "cashier", ())
MANAGER = Person("m1", "郑主任", "manager", ("w1",))


def compared(ward: SmallWard) -> dict[str, DifferenceView]:
    """A stranger's payment, one that only we have, one that differs, one that is open with us, a refund; by number."""
    channel = PaperChannel()
    channel.rows[ON] = [line("s", 500), line("b", 9_900), line("c", 700), line("r", 300, refund_of="b")]
    order(ward.db, "b")
    order(ward.db, "l", 4_000)
    order(ward.db, "c", 700, status="qr_ready")
    Reconciliation(ward.core, {"wechat": channel}).run("wechat", ON)
    with ward.db.read() as conn:
        return {each.number: each for each in differences(conn, ward.clock.now())}


def close(ward: SmallWard, found: DifferenceView, way: Resolution, who: Person = CASHIER, no: str = "") -> None:
    """Work it off."""
    closing.close(ward.core, who, found.id, "查过", way=way, admission_no=no)


def balances(ward: SmallWard) -> dict[str, int]:
    """Every account that does not stand at nothing."""
    sums: dict[str, int] = {}
    with ward.db.read() as conn:
        for account, fen in conn.execute(select(POSTING.c.account, POSTING.c.amount_fen)):
            sums[account] = sums.get(account, 0) + fen
    return {account: fen for account, fen in sums.items() if fen}


def number_of(ward: SmallWard) -> str:
    """The admission number of the first stay."""
    with ward.db.read() as conn:
        found: str = conn.exec_driver_sql(f"SELECT admission_no FROM encounter WHERE id = '{STAY_1}'").scalar_one()
        return found


def test_what_each_kind_allows(ward: SmallWard) -> None:
    """Money that the channel has is taken, held, returned; what it never had can be written off."""
    assert {number: ways_of(each) for number, each in compared(ward).items()} == {
        "s": ("taken", "held", "returned", "explained"),
        "c": ("taken", "returned", "explained"),
        "l": ("explained", "written-off"),
        "b": ("explained", "written-off"),
        "r": ("returned", "explained"),
    }


@pytest.mark.parametrize(
    ("number", "way", "who", "booked"),
    [
        ("s", "taken", CASHIER, {"clearing.wechat": 500, "deposit": -500}),
        ("s", "held", CASHIER, {"clearing.wechat": 500, "suspense": -500}),
        ("s", "returned", CASHIER, {}),
        ("s", "explained", CASHIER, {}),
        ("l", "written-off", MANAGER, {"bad-debt": 4_000, "clearing.wechat": -4_000}),
        ("b", "written-off", MANAGER, {"bad-debt": 100, "clearing.wechat": -100}),
        ("r", "returned", CASHIER, {}),
    ],
)
def test_what_it_books(ward: SmallWard, number: str, way: Resolution, who: Person, booked: dict[str, int]) -> None:
    """Exactly the two sides, and once however often the same person says it; a second person is told who was first."""
    found, no = compared(ward)[number], number_of(ward)
    close(ward, found, way, who, no)
    close(ward, found, way, who, no)
    with pytest.raises(Collision):
        close(
            ward,
            found,
            way,
            OTHER
            if who is CASHIER
            else CASHIER
            if way != "written-off"
            else Person("m2", "另一主任", "manager", ("w1",)),
            no,
        )

    assert balances(ward) == booked
    with ward.db.read() as conn:
        (told,) = differences(conn, ward.clock.now(), Wanted("closed"))
        assert (told.resolution, told.ended_by, told.outcome) == (way, str(who.actor), "查过")
        assert count_differences(conn, Wanted("open")) + count_differences(conn, Wanted("waiting")) == 4
        assert undecided(conn) == {("wechat", ON): 4}


def refused(ward: SmallWard, fault: type[WardlinkError], found: DifferenceView, *how: Any) -> None:
    """It is refused, and nothing has changed."""
    with pytest.raises(fault):
        close(ward, found, *how)
    with ward.db.read() as conn:
        assert count_differences(conn, Wanted("closed")) == 0
    assert balances(ward) == {}


def test_what_is_refused_leaves_nothing_behind(ward: SmallWard) -> None:
    """No stay, a wrong number, a way that does not fit, what has not come in, and who may not write off."""
    found = compared(ward)

    refused(ward, InvalidInput, found["s"], "taken")
    refused(ward, NotFound, found["s"], "taken", CASHIER, "ZY-NONE")
    refused(ward, Collision, found["s"], "written-off", MANAGER)
    refused(ward, Collision, found["r"], "taken")
    refused(ward, Collision, found["c"], "taken")
    refused(ward, NotAllowed, found["l"], "written-off", CASHIER)


def test_what_came_in_meanwhile_is_taken_without_a_second_entry(ward: SmallWard) -> None:
    """Its order has credited the deposit; the difference is only closed."""
    found = compared(ward)
    with ward.db.write() as conn:
        conn.execute(update(ORDER).where(ORDER.c.out_trade_no == "c").values(status="paid", paid_fen=700))
    close(ward, found["c"], "taken")

    assert balances(ward) == {}


def test_the_stay_named_is_the_one_that_gets_it(ward: SmallWard) -> None:
    """And the audit names it."""
    found = compared(ward)
    close(ward, found["s"], "taken", CASHIER, number_of(ward))

    with ward.db.read() as conn:
        assert held(conn, STAY_1) == 500
        rows = conn.exec_driver_sql("SELECT encounter FROM access_audit WHERE action = 'reconcile-close'").all()
    assert rows == [(STAY_1,)]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(), {"s", "b", "c", "l", "r"}),
        (Wanted(kind="channel_only"), {"s", "c", "r"}),
        (Wanted(text="Ts"), {"s"}),
        (Wanted(text="100%"), set()),
        (Wanted(channel="alipay"), set()),
        (Wanted("waiting"), {"l"}),
    ],
)
def test_they_are_found_by_kind_channel_state_and_number(ward: SmallWard, wanted: Wanted, numbers: set[str]) -> None:
    """The count is that of the list."""
    compared(ward)
    with ward.db.read() as conn:
        assert {each.number for each in differences(conn, ward.clock.now(), wanted)} == numbers
        assert count_differences(conn, wanted) == len(numbers)
