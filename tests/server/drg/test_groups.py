"""Groups: what they pay by the day they hold on, coding by hand and from a file, and who sees money."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.drg.service import weight_of
from server.drg.tables import read, tables
from server.money.charges import charge_by_hand
from server.money.prices import E4, sample_prices
from tests.server.desk import Desk
from tests.server.reconcile.conftest import MoneyDesk
from tests.server.wards import STAY_1, STAY_2, SmallWard
from wardlink.errors import InvalidInput
from wardlink.ids import new_id

FILE = "住院号,DRG编码,权重\n{lines}\n"


@pytest.fixture
def desk(ward: SmallWard, tmp_path: Any) -> Desk:
    """With a manager."""
    return MoneyDesk(ward, tmp_path)


def rows(desk: Desk, q: str = "") -> dict[str, Any]:
    """The manager's list, by stay."""
    return {row["encounter"]: row for row in desk.get("m1", f"/drg/stays?q={q}").json()}


def send(desk: Desk, lines: str, who: str = "m1") -> Any:
    """A file of groups."""
    return desk.send(who, "POST", "/drg/import", content=FILE.format(lines=lines).encode())


@pytest.mark.parametrize(
    ("on", "weight_e4", "fen"),
    [
        (date(2025, 12, 31), 12_600, 780_000 * 126 * 103 // 10_000),
        (date(2026, 1, 1), 12_600, 1_058_400),
        (date(2026, 1, 1), 1, 84),
        (date(2024, 12, 31), 12_600, None),
    ],
)
def test_a_weight_pays_what_holds_on_its_day(on: date, weight_e4: int, fen: int | None) -> None:
    """Weight, rate and coefficient; before anything was published nothing is expected."""
    assert tables().expected_fen(weight_e4, on) == fen


def test_a_group_holds_until_its_next_row() -> None:
    """The day before, the day itself, and never another code's."""
    found = [tables().group("FR21", on) for on in (date(2025, 12, 31), date(2026, 1, 1))]

    assert [(group.weight_e4, group.days) for group in found if group] == [(12_400, 11), (12_600, 10)]
    assert tables().group("FR2", date(2026, 1, 1)) is None
    assert tables().trust == "sample"


@pytest.mark.parametrize(("cost", "said"), [(3_999, "low"), (4_000, ""), (20_000, ""), (20_001, "high")])
def test_the_bounds_of_outliers(cost: int, said: str) -> None:
    """On the bound it is none."""
    assert tables().outlier(cost, 10_000) == said


@given(st.integers(1, 9_999_999))
def test_a_weight_reads_as_it_is_written(weight_e4: int) -> None:
    """Four decimals, no float on the way."""
    assert weight_of(f"{weight_e4 // 10_000}.{weight_e4 % 10_000:04d}") == weight_e4


@pytest.mark.parametrize("text", ["0", "0.0000", "-1", "1,2", "1.23456", "1e3", "٣", "1000", "NaN"])
def test_what_is_no_weight(text: str) -> None:
    """Is refused in words."""
    with pytest.raises(InvalidInput):
        weight_of(text)


@pytest.mark.parametrize("change", [{"weight_e4": 0}, {"days": -1}, {"weight_e4": 1.5}])
def test_a_file_with_a_fault_is_not_read(change: dict[str, Any]) -> None:
    """A figure that cannot be, or two rows from one day."""
    row = {"code": "AA11", "from": date(2026, 1, 1), "name_zh": "x", "name_en": "x", "weight_e4": 1, "days": 1}
    rate = {"from": date(2026, 1, 1), "rate_fen": 1, "coefficient_bp": 1}
    table = {"groups": [row | change], "rates": [rate], "outliers": {"low_bp": 1, "high_bp": 2}, "trust": "D"}
    for broken in (table, table | {"groups": [row, row]}, table | {"groups": [row], "rates": [rate, rate]}):
        with pytest.raises(ValueError, match=r"AA11|rate"):
            read(broken)


def test_paid_against_cost(desk: Desk) -> None:
    """By hand, with the cost that the ledger has; the second of two who coded at once is told."""
    item, now = sample_prices().item("bed-3"), desk.ward.clock.now()
    assert item is not None
    how: dict[str, Any] = {"at": now, "now": now, "actor": "staff:c1", "key": new_id(), "reason": "r"}
    with desk.ward.db.write() as conn:
        charge_by_hand(conn, encounter=STAY_1, item=item, quantity_e4=E4, **how)
    path = f"/drg/stays/{STAY_1}"
    codes = [
        desk.send("m1", "PUT", path, json={"code": "fr21"}).status_code,
        desk.send("m1", "PUT", path, json={"code": "KS11"}).status_code,
        desk.send("m1", "PUT", path, json={"code": "KS11", "version": 1}).status_code,
        desk.send("m1", "PUT", path, json={"code": "ZZ99", "version": 2}).status_code,
        desk.send("m1", "PUT", path, json={"code": "ZZ99", "weight": "0.5", "version": 2}).status_code,
    ]
    found = rows(desk)[STAY_1]

    assert codes == [204, 409, 204, 422, 204]
    assert (found["code"], found["weight_e4"], found["expected_fen"], found["cost_fen"]) == (
        "ZZ99",
        5_000,
        420_000,
        4_000,
    )
    assert (found["difference_fen"], found["outlier"]) == (416_000, "")
    assert rows(desk)[STAY_2]["expected_fen"] is None
    assert set(rows(desk, "zz9")) == {STAY_1}
    assert [what for _who, what, *_ in desk.audited() if what == "drg-coded"] == ["drg-coded"] * 3


def test_a_file_is_taken_whole_or_not_at_all(desk: Desk) -> None:
    """Each bad line with its number and its reason, blank lines counted; the good line beside them is not taken."""
    bad = send(desk, "ZY0001,FR21,\n\nZY0001,KS11,\nZY9999,FR21,\nZY0002,F!,\nZY0002,QQ11,\nZY0002,QQ11,0")
    before = {row["code"] for row in rows(desk).values()}
    good = send(desk, "ZY0001,FR21,\nZY0002,QQ11,1.5")

    assert bad.status_code == 422
    assert [fault["line"] for fault in bad.json()["faults"]] == [4, 5, 6, 7, 8]
    assert before == {None}
    assert good.json() == {"coded": 2}
    assert {(row["code"], row["weight_e4"]) for row in rows(desk).values()} == {("FR21", 12_600), ("QQ11", 15_000)}


@pytest.mark.parametrize("who", ["n1", "d1", "h1", "p1", "c1", "tech"])
def test_money_of_groups_is_the_managers_alone(desk: Desk, who: str) -> None:
    """Nobody at a bed, on a cart or at the till sees or codes it."""
    codes = {
        desk.get(who, "/drg/stays").status_code,
        send(desk, "ZY0001,FR21,", who).status_code,
        desk.send(who, "PUT", f"/drg/stays/{STAY_1}", json={"code": "FR21"}).status_code,
    }

    assert codes == {403}
    assert desk.get(None, "/drg/stays").status_code == 401
