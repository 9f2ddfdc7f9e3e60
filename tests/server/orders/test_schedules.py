"""Frequencies and windows as a hospital writes them: what may stand there, and that no order is planned twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.house.keeping import add
from server.house.kinds import SCHEDULES
from server.orders.clock import OrderClock
from server.orders.planning import horizon
from server.orders.schedules import our_schedules, our_text, read_schedules, schedule_notes, times_text
from server.orders.scheduling import orders_that_go_on
from tests.server.orders.ward import active, do, doses, issued, order, tid
from tests.server.wards import SmallWard
from wardlink.clinical.dose_windows import dose_windows
from wardlink.clinical.frequencies import Timing, due_times, frequencies
from wardlink.clock import ward_time
from wardlink.errors import FileWrong, InvalidInput
from wardlink.messages.order_words import how_text

OURS = our_text()
TID = 'times = ["08:00", "12:00", "16:00"]'
LATER = OURS.replace(TID, 'times = ["07:00", "13:00", "19:00"]', 1)
SOURCED = 'source = "our own committee"\nas_of = 2026-11-20\ntrust = "D"\n'
MORE = f'\n[frequencies.q5h]\nlabel = "每 5 小时"\ntimes = ["06:00", "11:00", "16:00", "21:00"]\n{SOURCED}'
OTHER = '[windows.other]\nlabel = "several times a day"\neither_side_min = 60'


def without(code: str, text: str = OURS) -> str:
    """The file without a frequency."""
    before, _, after = text.partition(f"[frequencies.{code}]")
    return before + "[" + after.partition("\n[")[2]


def put(ward: SmallWard, text: str, *, after_s: float = 0) -> None:
    """A version is confirmed."""
    now = ward.clock.now()
    with ward.db.write() as conn:
        count = conn.exec_driver_sql("SELECT count(*) FROM house_version").scalar_one()
        at = now + timedelta(seconds=after_s)
        add(conn, SCHEDULES.name, text, by="staff:m", at=now, effective_at=at, note="", saw=f"{count}.0")


def due(ward: SmallWard, order: str) -> list[str]:
    """When the doses of an order are due, on the ward's wall."""
    return [f"{ward_time(dose.due_at):%d %H:%M}" for dose in doses(ward, order) if dose.due_at is not None]


def test_what_ships_is_what_the_tables_say() -> None:
    """Every frequency and every window; nothing is written down twice."""
    assert our_schedules().frequencies == frequencies()
    assert our_schedules().windows == dose_windows()
    assert [times_text(frequencies()[code]) for code in ("qd", "bid", "st")] == [
        "08:00 | 09:00",
        "08:00 16:00 | 09:00 16:00",
        "",
    ]


WRONG = [
    (TID, 'times = ["08:00", "12:00"]', "[frequencies.tid]"),
    (TID, 'times = ["08:00", "16:00", "12:00"]', "[frequencies.tid]"),
    (TID, 'times = ["08:00", "12:00", "12:00"]', "[frequencies.tid]"),
    (TID, 'times = ["08:00", "12:00", "24:00"]', "[frequencies.tid]"),
    (TID, 'times = ["8:00", "12:00", "16:00"]', "[frequencies.tid]"),
    (TID, "times = [8, 12, 16]", "[frequencies.tid]"),
    (TID, 'times = "08:00"', "[frequencies.tid]"),
    (TID, "times = []", "[frequencies.tid]"),
    (TID, 'times = ["08:00", "09:30", "16:00"]', "[frequencies.tid]"),
    (TID, 'time = ["08:00", "12:00", "16:00"]', "[frequencies.tid]"),
    (TID, TID + "\nevery_days = 2", "[frequencies.tid]"),
    (TID, TID + '\nplan = "once"', "[frequencies.tid]"),
    (TID, TID + '\nplan = "on-demand"', "[frequencies.tid]"),
    ('"13:00", "17:00"]\nsource', '"13:00"]\nsource', "[frequencies.tid]"),
    ('label = "three times a day"', 'label = "four times a day"', "[frequencies.tid]"),
    ("weekdays = [1, 4]", "weekdays = [1, 8]", "[frequencies.biw]"),
    ("weekdays = [1, 4]", "weekdays = [4, 4]", "[frequencies.biw]"),
    ("weekdays = [1, 4]", "weekdays = [1, 3, 5]", "[frequencies.biw]"),
    ("weekdays = [1, 4]", "weekdays = [1, 4]\nevery_days = 2", "[frequencies.biw]"),
    ("every_days = 2", "every_days = 0", "[frequencies.qod]"),
    ("every_days = 2", "every_days = 2.0", "[frequencies.qod]"),
    ('["08:00"]\nevery_days = 2', '["08:00", "20:00"]\nevery_days = 4', "[frequencies.qod]"),
    (TID, TID + "\nweekdays = [1, 2]", "[frequencies.tid]"),
    ("every_days = 7", "weekdays = [3]", None),
    ('times = ["00:00", "08:00", "16:00"]', 'times = ["06:00", "14:00", "22:00"]', None),
    ('times = ["00:00", "08:00", "16:00"]', 'times = ["08:00", "12:00", "16:00"]', "[frequencies.q8h]"),
    ('injection_times = ["09:00", "21:00"]', 'injection_times = ["09:00", "17:00"]', "[frequencies.q12h]"),
    ("[frequencies.qod]", "[frequencies.QOD]", "[frequencies.QOD]"),
    ("[frequencies.qod]", "[frequencies.everytwodays]", "[frequencies.everytwodays]"),
    ('[frequencies.qd]\nlabel = "once a day"', "[frequencies.daily]", "[frequencies.daily]"),
    (OURS[-1:], MORE.replace("每 5 小时", "每\\t5 小时"), "[frequencies.q5h]"),
    (OTHER, OTHER.replace("60", "0"), "[windows.other]"),
    (OTHER, OTHER.replace("60", "721"), "[windows.other]"),
    (OTHER, OTHER.replace("60", "60.0"), "[windows.other]"),
    (OTHER, OTHER + "\ntimes_per_day_up_to = 9", "[windows.other]"),
    (OTHER, OTHER.replace("60", "61"), None),
    (OTHER, OTHER.replace("60", "121"), "[frequencies.tid]"),
    ("either_side_min = 30", "either_side_min = 150", "[frequencies.tid]"),
    ('frequencies = ["st"]', 'frequencies = ["now"]', "[windows.at-once]"),
    ("times_per_day_from = 8", 'times_per_day_from = "often"', "[windows.time-critical]"),
    ("after_window_min = 240", "after_window_min = -1", "[missed.after]"),
    ("after_window_min = 240", "after_window_min = 1441", "[missed.after]"),
    ("[missed.after]", "[missed.before]", "[missed.before]"),
]


