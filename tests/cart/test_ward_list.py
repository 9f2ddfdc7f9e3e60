"""The rows of the ward, their order, words and the status line: pure, and fast enough to feel instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cart.sample import BADGE, PIN
from cart.usecases.calls import acknowledge, arrive, is_late, may_resolve, open_calls, resolve
from cart.usecases.readings import NO_VALUE
from cart.usecases.session import sign_in
from cart.usecases.ward_list import Order, WardList, matches, ordered
from cart.usecases.words import age_text, due_text, reason_text, seconds_text, time_text
from cart.widgets.status_line import CLOCK_TOLERANCE_S, state_words
from cart.widgets.ward_table import columns, lines
from tests.cart.nurse import AT, process_language, sample
from wardlink.clinical.assessments.scales import scale_called
from wardlink.clinical.call_reasons import call_reasons
from wardlink.device import SyncStatus
from wardlink.messages.assessments import RecordAssessment
from wardlink.messages.base import Actor
from wardlink.messages.calls import CallChanged
from wardlink.terminal.cells import width

ME = Actor(kind="staff", id="n-lijing")
"""Who looks at the list."""


def call(cls: str = "P2", state: str = "raised", **fields: Any) -> CallChanged:
    """A call of bed 1, raised now."""
    known = {"id": "00000000-0000-7000-8000-0000000000c1", "bed": "1", "raised_at": AT}
    return CallChanged.model_validate(known | {"cls": cls, "state": state} | fields)


def status(**changes: Any) -> SyncStatus:
    """A cart in order."""
    fine = SyncStatus(True, True, False, AT, 7, 0, 0, None, 0.4, None)
    return replace(fine, **changes)


STATES: tuple[dict[str, Any], ...] = (
    {},
    {"server_alive": False},
    {"online": False, "server_alive": False, "outbox": 1234, "refused": 2},
    {"credential_refused": True, "synced_at": None, "refused": 2},
    {"outbox": 1234, "refused": 2, "clock_offset_s": -86400.0},
)
"""In order, and what can be wrong at once."""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "● 在线"),
        ({"server_alive": False}, "◐ 服务器无应答"),
        ({"online": False, "server_alive": False}, "○ 离线"),
        ({"credential_refused": True}, "✕"),
        ({"synced_at": None}, "从未同步"),
        ({"outbox": 12}, "待发 12"),
        ({"refused": 2}, "拒收 2"),
        ({"clock_offset_s": CLOCK_TOLERANCE_S + 1}, "钟差 +61.0 s"),
        ({"clock_offset_s": -86400.0}, "钟差 -86400.0 s"),
    ],
)
@pytest.mark.parametrize("cells", [80, 120])
def test_the_status_line_says_every_state(changes: dict[str, Any], words: str, cells: int) -> None:
    """In words at both sizes; what is wrong has another tone as well, and half of the line is left for who is here."""
    with process_language("zh_CN"):
        said = state_words(status(**changes), cells)

    assert any(text.startswith(words) for text, _tone in said)
    if changes:
        assert {tone for _text, tone in said} & {"warn", "alarm"} or "synced_at" in changes
    assert sum(width(text) + 2 for text, _tone in said) <= cells - 20


@pytest.mark.parametrize("speaks", ["zh_CN", "en"])
@pytest.mark.parametrize("cells", [80, 120])
@pytest.mark.parametrize("changes", STATES)
def test_nothing_that_is_wrong_is_cut_for_a_long_name(changes: dict[str, Any], cells: int, speaks: str) -> None:
    """A sample cart's line with a nurse signed in offline: what is in order gives way, what is not stands whole."""
    where = "SAMPLE DATA · Ward 3 · C2 · Li Jing (charge nurse), signed in offline"
    with process_language(speaks):
        whole, said = state_words(status(**changes), 240), state_words(status(**changes), cells, width(where))

    assert [word for word in whole if word[1]] == [word for word in said if word[1]]
    assert sum(width(text) + 2 for text, _tone in said) <= cells


@pytest.mark.parametrize("speaks", ["zh_CN", "en"])
def test_beside_a_usual_name_the_design_size_says_everything(speaks: str) -> None:
    """Up to the clock; the seconds of the last sync give way first."""
    with process_language(speaks):
        whole = state_words(status(), 120)
        beside = state_words(status(), 120, width("SAMPLE DATA · Ward 3 · C2 · Li Jing (charge nurse)"))

    assert [text for text, _tone in whole if "10:42" not in text] == [t for t, _tone in beside if "10:42" not in t]


