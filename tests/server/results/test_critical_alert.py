"""A critical result asks for a clinician through the engine of alerts, until one says that it was heard of."""

from __future__ import annotations

from typing import Any

import pytest

from server.alerts.engine import AlertEngine
from server.results.importing import import_results
from tests.server.alerts.ward import alerts, only, says
from tests.server.desk import Desk
from tests.server.ecg.strips import SECRET, with_senders
from tests.server.wards import DESK, NOW, STAY_1
from wardlink.clock import WARD_ZONE
from wardlink.messages.alert_words import detail_text
from wardlink.messages.alerts import ResolveAlert

POTASSIUM = {"code": "2823-3", "name": "钾", "unit": "mmol/L"}
FILE = """住院号,报告号,报告代码,报告名称,状态,审核时间,项目代码,项目名称,结果,单位
{no},K9,24326-1,电解质,已审核,{at},2823-3,钾,6.9,mmol/L
"""


@pytest.fixture
def lab(desk: Desk) -> Desk:
    """The desk and a laboratory."""
    return with_senders(desk)


@pytest.fixture
def engine(desk: Desk) -> AlertEngine:
    """The engine of the desk's ward; it looks when it is told to."""
    return AlertEngine(desk.ward.core)


def send(lab: Desk, value: str, **said: Any) -> str:
    """The laboratory sends potassium; the id of the report."""
    body = {"number": "K1", "code": "24326-1", "name": "电解质", "status": "final", "issued_at": NOW.isoformat()}
    body |= {"items": [POTASSIUM | {"value": value}]} | said
    answer = lab._http.post(f"/api/v1/encounters/{STAY_1}/results", json=body, auth=("room1", SECRET))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize(
    ("value", "rings"), [("2.79", 1), ("2.8", 1), ("2.81", 0), ("4.0", 0), ("6.19", 0), ("6.2", 1), ("6.21", 1)]
)
def test_a_value_at_or_beyond_the_list_rings(lab: Desk, engine: AlertEngine, value: str, rings: int) -> None:
    """Each bound of the hospital's list, and a step either side."""
    send(lab, value)
    engine.look("w1", "result/")

    assert len(alerts(lab.ward)) == rings


def test_it_goes_to_the_next_until_somebody_takes_it(lab: Desk, engine: AlertEngine) -> None:
    """The bed, the kind of report and no value; nurse first, then the next of the chain."""
    id = send(lab, "6.9")
    engine.look("w1", "result/")
    first = only(lab.ward)
    lab.ward.clock.advance(120)
    engine.go_on()

    assert (first.code, first.priority, first.encounter, first.bed, first.cause) == (
        "critical-result",
        "medium",
        STAY_1,
        "b1",
        id,
    )
    assert (first.detail, detail_text(first)) == ({"result": "LAB"}, "化验")
    assert (first.offered_to, only(lab.ward).offered_to) == (("nurse",), ("nurse", "charge-nurse"))


def test_who_acknowledges_the_result_ends_it(lab: Desk, engine: AlertEngine) -> None:
    """Once it has stayed away as long as the rule says; the patient still sees nothing."""
    id = send(lab, "6.9")
    engine.look("w1", "result/")
    assert lab.post("d1", f"/results/{id}/acknowledge").status_code == 200
    for _again in range(2):
        engine.look("w1", "result/")
        lab.ward.clock.advance(60)

    assert only(lab.ward).state == "resolved"
    assert lab._http.get(f"/api/v1/encounters/{STAY_1}/results", auth=("t1", SECRET)).json()["lines"] == []


def test_days_later_it_still_asks(lab: Desk, engine: AlertEngine) -> None:
    """No age lets it go: nobody has said that it was heard of."""
    send(lab, "6.9")
    engine.look("w1", "result/")
    lab.ward.clock.advance(3 * 24 * 3600)
    engine.look("w1", "result/")
    engine.go_on()

    assert only(lab.ward).state == "offered"


def test_dealt_with_it_does_not_come_again_but_a_new_version_does(lab: Desk, engine: AlertEngine) -> None:
    """A corrected report that is critical is news; one that is not ends what it corrects."""
    send(lab, "6.9")
    engine.look("w1", "result/")
    says(lab.ward, "alert.resolve", ResolveAlert(alert=only(lab.ward).id, outcome="doctor informed"))
    lab.ward.clock.advance(3600)
    engine.look("w1", "result/")
    once = len(alerts(lab.ward))
    send(lab, "7.1", status="corrected")
    engine.look("w1", "result/")
    twice = alerts(lab.ward, only_open=True)
    send(lab, "4.1", status="corrected")
    for _again in range(2):
        engine.look("w1", "result/")
        lab.ward.clock.advance(60)

    assert (once, len(twice)) == (1, 1)
    assert alerts(lab.ward, only_open=True) == []


@pytest.mark.parametrize(("status", "rings"), [("preliminary", 1), ("cancelled", 0)])
def test_what_is_not_verified_rings_too(lab: Desk, engine: AlertEngine, status: str, rings: int) -> None:
    """A preliminary value cannot wait either; a withdrawn one is none."""
    send(lab, "6.9", status=status)
    engine.look("w1", "result/")

    assert len(alerts(lab.ward)) == rings


def test_a_file_rings_as_a_message_does(lab: Desk, engine: AlertEngine) -> None:
    """And whoever takes results in tells the engine at once where to look."""
    told: list[str] = []
    lab.ward.core.on_results.append(told.append)
    at = NOW.astimezone(WARD_ZONE).strftime("%Y-%m-%d %H:%M")
    [no] = [stay["admission_no"] for stay in lab.get("d1", "/encounters").json()["items"] if stay["id"] == STAY_1]
    import_results(lab.ward.core, FILE.format(no=no, at=at).encode(), actor=DESK)
    engine.look("w1", "result/")

    assert told == ["w1"]
    assert only(lab.ward).code == "critical-result"
