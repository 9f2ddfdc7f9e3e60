"""A settlement with the national platform: its answer wins, nothing is sent twice, and it goes on by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from server.db import Database
from server.insurance.keeping import differences
from server.settlement.rows import Saga
from server.settlement.watch import SettlementWatch, goes_by_itself
from tests.server.conftest import MEMORY
from tests.server.insurance.office import CHEN
from tests.server.settlement.branch import Branch
from tests.server.settlement.counter import BEDSIDE, CASHIER
from tests.server.settlement.houses import Killed
from tests.server.wards import NOW, SmallWard
from wardlink.clock import FixedClock
from wardlink.errors import Collision, InvalidInput

TOTAL, CASH = 400_000, 28_000
"""A hundred bed-days of 40 yuan: 800 deductible, 85 % of the rest, 1,000 from the account; 280 yuan are left."""


@pytest.fixture
def branch(ward: SmallWard) -> Iterator[Branch]:
    """The counter with the platform, on each engine."""
    made = Branch(ward)
    made.charge(quantity=100)
    yield made
    made.close()


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Branch]:
    """The same on SQLite."""
    database = Database(sqlite_url)
    made = Branch(SmallWard(database))
    made.charge(quantity=100)
    yield made
    made.close()
    database.close()


def code(saga: Saga) -> str:
    """What it waits for."""
    return "" if saga.wait is None else str(saga.wait["code"])


def test_a_stay_that_the_platform_knows_is_settled_there(branch: Branch) -> None:
    """Registered, uploaded, discharged, tried, settled; and its part is what it says."""
    branch.paid(40_000)
    done = branch.until(branch.begin(branch.cover()), "done")

    assert branch.over_there.taken == ["9001", "2001", "2401", "2301", "2402", "2303", "2304"]
    assert (done.status, done.divided.source, done.divided.cash_fen) == ("done", "platform", CASH)
    assert done.divided.reference == branch.over_there.standing()[0]
    assert branch.books()["insurance"] == TOTAL - CASH
    assert branch.of_stay() == (0, 0)
    assert branch.channel.given_back_fen() == 40_000 - CASH
    assert not branch.cover().online


def test_its_answer_wins_and_the_difference_is_kept(quick: Branch) -> None:
    """The platform pays less than our rules had expected: both stand side by side, and its own is booked."""
    quick.over_there._members = {CHEN.psn_no: replace(CHEN, ratio=Decimal("0.80"))}
    done = quick.until(quick.begin(quick.cover()), "done")
    less = (TOTAL - 80_000) * 5 // 100

    assert (done.divided.cash_fen, done.divided.expected_cash_fen) == (CASH + less, CASH)
    (kept,) = quick.kept()
    assert differences(kept.answer, kept.estimate) == {"pooled": -less, "fund": -less, "person": less, "cash": less}
    assert quick.books()["insurance"] == TOTAL - CASH - less


@pytest.mark.parametrize("fate", ["before", "after", "garbage", "broken"])
def test_a_settlement_without_an_answer_ends_by_itself(quick: Branch, fate: Any) -> None:
    """Nobody opens a page: the watch asks (5203), and sends again (2304) only what was never done."""
    id = quick.begin(quick.cover())
    saga = quick.until(id, "confirm")
    quick.settlements.confirm(id, cash_fen=saga.divided.cash_fen, by=BEDSIDE)
    quick.over_there.fates.append(fate)
    assert code(quick.go(id, card=quick.card)) == "insurer-away"
    assert SettlementWatch(quick.settlements).look() == 1
    quick.until(id, "done")

    assert quick.sent()["2304"] == 1
    assert len(quick.over_there.standing()) == 1
    assert quick.of_stay() == (0, 0)


def test_a_platform_that_comes_back_is_gone_on_with(quick: Branch) -> None:
    """It is away at the upload: that is said, and the watch goes on as soon as it answers."""
    id = quick.begin(quick.cover())
    quick.until(id, "audit")
    saga = quick.go(id, card=quick.card)
    quick.over_there.fates.extend(["broken"] * 2)
    quick.answer(quick.settlements, saga)
    assert (quick.go(id).step, code(quick.go(id))) == ("upload", "insurer-away")
    SettlementWatch(quick.settlements).look()

    assert quick.settlements.called(id).step == "confirm"


def test_a_card_is_asked_for_and_forgotten(quick: Branch) -> None:
    """Without a card nothing is sent; what was shown is good for ten minutes, and stands nowhere on disk."""
    id = quick.begin(quick.cover())
    quick.answer(quick.settlements, quick.go(id))
    assert code(quick.go(id)) == "card"
    assert quick.over_there.taken == []
    saga = quick.go(id, card=quick.card)
    quick.settlements.confirm(id, cash_fen=saga.divided.cash_fen, by=BEDSIDE)
    quick.ward.clock.advance(601)
    assert code(quick.go(id)) == "card"

    assert not goes_by_itself(quick.settlements.called(id))
    with quick.ward.db.read() as conn:
        found = conn.exec_driver_sql("SELECT request, reply FROM insurance_message").all()
    assert found
    assert quick.card.number not in str(found)


def test_a_person_may_go_on_without_the_platform(quick: Branch) -> None:
    """With a reason: then our own estimate is decided on, as where there is no platform."""
    id = quick.begin(quick.cover())
    quick.answer(quick.settlements, quick.go(id))
    with pytest.raises(InvalidInput):
        quick.settlements.without_platform(id, reason=" ", by=CASHIER)
    quick.settlements.without_platform(id, reason="平台中断", by=CASHIER)
    saga = quick.go(id)

    assert (code(saga), saga.divided.source, saga.divided.cash_fen) == ("decide", "estimate", CASH)
    assert quick.until(id, "done").status == "done"
    with pytest.raises(Collision):
        quick.settlements.without_platform(id, reason="晚了", by=CASHIER)
    assert quick.over_there.taken == []


def test_a_line_that_comes_after_the_discharge_over_there_reopens_it(quick: Branch) -> None:
    """2405, the new line, 2402 again: what is settled is what the patient was shown."""
    id = quick.begin(quick.cover())
    quick.until(id, "confirm")
    quick.charge()
    done = quick.until(id, "done")

    assert done.lines == 2
    assert quick.over_there.taken[-5:] == ["2405", "2301", "2402", "2303", "2304"]
    assert quick.of_stay() == (0, 0)


@pytest.mark.parametrize("discharge_first", [True, False])
def test_a_settlement_is_taken_back_over_there_and_made_anew(sqlite_url: str, discharge_first: bool) -> None:
    """2305 before money moves: its part leaves the books, the lines are free, and the next one settles them."""
    database = Database(sqlite_url)
    branch = Branch(SmallWard(database), discharge_first=discharge_first)
    branch.charge(quantity=100)
    id = branch.begin(branch.cover())
    branch.until(id, "collect")
    with pytest.raises(InvalidInput):
        branch.settlements.take_back(id, reason="", by=CASHIER)
    branch.settlements.take_back(id, reason="病人不同意", by=CASHIER)
    branch.over_there.fates.append("after")
    assert code(branch.go(id)) == "insurer-away"
    SettlementWatch(branch.settlements).look()

    back = branch.settlements.called(id)
    assert (back.status, back.ended_reason, back.ended_by) == ("abandoned", "病人不同意", CASHIER.actor)
    assert branch.over_there.standing() == []
    assert branch.of_stay() == (0, TOTAL)
    done = branch.until(branch.begin(branch.cover()), "done")
    assert (done.divided.source, len(branch.over_there.standing()), branch.sent()["2305"]) == ("platform", 1, 1)
    assert branch.of_stay() == (0, 0)
    with pytest.raises(Collision):
        branch.settlements.take_back(done.id, reason="晚了", by=CASHIER)
    branch.close()
    database.close()


def test_sums_that_do_not_come_out_are_kept_and_wait_for_a_person(
    quick: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform's answer is not the bill: nothing is booked, and it can be taken back."""
    id = quick.begin(quick.cover())
    saga = quick.until(id, "confirm")
    quick.settlements.confirm(id, cash_fen=saga.divided.cash_fen, by=BEDSIDE)
    whole = quick.over_there._settlement
    monkeypatch.setattr(quick.over_there, "_settlement", lambda data: whole(data) | {"psn_cash_pay": "0.01"})
    saga = quick.go(id, card=quick.card)
    assert (saga.step, code(saga)) == ("settle", "insurer-doubtful")
    assert quick.kept()[0].doubts == ["person = account + cash"]
    quick.settlements.take_back(id, reason="平台数据有误", by=CASHIER)

    assert quick.go(id).status == "abandoned"
    assert "insurance" not in quick.books()


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small ward in a file, to be copied."""
    path = tmp_path_factory.mktemp("ward") / "ward.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    SmallWard(database)
    database.close()
    return path


class _Lying(SmallWard):
    """The small ward as it lies in a file, with a clock of its own."""

    def __init__(self, db: Database) -> None:
        self.db, self.clock = db, FixedClock(NOW)


@contextmanager
def told(template: Path) -> Iterator[Branch]:
    """A stay that owes something, with the platform, before anybody settles."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        database = Database(f"sqlite:///{shutil.copy(template, folder)}")
        branch = Branch(_Lying(database))
        branch.charge(quantity=100)
        branch.cash_in(9_000)
        branch.paid(30_000)
        yield branch
        branch.close()
        database.close()


