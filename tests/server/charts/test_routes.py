"""The chart over HTTP: who may print it, and what is written down about it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from server.config import Settings
from server.dashboard import PREFIX, printing
from server.identity import sessions
from server.identity.sessions import COOKIE
from tests.server.charts.looking import pages, words
from tests.server.charts.test_sheet import has_font
from tests.server.desk import PEOPLE, Desk
from tests.server.wards import DESK, STAY_1, vitals
from wardlink.messages.chart_events import RecordChartEvent
from wardlink.messages.encounters import Transfer

needs_font = pytest.mark.skipif(not has_font(), reason="no Chinese font is installed (make system-deps)")
PDF = f"/encounters/{STAY_1}/temperature-chart.pdf"
CHINESE = {"Accept-Language": "zh"}


def pass_days(desk: Desk, days: int) -> None:
    """So many days later, the same people signed in again."""
    desk.ward.clock.advance(timedelta(days=days).total_seconds())
    with desk.ward.db.write() as conn:
        for who in ("n1", "d1"):
            desk._tokens[who] = sessions.begin(conn, PEOPLE[who], device=None, now=desk.ward.clock.now()).token


@needs_font
def test_a_week_of_what_the_record_holds(desk: Desk) -> None:
    """Readings, events and places of every ward the patient lay in; nothing that was struck out."""
    ward = desk.ward
    right = ward.cart.command("vitals.record", vitals(72, sbp_mmhg=122.0, dbp_mmhg=78.0), encounter=STAY_1)
    wrong = ward.cart.vitals(200)
    ward.take(
        right,
        wrong,
        ward.cart.command("vitals.strike", {"vitals": wrong.id, "reason": "录错"}, encounter=STAY_1),
        ward.cart.command("chart-event.record", RecordChartEvent(what="surgery"), encounter=STAY_1),
    )
    pass_days(desk, 1)
    ward.core.execute("encounter.transfer", Transfer(ward="w2", bed="b1"), ward="w1", actor=DESK, encounter=STAY_1)

    answer = desk.get("d1", PDF + "?week=1", headers=CHINESE)

    said = words(answer.content)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "no-store"
    assert all(text in said for text in ("122/78", "w1→w2", "手", "赵医生"))
    assert "200" not in said
    assert "* 有修改" in said


@needs_font
def test_printing_is_audited(desk: Desk) -> None:
    """By whom, which week, of which stay; all weeks unless one is asked for."""
    pass_days(desk, 8)

    answers = [desk.get("n1", PDF), desk.get("n1", PDF + "?week=2")]

    assert [pages(answer.content) for answer in answers] == [2, 1]
    assert desk.audited()[-2:] == [
        ("staff:n1", "print", "temperature chart, all weeks", STAY_1),
        ("staff:n1", "print", "temperature chart, week 2", STAY_1),
    ]


def test_who_may_not(desk: Desk) -> None:
    """Nobody without a sign-in, of another ward, or who is no carer; nor a week that is not there."""
    asked = [(None, PDF), ("x1", PDF), ("tech", PDF), ("n1", PDF + "?week=9"), ("n1", PDF + "?week=0")]

    assert [desk.get(who, path).status_code for who, path in asked] == [401, 403, 403, 404, 422]
    assert "print" not in {action for _actor, action, _what, _stay in desk.audited()}


def app_of(desk: Desk) -> FastAPI:
    """The server behind the desk."""
    app = desk._http.app
    assert isinstance(app, FastAPI)
    return app


def test_without_a_font_nothing_is_printed(desk: Desk, tmp_path: Path) -> None:
    """It is said in words, and not audited as printed."""
    app_of(desk).state.settings = Settings(font=tmp_path / "none.ttf")

    answer = desk.get("n1", PDF)

    assert (answer.status_code, "none.ttf" in answer.json()["detail"]) == (500, True)
    assert "print" not in {action for _actor, action, _what, _stay in desk.audited()}


@needs_font
def test_a_visitor_of_the_board_prints_it_too(desk: Desk) -> None:
    """By the session of the browser; somebody of another ward finds nothing, and nobody comes to the door."""
    app = app_of(desk)
    app.include_router(printing.routes(desk.ward.core))
    address = f"{PREFIX}/stay/{STAY_1}/temperature-chart.pdf"

    nurse, other = (TestClient(app, cookies={COOKIE: desk._tokens[who]}).get(address) for who in ("n1", "x1"))
    door = TestClient(app).get(address, follow_redirects=False)

    assert (nurse.status_code, pages(nurse.content)) == (200, 1)
    assert (other.status_code, door.status_code) == (404, 303)
