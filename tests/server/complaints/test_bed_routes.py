"""The terminal asks how the complaints of its patient stand, and whether the survey was answered."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from sqlalchemy import Table, update

from server.complaints import acting
from server.identity.models import Device
from tests.server.complaints.ward import NURSE, says, submitted
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
@pytest.mark.parametrize("what", ["complaints", "survey"])
def test_only_the_terminal_of_the_bed(bed: Desk, device: str, stay: str, what: str) -> None:
    """Another bed's, another patient's, a cart, a monitor."""
    assert ask(bed, "GET", what, device=device, stay=stay).status_code == 403


def test_whether_the_survey_was_answered_can_be_asked(bed: Desk) -> None:
    """Before and after."""
    before = ask(bed, "GET", "survey").json()
    said = says(bed.ward.terminal, "survey.answer", points={"food": 3})
    assert bed.ward.answer(said).outcome == "applied"

    assert (before, ask(bed, "GET", "survey").json()) == ({"answered": False}, {"answered": True})
    assert [line[1] for line in bed.audited() if line[2] == "survey"] == ["view", "survey", "view"]
