"""What is read of all stays together is what is read of each alone, to the fen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.money.charges import charge_by_hand
from server.money.deposits import deposit_in
from server.money.house import gravest_first, standings
from server.money.prices import E4, sample_prices
from server.money.standing import agree, standing
from server.patients.search import Search, found
from tests.server.wards import STAY_1, STAY_2, SmallWard
from wardlink.ids import new_id


@pytest.mark.parametrize("days_later", [0, 1, 2, 3, 4, 9])
def test_together_is_as_each_alone(ward: SmallWard, days_later: int) -> None:
    """On the first day, before and after the days that say what one costs, with an agreement and without."""
    item, clock = sample_prices().item("bed-3"), ward.clock
    assert item is not None
    with ward.db.write() as conn:
        who: dict[str, Any] = {"at": clock.now(), "actor": "staff:k1"}
        deposit_in(conn, encounter=STAY_1, amount_fen=50_001, channel="cash", key="d", **who)
        agree(
            conn,
            id=new_id(),
            encounter=STAY_2,
            kind="treat-first",
            ground="rescue",
            credit_fen=7_000,
            reason="r",
            **who,
        )
    for day in range(days_later + 1):
        with ward.db.write() as conn:
            for stay in (STAY_1, STAY_2)[: 1 + day % 2]:
                how: dict[str, Any] = {
                    "at": clock.now(),
                    "now": clock.now(),
                    "actor": "staff:k1",
                    "key": new_id(),
                    "reason": "r",
                }
                charge_by_hand(conn, encounter=stay, item=item, quantity_e4=E4 + day, **how)
        if day < days_later:
            clock.advance(timedelta(days=1).total_seconds())

    with ward.db.read() as conn:
        stays = found(conn, Search(status="any"), limit=10)
        together = standings(conn, stays, clock.now())
        alone = {stay.id: standing(conn, stay.id, clock.now()) for stay in stays}
    assert len(together) == len(stays) == 2
    assert together == alone


def test_who_is_in_arrears_stands_first(ward: SmallWard) -> None:
    """Then by what is left."""
    with ward.db.write() as conn:
        now = ward.clock.now()
        deposit_in(conn, encounter=STAY_2, amount_fen=90_000, channel="cash", key="d", at=now, actor="staff:k1")
    with ward.db.read() as conn:
        stays = found(conn, Search(), limit=10)
        known = standings(conn, stays, now)

    assert [stay.id for stay in gravest_first(stays[::-1], known)] == [STAY_1, STAY_2]
    assert [stay.id for stay in gravest_first(stays, known)] == [STAY_1, STAY_2]
