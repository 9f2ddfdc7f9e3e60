"""The open alerts of a ward as a feed, and what became of them as figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest

from server.alerts.engine import AlertEngine
from server.dashboard.alarms import times as times_page
from server.dashboard.alarms import times_sheets
from server.dashboard.alarms.asked import MOST_DAYS, Asked, days_asked
from server.dashboard.alarms.feed import AlarmFeed
from server.dashboard.alarms.history import list_sheet, read
from server.dashboard.alarms.picture import in_order
from server.kpis.response import By, Until
from tests.server.alerts.ward import HIGH, MEDIUM, measure, only, says
from tests.server.wards import STAY_1, STAY_2, SmallWard
from tests.waiting import wait_until
from wardlink.clinical.alert_rules import alert_rule
from wardlink.errors import NotFound
from wardlink.i18n import speaking
from wardlink.messages.alerts import AcceptAlert, AlertView, ArriveAtAlert, ResolveAlert
from wardlink.messages.calls import AcknowledgeCall, RaiseCall

TODAY = date(2026, 11, 27)
ALL_DAYS = Asked(("w1",), date(2026, 1, 1), date(2027, 12, 31))
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
    with ward.db.read() as conn:
        return [view for _ward, view in read(conn, ALL_DAYS)[0]]


def times(ward: SmallWard, by: By = "class", until: Until = "answered") -> times_sheets.Found:
    """The response times of the ward in these days."""
    with ward.db.read() as conn:
        return times_sheets.read(conn, ALL_DAYS, ward.clock.now(), by=by, until=until)


def test_times_are_from_the_first_cry_to_the_first_answer(ward: SmallWard, engine: AlertEngine) -> None:
    """Taken twice is taken once; an alert nobody took stands in the number, behind all others, and is named."""
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
        now = ward.clock.now()
        answered, there = (
            times_sheets.alerts_sheet(times(ward, "kind", end).alerts, "kind", end, now).rows[0]
            for end in ("answered", "there")
        )
        listed = list_sheet([("w1", view) for view in history(ward)], now, with_ward=True)

    answer_s = rule.answer_within.total_seconds()
    told = {name: cell.text for name, cell in answered.cells.items()}
    assert told == {
        "line": "NEWS2 7 or more",
        "n": "2",
        "met": "1",
        "open": "1",
        "oldest": f"{answer_s + 50:.0f} s",
        "ended": "0",
        "back": "0",
        "p50": f"{answer_s:.0f} s",
        "p90": "not reached",
        "longest": f"{answer_s:.0f} s",
        "in_time": "50 %",
    }
    assert there.cells["p50"].text == f"{answer_s + 50:.0f} s"
    assert {(r.cells["ward"].text, r.cells["taken"].text) for r in listed.rows} == {
        ("w1", f"{answer_s:.0f} s"),
        ("w1", "—"),
    }


def test_the_alert_of_a_call_takes_its_times_from_the_call(ward: SmallWard, engine: AlertEngine) -> None:
    """Whenever the server heard of it. Counted is the call, once."""
    call = ward.terminal.command("call.raise", RaiseCall(reason="PAIN"))
    ward.take(call)
    engine.look_at_everything()
    ward.clock.advance(20)
    taken = ward.cart.command("call.acknowledge", AcknowledgeCall(call=call.id), bed="b1")
    ward.clock.advance(60)
    ward.take(taken)
    engine.look_at_everything()
    with speaking("en"):
        now = ward.clock.now()
        [row] = times_sheets.calls_sheet(times(ward, "kind").calls, "kind", "answered", now).rows
        [listed] = list_sheet([("w1", view) for view in history(ward)], now, with_ward=False).rows

    assert times(ward).alerts == {}
    assert (row.cells["line"].text, row.cells["p50"].text) == ("P2, pain", "20 s")
    assert listed.cells["taken"].text == "20 s"


def test_a_file_holds_both_ends_of_the_wait_as_numbers(ward: SmallWard) -> None:
    """Seconds without a unit; nothing where nothing was met."""
    call = ward.terminal.command("call.raise", RaiseCall(reason="PAIN"))
    ward.take(call)
    ward.clock.advance(700)
    ward.take(ward.cart.command("call.acknowledge", AcknowledgeCall(call=call.id), bed="b1"))
    with speaking("en"):
        found = {end: times(ward, "class", end) for end in times_page.ENDS}
        lines = times_sheets.file_sheet(ALL_DAYS, found, ward.clock.now()).csv().decode("utf-8-sig").splitlines()

    assert lines[1:] == [
        "2026-01-01,2027-12-31,w1,calls,the first answer,P2,1,1,0,,0,0,700,700,700,0",
        "2026-01-01,2027-12-31,w1,calls,somebody is there,P2,1,0,1,700,0,0,,,,0",
    ]


@pytest.mark.parametrize(
    ("query", "since", "until", "said"),
    [
        ({}, date(2026, 11, 21), TODAY, []),
        ({"since": "2026-11-01", "until": "2026-11-02"}, date(2026, 11, 1), date(2026, 11, 2), []),
        ({"since": "2026-11-02", "until": "2026-11-01"}, date(2026, 11, 1), date(2026, 11, 2), ["exchanged"]),
        (
            {"since": "rubbish", "until": "2026-13-40"},
            date(2026, 11, 21),
            TODAY,
            ["“rubbish” is no date. A date is written like 2026-11-27.", "“2026-13-40” is no date"],
        ),
        ({"since": "2020-01-01"}, TODAY - timedelta(days=MOST_DAYS - 1), TODAY, ["At most 92 days"]),
        ({"until": "2026-12-31"}, date(2026, 11, 21), TODAY, ["not begun"]),
        ({"since": "2026-12-01", "until": "2026-12-31"}, TODAY, TODAY, ["not begun"]),
        ({"since": "0001-01-01", "until": "9999-12-31"}, date(2026, 11, 21), TODAY, ["0001-01-01", "9999-12-31"]),
    ],
)
def test_days_of_an_address(query: dict[str, str], since: date, until: date, said: list[str]) -> None:
    """The last week, never turned round, never so many that the page stands still; what is not followed is said."""
    with speaking("en"):
        found = days_asked(query, TODAY)

    assert found[:2] == (since, until)
    assert len(found[2]) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found[2], strict=True))
