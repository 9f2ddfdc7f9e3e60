"""The ledger balances to the fen whatever is booked, books nothing twice, and cannot be changed."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from server.money.accounts import DEPOSIT, RECEIVABLE, accounts, categories, channels, clearing, income
from server.money.ledger import ENTRY, POSTING, Posting, balance, balances, entries_of, post, reverse, unbalanced
from tests.server.money.books import AT, CASHIER, check_books
from tests.server.wards import STAY_1, STAY_2, SmallWard
from wardlink.errors import Collision, NotFound
from wardlink.ids import new_id
from wardlink.money import MONEY_MAX

CHARGE = [Posting(RECEIVABLE, 1_250, STAY_1), Posting(income("drug"), -1_250, STAY_1)]

AMOUNTS = st.integers(-MONEY_MAX, MONEY_MAX).filter(bool)
SIDES = st.lists(st.tuples(st.sampled_from(sorted(accounts())), st.sampled_from([STAY_1, STAY_2]), AMOUNTS), max_size=5)
WALKS = st.lists(st.tuples(SIDES, st.booleans(), st.booleans()), min_size=1, max_size=8)


def charge(conn: Connection, key: str = "k1", **other: Any) -> bool:
    """Book the charge of 12.50 yuan."""
    fields = {"kind": "charge", "at": AT, "encounter": STAY_1, "actor": CASHIER, "postings": CHARGE, "source": "dose:1"}
    return post(conn, key=key, **(fields | other))


def balanced(sides: list[tuple[str, str, int]]) -> list[Posting]:
    """These sides, and one more that makes them add up to nothing, if it can."""
    rest = sum(amount for _, _, amount in sides)
    found = [Posting(account, amount, stay) for account, stay, amount in sides]
    return [*found, Posting(DEPOSIT, -rest, STAY_1)] if rest else found


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=WALKS)
def test_whatever_is_booked_every_book_balances(ward: SmallWard, walk: list[Any]) -> None:
    """Random entries, some sent twice, some taken back (and that twice): each account is what a simple sum says."""
    with ward.db.write() as conn:
        expected = Counter(balances(conn, STAY_1))
        for sides, again, back in walk:
            key, postings = new_id(), balanced(sides)
            if not postings or any(abs(side.amount_fen) > MONEY_MAX for side in postings):
                continue
            for _ in range(1 + again):
                post(conn, key=key, kind="transfer", at=AT, encounter=None, actor=CASHIER, postings=postings)
            for _ in range((1 + again) * back):
                reverse(conn, key, reason="wrong", at=AT, actor=CASHIER)
            if not back:
                for side in postings:
                    expected[side.account] += side.amount_fen * (side.encounter == STAY_1)
        found = Counter(balances(conn, STAY_1))

        check_books(conn)
        assert {a: n for a, n in found.items() if n} == {a: n for a, n in expected.items() if n}


def test_the_same_again_is_booked_once(ward: SmallWard) -> None:
    """Also later, by somebody else, with another note and its sides turned round."""
    with ward.db.write() as conn:
        first = charge(conn)
        again = charge(conn, at=AT + timedelta(days=1), actor="staff:c2", note="again", postings=CHARGE[::-1])

        assert (first, again) == (True, False)
        assert balance(conn, RECEIVABLE, STAY_1) == 1_250
        assert [(row.actor, row.at) for row in entries_of(conn, STAY_1)] == [(CASHIER, AT)]


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "settle"},
        {"encounter": STAY_2},
        {"source": "dose:2"},
        {"postings": [Posting(RECEIVABLE, 1_251, STAY_1), Posting(income("drug"), -1_251, STAY_1)]},
        {"postings": [Posting(RECEIVABLE, 1_250, STAY_2), Posting(income("drug"), -1_250, STAY_2)]},
        {"postings": [Posting(RECEIVABLE, 1_250, STAY_1), Posting(income("bed"), -1_250, STAY_1)]},
    ],
)
def test_something_else_under_the_same_key_is_a_collision(ward: SmallWard, other: Any) -> None:
    """One fen, one account, one stay: nothing of it is written."""
    with ward.db.write() as conn:
        charge(conn)
        with pytest.raises(Collision):
            charge(conn, **other)

        assert balances(conn) == {RECEIVABLE: 1_250, income("drug"): -1_250}


@pytest.mark.parametrize(
    "postings",
    [
        [],
        [Posting(DEPOSIT, 5, STAY_1)],
        [Posting(DEPOSIT, 5, STAY_1), Posting(RECEIVABLE, -4, STAY_1)],
        [Posting(DEPOSIT, 0, STAY_1), Posting(RECEIVABLE, 0, STAY_1)],
        [Posting(DEPOSIT, 1.5, STAY_1), Posting(RECEIVABLE, -1.5, STAY_1)],  # type: ignore[arg-type]
        [Posting(DEPOSIT, True, STAY_1), Posting(RECEIVABLE, -1, STAY_1)],
        [Posting("pocket", 5, STAY_1), Posting(RECEIVABLE, -5, STAY_1)],
        [Posting("clearing.barter", 5), Posting(RECEIVABLE, -5, STAY_1)],
        [Posting(DEPOSIT, 5), Posting(RECEIVABLE, -5, STAY_1)],
        [Posting(DEPOSIT, MONEY_MAX + 1, STAY_1), Posting(RECEIVABLE, -MONEY_MAX - 1, STAY_1)],
    ],
)
def test_what_is_no_entry_is_not_booked(ward: SmallWard, postings: list[Posting]) -> None:
    """One-sided, unequal, nothing, fractions, unknown accounts, no stay, beyond reason."""
    with ward.db.write() as conn:
        with pytest.raises(ValueError, match=r"."):
            charge(conn, postings=postings)

        assert entries_of(conn, STAY_1) == []


def test_a_reversal_takes_back_all_of_it_once(ward: SmallWard) -> None:
    """The entry stays, its opposite stands beside it; a second one under another key is a collision."""
    with ward.db.write() as conn:
        charge(conn)
        later = AT + timedelta(days=2)
        done = [reverse(conn, "k1", reason="struck out", at=later, actor=CASHIER) for _ in range(2)]
        with pytest.raises(Collision):
            reverse(conn, "k1", reason="struck out", at=later, actor=CASHIER, as_key="another")

        assert done == [True, False]
        assert balances(conn, STAY_1) == {RECEIVABLE: 0, income("drug"): 0}
        assert [(row.kind, row.at, row.note) for row in entries_of(conn, STAY_1)] == [
            ("charge", AT, None),
            ("charge_reversal", later, "struck out"),
        ]


def test_what_was_never_booked_is_not_taken_back(ward: SmallWard) -> None:
    """It is said in words."""
    with ward.db.write() as conn, pytest.raises(NotFound):
        reverse(conn, "nothing", reason="struck out", at=AT, actor=CASHIER)


@pytest.mark.parametrize("table", [ENTRY, POSTING], ids=["entry", "posting"])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_what_was_booked(ward: SmallWard, table: Any, act: str) -> None:
    """Also past this program: not an amount, not a note, not a row."""
    column = next(c for c in table.c if c.name in ("note", "amount_fen"))
    statement = delete(table) if act == "delete" else update(table).values({column: 7})
    with ward.db.write() as conn:
        charge(conn)
    with pytest.raises(DBAPIError, match="only added to"), ward.db.write() as conn:
        conn.execute(statement)

    with ward.db.read() as conn:
        assert balance(conn, RECEIVABLE, STAY_1) == 1_250


def test_an_entry_that_went_past_the_ledger_is_found(ward: SmallWard) -> None:
    """The check of the books is no empty one."""
    with ward.db.write() as conn:
        charge(conn)
        entry = conn.execute(select(ENTRY.c.id)).scalar_one()
        conn.execute(insert(POSTING).values(entry=entry, no=9, account=DEPOSIT, encounter=STAY_1, amount_fen=1))

        assert unbalanced(conn) == [entry]


def test_many_at_once_book_the_same_once(ward: SmallWard) -> None:
    """Eight writers on connections of their own, past the one lock of this process: one of them has booked it."""

    def one(_: int) -> bool:
        with ward.db.engine.connect() as conn, conn.begin():
            return charge(conn)

    with ThreadPoolExecutor(8) as pool:
        booked = list(pool.map(one, range(8)))

    assert Counter(booked) == {True: 1, False: 7}
    with ward.db.read() as conn:
        assert conn.execute(select(func.count()).select_from(POSTING)).scalar_one() == 2


def test_what_fails_after_the_booking_takes_the_booking_with_it(ward: SmallWard) -> None:
    """The ledger is in the caller's transaction: both stand or neither."""

    def broken_off() -> None:
        with ward.db.write() as conn:
            charge(conn)
            raise RuntimeError("the power is gone")

    with pytest.raises(RuntimeError):
        broken_off()

    with ward.db.read() as conn:
        assert balances(conn) == {}


def test_the_chart_has_an_account_for_every_channel_and_category() -> None:
    """Families are made of the data; an unknown member is an error."""
    assert {clearing(channel) for channel in channels()} <= accounts().keys()
    assert {income(category) for category in categories()} <= accounts().keys()
    with pytest.raises(ValueError, match="no account"):
        clearing("barter")