@pytest.mark.parametrize(("right", "wrong", "row"), WRONG)
def test_what_is_wrong_is_named_with_its_table(right: str, wrong: str, row: str | None) -> None:
    """Whatever would make a dose due when nobody means it, or lets carts say something else than the server does."""
    assert right in OURS
    text = OURS.replace(right, wrong, 1)
    if row is None:
        assert read_schedules(text)
        return
    with pytest.raises(FileWrong) as refused:
        read_schedules(text)

    assert row in {text.splitlines()[fault.line - 1] for fault in refused.value.faults}


@pytest.mark.parametrize("code", ["once", "prn", "sos"])
def test_what_the_ward_itself_writes_cannot_go(code: str) -> None:
    """An order on a doctor's word is written with it."""
    with pytest.raises(FileWrong) as refused:
        read_schedules(without(code))

    assert code in {fault.params.get("code") for fault in refused.value.faults}


def test_who_confirms_hears_what_becomes_of_it() -> None:
    """Running orders keep their times, codes that go, and windows that are wider than what ships."""
    wider = OURS.replace(OTHER, OTHER.replace("60", "61"), 1).replace(
        "after_window_min = 240", "after_window_min = 241"
    )
    insulin = OURS.replace('"insulin-before-meals", ', "", 1)
    said = [
        dict(params)
        for text in (OURS, LATER, without("pc"), wider, insulin)
        for _sentence, params in schedule_notes(our_schedules(), read_schedules(text), our_schedules().as_of)
    ]

    assert said == [{"codes": "tid"}, {"codes": "pc"}, {"names": "other, missed"}, {"names": "daily-or-less, other"}]


def test_an_order_keeps_the_times_it_was_issued_with(ward: SmallWard) -> None:
    """Orders of before are planned on as before; orders of after by the new times."""
    before = active(ward)
    put(ward, LATER)
    after = active(ward)
    ward.clock.advance(14 * 3600)
    OrderClock(ward.core).look()

    assert due(ward, before) == [f"{day} {at}" for day in ("25", "26", "27") for at in ("08:00", "12:00", "16:00")]
    assert due(ward, after) == [
        "25 13:00",
        "25 19:00",
        *(f"{d} {at}" for d in ("26", "27") for at in ("07:00", "13:00", "19:00")),
    ]


def test_times_hold_from_their_time_on(ward: SmallWard) -> None:
    """Until then what ships."""
    put(ward, LATER, after_s=3600)
    before = active(ward)
    ward.clock.advance(3600)
    after = active(ward)

    assert (due(ward, before)[0], due(ward, after)[-1]) == ("25 08:00", "26 19:00")


