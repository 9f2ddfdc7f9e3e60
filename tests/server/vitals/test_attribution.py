"""Whose a monitor's values were, said afterwards: given, taken back, said twice; whatever comes first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from server.db import Database
from server.record.service import records_of
from server.snapshot import render_snapshot
from server.vitals.latest import read_latest
from server.vitals.models import VitalsRow
from server.vitals.service import sets_of
from tests.server.wards import NOW, OTHER_NURSE, STAY_1, STAY_2, SmallWard, Speaker, vitals
from wardlink.ids import new_id
from wardlink.messages.attributions import LONGEST, AttributeValues, StrikeAttribution
from wardlink.messages.changes import decode_snapshot
from wardlink.messages.commands import Command
from wardlink.messages.exception_words import detail_lines
from wardlink.messages.exceptions import ExceptionView
from wardlink.record.attributions import ATTRIBUTION, state_of


def at(minute: int) -> datetime:
    """So many minutes into the morning that is told here; the server's clock stands at 60."""
    return NOW + timedelta(minutes=minute - 60)


def measured(ward: SmallWard, *minutes: int) -> list[Command]:
    """The monitor has measured a pulse of 100 and the minute, and a breath, and does not know at whom."""
    return [
        ward.monitor.command(
            "vitals.record",
            vitals(100 + minute % 60, rr_per_min=26).model_copy(update={"source": "monitor"}),
            actor={"kind": "device", "id": "m1"},
            measured_at=at(minute),
            entered_at=at(minute),
        )
        for minute in minutes
    ]


def said(ward: SmallWard, stay: str, first: int, last: int, **how: Any) -> Command:
    """A nurse says that the minutes from `first` to before `last` were this patient's."""
    body = AttributeValues(monitor="m1", from_at=at(first), until_at=at(last), reason="wristband scanned too late")
    cart: Speaker = how.pop("cart", ward.cart)
    return cart.command("attribution.record", body, encounter=stay, measured_at=at(first), **how)


def struck(ward: SmallWard, word: Command, **how: Any) -> Command:
    """A nurse takes a word back."""
    body = StrikeAttribution(attribution=word.id, reason="wrong bed")
    cart: Speaker = how.pop("cart", ward.cart)
    return cart.command("attribution.strike", body, encounter=word.encounter, **how)


def whose(ward: SmallWard) -> list[str | None]:
    """To whom the sets belong, in the order of measuring."""
    with ward.db.read() as conn:
        return list(conn.execute(select(col(VitalsRow.encounter)).order_by(col(VitalsRow.measured_at))).scalars())


def open_cases(ward: SmallWard) -> list[str]:
    """The kinds of the cases that wait for a person."""
    return [row.kind for row in ward.exceptions() if row.closed_at is None]


def states(ward: SmallWard) -> dict[str, str]:
    """What has become of each word."""
    with ward.db.read() as conn:
        return {view.id: state_of(view) for view in records_of(conn, ATTRIBUTION)}


def test_the_values_become_the_patients_with_who_said_so(ward: SmallWard) -> None:
    """From the first minute on and before the last; marked and scored; nothing of them is nobody's any more."""
    ward.take(*measured(ward, 1, 2, 3, 4))
    word = said(ward, STAY_1, 2, 4)
    ward.take(word)

    with ward.db.read() as conn:
        sets = [found for _seq, found in sets_of(conn, STAY_1, limit=10)]
        latest = read_latest(conn, STAY_1, NOW)
    assert whose(ward) == [None, STAY_1, STAY_1, None]
    assert [found.readings.pulse_per_min for found in sets] == [103, 102]
    assert {(f.assigned.attribution, str(f.assigned.by), f.assigned.reason) for f in sets if f.assigned} == {
        (word.id, "staff:n1", "wristband scanned too late")
    }
    # 3 for breathing at 26 a minute, and what is not known is not counted: as of any set that a monitor sends.
    assert [(found.news2.total, found.news2.red) for found in sets if found.news2] == [(None, True)] * 2
    assert latest.values["pulse_per_min"].value == 103
    ward.check_chains()


def test_the_case_stays_open_while_some_values_are_nobodys(ward: SmallWard) -> None:
    """It closes by itself with the last of them."""
    ward.take(*measured(ward, 1, 2, 3))
    ward.take(said(ward, STAY_1, 1, 3))
    before = open_cases(ward)
    ward.take(said(ward, STAY_2, 3, 4))

    (case,) = ward.exceptions()
    assert before == ["unknown-encounter"]
    assert (case.closed_by, case.closed_reason) == ("staff:n1", "The values were given to a patient.")
    assert whose(ward) == [STAY_1, STAY_1, STAY_2]


