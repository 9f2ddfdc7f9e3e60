"""Stays over HTTP: who may, what comes back, and what the audit says afterwards."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest

from tests.cases import case
from tests.server.desk import Desk
from tests.server.wards import STAY_1, STAY_2
from wardlink.ids import new_id

NEW = {
    "admission_no": "ZY0009",
    "mrn": "M0009",
    "name": "欧阳娜娜",
    "sex": "female",
    "birth_on": "1990-02-28",
    "bed": "b3",
    "allergies": ["青霉素"],
    "level": "level1",
}


def test_admit_move_decide_discharge(desk: Desk) -> None:
    """A stay from its beginning to its end, each step answered with the stay as it is then."""
    admitted = desk.post("n1", "/wards/w1/encounters", NEW)
    stay = admitted.json()["encounter"]["id"]
    moved = desk.post("n1", f"/encounters/{stay}/transfer", {"ward": "w1", "bed": "b4"})
    decided = desk.send("n1", "PATCH", f"/encounters/{stay}", json={"diet": "liquid", "nurse": "n2"})
    ended = desk.post("n1", f"/encounters/{stay}/discharge", {"disposition": "home"})

    assert [answer.status_code for answer in (admitted, moved, decided, ended)] == [201, 200, 200, 200]
    assert moved.json()["encounter"]["bed"] == "b4"
    assert (decided.json()["encounter"]["diet"], decided.json()["encounter"]["nurse_name"]) == ("liquid", "王芳")
    assert (ended.json()["encounter"]["status"], ended.json()["encounter"]["allergies"]) == ("finished", ["青霉素"])


def test_a_lost_answer_is_asked_for_again(desk: Desk) -> None:
    """The same command gives the same stay, not a second one."""
    command = new_id()
    first, again = (desk.post("n1", "/wards/w1/encounters", NEW | {"command": command}) for _ in range(2))

    assert (first.json()["outcome"], again.json()["outcome"]) == ("applied", "already-applied")
    assert first.json()["encounter"]["id"] == again.json()["encounter"]["id"] == command


# Who, what, and the status: rights are those of the role, in the wards of the person.
DOORS: list[tuple[str | None, str, str, Any, int]] = [
    (None, "GET", "/encounters", None, 401),
    ("tech", "GET", "/encounters", None, 403),
    ("p1", "GET", "/encounters", None, 200),
    ("p1", "POST", "/wards/w1/encounters", NEW, 403),
    ("x1", "POST", "/wards/w1/encounters", NEW, 403),
    ("x1", "GET", f"/encounters/{STAY_1}", None, 403),
    ("x1", "GET", "/encounters?ward=w1", None, 403),
    ("p1", "POST", f"/encounters/{STAY_1}/discharge", {}, 403),
    ("x1", "POST", f"/encounters/{STAY_1}/transfer", {"ward": "w2", "bed": "b1"}, 403),
    ("x1", "GET", f"/encounters/{STAY_1}/vitals", None, 403),
    ("x1", "GET", f"/encounters/{STAY_1}/vitals.csv", None, 403),
    ("x1", "GET", "/wards/w1/exceptions", None, 403),
    ("n1", "POST", "/encounters/import", None, 403),
    ("n1", "GET", "/parked", None, 403),
    ("n1", "GET", f"/encounters/{new_id()}", None, 404),
    ("n1", "POST", "/wards/w1/encounters", NEW | {"bed": "b1"}, 409),
    ("n1", "POST", "/wards/w1/encounters", NEW | {"bed": "b9"}, 404),
    ("n1", "POST", "/wards/w1/encounters", NEW | {"sex": "?"}, 422),
    ("n1", "POST", "/wards/w1/encounters", NEW | {"colour": "red"}, 422),
    ("n1", "POST", "/wards/w1/encounters", NEW | {"name": "a\0b"}, 422),
    ("n1", "POST", "/wards/w1/encounters", NEW | {"name": "x" * 61}, 422),
    ("n1", "POST", "/wards/w1/encounters", NEW | {"at": "2026-11-26T02:00:00Z"}, 422),
    ("n1", "POST", "/wards/w1/encounters", NEW | {"at": "yesterday"}, 422),
    ("n1", "POST", f"/encounters/{STAY_1}/transfer", {"ward": "w1", "bed": "b2"}, 409),
    ("n1", "PATCH", f"/encounters/{STAY_1}", {"nurse": None}, 422),
    ("n1", "PATCH", f"/encounters/{STAY_1}", {"nurse": "ghost"}, 404),
]


def test_doors(desk: Desk) -> None:
    """Each with its status and words; nothing is written by what is refused."""
    seqs = [change["seq"] for change in desk.ward.changes()]

    for who, method, path, body, status in DOORS:
        answer = desk.send(who, method, path, **({} if body is None else {"json": body}))
        assert answer.status_code == status, (who, method, path, answer.text)
        if status >= 400:
            assert answer.json().keys() == {"code", "detail"}, (who, method, path)

    assert [change["seq"] for change in desk.ward.changes()] == seqs


def test_a_taken_bed_is_told_in_the_language_of_who_asks(desk: Desk) -> None:
    """Chinese where nothing else is asked for."""
    said = {
        language: desk.post(
            "n1", "/wards/w1/encounters", NEW | {"bed": "b1"}, headers={"Accept-Language": language}
        ).json()
        for language in ("en", "zh-CN")
    }

    assert {answer["code"] for answer in said.values()} == {"bed-taken"}
    assert said["en"]["detail"].startswith("Bed b1 is taken.")
    assert "b1" in said["zh-CN"]["detail"]
    assert said["zh-CN"]["detail"] != said["en"]["detail"]


def test_search_finds_by_part_of_a_name_or_a_whole_number(desk: Desk) -> None:
    """The latest admission first; nobody of another ward."""
    desk.ward.clock.advance(60)
    desk.post("n1", "/wards/w1/encounters", NEW)

    def found(question: str) -> list[str]:
        return [item["admission_no"] for item in desk.get("n1", f"/encounters?{question}").json()["items"]]

    assert found("") == ["ZY0009", "ZY0002", "ZY0001"]
    assert found("text=娜") == ["ZY0009"]
    assert found("text=M0002") == ["ZY0002"]
    assert found("text=ZY0001") == ["ZY0001"]
    assert found("text=ZY000") == []
    assert found("text=%25") == found("text=_") == []
    assert found("status=finished") == []
    assert desk.get("x1", "/encounters").json()["items"] == []


def test_pages_follow_each_other_without_a_hole(desk: Desk) -> None:
    """Also where two were admitted in the same instant."""
    seen, question = [], ""
    while True:
        page = desk.get("n1", f"/encounters?limit=1{question}").json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        question = f"&before={page['next']}"

    assert seen == [STAY_2, STAY_1]


def test_one_stay_with_its_beds(desk: Desk) -> None:
    """Where it was, and since when."""
    desk.ward.clock.advance(600)
    desk.post("n1", f"/encounters/{STAY_1}/transfer", {"ward": "w1", "bed": "b4"})

    places = desk.get("n1", f"/encounters/{STAY_1}").json()["places"]

    assert [(p["bed"], p["from_at"], p["until_at"]) for p in places] == [
        ("b1", "2026-11-25T02:00:00Z", "2026-11-25T02:10:00Z"),
        ("b4", "2026-11-25T02:10:00Z", None),
    ]


def test_every_read_is_audited(desk: Desk) -> None:
    """Who read what of whom; writes stand in the change log with who did them."""
    desk.get("n1", "/encounters?text=病人")
    desk.get("n1", f"/encounters/{STAY_1}")
    desk.get("n1", f"/encounters/{STAY_1}/vitals")
    desk.get("n1", f"/encounters/{STAY_1}/vitals.csv")
    desk.get("n1", "/wards/w1/exceptions")
    desk.post("n1", f"/encounters/{STAY_1}/discharge", {})

    assert desk.audited() == [
        ("staff:n1", "search", "stays of w1", None),
        ("staff:n1", "view", "stay", STAY_1),
        ("staff:n1", "view", "vitals", STAY_1),
        ("staff:n1", "export", "vitals", STAY_1),
        ("staff:n1", "list", "exceptions of ward w1", None),
    ]
    assert desk.ward.changes("encounter.changed")[-1]["actor"] == "staff:n1"


@pytest.mark.parametrize("text", ["'; DROP TABLE patient; --", "\\", "%", "\u202e", "a" * 60, "\u0000"])
def test_hostile_searches_find_nobody(desk: Desk, text: str) -> None:
    """And break nothing."""
    answer = desk.get("n1", "/encounters", params={"text": text})

    assert answer.status_code in (200, 422)
    assert answer.json().get("items", []) == []


@pytest.mark.slow
@pytest.mark.cases
def test_naughty_text_at_the_desk(desk: Desk) -> None:
    """Kept as it is shown, or refused in words; never a failure of ours, and nothing half-written."""
    strings = json.loads(case("naughty", "blns.json").read_text("utf-8"))
    strings += ["\0", "a\0b", "\ud800", "\udfff\ud800", "\u202eabc", "\u2028", "\ufeff", "\\u0000", "x" * 70_000]
    kept, refused = 0, []
    for text in strings:
        body = json.dumps({"allergies": [text], "spo2_scale_reason": text})
        answer = desk.send("n1", "PATCH", f"/encounters/{STAY_1}", content=body, headers=JSON)
        assert answer.status_code in (200, 400, 413, 422), (text[:80], answer.text)
        if answer.status_code == 200:
            kept += 1
            assert answer.json()["encounter"]["allergies"] == [unicodedata.normalize("NFC", text).strip()]
        else:
            refused.append(text)
            assert answer.json().keys() == {"code", "detail"}

    assert len(desk.ward.changes("encounter.changed")) == 2 + kept
    assert kept > len(refused)
    assert {"\0", "a\0b", "\ud800", "\u202eabc"} <= set(refused)


JSON = {"Content-Type": "application/json"}
