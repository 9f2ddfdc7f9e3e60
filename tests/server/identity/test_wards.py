"""Wards and beds: made by those who may, all of it or nothing, and ready for patients at once."""

from __future__ import annotations

from typing import Any

import pytest

from server.chain import verify_changes
from server.handlers import all_handlers
from server.record.service import records_of
from tests.server.hospital import ADMIN, MANAGER, NURSE, Hospital
from wardlink.ids import new_id
from wardlink.messages.encounters import Admit
from wardlink.record.ward_settings import WARD_SETTING
from workbench.ward import SYSTEM

NEW = {"id": "w5", "name": "五病区", "beds": [{"id": "12", "label": "12床"}, {"id": "1", "label": "1床"}]}


def _make(hospital: Hospital, **fields: Any) -> Any:
    return hospital.http.post("/api/v1/wards", json=NEW | fields, headers=hospital.token(ADMIN))


def test_a_ward_that_was_made_takes_patients(hospital: Hospital) -> None:
    """With its beds in the order that was said; its change log begins with the first patient and is whole."""
    made = _make(hospital)
    patient = Admit(admission_no="Z9", mrn="Z9", name="某", sex="unknown", birth_on="1960-01-01", bed="12")
    hospital.core.execute("encounter.admit", patient, ward="w5", actor=SYSTEM, encounter=new_id(), bed="12")

    assert (made.status_code, made.json()) == (201, NEW)
    with hospital.core.db.read() as conn:
        check = verify_changes(conn, "w5")
    assert (check.rows, check.whole) == (1, True)


def test_everybody_who_works_here_sees_the_wards(hospital: Hospital) -> None:
    """And nobody else."""
    answer = hospital.http.get("/api/v1/wards", headers=hospital.token(NURSE))

    assert [(ward["id"], len(ward["beds"])) for ward in answer.json()] == [("w3", 3), ("w4", 1)]
    assert hospital.http.get("/api/v1/wards").status_code == 401


def test_a_bed_is_added_behind_the_others(hospital: Hospital) -> None:
    """By a manager in a ward of their own; it is audited."""
    headers = hospital.token(MANAGER)
    own = hospital.http.post("/api/v1/wards/w3/beds", json={"id": "3a", "label": "加1床"}, headers=headers)
    other = hospital.http.post("/api/v1/wards/w4/beds", json={"id": "3a", "label": "加1床"}, headers=headers)
    wards = hospital.http.get("/api/v1/wards", headers=headers).json()

    assert (own.status_code, other.status_code) == (201, 403)
    assert [bed["id"] for bed in wards[0]["beds"]] == ["1", "2", "3", "3a"]
    assert hospital.audited()[-2:] == [
        ("staff:m-zhao", "bed-added", "ward w3 bed 3a"),
        ("staff:m-zhao", "refused", "POST /api/v1/wards/{ward}/beds"),
    ]


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"id": "W 5"}, 422, "The id of a ward or a bed has"),
        ({"name": " "}, 422, "Please enter a text."),
        ({"id": "w3"}, 409, "There is already a ward called w3."),
        ({"beds": [{"id": "1", "label": "1"}, {"id": "1", "label": "2"}]}, 409, "There is already a bed 1 in ward w5."),
        ({"beds": [{"id": "1", "label": "床" * 21}]}, 422, "This text is too long"),
    ],
)
def test_what_cannot_be_right_makes_nothing(
    hospital: Hospital, fields: dict[str, Any], status: int, words: str
) -> None:
    """Not even the ward without the bed that was wrong."""
    answer = _make(hospital, **fields)

    assert (answer.status_code, answer.json()["detail"][: len(words)]) == (status, words)
    wards = hospital.http.get("/api/v1/wards", headers=hospital.token(ADMIN)).json()
    assert [ward["id"] for ward in wards] == ["w3", "w4"]


def test_a_ward_decides_for_itself(hospital: Hospital) -> None:
    """By a manager of that ward; told to its devices as a change, kept in their next copy, and audited."""
    headers = hospital.token(MANAGER)
    before = hospital.http.get("/api/v1/wards/w3/settings", headers=headers)
    command = new_id()
    said = {"shows_mews": True, "command": command}
    made = [hospital.http.patch("/api/v1/wards/w3/settings", json=said, headers=headers) for _ in range(2)]
    kept = hospital.http.patch("/api/v1/wards/w3/settings", json={}, headers=headers)
    other = hospital.http.get("/api/v1/wards/w4/settings", headers=hospital.token(ADMIN))

    assert (before.status_code, before.json(), other.json()) == (200, None, None)
    assert [(answer.status_code, answer.json()["shows_mews"]) for answer in (*made, kept)] == [(200, True)] * 3
    with hospital.core.db.read() as conn:
        (view,) = records_of(conn, WARD_SETTING, ward="w3")
    assert (view.shows_mews, view.by.id) == (True, "m-zhao")
    assert ("staff:m-zhao", "ward-set", "ward w3") in hospital.audited()


@pytest.mark.parametrize(("who", "ward", "status"), [(NURSE, "w3", 403), (MANAGER, "w4", 403), (ADMIN, "w99", 404)])
def test_nobody_else_decides_for_a_ward(hospital: Hospital, who: Any, ward: str, status: int) -> None:
    """Not a nurse, not the manager of another ward; and nothing for a ward that is not there."""
    answer = hospital.http.patch(
        f"/api/v1/wards/{ward}/settings", json={"shows_mews": True}, headers=hospital.token(who)
    )

    assert answer.status_code == status
    with hospital.core.db.read() as conn:
        assert records_of(conn, WARD_SETTING) == []


def test_no_device_decides_for_its_ward() -> None:
    """The command is the server's own: a cart that sends it is refused."""
    assert all_handlers()["ward-setting.set"].devices == frozenset()
