"""A guardian stands in the place of a patient who cannot decide: two members of staff enter one, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Table, update

from server.identity.models import Staff
from server.identity.staff import hashed
from tests.server.family.bed import PATIENT, Bed
from tests.server.wards import STAY_1

_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]

SECOND_PIN = "8642"


def enter(bed: Bed, who: str = "d1", badge: str = "b-h1", **said: Any) -> Any:
    """A doctor enters the guardian, the head nurse signs."""
    with bed.ward.db.write() as conn:
        conn.execute(update(_STAFF).where(_STAFF.c.role != "x").values(pin_hash=hashed(SECOND_PIN)))
    body = {"name": "李建国", "reason": "意识不清，户口本已核对", "second_badge": badge, "second_pin": SECOND_PIN}
    return bed.desk.post(who, f"/encounters/{STAY_1}/guardian", body | said)


def test_a_guardian_does_what_the_patient_would(bed: Bed) -> None:
    """Entered by two, in with the code from the desk; may complain, read results, and let others of the family in."""
    told = enter(bed).json()
    opened = bed.set_pin(told["code"], relation="guardian").json()
    consent = told["consent"]
    complaint = {"kind": "complaint", "topic": "manner", "talk": True}
    son = {"relation": "son", "scopes": ["daily"]}
    outcomes = [
        bed.says(consent, kind, body).outcome
        for kind, body in (("complaint.submit", complaint), ("family-consent.grant", son))
    ]
    looked = bed.ask("GET", f"/encounters/{STAY_1}/results", headers={"Wardlink-Family": consent})

    assert opened["consent"]["relation"] == "guardian"
    assert (opened["consent"]["second"], opened["consent"]["by"]["id"]) == ("h1", "d1")
    assert outcomes == ["applied", "applied"]
    assert looked.status_code == 200
    assert enter(bed).status_code == 409


@pytest.mark.parametrize(
    ("who", "said", "status"),
    [
        ("n1", {}, 403),
        ("c1", {}, 403),
        ("x1", {}, 403),
        ("h1", {}, 403),
        ("d1", {"badge": "badge-n1"}, 403),
        ("d1", {"second_pin": "0000"}, 401),
        ("d1", {"reason": ""}, 422),
        ("d1", {"name": ""}, 422),
    ],
)
def test_nobody_is_made_a_guardian_otherwise(bed: Bed, who: str, said: dict[str, Any], status: int) -> None:
    """Not by a nurse, a cashier or another ward; not by one person twice, without a reason or a name."""
    assert enter(bed, who, **said).status_code == status
    assert bed.secrets() == []


def test_the_ward_lets_a_guardian_go(bed: Bed) -> None:
    """The patient cannot at the bed; from the end on the PIN opens nothing."""
    told = enter(bed).json()
    bed.set_pin(told["code"], relation="guardian")
    back = bed.ward.terminal.command(
        "family-consent.withdraw", {"consent": told["consent"]}, encounter=STAY_1, actor=PATIENT
    )
    path = f"/encounters/{STAY_1}/family/{told['consent']}/end"

    assert bed.ward.answer(back).outcome != "applied"
    assert bed.open(relation="guardian").status_code == 200
    assert bed.desk.post("n1", path, {"reason": "x"}).status_code == 403
    assert bed.desk.post("d1", path, {"reason": "患者已清醒"}).status_code == 204
    assert bed.open(relation="guardian").status_code == 401
    assert bed.secrets() == []
