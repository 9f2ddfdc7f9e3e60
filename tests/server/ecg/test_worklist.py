"""The work list of strips: who waits for a doctor, in which order, and in which ward."""

from __future__ import annotations

from array import array
from datetime import timedelta
from typing import Any

import pytest

from server.dashboard.ecg.listing import LOOKED_BACK, sheet, worklist
from server.ecg.rows import strips_of_wards
from tests.server.desk import Desk
from tests.server.ecg.strips import send, upload, with_senders
from tests.server.wards import DESK, NOW, STAY_1, STAY_2
from wardlink.clinical.ecg.strip import Strip
from wardlink.ids import new_id
from wardlink.messages.ecg import StrikeEcg
from wardlink.messages.encounters import Discharge, Transfer


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The desk of the small ward, with an examination room."""
    return with_senders(desk)


def taken(desk: Desk, minutes: float, **decided: Any) -> str:
    """A small strip of so many minutes ago; its id."""
    body = upload(Strip(NOW - timedelta(minutes=minutes), 500, 1, {"II": array("h", [1, 2, 3])}), **decided)
    assert send(desk, body).status_code == 201
    return str(body["id"])


def keys(desk: Desk, *wards: str, every: bool = True, q: str = "") -> list[str]:
    """The ids of the list in its order."""
    return [row.key for row in worklist(desk.ward.core, wards or ("w1",), every=every).having(q).rows]


def test_what_nobody_has_reported_is_first_and_critical_on_top(desk: Desk) -> None:
    """The oldest of what waits; of what was reported the newest. A device's own report is no doctor's."""
    new, old = taken(desk, 5), taken(desk, 90, report="自动分析")
    critical = taken(desk, 1, report="自动分析", critical=True)
    done, critical_done = taken(desk, 3), taken(desk, 200, report="自动分析", critical=True)
    for strip in (done, critical_done):
        desk.post("d1", f"/ecg/{strip}/report", {"text": "窦性心律"})

    assert keys(desk) == [critical, old, new, critical_done, done]
    assert keys(desk, every=False) == [critical, old, new]


def test_what_was_struck_out_waits_for_nobody(desk: Desk) -> None:
    """It stands at the end of the whole list, and calls nobody any more."""
    struck, other = taken(desk, 5, report="x", critical=True), taken(desk, 1)
    body = StrikeEcg(strip=struck, reason="wrong patient")
    desk.ward.take(desk.ward.cart.command("ecg.strike", body, encounter=STAY_1, bed="b1"))

    assert (keys(desk), keys(desk, every=False)) == ([other, struck], [other])


@pytest.mark.parametrize(("wanted", "found"), [("ZY0001", 1), ("病人1", 1), ("b1", 1), ("zy0002", 0), ("", 1)])
def test_it_is_found_by_number_name_and_bed(desk: Desk, wanted: str, found: int) -> None:
    """The name stands masked in the list and is found whole."""
    taken(desk, 5)

    assert len(keys(desk, q=wanted)) == found
    assert "病人1" not in worklist(desk.ward.core, ["w1"], every=True).csv().decode()


def test_a_strip_goes_with_its_patient(desk: Desk) -> None:
    """To the other ward's list, and its doctors may report it; who works where the patient lay may not any more."""
    strip = taken(desk, 5)
    desk.ward.core.execute("encounter.transfer", Transfer(ward="w2", bed="b1"), ward="w1", actor=DESK, encounter=STAY_1)

    assert (keys(desk, "w1"), keys(desk, "w2")) == ([], [strip])
    assert desk.get("x1", f"/ecg/{strip}").status_code == 200
    assert desk.get("n1", f"/ecg/{strip}").status_code == 403


def test_old_strips_of_those_who_have_left_are_not_listed(desk: Desk) -> None:
    """From 30 days on; of who still lies here all are."""
    age = LOOKED_BACK / timedelta(minutes=1)
    left, gone = taken(desk, age - 1), taken(desk, age + 1)
    stays = taken(desk, age + 1, encounter=STAY_2)
    assert sorted(keys(desk)) == sorted([left, gone, stays])
    desk.ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_1)

    assert sorted(keys(desk)) == sorted([left, stays])


def test_a_strip_of_nobody_is_listed_as_such(desk: Desk) -> None:
    """With what the sender said of whose it is."""
    strip = taken(desk, 5, encounter=None, admission_no="ZY9999")

    with desk.ward.db.read() as conn:
        (row,) = sheet(strips_of_wards(conn, ["w1"], NOW - LOOKED_BACK), NOW, every=False).rows
    assert (row.key, row.cells["admission_no"].text, row.cells["patient"].href) == (strip, "ZY9999", None)
    assert keys(desk, "w2") == []
    assert desk.get("d1", f"/ecg/{new_id()}").status_code == 404
