"""Charges follow from the record: once, to the day on which it happened, and back when it does not stand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, update
from sqlalchemy.exc import DBAPIError

from server.db import Database
from server.house.file import HouseFile
from server.house.keeping import add
from server.house.kinds import PRICES
from server.house.shelf import Shelf
from server.money.charges import NO_CONTENT, NO_PRICE, bring_up, charge_by_hand, due, reverse_by_hand
from server.money.deposits import unsettled
from server.money.ledger import entries_of
from server.money.lines import LINE, lines_of
from server.money.prices import E4, PriceList, sample_prices, sample_text
from server.money.round import ChargeRound
from server.money.tables import load
from tests.server.money.books import CASHIER, check_books
from tests.server.orders.ward import active, do, doses, gives
from tests.server.wards import DESK, OTHER_NURSE, STAY_1, SmallWard
from tests.waiting import wait_until
from wardlink.clock import ward_date
from wardlink.errors import Collision, NotFound
from wardlink.ids import new_id
from wardlink.messages.encounters import Discharge, Transfer, UpdateEncounter
from wardlink.money import AmountInvalid

DAY_S = 86_400
INFUSION: dict[str, Any] = {
    "category": "infusion",
    "route": "ivgtt",
    "items": [{"drug": "nacl-0.9-250", "dose": 250, "unit": "mL"}, {"drug": "ceftriaxone-1g", "dose": 2, "unit": "g"}],
    "volume_ml": 250,
    "rate_ml_per_h": 100,
}
START = {"volume_ml": 250, "rate_ml_per_h": 100}


def look(ward: SmallWard, stay: str = STAY_1) -> int:
    """Look once; how many lines were written."""
    return ChargeRound(ward.core, sample_prices).look(stay)


def lines(ward: SmallWard, stay: str = STAY_1) -> list[tuple[str, int, int]]:
    """Item, quantity and amount of every line, in order."""
    with ward.db.read() as conn:
        check_books(conn)
        found = lines_of(conn, stay)
        assert sum(row.amount_fen for row in found) == unsettled(conn, stay)
    return sorted((row.item, row.quantity_e4 // E4, row.amount_fen) for row in found)


def given(ward: SmallWard, **more: Any) -> Any:
    """A tablet was given; the command that says so."""
    command = gives(ward.cart, doses(ward, active(ward))[0], **more)
    ward.take(command)
    return command


def test_a_dose_that_was_given_is_charged_once(ward: SmallWard) -> None:
    """However often somebody looks; with who ordered it, and where it was given."""
    command = given(ward)
    assert [look(ward), look(ward), look(ward)] == [1, 0, 0]

    with ward.db.read() as conn:
        (row,) = lines_of(conn, STAY_1)
        (entry,) = entries_of(conn, STAY_1)
    assert (row.source_kind, row.source_id, row.item) == ("dose", command.id, "aspirin-100mg")
    assert (row.doctor, row.department, row.amount_fen, row.unit) == ("赵医生", "w1", 45, "片")
    assert (entry.id, entry.source, entry.kind) == (row.entry, f"dose:{command.id}", "charge")


def test_what_was_not_given_is_not_charged(ward: SmallWard) -> None:
    """Planned, held and refused."""
    found = doses(ward, active(ward))
    ward.take(gives(ward.cart, found[0], "dose.withhold", why="refused", reason="恶心"))

    assert look(ward) == 0


def test_an_infusion_is_charged_when_it_begins(ward: SmallWard) -> None:
    """Its drugs by opened units, and the infusion itself; its end changes nothing."""
    dose = doses(ward, active(ward, **INFUSION))[0]
    ward.take(gives(ward.cart, dose, "dose.start", **START))
    look(ward)
    begun = lines(ward)
    ward.clock.advance(600)
    ward.take(gives(ward.cart, dose, "dose.end", infused_ml=20, reason="静脉炎"))
    look(ward)

    assert begun == [("ceftriaxone-1g", 2, 1_590), ("infusion", 1, 700), ("nacl-0.9-250", 1, 340)]
    assert lines(ward) == begun


def test_a_dose_given_in_part_is_charged_by_what_was_opened(ward: SmallWard) -> None:
    """Half a tablet is a tablet; half of four is two."""
    given(ward, amount_pct=50, part_reason="吐出")
    dose = doses(ward, active(ward, items=[{"drug": "metformin-500mg", "dose": 4, "unit": "片"}]))[0]
    ward.take(gives(ward.cart, dose, amount_pct=50, part_reason="吐出"))
    look(ward)

    assert lines(ward) == [("aspirin-100mg", 1, 45), ("metformin-500mg", 2, 44)]


def test_what_was_struck_out_is_taken_back_on_the_day_of_the_strike(ward: SmallWard) -> None:
    """The line stays on the day of the dose, and its opposite stands beside it; given anew it is charged anew."""
    command = given(ward)
    look(ward)
    ward.clock.advance(DAY_S)
    dose = next(d for d in doses(ward, command.body["order"]) if d.id == command.body["dose"])
    ward.take(gives(ward.cart, dose, "dose.strike", entry=command.id, reason="床号错"))
    looks = [look(ward), look(ward)]

    with ward.db.read() as conn:
        found = [
            (row.charged_on, row.amount_fen, row.turn) for row in lines_of(conn, STAY_1) if row.item.startswith("as")
        ]
    today = ward_date(ward.clock.now())
    assert found == [(today - timedelta(days=1), 45, 0), (today, -45, 1)]
    assert looks == [1 + 3, 0]

    ward.take(gives(ward.cart, dose))
    look(ward)
    assert [amount for item, _, amount in lines(ward) if item == "aspirin-100mg"] == [-45, 45, 45]


def test_of_two_entries_about_one_dose_one_is_charged(ward: SmallWard) -> None:
    """The one that came first, also when it is heard last: what was charged for the other is taken back."""
    dose = doses(ward, active(ward))[0]
    early = gives(ward.cart, dose)
    ward.clock.advance(60)
    late = gives(ward.cart_2, dose, actor=OTHER_NURSE)
    ward.take(late)
    look(ward)
    ward.take(early)
    looks = [look(ward), look(ward)]

    with ward.db.read() as conn:
        found = [(row.source_id, row.amount_fen) for row in lines_of(conn, STAY_1)]
    assert sorted(found) == sorted([(late.id, 45), (late.id, -45), (early.id, 45)])
    assert looks == [2, 0]


def test_what_is_heard_late_is_charged_to_the_day_on_which_it_happened(ward: SmallWard) -> None:
    """A cart was without a network for two days; the books say when it was written down."""
    command = gives(ward.cart, doses(ward, active(ward))[0])
    day = ward_date(ward.clock.now())
    ward.clock.advance(2 * DAY_S)
    ward.take(command)
    look(ward)

    with ward.db.read() as conn:
        row = next(row for row in lines_of(conn, STAY_1) if row.source_kind == "dose")
    assert (row.charged_on, row.at, row.booked_at) == (day, command.measured_at, ward.clock.now())


def test_days_are_charged_when_they_are_over(ward: SmallWard) -> None:
    """Bed, doctor's round and nursing; the level that the doctor had decided by the end of the day."""
    ward.core.execute("encounter.update", UpdateEncounter(level="level1"), ward="w1", actor=DESK, encounter=STAY_1)
    today = look(ward)
    ward.clock.advance(DAY_S)
    first = look(ward)
    ward.core.execute("encounter.update", UpdateEncounter(level="level3"), ward="w1", actor=DESK, encounter=STAY_1)
    changed = look(ward)
    ward.clock.advance(DAY_S)
    look(ward)

    assert (today, first, changed) == (0, 3, 0)
    assert [item for item, _, _ in lines(ward)] == [
        "bed-3",
        "bed-3",
        "nursing-1",
        "nursing-3",
        "round-ward",
        "round-ward",
    ]