def test_said_twice_is_said_once(ward: SmallWard) -> None:
    """The same command again changes nothing; two nurses who say the same agree."""
    ward.take(*measured(ward, 1, 2))
    word = said(ward, STAY_1, 1, 3)
    ward.take(word)
    told = len(ward.changes())
    again = ward.take(word)
    ward.take(said(ward, STAY_1, 1, 3, cart=ward.cart_2, actor=OTHER_NURSE))

    assert again.outcomes() == ["already-applied"]
    assert len(ward.changes()) == told + 1
    assert (whose(ward), open_cases(ward)) == ([STAY_1, STAY_1], [])


def test_what_comes_later_is_the_patients_as_well(ward: SmallWard) -> None:
    """A monitor that was away sends what it measured then; it opens no case."""
    ward.take(said(ward, STAY_1, 1, 3))
    ward.take(*measured(ward, 1, 2))

    with ward.db.read() as conn:
        sets = [found for _seq, found in sets_of(conn, STAY_1, limit=10)]
    assert (whose(ward), open_cases(ward)) == ([STAY_1, STAY_1], [])
    assert all(found.assigned is not None and found.news2 is not None for found in sets)


def test_taken_back_they_are_nobodys_again(ward: SmallWard) -> None:
    """Without a score; the case is there again; striking out twice is once."""
    ward.take(*measured(ward, 1, 2))
    word = said(ward, STAY_1, 1, 3)
    ward.take(word)
    ward.take(struck(ward, word))
    ward.take(struck(ward, word, cart=ward.cart_2, actor=OTHER_NURSE))

    told = [change["body"] for change in ward.changes("vitals.recorded")]
    assert whose(ward) == [None, None]
    assert [any(body.get(name) for name in ("encounter", "news2", "assigned")) for body in told] == [
        *(False, False),
        *(True, True),
        *(False, False),
    ]
    assert open_cases(ward) == ["unknown-encounter"]
    assert states(ward) == {word.id: "struck"}


def test_two_patients_for_the_same_values_are_put_before_a_person(ward: SmallWard) -> None:
    """The first word stands, the second waits wholly; the case tells both stories."""
    ward.take(*measured(ward, 1, 2, 3))
    first = said(ward, STAY_1, 1, 3)
    second = said(ward, STAY_2, 2, 4, cart=ward.cart_2, actor=OTHER_NURSE)
    ward.take(first, second)

    (case,) = [row for row in ward.exceptions() if row.kind == "values-claimed-twice"]
    view = ExceptionView(id=case.id, kind=case.kind, opened_at=case.opened_at, detail=case.detail)
    assert whose(ward) == [STAY_1, STAY_1, None]
    assert states(ward) == {first.id: "stands", second.id: "in-doubt"}
    assert ["ZY0002" in line or "ZY0001" in line for line in detail_lines(view)] == [True, True]


@pytest.mark.parametrize("which", ["first", "second"])
def test_striking_out_one_of_two_lets_the_other_stand(ward: SmallWard, which: str) -> None:
    """And closes the case of the two."""
    ward.take(*measured(ward, 1, 2, 3))
    first = said(ward, STAY_1, 1, 3)
    second = said(ward, STAY_2, 2, 4, cart=ward.cart_2, actor=OTHER_NURSE)
    ward.take(first, second)
    ward.take(struck(ward, first if which == "first" else second))

    assert whose(ward) == ([None, STAY_2, STAY_2] if which == "first" else [STAY_1, STAY_1, None])
    assert open_cases(ward) == ["unknown-encounter"]
    assert states(ward) == {
        first.id: "struck" if which == "first" else "stands",
        second.id: "struck" if which == "second" else "stands",
    }


def test_a_word_struck_out_while_it_waited_does_not_come_back(ward: SmallWard) -> None:
    """When the word against it is struck out as well, the values are nobody's."""
    ward.take(*measured(ward, 1, 2))
    first = said(ward, STAY_1, 1, 3)
    second = said(ward, STAY_2, 1, 3, cart=ward.cart_2, actor=OTHER_NURSE)
    ward.take(first, second)
    ward.take(struck(ward, second))
    ward.take(struck(ward, first))

    assert whose(ward) == [None, None]
    assert states(ward) == {first.id: "struck", second.id: "struck"}


def test_the_scan_at_the_bed_is_a_word_as_well(ward: SmallWard) -> None:
    """What the paired patient's monitor measured is not given to another by a word; both stories are told."""
    pairing = {"monitor": "m1", "wristband_at": at(9).isoformat(), "monitor_at": at(9).isoformat()}
    ward.take(ward.cart_2.command("monitor.pair", pairing, encounter=STAY_2, measured_at=at(9), actor=OTHER_NURSE))
    ward.take(*measured(ward, 5, 10))
    word = said(ward, STAY_1, 5, 11)
    ward.take(word)

    (case,) = [row for row in ward.exceptions() if row.kind == "values-claimed-twice"]
    assert whose(ward) == [None, STAY_2]
    assert (case.detail["paired_no"], states(ward)) == ("ZY0002", {word.id: "in-doubt"})


