"""Results from the laboratory to the bed: taken in once, held by the rules, released by people, and never on a disk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, update

from server.patients.models import Patient
from server.results.rows import RESULT
from server.snapshot import render_snapshot
from tests.server.desk import Desk
from tests.server.ecg.strips import SECRET, with_senders
from tests.server.wards import NOW, STAY_1, STAY_2
from wardlink.messages.results import ResultPage, Results

_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]
MARK = "血红蛋白标记"
AT = NOW - timedelta(hours=1)
HB = {"code": "718-7", "name": MARK, "value": "98.0", "unit": "g/L", "low": "115", "high": "150"}
LOW_HB = HB | {"value": "49"}


@pytest.fixture
def lab(desk: Desk) -> Desk:
    """The desk, a laboratory, and devices that may ask."""
    return with_senders(desk)


def report(**said: Any) -> dict[str, Any]:
    """A verified blood count."""
    body = {"number": "B1", "code": "58410-2", "name": "血常规", "status": "final", "issued_at": AT.isoformat()}
    return body | {"verified_by": "孙丽", "items": [HB]} | said


def send(lab: Desk, stay: str = STAY_1, **said: Any) -> str:
    """The laboratory sends a report; its id."""
    answer = lab._http.post(f"/api/v1/encounters/{stay}/results", json=report(**said), auth=("room1", SECRET))
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["id"])


def ask(lab: Desk, path: str = "", device: str = "t1", stay: str = STAY_1) -> Any:
    """The terminal asks."""
    return lab._http.get(f"/api/v1/encounters/{stay}/results{path}", auth=(device, SECRET))


def at_bed(lab: Desk) -> list[str]:
    """The ids of what the terminal is told."""
    return [line.id for line in Results.model_validate(ask(lab).json()).lines]


def page(lab: Desk, id: str) -> ResultPage:
    """One report as the terminal is told it."""
    return ResultPage.model_validate(ask(lab, f"/{id}").json())


def test_an_ordinary_result_comes_to_the_bed(lab: Desk) -> None:
    """With its digits, its flag by the range, new until it was opened; and every look is written down."""
    id = send(lab)
    assert ask(lab, "/new").json() == {"new": 1}
    found = page(lab, id)

    assert [(str(i.value), i.unit, i.flag) for i in found.items] == [("98.0", "g/L", "L")]
    assert (found.line.state, found.line.beyond, found.verified_by) == ("final", 1, "孙丽")
    assert ask(lab, "/new").json() == {"new": 0}
    assert ("device:t1", "view", f"result {id}", STAY_1) in lab.audited()
    assert ("device:room1", "result-received", f"result {id}", STAY_1) in lab.audited()


def test_the_same_again_changes_nothing(lab: Desk) -> None:
    """One version; another content without saying that it is corrected is refused."""
    id = send(lab)

    assert send(lab) == id
    refused = lab._http.post(
        f"/api/v1/encounters/{STAY_1}/results", json=report(items=[LOW_HB]), auth=("room1", SECRET)
    )
    assert refused.status_code == 409


@pytest.mark.parametrize("status", ["registered", "preliminary"])
def test_nothing_that_is_not_verified_is_shown(lab: Desk, status: str) -> None:
    """Nor can a doctor release it."""
    id = send(lab, status=status)

    assert at_bed(lab) == []
    assert ask(lab, f"/{id}").status_code == 404
    assert lab.post("d1", f"/results/{id}/release").status_code == 409


def test_a_critical_value_waits_for_two_decisions(lab: Desk) -> None:
    """A nurse may say that she heard of it; only a doctor lets the patient see it; both under their names."""
    id = send(lab, items=[LOW_HB])
    assert lab.post("d1", f"/results/{id}/release").status_code == 409
    assert lab.post("n1", f"/results/{id}/acknowledge").json()["why"] == ["critical"]
    assert at_bed(lab) == []
    assert lab.post("n1", f"/results/{id}/release").status_code == 403
    assert lab.post("d1", f"/results/{id}/release").json()["why"] == []

    assert at_bed(lab) == [id]
    acts = [line for line in lab.audited() if line[1].startswith("result-") and line[0].startswith("staff")]
    assert acts == [
        ("staff:n1", "result-acknowledge", f"result {id}", STAY_1),
        ("staff:d1", "result-release", f"result {id}", STAY_1),
    ]


def test_what_a_doctor_tells_first_waits_and_can_be_taken_back(lab: Desk) -> None:
    """Pathology comes with the doctor's act, and goes again when it is kept back."""
    id = send(lab, category="SP", items=[], conclusion=MARK)
    assert at_bed(lab) == []
    lab.post("d1", f"/results/{id}/release")
    assert at_bed(lab) == [id]
    lab.post("d1", f"/results/{id}/keep-back")

    assert at_bed(lab) == []


def test_an_ordinary_result_waits_the_hospitals_time(lab: Desk) -> None:
    """To the second."""
    lab.ward.core.results_delay = timedelta(hours=2)
    id = send(lab)
    assert at_bed(lab) == []
    lab.ward.clock.advance(3600)

    assert at_bed(lab) == [id]