def test_a_discharge_that_is_told_late_takes_back_the_days_after_it(ward: SmallWard) -> None:
    """The patient had left two days ago: entry day charged, the rest taken back."""
    left_at = ward.clock.now() + timedelta(hours=20)
    ward.clock.advance(3 * DAY_S)
    look(ward)
    ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_1, measured_at=left_at)
    look(ward)

    with ward.db.read() as conn:
        assert unsettled(conn, STAY_1) == 4_000 + 1_500 + 1_800


def test_a_move_that_is_told_late_changes_the_bed_that_is_charged(ward: SmallWard) -> None:
    """Both beds cost the same here, but the department is another: only what is another item is booked anew."""
    moved_at = ward.clock.now() + timedelta(hours=1)
    ward.clock.advance(DAY_S)
    look(ward)
    ward.core.execute(
        "encounter.transfer",
        Transfer(ward="w2", bed="b1"),
        ward="w1",
        actor=DESK,
        encounter=STAY_1,
        measured_at=moved_at,
    )

    assert look(ward) == 0


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({"drug": "aspirin-100mg", "dose": 1, "unit": "滴"}, NO_CONTENT),
        ({"drug": "metformin-500mg", "dose": 1, "unit": "片"}, NO_PRICE),
    ],
)
def test_what_cannot_be_charged_is_listed_and_not_forgotten(ward: SmallWard, item: dict[str, Any], why: str) -> None:
    """A unit that nobody has explained, an item without a price: a person must see to it; then it is charged."""
    table = dict(load("prices"))
    lacking = PriceList(
        table | {"items": {name: row for name, row in table["items"].items() if name != "metformin-500mg"}}
    )
    ward.take(gives(ward.cart, doses(ward, active(ward, items=[item]))[0]))
    with ward.db.write() as conn:
        written = bring_up(conn, STAY_1, lacking, ward.clock.now())
        found = due(conn, STAY_1, lacking, ward.clock.now()).uncharged

    assert (written, [each.why for each in found]) == (0, [why])
    assert look(ward) == (1 if why == NO_PRICE else 0)