def test_what_was_withdrawn_goes_on_and_cannot_be_ordered(ward: SmallWard) -> None:
    """A code that is not in the file any more stops nobody's drug."""
    running = active(ward)
    put(ward, without("tid"))
    ward.clock.advance(14 * 3600)
    OrderClock(ward.core).look()

    assert len(due(ward, running)) == 9
    with pytest.raises(InvalidInput, match="tid"):
        do(ward, "order.issue", tid(ward))


def test_an_order_whose_times_nobody_knows_stops_no_other(ward: SmallWard) -> None:
    """From a file that somebody had edited before orders kept their times."""
    put(ward, OURS + MORE)
    lost, other = active(ward, frequency="q5h"), active(ward)
    with ward.db.write() as conn:
        conn.exec_driver_sql("DELETE FROM order_timing")
    ward.clock.advance(14 * 3600)
    OrderClock(ward.core).look()

    assert (due(ward, lost)[-1], due(ward, other)[-1]) == ("26 21:00", "27 16:00")


def test_a_code_of_the_hospital_s_own_is_planned(ward: SmallWard) -> None:
    """By its own times."""
    put(ward, OURS + MORE)
    own = active(ward, frequency="q5h")

    assert due(ward, own)[:4] == ["25 11:00", "25 16:00", "25 21:00", "26 06:00"]


def test_an_order_carries_the_words_of_a_code_of_the_hospital_s_own(ward: SmallWard) -> None:
    """Devices know only those that ship; withdrawn or not, a cart says what the doctor has read."""
    put(ward, OURS + MORE)
    names = active(ward, frequency="q5h"), active(ward)
    put(ward, OURS)
    own, shipped = (order(ward, name) for name in names)

    assert (own.frequency_label, shipped.frequency_label) == ("每 5 小时", None)
    assert how_text(own).endswith(" · q5h 每 5 小时")
    assert how_text(shipped.model_copy(update={"frequency": "q5h"})).endswith(" · q5h")


def test_who_confirms_hears_how_many_orders_go_on_by_other_times(ward: SmallWard) -> None:
    """Those of drugs that are not over, by the times they keep and not by what holds now; other words do not count."""
    put(ward, OURS + MORE)
    for frequency in ("tid", "tid", "q5h", "bid"):
        issued(ward, frequency=frequency)
    do(ward, "order.cancel", {"order": issued(ward), "reason": "wrong bed"})
    do(ward, "order.issue", {**tid(ward), "category": "nursing", "items": [], "route": None, "text": "turn over"})
    put(ward, LATER)
    issued(ward)
    files = (OURS + MORE, LATER, OURS, OURS + MORE.replace("每 5 小时", "每五小时"))
    with ward.db.read() as conn:
        said = [[dict(params) for _text, params in orders_that_go_on(conn, read_schedules(text))] for text in files]

    assert said == [
        [{"count": 1, "codes": "tid 1"}],
        [{"count": 3, "codes": "q5h 1, tid 2"}],
        [{"count": 2, "codes": "q5h 1, tid 1"}],
        [{"count": 1, "codes": "tid 1"}],
    ]


def test_windows_hold_for_doses_planned_from_then_on(ward: SmallWard) -> None:
    """A dose that is planned keeps its own: what is on time does not change under a nurse's hands."""
    running = active(ward)
    put(ward, OURS.replace(OTHER, OTHER.replace("60", "30"), 1))
    ward.clock.advance(14 * 3600)
    OrderClock(ward.core).look()
    sides = {
        f"{ward_time(d.due_at):%d}": (d.closes_at - d.due_at) // timedelta(minutes=1)
        for d in doses(ward, running)
        if d.due_at and d.closes_at
    }

    assert sides == {"25": 60, "26": 60, "27": 30}


WITHOUT = without("tid")
FILES = (OURS, LATER, WITHOUT, OURS + MORE)
STEPS = st.lists(st.one_of(st.just("issue"), st.just("tick"), st.integers(0, len(FILES) - 1)), max_size=8)


@given(steps=STEPS)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_changed_no_dose_comes_twice_and_none_is_lost(ward: SmallWard, steps: list[str | int]) -> None:
    """Of each order exactly those of the times it was issued with, from its start until the end of tomorrow."""
    put(ward, FILES[0])
    holds, issued_with = 0, dict[str, tuple[int, datetime]]()
    for step in steps:
        if isinstance(step, int):
            put(ward, FILES[step])
            holds = step
        elif step == "tick":
            ward.clock.advance(9 * 3600)
            OrderClock(ward.core).look()
        elif FILES[holds] != WITHOUT:
            issued_with[active(ward)] = holds, ward.clock.now() - timedelta(hours=2)
    OrderClock(ward.core).look()

    for name, (file, start_at) in issued_with.items():
        timing = Timing(read_schedules(FILES[file]).frequencies["tid"], start_at)
        expected = due_times(timing, from_at=start_at, until_at=horizon(ward.clock.now()))
        assert [dose.due_at for dose in doses(ward, name)] == list(expected)