def test_a_patient_whom_nobody_knows_gets_nothing(ward: SmallWard) -> None:
    """The word is kept and put before a person; the values stay nobody's."""
    ward.take(*measured(ward, 1))
    word = said(ward, new_id(), 1, 2)
    ward.take(word)

    assert whose(ward) == [None]
    assert (open_cases(ward), states(ward)) == (["unknown-encounter"] * 2, {word.id: "in-doubt"})


def test_a_set_that_was_struck_out_stays_struck_out(ward: SmallWard) -> None:
    """Given to the patient with its mark, and not shown as the newest."""
    (found,) = measured(ward, 1)
    ward.take(found, ward.cart.command("vitals.strike", {"vitals": found.id, "reason": "artefact"}))
    ward.take(said(ward, STAY_1, 1, 2))
    ward.take(ward.cart.command("vitals.strike", {"vitals": found.id, "reason": "again"}))

    with ward.db.read() as conn:
        ((_seq, told),) = sets_of(conn, STAY_1, limit=10)
        assert read_latest(conn, STAY_1, NOW).values == {}
    assert (told.struck_reason, told.assigned is not None) == ("artefact", True)


def test_a_cart_that_begins_holds_what_is_nobodys(ward: SmallWard) -> None:
    """And what was given, with its mark; the terminal of the bed holds its own patient's alone."""
    ward.take(*measured(ward, 1, 2))
    ward.take(said(ward, STAY_1, 2, 3))

    with ward.db.read() as conn:
        cart = decode_snapshot(render_snapshot(conn, "w1", ward.clock.now()))
        bed = decode_snapshot(render_snapshot(conn, "w1", ward.clock.now(), bed="b1"))
    assert [(v.encounter, v.assigned is not None) for v in cart.vitals] == [(None, False), (STAY_1, True)]
    assert [v.encounter for v in bed.vitals] == [STAY_1]
    assert [len(part.records.get("attribution", ())) for part in (cart, bed)] == [1, 0]


@pytest.mark.parametrize(("length", "stands"), [(LONGEST, True), (LONGEST + timedelta(seconds=1), False)])
def test_a_word_is_about_four_hours_at_most(ward: SmallWard, length: timedelta, stands: bool) -> None:
    """The cart cannot say more; what says more is parked."""
    body = {"monitor": "m1", "from_at": NOW.isoformat(), "until_at": (NOW + length).isoformat(), "reason": "x"}
    ward.take(ward.cart.command("attribution.record", body, encounter=STAY_1))

    assert (len(states(ward)) == 1, len(ward.parked()) == 0) == (stands, stands)


def test_only_staff_say_whose_values_are(ward: SmallWard) -> None:
    """A patient's terminal does not."""
    body = AttributeValues(monitor="m1", from_at=at(1), until_at=at(2), reason="x")
    ward.take(ward.cart.command("attribution.record", body, encounter=STAY_1, actor={"kind": "patient", "id": "p1"}))

    assert states(ward) == {}


@pytest.fixture
def sqlite_ward(sqlite_url: str) -> Iterator[SmallWard]:
    """A small ward on one engine."""
    found = Database(sqlite_url)
    yield SmallWard(found)
    found.close()


WORDS = st.tuples(st.sampled_from([STAY_1, STAY_2]), st.integers(1, 5), st.integers(1, 3))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(WORDS, min_size=1, max_size=4),
    late=st.sets(st.integers(1, 7)),
    strikes=st.lists(st.integers(0, 3), unique=True),
)
def test_whose_a_set_is_follows_from_the_words_that_stand(
    sqlite_ward: SmallWard, words: list[tuple[str, int, int]], late: set[int], strikes: list[int]
) -> None:
    """Never two patients for one minute; whether a set came before the words or after them does not matter."""
    ward = sqlite_ward
    day = timedelta(days=1)
    ward.clock.advance(day.total_seconds())
    shift = int((ward.clock.now() - NOW) / timedelta(minutes=1))
    minutes = [shift + minute for minute in range(1, 8)]
    ward.take(*measured(ward, *(minute for minute in minutes if minute - shift not in late)))
    commands = [said(ward, stay, shift + first, shift + first + long) for stay, first, long in words]
    for command in commands:
        ward.take(command)
    ward.take(*measured(ward, *(minute for minute in minutes if minute - shift in late)))
    for index in strikes:
        if index < len(commands):
            ward.take(struck(ward, commands[index]))

    with ward.db.read() as conn:
        said_now = {view.id: view for view in records_of(conn, ATTRIBUTION, since=at(shift))}
    stand = [said_now[command.id] for command in commands if said_now[command.id].stands]
    expected = [next((view.encounter for view in stand if view.covers(at(minute))), None) for minute in minutes]
    patients = [{view.encounter for view in stand if view.covers(at(minute))} for minute in minutes]
    assert whose(ward)[-7:] == expected
    assert all(len(found) <= 1 for found in patients)
