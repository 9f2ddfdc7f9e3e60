"""Wards and beds: made by those who may, all of it or nothing, and ready for patients at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.chain import verify_changes
from server.handlers import all_handlers
from server.identity.staff import Person
from server.record.service import records_of
from server.wards import acts, service
from tests.server.hospital import ADMIN, MANAGER, NURSE, Hospital
from wardlink.errors import Collision, NotFound
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


def test_beds_are_named_and_put_in_order_as_they_were_seen(hospital: Hospital) -> None:
    """What somebody has changed meanwhile is not overwritten; the first bed goes no further forward."""
    core, boss = hospital.core, Person(ADMIN.id, ADMIN.name, "admin", ())
    acts.relabel_bed(core, boss, "w3", "2", "2床(窗)", was="2床")
    with pytest.raises(Collision):
        acts.relabel_bed(core, boss, "w3", "2", "二床", was="2床")
    acts.move_bed(core, boss, "w3", "3", up=True)
    acts.move_bed(core, boss, "w3", "1", up=True)
    acts.rename_ward(core, boss, "w3", "骨科", was="三病区")
    with pytest.raises(Collision):
        acts.rename_ward(core, boss, "w3", "外科", was="三病区")
    with core.db.read() as conn:
        ward = next(each for each in service.wards(conn) if each.id == "w3")

    assert (ward.name, [(bed.id, bed.label) for bed in ward.beds]) == (
        "骨科",
        [("1", "1床"), ("3", "3床"), ("2", "2床(窗)")],
    )
    assert [line[1:] for line in hospital.audited()] == [
        ("bed-relabelled", "ward w3 bed 2"),
        ("bed-moved", "ward w3 bed 3"),
        ("ward-renamed", "ward w3"),
    ]


@pytest.mark.parametrize(("ward", "bed"), [("w9", "1"), ("w3", "99")])
def test_a_bed_that_is_not_there_is_not_named(hospital: Hospital, ward: str, bed: str) -> None:
    """Nor moved."""
    boss = Person(ADMIN.id, ADMIN.name, "admin", ())
    with pytest.raises(NotFound):
        acts.relabel_bed(hospital.core, boss, ward, bed, "x", was="1床")
    with pytest.raises(NotFound):
        acts.move_bed(hospital.core, boss, ward, bed, up=False)


@given(st.permutations(["1", "2", "3"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=6)
def test_any_order_of_the_beds_can_be_had(hospital: Hospital, order: list[str]) -> None:
    """And no order of other beds, or of some of them."""
    with hospital.core.db.write() as conn:
        service.order_beds(conn, "w3", order)
        assert [bed.id for bed in service.beds_of(conn, "w3")] == order
        for wrong in (order[:2], [*order, "1"], [*order[:2], "9"]):
            with pytest.raises(Collision):
                service.order_beds(conn, "w3", wrong)


def test_a_manager_makes_no_ward(hospital: Hospital) -> None:
    """They would not even see it."""
    answer = hospital.http.post("/api/v1/wards", json=NEW, headers=hospital.token(MANAGER))

    assert answer.status_code == 403
