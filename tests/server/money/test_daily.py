"""The list of a day is the ledger's day to the fen, and says what is left."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from server.money.charges import STRUCK, charge_by_hand
from server.money.daily import booked_on, day_list, days_with_lines, end_of, quantity, table_of
from server.money.deposits import deposit_in
from server.money.lines import lines_of
from server.money.prices import sample_prices
from server.money.round import ChargeRound
from server.money.standing import agree, standing
from tests.server.money.books import CASHIER
from tests.server.orders.ward import active, doses, gives
from tests.server.wards import STAY_1, SmallWard
from wardlink.clock import ward_date
from wardlink.i18n import speaking
from wardlink.ids import new_id

DAY_S = 86_400


def look(ward: SmallWard) -> int:
    """Look once."""
    return ChargeRound(ward.core, sample_prices).look(STAY_1)


def two_days(ward: SmallWard) -> None:
    """A deposit and a tablet on the first day, both days charged, the tablet struck out on the second."""
    with ward.db.write() as conn:
        at = ward.clock.now()
        deposit_in(conn, encounter=STAY_1, amount_fen=100_000, channel="cash", key="d", at=at, actor=CASHIER)
    order = active(ward)
    command = gives(ward.cart, doses(ward, order)[0])
    ward.take(command)
    look(ward)
    ward.clock.advance(DAY_S)
    dose = next(dose for dose in doses(ward, order) if dose.id == command.body["dose"])
    ward.take(gives(ward.cart, dose, "dose.strike", entry=command.id, reason="床号错"))
    look(ward)
    ward.clock.advance(DAY_S)
    look(ward)


def test_a_list_is_the_ledger_s_day(ward: SmallWard) -> None:
    """Each day alone, and all of them together; the first day stays as it was given out."""
    two_days(ward)
    today = ward_date(ward.clock.now())
    with ward.db.read() as conn:
        first, second, third = (day_list(conn, STAY_1, today - timedelta(days=n), ward.clock.now()) for n in (2, 1, 0))
        booked = [booked_on(conn, STAY_1, found.day) for found in (first, second, third)]
        whole = sum(row.amount_fen for row in lines_of(conn, STAY_1))
        days = days_with_lines(conn, STAY_1)

    a_day = 4_000 + 1_500 + 1_800
    assert [found.total_fen for found in (first, second, third)] == booked == [a_day + 45, a_day - 45, 0]
    assert [found.running_fen for found in (first, second, third)] == [a_day + 45, 2 * a_day, 2 * a_day]
    assert days == [(first.day, a_day + 45), (second.day, a_day - 45)]
    assert whole == second.running_fen
    assert dict(first.subtotals) == {"bed": 4_000, "consultation": 1_500, "nursing": 1_800, "drug": 45}
    assert [row.item for row in first.lines] == ["bed-3", "round-ward", "nursing-2", "aspirin-100mg"]
    assert [(found.deposit_fen, found.available_fen) for found in (first, second)] == [
        (100_000, 100_000 - a_day - 45),
        (100_000, 100_000 - 2 * a_day),
    ]
    assert [found.is_over for found in (first, second, third)] == [True, True, False]


def test_a_day_ends_with_the_ward_s_midnight(ward: SmallWard) -> None:
    """And not with that of Greenwich."""
    assert end_of(ward_date(ward.clock.now())).isoformat() == "2026-11-26T00:00:00+08:00"


def test_a_table_has_every_line_and_adds_up(ward: SmallWard) -> None:
    """In both languages, and says why something was taken back."""
    two_days(ward)
    with ward.db.read() as conn:
        found = day_list(conn, STAY_1, ward_date(ward.clock.now()) - timedelta(days=1), ward.clock.now())
    for language, total, remark in (("zh_CN", "当日合计", "对应的记录已不成立。"), ("en", "Total of the day", STRUCK)):
        with speaking(language):
            body = table_of(found)
        head, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig")))
        lines = [row for row in rows if row[0]]

        assert body.startswith(b"\xef\xbb\xbf")
        assert len(lines) == 4
        assert {len(row) for row in lines} == {len(head)}
        assert [row[8] for row in rows if row[3] == total] == ["72.55"]
        assert next(row for row in lines if row[2] == "aspirin-100mg")[6:9] == ["-1", "0.45", "-0.45"]
        assert next(row for row in lines if row[2] == "aspirin-100mg")[15] == remark


def test_a_text_that_begins_like_a_formula_is_text(ward: SmallWard) -> None:
    """A spreadsheet shall not run what a cashier typed."""
    now = ward.clock.now()
    item = sample_prices().items["escort-bed"]
    with ward.db.write() as conn:
        key = new_id()
        how = {"encounter": STAY_1, "at": now, "now": now, "key": key, "actor": CASHIER}
        charge_by_hand(conn, item=item, quantity_e4=10_000, reason="=1+1", **how)
        table = table_of(day_list(conn, STAY_1, ward_date(now), now)).decode("utf-8-sig")

    assert "'=1+1" in table


def test_quantities_have_no_idle_zeros() -> None:
    """As a person writes them."""
    assert [quantity(n) for n in (10_000, 5_000, -10_000, 12_345, 0)] == ["1", "0.5", "-1", "1.2345", "0"]


def test_a_stay_says_for_how_many_days_its_deposit_will_do(ward: SmallWard) -> None:
    """By the days that are over; unknown on the first."""
    with ward.db.read() as conn:
        fresh = standing(conn, STAY_1, ward.clock.now())
    two_days(ward)
    with ward.db.read() as conn:
        found = standing(conn, STAY_1, ward.clock.now())
        insured = standing(conn, STAY_1, ward.clock.now(), from_insurance_fen=7_300)

    assert (fresh.per_day_fen, fresh.runway_days, fresh.level) == (None, None, "notice")
    assert (found.available_fen, found.per_day_fen, found.runway_days, found.level) == (85_400, 7_300, 11, "none")
    assert (insured.available_fen, insured.runway_days) == (92_700, 25)


def test_an_agreement_takes_the_level_away_while_it_holds(ward: SmallWard) -> None:
    """It is said with who and why."""
    with ward.db.write() as conn:
        fields = {"id": new_id(), "encounter": STAY_1, "reason": "抢救", "at": ward.clock.now(), "actor": CASHIER}
        done = [agree(conn, kind="treat-first", ground="rescue", credit_fen=None, **fields) for _ in range(2)]
        found = standing(conn, STAY_1, ward.clock.now())

    assert done == [True, False]
    assert (found.level, [row.ground for row in found.agreements]) == ("none", ["rescue"])
