"""Intake and output: sums are of what was written down, in the right day and shift."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.sets import NOW, context
from wardlink.clinical.fluid_balance import Flow, balance, day_of, nursing_day, shifts_of, stools
from wardlink.clinical.fluid_entry import check_flow
from wardlink.clinical.fluid_kinds import DIRECTIONS, fluid_kinds
from wardlink.clinical.items import ITEMS
from wardlink.clinical.urine import slow_urine_ml_per_kg_h, urine_of_day
from wardlink.clock import WARD_ZONE

DAY = date(2026, 11, 25)


def at(hour: int, minute: int = 0, *, day: int = 25) -> datetime:
    """An instant of November in the ward."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WARD_ZONE)


def urine(when: datetime, volume_ml: float | None, **more: Any) -> Flow:
    """Urine."""
    return Flow(when, "output", "urine", volume_ml, **more)


@pytest.mark.parametrize(
    ("when", "day"),
    [(at(6, 59), 24), (at(7), 25), (at(18, 59), 25), (at(23, 59), 25), (at(0, day=26), 25), (at(6, 59, day=26), 25)],
)
def test_the_nursing_day_begins_at_seven(when: datetime, day: int) -> None:
    """The hours after midnight belong to the day before."""
    assert nursing_day(when) == date(2026, 11, day)


def test_the_shifts_are_the_day() -> None:
    """From seven to seven, the sub-total at nineteen, no minute between them or twice."""
    day, shifts = day_of(DAY), shifts_of(DAY)

    assert [(shift.start_at, shift.end_at) for shift in shifts] == [(at(7), at(19)), (at(19), at(7, day=26))]
    assert (shifts[0].start_at, shifts[-1].end_at) == (day.start_at, day.end_at)


FLOWS = st.lists(
    st.builds(
        Flow,
        at=st.integers(0, 24 * 60 - 1).map(lambda minute: at(7) + timedelta(minutes=minute)),
        direction=st.sampled_from(DIRECTIONS),
        kind=st.sampled_from(["oral", "urine", "drain", "irrigation", "not-known-yet"]),
        volume_ml=st.none() | st.integers(0, 20_000).map(lambda tenths: tenths / 10),
        site=st.none() | st.sampled_from(["左", "右"]),
    ),
    max_size=30,
)


@given(FLOWS)
def test_the_shifts_add_up_to_the_day(flows: list[Flow]) -> None:
    """To the tenth of a millilitre, in whatever order they were written down, whatever they are."""
    day = balance(flows, at(7), at(7, day=26))
    parts = [balance(reversed(flows), shift.start_at, shift.end_at) for shift in shifts_of(DAY)]

    assert round(sum(part.intake_ml or 0 for part in parts), 1) == round(day.intake_ml or 0, 1)
    assert round(sum(part.output_ml or 0 for part in parts), 1) == round(day.output_ml or 0, 1)
    assert (day.intake_ml is None) == all(f.volume_ml is None for f in flows if f.direction == "intake")
    assert round(sum(day.by_site.values()), 1) == round(sum(v for k, v in day.by_kind.items() if k[1] == "drain"), 1)


def test_nothing_written_down_is_no_zero() -> None:
    """And a zero that was written down is one."""
    empty = balance([], at(7), at(19))
    none = balance([urine(at(8), 0)], at(7), at(19))

    assert (empty.intake_ml, empty.output_ml, empty.net_ml) == (None, None, None)
    assert (none.intake_ml, none.output_ml, none.net_ml) == (None, 0, 0)


def test_what_should_have_a_volume_and_has_none_is_told() -> None:
    """So that nobody takes the sum for whole; a formed stool has none, and none at all is an answer."""
    flows = [urine(at(8), None, manner="incontinent"), Flow(at(9), "output", "stool", times=1)]
    none = [urine(at(9), None, times=0)]

    assert balance(flows, at(7), at(19)).unmeasured == 1
    assert balance(none, at(7), at(19)).unmeasured == 0


def test_irrigation_counts_on_both_sides_and_apart() -> None:
    """What came back more than went in is what the patient gave."""
    flows = [Flow(at(8), "intake", "irrigation", 3000), Flow(at(10), "output", "irrigation", 3400)]

    found = balance(flows, at(7), at(19))

    assert (found.intake_ml, found.output_ml, found.net_ml, found.irrigation_net_ml) == (3000, 3400, -400, 400)


STOOL_TABLE: list[tuple[list[tuple[int, int | None, int]], str]] = [
    ([(8, 0, 0)], "0"),
    ([(8, None, 0), (9, None, 0)], "2"),
    ([(8, 3, 0)], "3"),
    ([(8, 1, 1)], "1/E"),
    ([(8, 0, 1)], "0/E"),
    ([(8, 1, 0), (9, 2, 1)], "1 2/E"),
    ([(8, 2, 1), (10, 2, 1)], "4/2E"),
    ([(10, 2, 1), (8, 1, 0), (12, None, 0)], "1 3/E"),
]


