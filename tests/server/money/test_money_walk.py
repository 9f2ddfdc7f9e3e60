"""Random days of a stay against a simple memory of them: every book balances to the fen, every list adds up.

The walk goes through the real record, as carts tell it: doses given, told late or twice, struck out; nights; a server
that is killed inside a round; deposits, refunds and charges by hand. The memory knows prices and nothing of the books.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from server.db import Database
from server.money.charges import bring_up, charge_by_hand, reverse_by_hand
from server.money.daily import booked_on, day_list, days_with_lines
from server.money.deposits import deposit_in, deposit_refund, held, unsettled
from server.money.lines import lines_of
from server.money.prices import E4, sample_prices
from server.money.round import ChargeRound
from server.money.standing import standing
from tests.postgres import Spares, needs_postgres
from tests.server.conftest import MEMORY
from tests.server.money.books import CASHIER, check_books
from tests.server.orders.ward import active, doses, gives
from tests.server.wards import NOW, STAY_1, STAY_2, SmallWard
from wardlink.clock import ward_date
from wardlink.ids import new_id
from wardlink.messages.commands import Command
from wardlink.messages.doses import DoseView
from wardlink.money import AmountInvalid

HOUR_S = 3_600
TABLET_FEN = 45
DAY_FEN = 4_000 + 1_500 + 1_800


class Days(RuleBasedStateMachine):
    """A stay, and what it must have cost by now."""

    def __init__(self, ward: SmallWard, close: Callable[[], None]) -> None:
        super().__init__()
        self.ward = ward
        self.teardown = close  # type: ignore[method-assign]
        self.round = ChargeRound(ward.core, sample_prices)
        self.order = ""
        self.given: dict[str, tuple[Command, DoseView, date]] = {}
        self.untold: list[tuple[Command, DoseView]] = []
        self.cost: dict[date, int] = defaultdict(int)
        self.nights: set[date] = set()
        self.held_fen = 0

    @property
    def today(self) -> date:
        """The day of the ward."""
        return ward_date(self.ward.clock.now())

    @initialize()
    def ordered(self) -> None:
        """A tablet when it is needed, so that there is always a dose to give."""
        self.order = active(self.ward)

    def new_dose(self) -> DoseView:
        """A dose of its own, as a cart makes one for what is given beside the plan."""
        return doses(self.ward, self.order)[0].model_copy(update={"id": new_id(), "due_at": None, "events": ()})

    def told(self, command: Command, dose: DoseView) -> None:
        """The server hears of it; from then on it must be charged to the day on which it happened."""
        self.ward.take(command)
        day = ward_date(command.measured_at)
        self.given[command.id] = (command, dose, day)
        self.cost[day] += TABLET_FEN

    @rule(late=st.booleans(), twice=st.booleans())
    def give(self, late: bool, twice: bool) -> None:
        """A tablet is given; a cart without a network tells it some day."""
        dose = self.new_dose()
        command = gives(self.ward.cart_2 if late else self.ward.cart, dose)
        if late:
            self.untold.append((command, dose))
            return
        self.told(command, dose)
        if twice:
            self.ward.take(command)

    @precondition(lambda self: self.untold)
    @rule()
    def tell_late(self) -> None:
        """The network is back."""
        for command, dose in self.untold:
            self.told(command, dose)
        self.untold.clear()

    @precondition(lambda self: self.given)
    @rule(which=st.integers(0, 50))
    def strike(self, which: int) -> None:
        """An entry was wrong: what was charged for it is taken back today."""
        self.look()
        name = sorted(self.given)[which % len(self.given)]
        command, dose, _ = self.given.pop(name)
        self.ward.take(gives(self.ward.cart, dose, "dose.strike", entry=command.id, reason="床号错"))
        self.cost[self.today] -= TABLET_FEN

    @rule()
    def struck_before_anybody_looked(self) -> None:
        """Given and struck out between two looks: no line at all."""
        self.look()
        dose = self.new_dose()
        command = gives(self.ward.cart, dose)
        self.ward.take(command, gives(self.ward.cart, dose, "dose.strike", entry=command.id, reason="床号错"))

    @rule(hours=st.sampled_from([1, 20, 30]))
    def time_passes(self, hours: int) -> None:
        """Perhaps over a midnight or two: those days are over."""
        self.look()
        self.ward.clock.advance(hours * HOUR_S)
        self.end_days()

    def end_days(self) -> None:
        """Every day that is over has cost its bed, round and nursing."""
        day = ward_date(NOW)
        while day < self.today:
            if day not in self.nights:
                self.nights.add(day)
                self.cost[day] += DAY_FEN
            day += timedelta(days=1)

    @rule(amount=st.integers(1, 50_000), back=st.booleans())
    def cash(self, amount: int, back: bool) -> None:
        """A deposit, or part of one back: never more than is left."""
        self.look()
        how: Any = {"encounter": STAY_1, "amount_fen": amount, "channel": "cash", "actor": CASHIER}
        how |= {"at": self.ward.clock.now(), "key": new_id()}
        left = min(self.held_fen, self.held_fen - sum(self.cost.values()))
        with self.ward.db.write() as conn:
            if not back:
                assert [deposit_in(conn, **how), deposit_in(conn, **how)] == [True, False]
                self.held_fen += amount
            elif amount <= left:
                assert deposit_refund(conn, **how)
                self.held_fen -= amount
            else:
                with pytest.raises(AmountInvalid):
                    deposit_refund(conn, **how)

    @rule(quantity=st.integers(1, 3), taken_back=st.booleans())
    def by_hand(self, quantity: int, taken_back: bool) -> None:
        """A cashier charges copies of the record, and perhaps takes them back."""
        now = self.ward.clock.now()
        how: Any = {"encounter": STAY_1, "reason": "复印", "now": now, "actor": CASHIER}
        item = sample_prices().items["copy-record"]
        with self.ward.db.write() as conn:
            row = charge_by_hand(conn, item=item, quantity_e4=quantity * E4, at=now, key=new_id(), **how)
            if taken_back:
                reverse_by_hand(conn, entry=row.entry, **how)
        self.cost[self.today] += 0 if taken_back else 50 * quantity

    @precondition(lambda self: self.given)
    @rule(which=st.integers(0, 50))
    def forgiven(self, which: int) -> None:
        """A cashier takes a dose's line back: it is not charged again, whoever looks."""
        self.look()
        name = sorted(self.given)[which % len(self.given)]
        del self.given[name]
        now = self.ward.clock.now()
        with self.ward.db.write() as conn:
            row = next(row for row in lines_of(conn, STAY_1) if row.source_id == name)
            reverse_by_hand(conn, encounter=STAY_1, entry=row.entry, reason="减免", now=now, actor=CASHIER)
        self.cost[self.today] -= TABLET_FEN

    @rule()
    def killed_inside_a_round(self) -> None:
        """Nothing of it stays."""

        def killed() -> None:
            with self.ward.db.write() as conn:
                bring_up(conn, STAY_1, sample_prices(), self.ward.clock.now())
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            killed()

    def look(self) -> None:
        """The round looks, twice: the second time it finds nothing to do."""
        self.round.look(STAY_1)
        assert self.round.look(STAY_1) == 0

    @invariant()
    def the_books_are_right(self) -> None:
        """Lines, ledger, lists and the memory: one and the same, to the fen; the other stay has nothing of it."""
        if not self.order:
            return
        self.look()
        now = self.ward.clock.now()
        with self.ward.db.read() as conn:
            check_books(conn)
            days = dict(days_with_lines(conn, STAY_1))
            lists = {day: day_list(conn, STAY_1, day, now) for day in {*days, *self.cost}}
            booked = {day: booked_on(conn, STAY_1, day) for day in lists}
            stood = standing(conn, STAY_1, now)
            assert (held(conn, STAY_1), unsettled(conn, STAY_1)) == (self.held_fen, sum(self.cost.values()))
            assert lines_of(conn, STAY_2) == []
        assert {day: found.total_fen for day, found in lists.items() if found.total_fen} == {
            day: fen for day, fen in self.cost.items() if fen
        }
        assert {day: found.total_fen for day, found in lists.items()} == booked
        running = 0
        for day in sorted(lists):
            running += lists[day].total_fen
            assert lists[day].running_fen == running
            assert sum(lists[day].subtotals.values()) == sum(row.amount_fen for row in lists[day].lines)
        assert stood.available_fen == self.held_fen - running


WALK = settings(
    max_examples=10,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def test_random_days_balance_to_the_fen(sqlite_template: Path) -> None:
    """Each walk in a database of its own."""

    def walk() -> Days:
        folder = TemporaryDirectory(dir=MEMORY)
        db = Database(f"sqlite:///{shutil.copy(sqlite_template, folder.name)}")

        def close() -> None:
            db.close()
            folder.cleanup()

        return Days(SmallWard(db), close)

    run_state_machine_as_test(walk, settings=WALK)


@pytest.mark.postgres
@needs_postgres
def test_random_days_balance_on_postgres(postgres_spares: Spares) -> None:
    """The same, a few times, on PostgreSQL."""

    def walk() -> Days:
        lent = ExitStack()
        db = Database(lent.enter_context(postgres_spares.one()))
        lent.callback(db.close)
        return Days(SmallWard(db), lent.close)

    run_state_machine_as_test(walk, settings=settings(WALK, max_examples=3))