def settle(branch: Branch, deaths: list[int]) -> str:
    """Settle, be taken back once, settle again; on a server that dies after so many places. The second settlement."""
    left = iter(deaths)
    ids = []
    for leaves in (True, False):
        ids.append(branch.begin(branch.cover()))
        places = next(left, None)
        while True:
            branch.fate.at = None if places is None else branch.fate.passed + places
            if _ended(branch, ids[-1], leaves=leaves):
                break
            places = next(left, None)
        branch.fate.at = None
    return ids[-1]


def _ended(branch: Branch, id: str, *, leaves: bool) -> bool:
    server = branch.mortal()
    try:
        if leaves:
            saga = branch.until(id, "collect", server)
            if saga.is_open:
                server.take_back(id, reason="病人不同意", by=CASHIER)
        branch.until(id, "done", server)
    except Killed:
        return False
    return True


def ending(branch: Branch, id: str) -> dict[str, Any]:
    """What must be the same whatever has died: no ids and no instants."""
    saga = branch.settlements.called(id)
    (visit,) = branch.over_there.visits.values()
    sent = branch.sent()
    return {
        "books": branch.books(),
        "entries": branch.entries(),
        "of_stay": branch.of_stay(),
        "payouts": [(p.channel, p.amount_fen, p.status, p.way) for p in branch.settlements.payouts(id)],
        "given_back": branch.channel.given_back_fen(),
        "over_there": (len(visit.fees), visit.discharged, len(branch.over_there.standing())),
        "settled": sent["2304"] - sent["2305"],
        "kept": len(branch.kept()),
        "saga": (saga.status, saga.lines, saga.total_fen, saga.receipt_no, saga.divided.cash_fen),
    }


