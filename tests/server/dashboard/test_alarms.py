"""The open alerts of a ward as a feed, and what became of them as figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.alerts.engine import AlertEngine
from server.alerts.escalation import our_escalation
from server.dashboard.alarms.feed import AlarmFeed
from server.dashboard.alarms.history import MOST_DAYS, Asked, days_asked, list_sheet, percentile, read, times_sheet
from server.dashboard.alarms.picture import in_order
from tests.server.alerts.ward import HIGH, MEDIUM, measure, only, says
from tests.server.wards import STAY_1, STAY_2, SmallWard
from tests.waiting import wait_until
from wardlink.clinical.alert_rules import alert_rule
from wardlink.errors import NotFound
from wardlink.i18n import speaking
from wardlink.messages.alerts import AcceptAlert, AlertView, ArriveAtAlert, ResolveAlert
from wardlink.messages.calls import AcknowledgeCall, RaiseCall

TODAY = date(2026, 11, 27)
VITALS = f"vitals/{STAY_1}"


@pytest.fixture
def engine(ward: SmallWard) -> AlertEngine:
    """The engine, looked at by hand."""
    return AlertEngine(ward.core)


@pytest.fixture
def feed(ward: SmallWard) -> Iterator[AlarmFeed]:
    """The feed of ward w1, with Live running."""
    ward.core.live.start()
    found = AlarmFeed(ward.core, "w1")
    found.open()
    found.frame()
    yield found
    found.close()
    ward.core.live.stop()


def told(feed: AlarmFeed, n: int, state: str | None = None) -> dict[str, Any]:
    """The next frame with so many open alerts, the first of them in this state."""

    def look() -> dict[str, Any] | None:
        frame = feed.frame()
        found = None if frame is None else orjson.loads(frame)
        if found is None or len(found.get("alerts", {"zh_CN": [None] * 99})["zh_CN"]) != n:
            return None
        return found if state is None or found["alerts"]["zh_CN"][0]["state"] == state else None

    found: dict[str, Any] = wait_until(look, f"a frame with {n} alerts")
    return found


def test_an_alert_is_in_the_next_frame_in_both_languages(ward: SmallWard, engine: AlertEngine, feed: AlarmFeed) -> None:
    """With its bed, the masked name, who is asked already and when it goes on."""
    measure(ward, HIGH)
    engine.look("w1", VITALS)
    frame = told(feed, 1)
    [zh], [en] = frame["alerts"]["zh_CN"], frame["alerts"]["en"]

    assert (zh["name"], zh["state"], zh["priority"], zh["mark"]) == ("病*1", "offered", "high", "***")
    assert [step["asked"] for step in zh["chain"]] == [True] + [False] * (len(zh["chain"]) - 1)
    assert len(zh["chain"]) > 1
    assert zh["answer_by"] > frame["now"]
    assert (zh["said"], en["said"]) == ("无人接", "nobody has it yet")


def test_who_has_it_is_said_and_what_is_dealt_with_goes(ward: SmallWard, engine: AlertEngine, feed: AlarmFeed) -> None:
    """Taken, there, done: each in the next frame, and then the list is empty."""
    measure(ward, HIGH)
    engine.look("w1", VITALS)
    told(feed, 1)
    alert = only(ward).id
    says(ward, "alert.accept", AcceptAlert(alert=alert, eta_min=3))
    taken = told(feed, 1, "accepted")
    says(ward, "alert.arrive", ArriveAtAlert(alert=alert))
    there = told(feed, 1, "arrived")
    says(ward, "alert.resolve", ResolveAlert(alert=alert, outcome="吸痰"))
    told(feed, 0)

    said = [frame["alerts"]["zh_CN"][0]["said"] for frame in (taken, there)]
    assert said == ["李静将在 3 分钟内到", "李静已到场"]


def test_a_page_that_opens_later_begins_with_what_is_open(ward: SmallWard, engine: AlertEngine) -> None:
    """And a ward that is none is said to be none."""
    measure(ward, MEDIUM)
    engine.look("w1", VITALS)
    late = AlarmFeed(ward.core, "w1")
    late.open()

    assert [alert["id"] for alert in late.full()["alerts"]["en"]] == [only(ward).id]
    late.close()
    with pytest.raises(NotFound):
        AlarmFeed(ward.core, "w9").open()


def test_what_nobody_has_stands_first_then_the_grave_then_the_old() -> None:
    """What stands behind another, and what is over, is not shown."""
    at = datetime(2026, 11, 27, 8, tzinfo=UTC)

    def view(name: str, **fields: Any) -> AlertView:
        base = {"id": name, "code": "device-silent", "priority": "low", "subject": name, "raised_at": at}
        return AlertView.model_construct(**(base | {"since_at": at, "state": "offered", "within": None} | fields))

    views = [
        view("taken", priority="high", state="accepted"),
        view("young", priority="high", raised_at=at + timedelta(seconds=1)),
        view("low"),
        view("old", priority="high"),
        view("behind", priority="high", within="x"),
        view("over", priority="high", state="resolved"),
    ]

    assert [found.id for found in in_order(views)] == ["old", "young", "low", "taken"]


# -- history


def history(ward: SmallWard) -> list[AlertView]:
    """Everything of the ward in the days around now."""
    asked = Asked(("w1",), date(2026, 1, 1), date(2027, 12, 31))
    with ward.db.read() as conn:
        return [view for _ward, view in read(conn, asked)[0]]


def test_times_are_from_the_first_cry_to_the_first_answer(ward: SmallWard, engine: AlertEngine) -> None:
    """Taken twice is taken once; an alert nobody took counts in the shares and is named."""
    rule = alert_rule("news2-high")
    measure(ward, HIGH)
    measure(ward, HIGH, encounter=STAY_2)
    for stay in (STAY_1, STAY_2):
        engine.look("w1", f"vitals/{stay}")
    alert = next(view for view in history(ward) if view.encounter == STAY_1).id
    ward.clock.advance(rule.answer_within.total_seconds())
    says(ward, "alert.accept", AcceptAlert(alert=alert))
    ward.clock.advance(50)
    says(ward, "alert.accept", AcceptAlert(alert=alert))
    says(ward, "alert.arrive", ArriveAtAlert(alert=alert))
    with speaking("en"):
        [row] = times_sheet(history(ward), our_escalation()).rows
        listed = list_sheet([("w1", view) for view in history(ward)], ward.clock.now(), with_ward=True)

    answer_s = rule.answer_within.total_seconds()
    assert row.cells["n"].text == "2"
    assert row.cells["taken50"].text == row.cells["taken95"].text == f"{answer_s:.0f} s"
    assert row.cells["there90"].text == f"{answer_s + 50:.0f} s"
    assert (row.cells["in_time"].text, row.cells["open"].text) == ("50 %", "1")
    assert {(r.cells["ward"].text, r.cells["taken"].text) for r in listed.rows} == {
        ("w1", f"{answer_s:.0f} s"),
        ("w1", "—"),
    }


def test_the_alert_of_a_call_takes_its_times_from_the_call(ward: SmallWard, engine: AlertEngine) -> None:
    """Whenever the server heard of it."""
    call = ward.terminal.command("call.raise", RaiseCall(reason="PAIN"))
    ward.take(call)
    engine.look_at_everything()
    ward.clock.advance(20)
    taken = ward.cart.command("call.acknowledge", AcknowledgeCall(call=call.id), bed="b1")
    ward.clock.advance(60)
    ward.take(taken)
    engine.look_at_everything()
    with speaking("en"):
        [row] = times_sheet(history(ward), our_escalation()).rows

    assert (row.key, row.cells["taken50"].text) == ("call-P2", "20 s")


@given(st.lists(st.floats(0, 1e6), min_size=1), st.integers(1, 100))
def test_a_percentile_is_a_value_that_enough_do_not_pass(values: list[float], share: int) -> None:
    """The smallest such: one place lower fewer than the share stand."""
    found = percentile(values, share)
    below = sorted(values)[: sorted(values).index(found)]

    assert found in values
    assert sum(value <= found for value in values) >= ceil(len(values) * share / 100)
    assert len(below) < ceil(len(values) * share / 100)


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ({}, date(2026, 11, 21), TODAY),
        ({"since": "2026-11-01", "until": "2026-11-02"}, date(2026, 11, 1), date(2026, 11, 2)),
        ({"since": "2026-11-02", "until": "2026-11-01"}, date(2026, 11, 1), date(2026, 11, 2)),
        ({"since": "rubbish", "until": "2026-13-40"}, date(2026, 11, 21), TODAY),
        ({"since": "2020-01-01"}, TODAY - timedelta(days=MOST_DAYS - 1), TODAY),
        ({"since": "0001-01-01", "until": "9999-12-31"}, date(2026, 11, 21), TODAY),
    ],
)
def test_days_of_an_address(query: dict[str, str], since: date, until: date) -> None:
    """The last week, never turned round, never so many that the page stands still."""
    assert days_asked(query, TODAY) == (since, until)