def test_a_correction_shows_both_versions(lab: Desk) -> None:
    """New again; the one before stands beside it, marked."""
    first = send(lab)
    page(lab, first)
    second = send(lab, status="corrected", items=[HB | {"value": "101"}])
    found = page(lab, second)

    assert at_bed(lab) == [second]
    assert (found.line.state, [str(i.value) for i in found.items]) == ("corrected", ["101"])
    assert found.before is not None
    assert [str(i.value) for i in found.before.items] == ["98.0"]
    assert ask(lab, f"/{first}").status_code == 404


def test_a_correction_that_is_held_marks_the_former_one(lab: Desk) -> None:
    """The old value is not shown as if it held, and the new one is not told."""
    first = send(lab)
    send(lab, status="corrected", items=[LOW_HB | {"name": "nobody may read this"}])
    found = page(lab, first)

    assert (found.line.state, [str(i.value) for i in found.items]) == ("reviewed", ["98.0"])
    assert "nobody" not in ask(lab, f"/{first}").text


def test_what_was_taken_back_has_no_values(lab: Desk) -> None:
    """The patient has seen it: that it was taken back is said, and no more."""
    first = send(lab)
    send(lab, status="cancelled", items=[], issued_at=None)

    assert page(lab, first).line.state == "withdrawn"
    assert page(lab, first).items == ()


def test_former_values_are_told_of_released_reports_only(lab: Desk) -> None:
    """In time's order, of the same test in the same unit."""
    for n, (value, extra) in enumerate([("90", {}), ("95", {"status": "preliminary"}), ("40", {}), ("92", {})]):
        at = (AT - timedelta(hours=10 - n)).isoformat()
        send(lab, number=f"A{n}", items=[HB | {"value": value}], issued_at=at, **extra)
    found = page(lab, send(lab))

    assert [str(former.value) for former in found.items[0].former] == ["90", "92"]


def test_a_minor_is_told_by_nobody_here(lab: Desk) -> None:
    """Not even by a doctor's act: only the guardian is told, in person."""
    with lab.ward.db.write() as conn:
        conn.execute(update(_PATIENT).values(birth_on=NOW.date() - timedelta(days=365 * 10)))
    id = send(lab)

    assert at_bed(lab) == []
    assert lab.post("d1", f"/results/{id}/release").status_code == 409


@pytest.mark.parametrize(
    ("device", "stay", "status"),
    [("t2", STAY_1, 403), ("t1", STAY_2, 403), ("c1", STAY_1, 403), ("t1", STAY_1, 200)],
)
def test_nobody_else_reads_it(lab: Desk, device: str, stay: str, status: int) -> None:
    """Another bed's terminal, another patient's results, a cart."""
    id = send(lab)
    for path in ("", "/new", f"/{id}"):
        assert ask(lab, path, device, stay).status_code == status
    assert lab._http.get(f"/api/v1/encounters/{STAY_1}/results").status_code == 401


@pytest.mark.parametrize(("who", "status"), [("n1", 403), ("c1", 403), ("x1", 403), ("h1", 201)])
def test_who_may_send(lab: Desk, who: str, status: int) -> None:
    """The head nurse of the ward, from a desk; nobody else, and no other ward's."""
    assert lab.post(who, f"/encounters/{STAY_1}/results", json=report()).status_code == status


REPORTS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B"]),
        st.sampled_from(["registered", "preliminary", "final", "corrected", "cancelled"]),
        st.sampled_from(["LAB", "SP", "RAD"]),
        st.sampled_from(["98", "49"]),
        st.sampled_from([None, "acknowledge", "release", "keep-back"]),
    ),
    max_size=8,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(REPORTS)
def test_nothing_unreleased_ever_reaches_a_bed(lab: Desk, walk: list[tuple[str, ...]]) -> None:
    """Whatever is sent and decided: no value of a held version is in any answer, and no device is told of any."""
    with lab.ward.db.write() as conn:
        conn.execute(delete(RESULT))
    told = len(lab.ward.changes())
    held: dict[str, str] = {}
    for n, (number, status, category, value, act) in enumerate(walk):
        secret = f"marke{n}"
        body = report(number=number, status=status, category=category, items=[HB | {"value": value, "name": secret}])
        answer = lab._http.post(f"/api/v1/encounters/{STAY_1}/results", json=body, auth=("room1", SECRET))
        if answer.status_code != 201:
            continue
        id = answer.json()["id"]
        held[id] = secret
        if act is not None:
            lab.post("d1", f"/results/{id}/{act}")
    by_id = {id: ask(lab, f"/{id}") for id in held}
    everything = "".join(answer.text for answer in (ask(lab), ask(lab, "/new"), *by_id.values()))
    with lab.ward.db.read() as conn:
        versions = {row.id: row for row in conn.execute(RESULT.select())}

    for id, secret in held.items():
        row = versions[id]
        may = row.status in ("final", "corrected") and row.kept_back_at is None
        if row.items[0]["value"] == "49":
            may = may and row.acknowledged_at is not None and row.released_at is not None
        if row.category == "SP":
            may = may and row.released_at is not None
        assert may or secret not in everything
    assert len(lab.ward.changes()) == told