def test_two_processes_charge_once(ward: SmallWard) -> None:
    """Each with connections of its own, past the one lock of a process."""
    given(ward)
    ward.clock.advance(DAY_S)

    def one(_: int) -> int:
        own = Database(ward.db.url)
        try:
            with own.write() as conn:
                return bring_up(conn, STAY_1, sample_prices(), ward.clock.now())
        finally:
            own.close()

    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(one, range(4)))

    assert sorted(written) == [0, 0, 0, 4]
    assert len(lines(ward)) == 4


def test_a_round_that_is_killed_leaves_nothing_half_done(ward: SmallWard) -> None:
    """The transaction of a stay is gone with it, and the next round finds everything to do."""
    given(ward)
    ward.clock.advance(DAY_S)

    def killed() -> None:
        with ward.db.write() as conn:
            bring_up(conn, STAY_1, sample_prices(), ward.clock.now())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()

    assert lines(ward) == []
    assert look(ward) == 4


def by_hand(conn: Connection, ward: SmallWard, key: str, **other: Any) -> Any:
    """A cashier charges two days of a companion's bed."""
    fields = {"item": sample_prices().items["escort-bed"], "quantity_e4": 2 * E4, "at": ward.clock.now()}
    fields |= {"encounter": STAY_1, "reason": "陪护", "actor": CASHIER, "now": ward.clock.now()}
    return charge_by_hand(conn, key=key, **(fields | other))


def test_a_person_charges_what_no_record_stands_for(ward: SmallWard) -> None:
    """Once under its key; the round leaves it alone; something else under the key is a collision."""
    key = new_id()
    with ward.db.write() as conn:
        first, again = by_hand(conn, ward, key), by_hand(conn, ward, key)
        for other in ({"quantity_e4": E4}, {"item": sample_prices().items["copy-record"]}):
            with pytest.raises(Collision):
                by_hand(conn, ward, key, **other)

    assert first.entry == again.entry
    assert (look(ward), lines(ward)) == (0, [("escort-bed", 2, 3_000)])