def test_before_the_device_is_open_the_line_says_so() -> None:
    """Not that everything is in order."""
    assert [tone for _text, tone in state_words(None, 80)] == ["warn"]


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (-5, "刚刚", "just now"),
        (59, "刚刚", "just now"),
        (60, "1分", "1 min"),
        (3599, "59分", "59 min"),
        (3600, "1h", "1 h"),
        (48 * 3600 - 1, "47h", "47 h"),
        (48 * 3600, "2天", "2 d"),
    ],
)
def test_an_age_is_said_in_one_unit(seconds: float, zh: str, en: str) -> None:
    """And never negative, where a clock was ahead."""
    age = timedelta(seconds=seconds)
    with process_language("zh_CN"):
        assert age_text(age) == zh
    with process_language("en"):
        assert age_text(age).replace(" ", "")[:2] == en.replace(" ", "")[:2]


def test_times_of_other_days_carry_their_day() -> None:
    """A reading of yesterday 10:00 must not look like one of today."""
    with process_language("zh_CN"):
        assert time_text(AT, AT) == "10:42"
        assert time_text(AT - timedelta(days=1), AT) == "11-22 10:42"
        assert due_text(AT + timedelta(hours=1), AT) == "11:42"
        assert due_text(AT + timedelta(days=1), AT) == "明天10:42"
        assert due_text(AT + timedelta(days=2), AT) == "11-25"
        assert seconds_text(timedelta(seconds=119)) == "119秒"
        assert seconds_text(timedelta(seconds=120)) == "2分"


def test_reasons_of_calls_come_from_the_one_table() -> None:
    """A code that it does not know stands for itself; none is said as such."""
    for code, reason in call_reasons().items():
        assert reason_text(code) == reason.label_text()
    assert reason_text("NEW-CODE") == "NEW-CODE"
    assert reason_text(None) not in ("", "None")


def test_calls_follow_by_who_waits_then_class_then_age() -> None:
    """Taken ones stand behind; closed ones are gone."""
    calls = [
        call("P3", id="00000000-0000-7000-8000-000000000003"),
        call("P1", "acknowledged", id="00000000-0000-7000-8000-000000000001"),
        call("P2", id="00000000-0000-7000-8000-000000000002"),
        call("P2", id="00000000-0000-7000-8000-000000000004", raised_at=AT - timedelta(seconds=9)),
        call("P1", "resolved", id="00000000-0000-7000-8000-000000000005"),
    ]

    assert [c.id[-1] for c in open_calls(calls)] == ["4", "2", "3", "1"]


@pytest.mark.parametrize(
    ("cls", "reason", "limit_s"),
    [
        ("P1", "CHEST", 10),
        ("P1", "BLEED", 15),
        ("P2", "PAIN", 30),
        ("P3", "MOVE", 60),
        ("P4", "WATER", 120),
        ("P1", None, 10),
    ],
)
def test_a_call_is_late_after_the_time_of_its_reason(cls: str, reason: str | None, limit_s: int) -> None:
    """At the bound not yet (DOMAIN 10.1)."""
    waiting = call(cls, reason=reason)

    assert not is_late(waiting, AT + timedelta(seconds=limit_s))
    assert is_late(waiting, AT + timedelta(seconds=limit_s + 1))
    assert not is_late(call(cls, "acknowledged", reason=reason), AT + timedelta(hours=1))


@pytest.mark.parametrize(
    ("cls", "state", "may"),
    [
        ("P1", "raised", False),
        ("P1", "acknowledged", False),
        ("P1", "arrived", True),
        ("P2", "raised", True),
        ("P2", "resolved", False),
    ],
)
def test_a_p1_ends_at_the_bed(cls: str, state: str, may: bool) -> None:
    """By somebody who has arrived (DOMAIN 10.1)."""
    assert may_resolve(call(cls, state)) is may


def test_a_bed_shows_its_weightiest_call() -> None:
    """Whatever order they came in."""
    ward = sample()
    for cls in ("P3", "P1", "P4"):
        ward.ring("5", cls)

    assert next(row for row in WardList(ward).rows(AT) if row.bed.id == "5").call == "P1"


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("12", True),
        ("1", True),
        ("2", False),
        ("王秀", True),
        ("1110", True),
        ("10", False),
        ("", True),
        (" 12 ", True),
    ],
)
def test_a_row_answers_to_bed_name_and_number(typed: str, is_found: bool) -> None:
    """A bed by its beginning, a name by a part, a number by three digits of it."""
    row = next(row for row in WardList(sample()).rows(AT) if row.bed.id == "12")

    assert matches(row, typed) is is_found