def test_no_device_is_told_of_a_result(lab: Desk) -> None:
    """Neither a change nor a snapshot holds a byte of one, released or not."""
    send(lab)
    send(lab, number="B2", items=[LOW_HB])
    with lab.ward.db.read() as conn:
        whole = render_snapshot(conn, "w1", NOW)
        bed = render_snapshot(conn, "w1", NOW, bed="b1")

    assert MARK.encode() not in whole + bed
    assert not any(MARK in str(change) for change in lab.ward.changes())


FILE = """住院号,报告号,报告代码,报告名称,状态,审核时间,项目代码,项目名称,结果,单位,参考下限,参考上限,标志
ZY0001,K1,24326-1,电解质,已审核,2026-11-25 09:00,2823-3,钾,3.90,mmol/L,3.5,5.3,
ZY0001,K1,24326-1,电解质,已审核,2026-11-25 09:00,2951-2,钠,<136,mmol/L,137,147,↓
ZY0001,K2,30745-4,胸片,初步,,,,,,,,
"""


def test_a_file_is_taken_over_whole(lab: Desk) -> None:
    """Lines of one number are one report; the same file again changes nothing."""
    first = lab.send("h1", "POST", "/results/import", content=FILE.encode())
    again = lab.send("h1", "POST", "/results/import", content=FILE.encode("gb18030"))

    assert (first.json(), again.json()) == ({"taken": 2, "already": 0}, {"taken": 0, "already": 2})
    (id,) = at_bed(lab)
    values = [(i.name, i.comparator, str(i.value), i.flag) for i in page(lab, id).items]
    assert values == [("钾", None, "3.90", "N"), ("钠", "<", "136", "L")]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("ZY0001,K2", "ZY9,K2", 4),
        ("3.5,5.3,", "x,5.3,", 2),
        ("已审核,2026-11-25 09:00,2951", "初步,,2951", 3),
        ("已审核", "已完成", 2),
        ("2026-11-25 09:00,2951", "morgen,2951", 3),
        (",K2", ",", 4),
    ],
)
def test_a_file_with_a_fault_changes_nothing(lab: Desk, before: str, after: str, line: int) -> None:
    """The line and the reason are told."""
    answer = lab.send("h1", "POST", "/results/import", content=FILE.replace(before, after).encode())

    assert answer.status_code == 422
    assert line in [fault["line"] for fault in answer.json()["faults"]]
    assert at_bed(lab) == []


def test_the_list_of_a_ward_says_why(lab: Desk) -> None:
    """What waits by default, everything when asked; not for another ward."""
    id = send(lab, items=[LOW_HB])
    send(lab, number="B2")
    waiting, every = lab.get("d1", "/wards/w1/results").json(), lab.get("d1", "/wards/w1/results?show=all").json()

    assert [(item["id"], item["why"], item["critical"]) for item in waiting["items"]] == [
        (id, ["unacknowledged", "critical"], True)
    ]
    assert len(every["items"]) == 2
    assert lab.get("x1", "/wards/w1/results").status_code == 403


def standing(desk: Desk, result: str) -> str:
    """How a result stands, as the list of the ward tells it to who decides by it."""
    items = desk.get("d1", "/wards/w1/results?show=all").json()["items"]
    found: str = next(item["standing"] for item in items if item["id"] == result)
    return found


@pytest.mark.parametrize("other", ["keep-back", "release", "version"])
@pytest.mark.parametrize("mine", ["keep-back", "release"])
def test_who_decides_by_an_older_picture_is_told(lab: Desk, other: str, mine: str) -> None:
    """A colleague was faster, or a correction came: nothing is written on top of it. Looking again, it may be."""
    id = send(lab, category="SP", items=[], conclusion=MARK)
    seen = standing(lab, id)
    if other == "version":
        send(lab, category="SP", items=[], conclusion="anders", status="corrected")
    else:
        lab.post("d2", f"/results/{id}/{other}")
    before = lab.audited()

    refused = lab.post("d1", f"/results/{id}/{mine}", {"seen": seen})

    assert (refused.status_code, refused.json()["code"]) == (409, "changed-meanwhile")
    assert lab.audited() == before
    assert lab.post("d1", f"/results/{id}/{mine}").status_code == 200


def test_a_button_that_is_pressed_twice_is_no_colleague(lab: Desk) -> None:
    """The second press changes nothing, and nobody is blamed; that a nurse has heard of a value stands in no way."""
    id = send(lab, items=[LOW_HB])
    seen = standing(lab, id)
    lab.post("n1", f"/results/{id}/acknowledge")

    answers = [lab.post("d1", f"/results/{id}/release", {"seen": seen}).status_code for _press in range(2)]

    assert answers == [200, 200]
    assert [line[1] for line in lab.audited()].count("result-release") == 1