@pytest.mark.parametrize(("entries", "text"), STOOL_TABLE, ids=[text for _, text in STOOL_TABLE])
def test_stools_are_written_as_on_the_chart(entries: list[tuple[int, int | None, int]], text: str) -> None:
    """Before an enema, after it, how many of them."""
    flows = [Flow(at(hour), "output", "stool", times=times, enemas=enemas) for hour, times, enemas in entries]

    assert stools(flows) == text


@given(
    st.lists(
        st.tuples(
            st.integers(7, 23), st.none() | st.integers(0, 9), st.integers(0, 2), st.sampled_from([None, "stoma"])
        ),
        min_size=1,
        max_size=6,
    )
)
def test_stools_always_fit_the_grammar_of_the_chart(entries: list[tuple[int, int | None, int, str | None]]) -> None:
    """Whatever was written down."""
    flows = [Flow(at(h), "output", "stool", times=n, enemas=e, manner=m) for h, n, e, m in entries]

    assert re.fullmatch(ITEMS["stool"].pattern or "", stools(flows) or "")


@pytest.mark.parametrize(("manner", "text"), [("incontinent", "※"), ("stoma", "☆")])
def test_what_cannot_be_counted_has_a_sign(manner: str, text: str) -> None:
    """And nothing written down is nothing."""
    assert stools([Flow(at(8), "output", "stool", manner=manner)]) == text
    assert stools([urine(at(8), 100)]) is None


@pytest.mark.parametrize(
    ("urine_ml", "hours", "says"),
    [
        (None, 24, None),
        (0, 24, "anuria"),
        (99, 24, "anuria"),
        (100, 24, "oliguria"),
        (399, 24, "oliguria"),
        (400, 24, None),
        (2500, 24, None),
        (2501, 24, "polyuria"),
        (271, 16, "oliguria"),
        (272, 16, None),
        (2501, 16, "polyuria"),
        (0, 0, None),
    ],
)
def test_urine_of_a_day(urine_ml: float | None, hours: int, says: str | None) -> None:
    """Each bound, and one step to either side; a day that is not whole is judged by the hour."""
    assert urine_of_day(urine_ml, hours=hours) == says


@pytest.mark.parametrize(
    ("volume_ml", "minutes", "rate"),
    [(60, 120, None), (59, 120, 59 / 120), (10, 119, None), (89, 180, 89 / 180), (90, 180, None)],
)
def test_a_catheter_that_runs_slowly(volume_ml: float, minutes: int, rate: float | None) -> None:
    """Half a millilitre a kilogram an hour over two hours, at 60 kg; less than two hours say nothing."""
    flows = [urine(at(8), 200, manner="catheter")]
    flows.append(urine(at(8) + timedelta(minutes=minutes), volume_ml, manner="catheter"))

    assert slow_urine_ml_per_kg_h(flows, 60) == pytest.approx(rate)
    assert slow_urine_ml_per_kg_h(flows, None) is None


def test_who_has_no_catheter_is_not_judged_by_the_hour() -> None:
    """A bladder that was not emptied says nothing."""
    assert slow_urine_ml_per_kg_h([urine(at(8), 200), urine(at(12), 10)], 60) is None


@pytest.mark.parametrize(
    ("flow", "codes"),
    [
        (Flow(NOW, "output", "urine", 300), []),
        (Flow(NOW, "output", "urine"), ["volume-needed"]),
        (Flow(NOW, "output", "urine", manner="incontinent"), []),
        (Flow(NOW, "output", "stool", times=1), []),
        (Flow(NOW, "output", "drain", 50), ["site-needed"]),
        (Flow(NOW, "output", "drain", 50, site="左胸"), []),
        (Flow(NOW, "intake", "oral", 2000), []),
        (Flow(NOW, "intake", "oral", 2001), ["volume-unusual"]),
        (Flow(NOW, "intake", "oral", 30_001), ["volume-impossible"]),
        (Flow(NOW, "output", "vomit", 30, manner="stoma"), ["manner-unfit"]),
        (Flow(NOW, "intake", "not-known-yet", 30), []),
    ],
)
def test_what_is_doubtful_about_an_entry(flow: Flow, codes: list[str]) -> None:
    """Each bound and its neighbour."""
    assert [finding.code for finding in check_flow(flow, context=context())] == codes


@pytest.mark.parametrize(("minutes", "volume_ml", "asks"), [(60, 250, True), (61, 250, False), (0, 249, False)])
def test_a_bag_that_is_counted_already_is_asked_about(minutes: int, volume_ml: float, asks: bool) -> None:
    """The same volume at about the same time; the nurse may say that it is another one."""
    bag = Flow(NOW - timedelta(minutes=minutes), "intake", "infusion", 250)

    found = check_flow(Flow(NOW, "intake", "infusion", volume_ml), infused=[bag], context=context())

    assert [finding.code for finding in found] == (["bag-counted-already"] if asks else [])


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_each_kind_has_a_key_of_its_own(direction: Any) -> None:
    """One digit picks it."""
    keys = [kind.key for kind in fluid_kinds(direction).values()]

    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[0-9]", key) for key in keys)
