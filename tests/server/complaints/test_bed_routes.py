"""The terminal asks how the complaints of its patient stand, and answers the survey."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from sqlalchemy import Table, update

from server.complaints import acting
from server.identity.models import Device
from tests.server.complaints.ward import NURSE, submitted
from tests.server.desk import Desk
from tests.server.wards import STAY_1, STAY_2

_DEVICE: Table = Device.__table__  # type: ignore[attr-defined]

SECRET = "secret of a terminal"


@pytest.fixture
def bed(desk: Desk) -> Desk:
    """The desk; its devices have a secret."""
    with desk.ward.db.write() as conn:
        conn.execute(update(_DEVICE).values(secret_sha256=hashlib.sha256(SECRET.encode()).hexdigest()))
    return desk


def ask(bed: Desk, method: str, what: str, *, device: str = "t1", stay: str = STAY_1, **options: Any) -> Any:
    """The terminal asks."""
    return bed.send(None, method, f"/encounters/{stay}/{what}", auth=(device, SECRET), **options)


def test_the_bed_sees_how_it_stands_and_never_what_was_said(bed: Desk) -> None:
    """The clock, the state, the answer."""
    complaint = submitted(bed.ward, words="不好吃")
    (waiting,) = ask(bed, "GET", "complaints").json()["complaints"]
    acting.reply(bed.ward.core, NURSE, complaint, "已告诉食堂。")
    answer = ask(bed, "GET", "complaints")
    (replied,) = answer.json()["complaints"]

    assert (waiting["id"], waiting["state"], waiting["reply_by"]) == (complaint, "submitted", "2026-11-26T02:00:00Z")
    assert (replied["state"], replied["reply"], replied["replied_by"]) == ("replied", "已告诉食堂。", "李静")
    assert "不好吃" not in answer.text
    assert ("device:t1", "view", "complaints", STAY_1) in bed.audited()


@pytest.mark.parametrize(("device", "stay"), [("t2", STAY_1), ("t1", STAY_2), ("c1", STAY_1), ("m1", STAY_1)])
@pytest.mark.parametrize(("method", "what"), [("GET", "complaints"), ("GET", "survey"), ("POST", "survey")])
def test_only_the_terminal_of_the_bed(bed: Desk, device: str, stay: str, method: str, what: str) -> None:
    """Another bed's, another patient's, a cart, a monitor."""
    body = {"json": {"points": {"food": 3}}} if method == "POST" else {}

    assert ask(bed, method, what, device=device, stay=stay, **body).status_code == 403


def test_the_survey_is_answered_once(bed: Desk) -> None:
    """And says so when it is asked or answered again."""
    assert ask(bed, "GET", "survey").json() == {"answered": False}
    assert ask(bed, "POST", "survey", json={"points": {"food": 3, "recommend": 0}}).json() == {"answered": True}

    assert ask(bed, "GET", "survey").json() == {"answered": True}
    assert ask(bed, "POST", "survey", json={"points": {"food": 5}}).status_code == 409
    told = [line for line in bed.audited() if line[2] == "survey"]
    assert [line[1] for line in told] == ["view", "survey", "view"]


@pytest.mark.parametrize(
    "body", [{}, {"points": {}}, {"points": {"food": 9}}, {"points": {"food": "x"}}, {"points": 1}]
)
def test_a_wrong_answer_leaves_nothing(bed: Desk, body: dict[str, Any]) -> None:
    """The stay can still answer."""
    assert ask(bed, "POST", "survey", json=body).status_code == 422

    assert ask(bed, "GET", "survey").json() == {"answered": False}