def test_urgent_comes_first_and_old_behind_fresh() -> None:
    """Calls, then bands; a score that nobody has renewed stands behind the fresh ones of its band."""
    ward = sample()
    ward.ring("9", "P4")
    rows = ordered(WardList(ward).rows(AT), Order.URGENT, AT)

    assert [row.bed.id for row in rows[:3]] == ["9", "10", "11"]
    assert rows[-1].stay is None


def test_a_struck_set_is_forgotten_when_told() -> None:
    """The score of a stay is read anew."""
    ward = sample()
    table = WardList(ward)
    stay = ward.replica.in_bed("2")
    assert next(row for row in table.rows(AT) if row.bed.id == "2").score is not None
    ward.replica.sets = [s for s in ward.replica.sets if s.encounter != stay.id]
    table.forget([stay.id])

    row = next(row for row in table.rows(AT) if row.bed.id == "2")
    assert row.score is None
    assert lines([row], AT, frozenset(), ME, 120)[0].cells[4].text == NO_VALUE


@pytest.mark.parametrize("cells", [80, 120, 160])
@pytest.mark.parametrize("speaks", ["zh_CN", "en"])
def test_nothing_urgent_is_cut_in_the_table(cells: int, speaks: str) -> None:
    """Every cell but names and what is left of the notes fits its column."""
    ward = sample()
    ward.ring("12", "P1", "CHEST")
    ward.ring("4", "P2")
    with process_language(speaks):
        shape = columns(cells)
        assert sum(column.cells for column in shape) + len(shape) + 1 <= cells
        room = [column.cells for column in shape]
        room[-1] += cells - sum(room) - len(shape) - 1
        for line in lines(WardList(ward).rows(AT), AT, frozenset(), ME, cells):
            for column, space, cell in zip(shape, room, line.cells, strict=True):
                if column is not shape[1]:
                    assert width(cell.text) <= space, (column.title, cell.text)


@pytest.mark.parametrize("cells", [80, 120])
@pytest.mark.parametrize(
    ("speaks", "fall", "clots", "allergy"), [("zh_CN", "跌", "栓", "敏"), ("en", "Fa", "VT", "Al")]
)
def test_a_row_carries_the_signs_of_its_risks(cells: int, speaks: str, fall: str, clots: str, allergy: str) -> None:
    """Falls, clots and an allergy of bed 12, whole or counted; where there is room the allergy is named."""
    ward = sample()
    stay = ward.replica.in_bed("12")
    ward.replica.stays = [one for one in ward.replica.stays if one.bed in ("12", "5")]
    rows = WardList(ward).rows(AT)
    with process_language(speaks):
        said = {line.key: line.cells[-1].text for line in lines(rows, AT, frozenset(), ME, cells)}
        known = {row.key: [risk.sign_text() for risk in row.risks] for row in rows}

    assert {fall, clots, allergy} <= set(known[stay.id])
    shown = said[stay.id]
    assert all(sign in shown for sign in known[stay.id]) or "头孢类" in shown or "+" in shown
    assert known[ward.replica.in_bed("5").id] == []


def test_the_signs_follow_what_was_assessed() -> None:
    """A fall risk that was found again, and is low now, is off the row as soon as it was told."""
    ward = sample()
    table = WardList(ward)
    stay = ward.replica.in_bed("12")
    before = {risk.code for risk in next(row for row in table.rows(AT) if row.key == stay.id).risks}
    scale = scale_called("morse")
    assert scale is not None
    body = RecordAssessment(
        scale="morse", version="1", answers={item.code: item.options[0].code for item in scale.items}
    )
    ward.record("assessment.record", body, actor=ME, encounter=stay.id, bed="12")
    table.read_again([stay.id])

    after = {risk.code for risk in next(row for row in table.rows(AT) if row.key == stay.id).risks}
    assert before - after == {"morse"}


@pytest.mark.parametrize(("ahead_s", "expected_s"), [(-60, 0), (0, 0), (2, 2)])
def test_whoever_answers_a_call_does_so_after_it_was_raised(ahead_s: int, expected_s: int) -> None:
    """Also where the bed's clock is ahead of the cart's: the server would let the call ring on."""
    ward = sample()
    session = sign_in(ward, BADGE, PIN)
    rings = call(raised_at=AT + timedelta(seconds=ahead_s))

    told = [
        acknowledge(ward, session, rings, 3),
        arrive(ward, session, rings),
        resolve(ward, session, rings, "water given"),
    ]

    assert [command.measured_at for command in told] == [AT + timedelta(seconds=expected_s)] * 3