def test_killed_again_and_again_it_ends_the_same(template: Path) -> None:
    """Around every transaction and every message to platform and channel; through 2304, 2305 and 2304 again.

    Five servers die at about a dozen places each; where one dies, the next one begins with what is on disk.
    """
    with told(template) as branch:
        expected = ending(branch, settle(branch, []))
    assert expected["of_stay"] == (0, 0)
    for first in range(1, 6):
        with told(template) as branch:
            id = settle(branch, list(range(first, first + 40)))

            assert ending(branch, id) == expected, f"killed first at place {first}"


def test_after_a_restart_it_goes_on_without_anybody(template: Path) -> None:
    """From the patient's consent on: killed anywhere, the next server's watch brings it to its end."""
    for place in (2, 5, 7, 8, 9, 12, 15, 20):
        with told(template) as branch:
            id = branch.begin(branch.cover())
            saga = branch.until(id, "confirm")
            branch.cash_in(50_000)
            branch.settlements.confirm(id, cash_fen=saga.divided.cash_fen, by=BEDSIDE)
            branch.fate.at = branch.fate.passed + place
            dying = branch.mortal()
            try:
                saga = dying.go(id, CASHIER, card=branch.card)
            except Killed:
                branch.fate.at = None
                saga = watched(branch, id)

            assert (saga.step, code(saga)) == ("refund", "payout"), f"killed at place {place}"
            assert branch.sent()["2304"] == 1


def watched(branch: Branch, id: str) -> Saga:
    """How far the next server brings it, to which nobody comes but a patient with a card, where nothing stands."""
    fresh = branch.mortal()
    for _look in range(4):
        SettlementWatch(fresh).look()
    saga = fresh.called(id)
    if code(saga) == "card":
        assert branch.over_there.standing() == []
        fresh.go(id, CASHIER, card=branch.card)
    return fresh.called(id)