@pytest.mark.parametrize("quantity_e4", [0, -E4, 1, 10**16])
def test_a_quantity_that_costs_nothing_or_too_much_is_refused(ward: SmallWard, quantity_e4: int) -> None:
    """Nothing, below nothing, so little that it is no fen, beyond reason."""
    with ward.db.write() as conn, pytest.raises(AmountInvalid):
        by_hand(conn, ward, new_id(), quantity_e4=quantity_e4)

    assert lines(ward) == []


def test_what_a_person_takes_back_is_not_charged_again(ward: SmallWard) -> None:
    """Once, with a reason; its opposite cannot be taken back, and another stay's line is not there."""
    given(ward)
    look(ward)
    with ward.db.write() as conn:
        (row,) = lines_of(conn, STAY_1)
        how: Any = {"encounter": STAY_1, "now": ward.clock.now(), "actor": CASHIER}
        back = reverse_by_hand(conn, entry=row.entry, reason="医嘱已退", **how)
        again = reverse_by_hand(conn, entry=row.entry, reason="医嘱已退", **how)
        for entry in (row.entry, back.entry):
            with pytest.raises(Collision):
                reverse_by_hand(conn, entry=entry, reason="another", **how)
        with pytest.raises(NotFound):
            reverse_by_hand(conn, entry=new_id(), reason="nothing", **how)

    assert again.entry == back.entry
    assert look(ward) == 0
    assert lines(ward) == [("aspirin-100mg", -1, -45), ("aspirin-100mg", 1, 45)]


@pytest.mark.parametrize("act", [update(LINE).values(amount_fen=1), delete(LINE)], ids=["update", "delete"])
def test_the_database_refuses_to_change_a_line(ward: SmallWard, act: Any) -> None:
    """As it does with the ledger."""
    given(ward)
    look(ward)
    with pytest.raises(DBAPIError, match="only added to"), ward.db.write() as conn:
        conn.execute(act)


def test_the_running_round_hears_of_a_dose_and_of_a_midnight(ward: SmallWard) -> None:
    """As a part of the server, with nobody looking."""
    ward.core.live.start()
    running = ChargeRound(ward.core, sample_prices, tick_s=0.01)
    running.start()
    try:
        given(ward)
        wait_until(lambda: len(lines(ward)) == 1, "the dose is charged")
        ward.clock.advance(DAY_S)
        wait_until(lambda: len(lines(ward)) == 4, "the day is charged")
    finally:
        running.stop()
        ward.core.live.stop()


def test_everything_is_looked_at_once(ward: SmallWard) -> None:
    """Both stays, a day later; a stay that ended long ago is left alone."""
    ward.clock.advance(DAY_S)
    everything = ChargeRound(ward.core, sample_prices)

    assert [everything.look_at_everything(), everything.look_at_everything()] == [6, 0]
    do(ward, "encounter.discharge", {}, by=DESK)
    ward.clock.advance(31 * DAY_S)
    assert everything.look_at_everything() == 31 * 3


def test_a_new_price_list_holds_from_its_time_and_changes_nothing_that_was_charged(ward: SmallWard) -> None:
    """Without a new start; the same tablet costs more on the next look, the one before it stays as it is."""
    kept = HouseFile(PRICES, None, Shelf(ward.core, PRICES.name))
    charging = ChargeRound(ward.core, kept.must_look)
    given(ward)
    charging.look(STAY_1)
    dearer = sample_text().replace("fen = 45 ", "fen = 99 ", 1)
    with ward.db.write() as conn:
        now = ward.clock.now()
        later = now + timedelta(hours=1)
        add(conn, PRICES.name, dearer, by="staff:m", at=now, effective_at=later, note="", saw="0.0")
    given(ward)
    charging.look(STAY_1)
    ward.clock.advance(3_600)
    given(ward)
    charging.look(STAY_1)

    assert lines(ward) == [("aspirin-100mg", 1, 45), ("aspirin-100mg", 1, 45), ("aspirin-100mg", 1, 99)]
