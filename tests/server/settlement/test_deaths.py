"""A server that dies anywhere in a settlement takes it up again: the same books at the end, and nothing twice."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.db import Database
from server.settlement.insurer import Cover
from tests.server.conftest import MEMORY
from tests.server.settlement.counter import OFFLINE, ONLINE, Till
from tests.server.settlement.houses import Killed
from tests.server.wards import NOW, SmallWard
from wardlink.clock import FixedClock


@dataclass
class Ward:
    """The small ward as it lies in a file, with a clock of its own."""

    db: Database
    clock: FixedClock


@dataclass
class Story:
    """A stay: lines of so many bed-days, deposits by channel, and how it is insured."""

    lines: list[int]
    deposits: list[tuple[str, int]]
    cover: Cover | None = None
    refuses: bool = False


PAID_AHEAD = Story([2, 1], [("cash", 9_000), ("sandbox", 30_000), ("sandbox", 5_000)], ONLINE)
OWING = Story([30], [("cash", 1_000)], OFFLINE)


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small ward in a file, to be copied."""
    path = tmp_path_factory.mktemp("ward") / "ward.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    SmallWard(database)
    database.close()
    return path


@contextmanager
def told(template: Path, story: Story) -> Iterator[Till]:
    """A counter at which this story has happened, before anybody settles."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        database = Database(f"sqlite:///{shutil.copy(template, folder)}")
        till = Till(Ward(database, FixedClock(NOW)))  # type: ignore[arg-type]
        tell(till, story)
        yield till
        database.close()


def tell(till: Till, story: Story) -> None:
    """Let the story happen."""
    for quantity in story.lines:
        till.charge(quantity=quantity)
    for channel, amount_fen in story.deposits:
        if channel == "sandbox":
            till.paid(amount_fen)
        else:
            till.cash_in(amount_fen, channel)
    till.channel.refuses = story.refuses


def settle(till: Till, cover: Cover | None, deaths: list[int]) -> str:
    """Settle to the end on a server that dies after so many places, again and again; the settlement."""
    id = till.begin(cover)
    for places in deaths:
        till.fate.at = till.fate.passed + places
        try:
            till.until(id, "done", till.mortal())
            break
        except Killed:
            pass
    till.fate.at = None
    assert till.until(id, "done", till.mortal()).status == "done"
    return id


def ending(till: Till, id: str) -> dict[str, Any]:
    """What must be the same whatever has died: no ids and no instants."""
    saga = till.settlements.called(id)
    return {
        "books": till.books(),
        "entries": till.entries(),
        "of_stay": till.of_stay(),
        "payouts": [(p.channel, p.amount_fen, p.status, p.way) for p in till.settlements.payouts(id)],
        "given_back": till.channel.given_back_fen(),
        "refunds": len(till.channel.refunds),
        "insurer": (till.insurer.times, till.insurer.lines),
        "saga": (saga.status, saga.lines, saga.total_fen, saga.receipt_no, saga.division, saga.deposits_fen),
    }


@pytest.mark.parametrize(("story", "every"), [(PAID_AHEAD, 3), (OWING, 2)], ids=["paid-ahead", "owing"])
def test_killed_at_any_place_it_ends_the_same(template: Path, story: Story, every: int) -> None:
    """Before and after every transaction, and before and after every call of another house."""
    with told(template, story) as till:
        begun = till.fate.passed
        id = settle(till, story.cover, [])
        expected, places = ending(till, id), till.fate.passed - begun
    assert expected["of_stay"] == (0, 0)
    assert places > 40
    for place in range(1, places + 1, every):
        with told(template, story) as till:
            id = settle(till, story.cover, [place])

            assert ending(till, id) == expected, f"killed at place {place}"


def test_killed_again_and_again_it_ends_the_same_on_each_engine(ward: SmallWard) -> None:
    """Dies after one place, then after two more, then after three: on SQLite and PostgreSQL."""
    till = Till(ward)
    tell(till, PAID_AHEAD)
    id = settle(till, ONLINE, list(range(1, 30)))

    found = ending(till, id)
    assert found["of_stay"] == (0, 0)
    assert found["insurer"][0] == 1
    assert found["refunds"] == 2


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_stays_end_with_books_at_nothing(template: Path, data: st.DataObject) -> None:
    """Whatever was charged and however it was paid, with deaths or without: no fen is lost or made."""
    amounts = st.integers(1, 400_000)
    story = Story(
        lines=data.draw(st.lists(st.integers(1, 9), max_size=3)),
        deposits=data.draw(st.lists(st.tuples(st.sampled_from(["cash", "sandbox", "bank"]), amounts), max_size=4)),
        cover=data.draw(st.sampled_from([None, ONLINE, OFFLINE])),
        refuses=data.draw(st.booleans()),
    )
    # Orders of a deposit have a least and a most amount of their own.
    story.deposits = [(channel, max(fen, 1_000)) for channel, fen in story.deposits]
    deaths = random.Random(data.draw(st.integers(0, 999))).choices(range(1, 25), k=8)
    with told(template, story) as till:
        charged = till.of_stay()[1]
        paid = sum(fen for _channel, fen in story.deposits)
        id = settle(till, story.cover, deaths)
        found = ending(till, id)

    division = found["saga"][4]
    assert found["of_stay"] == (0, 0)
    assert (
        found["saga"][2] == charged == sum(division[f"{part}_fen"] for part in ("fund", "account", "hospital", "cash"))
    )
    given_back = sum(amount for _channel, amount, _status, _way in found["payouts"])
    assert given_back == max(paid - division["cash_fen"], 0)
    books = found["books"]
    money = sum(fen for account, fen in books.items() if account.startswith("clearing."))
    assert money == division["cash_fen"]
    assert books.get("insurance", 0) == division["fund_fen"] + division["account_fen"]
    assert -sum(fen for account, fen in books.items() if account.startswith("income.")) == charged
